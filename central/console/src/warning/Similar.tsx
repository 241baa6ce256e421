// What was alike before: when, how it ended, what it was; so that nobody begins from nothing.

import { useQuery } from "@tanstack/react-query";
import { similar } from "../api/handling.ts";
import type { WarningDetail } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { LevelBadge } from "../parts/Level.tsx";
import { Link } from "../parts/Link.tsx";
import { Card } from "../parts/Page.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { fullTime } from "../parts/time.ts";
import { StateSign } from "./StateSign.tsx";

export function Similar({ view }: { view: WarningDetail }) {
  const text = useText();
  const words = text.handling;
  const answer = useQuery(similar(view.id));
  return (
    <Card title={words.similar}>
      {answer.isPending ? (
        <Loading rows={2} />
      ) : answer.isError ? (
        <Failed error={answer.error} retry={() => answer.refetch()} />
      ) : (
        <>
          <p className="quiet-line">{words.similarCounts(answer.data.month, answer.data.year)}</p>
          <ul className="plain similar">
            {answer.data.items.map((one) => (
              <li key={one.id}>
                <div className="similar-head">
                  <LevelBadge level={one.level} />
                  <Link to={`/warnings/${one.id}`}>{one.title}</Link>
                  <StateSign state={one.state} />
                </div>
                <span className="faint">
                  <span className="number">{fullTime(one.raised_at)}</span>
                  {one.same && ` · ${words.sameSubject}`}
                </span>
                {(one.cause || one.measures || one.false_reason) && (
                  <span>{[one.cause ?? one.false_reason, one.measures].filter(Boolean).join(" → ")}</span>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}
