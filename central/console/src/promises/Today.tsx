// An enterprise's promise of today: the plate that hangs at its gate, or the way to the form.

import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { promiseDay } from "../api/promises.ts";
import { useText } from "../locales/index.tsx";
import { Link } from "../parts/Link.tsx";
import { Card } from "../parts/Page.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { When } from "../parts/When.tsx";
import "./promises.css";

const FORM = "/registers/safety-promises";

/** Nothing where no promise is owed, as on an enterprise's own first page. */
export function Today({ quiet = false }: { quiet?: boolean }) {
  const text = useText();
  const words = text.promises;
  const board = useQuery(promiseDay(""));
  const line = board.data?.items[0];
  if (board.isPending) return quiet ? null : <Loading rows={2} />;
  if (board.isError) return quiet ? null : <Failed error={board.error} retry={() => board.refetch()} />;
  if (!line) return quiet ? null : <Card title={words.today}>{words.emptyAll}</Card>;
  const given = line.state === "submitted" || line.state === "valid";
  return (
    <Card
      title={`${words.today} · ${board.data.day}`}
      extra={words.states[line.state]}
      className="promise-plate"
    >
      {given ? (
        <>
          <p className="promise-words">{line.words}</p>
          <p>{words.figures(line.running ?? 0, line.stopped ?? 0, line.repair ?? 0, line.units ?? 0)}</p>
          <p className="promise-sign">
            {words.given(line.responsible)} <When at={line.submitted_at} brief />{" "}
            <Link to={`${FORM}/${line.record_id}`}>{words.look}</Link>
          </p>
        </>
      ) : (
        <>
          <p>{line.state === "stopped" ? words.states.stopped : words.owes}</p>
          <Link to={line.record_id === null ? `${FORM}/new` : `${FORM}/${line.record_id}/edit`}>
            <Button type="primary" size="large">
              {line.record_id === null ? words.give : words.goOn}
            </Button>
          </Link>
        </>
      )}
    </Card>
  );
}
