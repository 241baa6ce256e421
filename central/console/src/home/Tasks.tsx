// What is owed: what waits for an answer, what somebody is on, what wants verification or a second look.

import { useInfiniteQuery } from "@tanstack/react-query";
import { warnings } from "../api/queries.ts";
import { useText } from "../locales/index.tsx";
import { count } from "../parts/figures.ts";
import { Link } from "../parts/Link.tsx";
import { Card, PageHead } from "../parts/Page.tsx";
import { Calm, Failed, Loading } from "../parts/States.tsx";
import { WarningRows } from "../warning/WarningRows.tsx";

/** In the order in which they cannot wait. */
const DUTIES = ["unanswered", "answered", "handled", "cleared"] as const;
const SHOWN = 5;

export function Tasks() {
  const text = useText();
  return (
    <div className="page">
      <PageHead title={text.nav.tasks} note={text.tasks.note} />
      {DUTIES.map((duty) => (
        <DutyCard key={duty} duty={duty} />
      ))}
    </div>
  );
}

function DutyCard({ duty }: { duty: (typeof DUTIES)[number] }) {
  const text = useText();
  const list = useInfiniteQuery(
    warnings({ state: duty, sort: duty === "unanswered" ? "-level" : "-raised_at" }),
  );
  const rows = list.data?.pages[0]?.items ?? [];
  const more = list.hasNextPage ? `${count(rows.length)}+` : count(rows.length);
  return (
    <Card
      title={`${text.tasks.duties[duty]} ${list.data ? more : ""}`}
      className="card-flush"
      extra={rows.length > 0 && <Link to={`/warnings?state=${duty}`}>{text.tasks.all}</Link>}
    >
      {list.isPending ? (
        <Loading rows={2} />
      ) : list.isError && !list.data ? (
        <Failed error={list.error} retry={() => list.refetch()} />
      ) : rows.length === 0 ? (
        duty === "unanswered" ? (
          <Calm title={text.home.calm} />
        ) : (
          <p className="quiet-line">{text.tasks.nothing}</p>
        )
      ) : (
        <WarningRows rows={rows.slice(0, SHOWN)} label={text.tasks.duties[duty]} />
      )}
    </Card>
  );
}
