// One enterprise: the score of its days, its run state, and why each point of the chosen day was lost.

import { useQuery } from "@tanstack/react-query";
import { useParams, useSearchParams } from "react-router";
import { type PatrolLoss, patrolledEnterprise, type ScoredDay } from "../api/patrol.ts";
import { useText } from "../locales/index.tsx";
import { Link } from "../parts/Link.tsx";
import { Card, PageHead } from "../parts/Page.tsx";
import { Rows } from "../parts/Rows.tsx";
import { Calm, Failed, Loading } from "../parts/States.tsx";
import { spanWords } from "../parts/time.ts";
import { When } from "../parts/When.tsx";
import "../styles/patrol.css";
import { RunFigures, Score } from "./RunFigures.tsx";
import { points } from "./tabs.ts";

export function PatrolEnterprise() {
  const text = useText();
  const words = text.patrol;
  const id = Number(useParams().id);
  const [search, setSearch] = useSearchParams();
  const asked = useQuery(patrolledEnterprise(id, search.get("day") ?? ""));
  if (asked.isPending) return <Loading rows={8} />;
  if (asked.isError) return <Failed error={asked.error} retry={() => asked.refetch()} />;
  const one = asked.data;
  const day = one.days.find((each) => each.day === one.day);
  return (
    <div className="page">
      <PageHead
        title={one.enterprise_name}
        note={[
          one.region_name,
          one.hazard_class ? `${words.hazard}${words.hazardClass(one.hazard_class)}` : "",
        ]
          .filter(Boolean)
          .join(" · ")}
        actions={
          <>
            <Link to={`/patrol-findings?enterprise_id=${id}`}>{words.findings}</Link>
            <Link to={`/enterprises/${id}`}>{text.nav.enterprises}</Link>
          </>
        }
      />
      {!day ? (
        <Calm title={words.noDays} />
      ) : (
        <>
          <Card title={words.history}>
            <Days
              days={one.days}
              chosen={day.day}
              choose={(wanted) => setSearch({ day: wanted }, { replace: true })}
            />
          </Card>
          <Card
            title={words.runState}
            extra={<span className="faint">{day.whole ? words.whole : words.soFar}</span>}
          >
            <RunFigures state={day.run_state} />
            <p className="faint">
              {words.values(day.values_good.toLocaleString(), day.values_all.toLocaleString())}
            </p>
          </Card>
          <Card className="card-flush" title={words.dayPicked(day.day)} extra={<Score value={day.score} />}>
            {one.losses.length ? <Losses losses={one.losses} /> : <Calm title={words.full} />}
          </Card>
        </>
      )}
    </div>
  );
}

/** The days as bars, the newest at the right and in sight first; each can be chosen. */
function Days({
  days,
  chosen,
  choose,
}: {
  days: ScoredDay[];
  chosen: string;
  choose: (day: string) => void;
}) {
  return (
    <ol className="patrol-days">
      {days.map((day) => (
        <li key={day.day}>
          <button
            type="button"
            aria-pressed={day.day === chosen}
            aria-label={`${day.day} ${points(day.score)}`}
            title={`${day.day} ${points(day.score)}`}
            onClick={() => choose(day.day)}
          >
            <span className="patrol-day-bar" style={{ height: `${Math.max(2, day.score)}%` }} />
            <span className="patrol-day-word">{day.day.slice(5)}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function Losses({ losses }: { losses: PatrolLoss[] }) {
  const text = useText();
  const words = text.patrol;
  return (
    <Rows<PatrolLoss>
      label={words.reason}
      rows={losses}
      rowKey={(loss) => `${loss.check}/${loss.point_id ?? loss.gateway_id}/${loss.since}`}
      name={(loss) => `${loss.point_name ?? loss.gateway_name} ${words.checks[loss.check]}`}
      columns={[
        {
          key: "where",
          title: words.where,
          width: "minmax(12rem, 1.2fr)",
          cell: (loss) => (
            <span className="two-lines">
              <strong>{loss.point_name ?? loss.gateway_name}</strong>
              <span className="faint">{loss.point_key ?? words.allPoints(loss.points)}</span>
            </span>
          ),
        },
        {
          key: "reason",
          title: words.reason,
          width: "minmax(16rem, 2fr)",
          cell: (loss) => (
            <span className="two-lines">
              <strong>{words.checks[loss.check]}</strong>
              <span className="faint">
                {loss.words}
                {loss.ended_at && ` ${words.over(loss.end_words)}`}
              </span>
            </span>
          ),
        },
        {
          key: "since",
          title: words.since,
          width: "minmax(12rem, 1fr)",
          cell: (loss) => <When at={loss.since} />,
        },
        {
          key: "held",
          title: words.held,
          width: "8rem",
          cell: (loss) => spanWords(loss.held_s * 1000, text),
        },
        {
          key: "lost",
          title: words.lost,
          width: "5rem",
          end: true,
          cell: (loss) => <strong>−{loss.lost.toFixed(2)}</strong>,
        },
        {
          key: "links",
          title: "",
          width: "8rem",
          cell: (loss) => (
            <span className="two-lines">
              {loss.point_id ? (
                <Link to={`/trends?points=${loss.point_id}`}>{words.trend}</Link>
              ) : (
                <Link to="/devices?state=offline">{words.absences}</Link>
              )}
              {loss.warning_id && <Link to={`/warnings/${loss.warning_id}`}>{words.warning}</Link>}
            </span>
          ),
        },
      ]}
    />
  );
}
