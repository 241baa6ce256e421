// Leader mode: one screen with big numbers, the week, and the three enterprises that stand worst with their reasons.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { mapAreas } from "../api/map.ts";
import { enterprises, overview, warnings } from "../api/queries.ts";
import { type EnterpriseRow, LEVELS, type Overview } from "../api/types.ts";
import { week } from "../api/week.ts";
import { useText } from "../locales/index.tsx";
import { MapView } from "../map/MapView.tsx";
import { count } from "../parts/figures.ts";
import { LevelBadge, LevelCount } from "../parts/Level.tsx";
import { Link } from "../parts/Link.tsx";
import { Card, useTitle } from "../parts/Page.tsx";
import { PresenceSign } from "../parts/Signs.tsx";
import { Calm, Failed, Loading } from "../parts/States.tsx";
import { timeOfDay } from "../parts/time.ts";
import { Since } from "../parts/When.tsx";
import { AreasToday } from "./AreasToday.tsx";
import { WeekBars } from "./WeekBars.tsx";

const WORST = 3;
const REASONS = 3;
const HAZARDS = ["hazard"];

export function Leader() {
  const text = useText();
  useTitle(text.modes.leader);
  const view = useQuery(overview);
  if (view.isPending) return <Loading rows={8} />;
  if (view.isError && !view.data) return <Failed error={view.error} retry={() => view.refetch()} />;
  return (
    <div className="page leader">
      <h1 className="unseen">{text.modes.leader}</h1>
      {view.isError && (
        <p className="stale-notice" role="alert">
          {text.freshness.asOf(timeOfDay(view.data.at))}
        </p>
      )}
      <Numbers view={view.data} />
      <div className="leader-second">
        <Card
          title={text.leader.map}
          className="card-flush"
          extra={<Link to="/map?tab=heat">{text.map.heat.title}</Link>}
        >
          <div className="leader-map">
            <LeaderMap />
          </div>
        </Card>
        <Worst />
      </div>
      <div className="leader-second">
        <Card title={text.monitoring.areas}>
          <AreasToday />
        </Card>
        <Week />
      </div>
    </div>
  );
}

/** Enterprises with a major hazard, and each area by its worst level. */
function LeaderMap() {
  const navigate = useNavigate();
  const areas = useQuery(mapAreas("")).data?.areas;
  return (
    <MapView
      layers={HAZARDS}
      areas={areas}
      choose={(item) => item.enterprise_id !== null && navigate(`/enterprises/${item.enterprise_id}`)}
    />
  );
}

function Numbers({ view }: { view: Overview }) {
  const text = useText();
  const { needs_answer: waiting } = view;
  const gateways = view.gateways.online + view.gateways.late + view.gateways.offline;
  const share = (part: number, whole: number) => (whole === 0 ? "–" : `${Math.floor((100 * part) / whole)}%`);
  return (
    <div className="leader-numbers">
      <Card className="leader-waiting" label={text.home.needsAnswer}>
        <Link to="/warnings?state=unanswered" className="leader-big">
          <strong>{count(waiting.count)}</strong>
          <span>{text.home.needsAnswer}</span>
        </Link>
        {waiting.oldest_raised_at ? (
          <p>
            {text.home.oldest}{" "}
            <strong>
              <Since at={waiting.oldest_raised_at} />
            </strong>
          </p>
        ) : (
          <p className="faint">{text.home.calm}</p>
        )}
        <div className="needs-levels">
          {LEVELS.map((level) => (
            <Link key={level} to={`/warnings?level=${level}`}>
              <LevelCount level={level} count={view.open_by_level[level]} />
            </Link>
          ))}
        </div>
      </Card>
      <Big
        to="/enterprises"
        number={count(view.enterprises.total)}
        words={text.home.enterprises}
        more={text.leader.withOpen(view.enterprises.with_open)}
      />
      <Big
        to="/devices"
        number={share(view.gateways.online, gateways)}
        words={text.home.gatewaysOnline}
        more={`${count(view.gateways.online)} / ${count(gateways)}`}
      />
      <Big
        to="/enterprises"
        number={share(view.points.good, view.points.total)}
        words={text.home.pointsGood}
        more={`${count(view.points.good)} / ${count(view.points.total)}`}
      />
      <Big
        to="/tasks"
        number={count(view.due_today.verify + view.due_today.review)}
        words={text.home.dueToday}
        more={text.leader.due(view.due_today.verify, view.due_today.review)}
      />
    </div>
  );
}

function Big({ to, number, words, more }: { to: string; number: string; words: string; more: string }) {
  return (
    <Card label={words}>
      <Link to={to} className="leader-big">
        <strong>{number}</strong>
        <span>{words}</span>
      </Link>
      <p className="faint">{more}</p>
    </Card>
  );
}

/** In which something is wrong: the list comes worst first. */
function troubled(row: EnterpriseRow): boolean {
  return row.worst_level !== null || row.presence === "offline" || row.bad_points > 0;
}

function Worst() {
  const text = useText();
  const list = useInfiniteQuery(enterprises({}, 20));
  const rows = (list.data?.pages[0]?.items ?? []).filter(troubled).slice(0, WORST);
  return (
    <Card title={text.leader.worst}>
      {list.isPending ? (
        <Loading />
      ) : list.isError && !list.data ? (
        <Failed error={list.error} retry={() => list.refetch()} />
      ) : rows.length === 0 ? (
        <Calm title={text.leader.noneWorst} />
      ) : (
        <ol className="leader-worst">
          {rows.map((row) => (
            <li key={row.id}>
              <WorstOne row={row} />
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

function WorstOne({ row }: { row: EnterpriseRow }) {
  const text = useText();
  const running = useInfiniteQuery({
    ...warnings({ enterprise_id: row.id, state: "open", sort: "-level" }, 10),
    enabled: row.open_warnings > 0,
  });
  const reasons = running.data?.pages[0]?.items.slice(0, REASONS) ?? [];
  return (
    <>
      <div className="leader-worst-head">
        {row.worst_level && <LevelBadge level={row.worst_level} large />}
        <Link to={`/enterprises/${row.id}`}>
          <strong>{row.name}</strong>
        </Link>
        <span className="faint">{row.region_name}</span>
      </div>
      <ul>
        {reasons.map((warning) => (
          <li key={warning.id}>
            <Link to={`/warnings/${warning.id}`}>{warning.title}</Link>{" "}
            <span className="faint">
              {text.state[warning.state]} · <Since at={warning.raised_at} />
            </span>
          </li>
        ))}
        {row.open_warnings > reasons.length && reasons.length > 0 && (
          <li className="faint">{text.leader.more(row.open_warnings - reasons.length)}</li>
        )}
        {row.presence === "offline" && (
          <li>
            <PresenceSign presence="offline" />
          </li>
        )}
        {row.bad_points > 0 && <li>{text.leader.badPoints(row.bad_points, row.points)}</li>}
      </ul>
    </>
  );
}

function Week() {
  const text = useText();
  const days = useQuery(week);
  return (
    <Card title={text.leader.week} extra={<span className="faint">{text.leader.weekNote}</span>}>
      {days.isPending ? (
        <Loading />
      ) : days.isError && !days.data ? (
        <Failed error={days.error} retry={() => days.refetch()} />
      ) : (
        <WeekBars days={days.data.days} />
      )}
    </Card>
  );
}
