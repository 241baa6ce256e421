// Home: what needs an answer now, then what is due today, then how the jurisdiction stands.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { enterprises, overview, warnings } from "../api/queries.ts";
import { LEVELS, type Overview } from "../api/types.ts";
import { coveredCount } from "../covered/counting.ts";
import { useMe } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { MapView } from "../map/MapView.tsx";
import { count } from "../parts/figures.ts";
import { LevelCount } from "../parts/Level.tsx";
import { Link } from "../parts/Link.tsx";
import { Card, useTitle } from "../parts/Page.tsx";
import { Calm, Failed, Loading } from "../parts/States.tsx";
import { timeOfDay } from "../parts/time.ts";
import { usePhone } from "../parts/usePhone.ts";
import { Since } from "../parts/When.tsx";
import { Today } from "../promises/Today.tsx";
import { EnterpriseRows } from "../registry/EnterpriseRows.tsx";
import { OwedCard } from "../registry/Workbench.tsx";
import { grouped } from "../warning/grouping.ts";
import { WarningRows } from "../warning/WarningRows.tsx";
import { AreasToday } from "./AreasToday.tsx";

const SHOWN = 6;
/** More than are shown: a dead instrument folds into one row. */
const READ = 50;

export function Home() {
  const text = useText();
  useTitle(text.home.title);
  const me = useMe();
  const view = useQuery(overview);
  if (view.isPending) return <Loading rows={8} />;
  if (view.isError && !view.data) return <Failed error={view.error} retry={() => view.refetch()} />;
  return (
    <div className="page home">
      <h1 className="unseen">{text.home.title}</h1>
      {view.isError && (
        <p className="stale-notice" role="alert">
          {text.freshness.asOf(timeOfDay(view.data.at))}
        </p>
      )}
      <NeedsAnswer view={view.data} />
      {me.enterprise_id !== null && <Today quiet />}
      {me.enterprise_id !== null && <OwedCard />}
      <div className="home-second">
        <DueToday view={view.data} />
        <Glance view={view.data} />
      </div>
      {me.enterprise_id === null && <Areas />}
      <Enterprises />
    </div>
  );
}

function NeedsAnswer({ view }: { view: Overview }) {
  const text = useText();
  const { count: waiting, oldest_raised_at: oldest, by_level } = view.needs_answer;
  const list = useInfiniteQuery(warnings({ state: "unanswered", sort: "-level" }, READ));
  if (waiting === 0)
    return (
      <Card className="needs needs-calm" label={text.home.needsAnswer}>
        <Calm title={text.home.calm}>
          {text.home.calmMore(view.enterprises.total, view.points.good)}
          <br />
          <span className="faint">{text.home.checked(timeOfDay(view.at))}</span>
        </Calm>
      </Card>
    );
  const shown = grouped(list.data?.pages[0]?.items ?? []).slice(0, SHOWN);
  const rows = shown.flatMap((row) => [row, ...(row.rest ?? [])]);
  return (
    <Card className="needs" label={text.home.needsAnswer}>
      <div className="needs-head">
        <Link to="/warnings?state=unanswered" className="needs-count">
          <span className="needs-number">{count(waiting)}</span>
          <span className="needs-word">{text.home.needsAnswer}</span>
        </Link>
        {oldest && (
          <div className="needs-oldest">
            <span className="faint">{text.home.oldest}</span>
            <strong>
              <Since at={oldest} />
            </strong>
          </div>
        )}
        <div className="needs-levels">
          {LEVELS.map((level) => (
            <Link key={level} to={`/warnings?state=unanswered&level=${level}`}>
              <LevelCount level={level} count={by_level[level]} />
            </Link>
          ))}
        </div>
      </div>
      {list.isPending ? (
        <Loading rows={3} />
      ) : list.isError && !list.data ? (
        <Failed error={list.error} retry={() => list.refetch()} />
      ) : (
        <WarningRows rows={rows} label={text.home.needsAnswer} />
      )}
      {waiting > rows.length && rows.length > 0 && (
        <Link className="card-more" to="/warnings?state=unanswered">
          {text.home.all} · {text.home.count(waiting)}
        </Link>
      )}
    </Card>
  );
}

function DueToday({ view }: { view: Overview }) {
  const text = useText();
  const { review, verify } = view.due_today;
  return (
    <Card title={text.home.dueToday} className="due">
      {review + verify === 0 ? (
        <p className="quiet-line">{text.home.nothingDue}</p>
      ) : (
        <div className="figures">
          <Figure to="/warnings?state=handled&level=orange,red" number={verify} words={text.home.verify} />
          <Figure to="/warnings?state=cleared" number={review} words={text.home.review} />
        </div>
      )}
    </Card>
  );
}

function Glance({ view }: { view: Overview }) {
  const text = useText();
  const gateways = view.gateways.online + view.gateways.late + view.gateways.offline;
  return (
    <Card title={text.home.glance} className="glance">
      <div className="figures">
        <Figure to="/enterprises" number={view.enterprises.total} words={text.home.enterprises} />
        <Figure
          to="/enterprises?state=warning"
          number={view.enterprises.with_open}
          words={text.home.withOpen}
        />
        <Figure
          to={gateways > view.gateways.online ? "/devices?state=offline" : "/devices"}
          number={view.gateways.online}
          of={gateways}
          words={text.home.gatewaysOnline}
        />
        <Figure
          to="/enterprises"
          number={view.points.good}
          of={view.points.total}
          words={text.home.pointsGood}
        />
        <Figure to="/covered" number={coveredCount(view.covered) ?? 0} words={text.home.covered} />
      </div>
    </Card>
  );
}

function Figure({ to, number, of, words }: { to: string; number: number; of?: number; words: string }) {
  const short = of !== undefined && number < of;
  return (
    <Link
      to={to}
      className={`figure${short ? " figure-short" : ""}${number === 0 && of === undefined ? " figure-zero" : ""}`}
    >
      <span className="figure-number">
        {count(number)}
        {of !== undefined && <small> / {count(of)}</small>}
      </span>
      <span className="figure-words">{words}</span>
    </Link>
  );
}

const LAYERS = ["enterprise"];

/** Where it is, and how each town stands today; on a phone the figures alone. */
function Areas() {
  const text = useText();
  const phone = usePhone();
  const navigate = useNavigate();
  return (
    <div className="home-third">
      {!phone && (
        <Card
          title={text.map.title}
          className="card-flush"
          extra={<Link to="/map">{text.home.openMap}</Link>}
        >
          <div className="home-map">
            <MapView
              layers={LAYERS}
              choose={(item) => item.enterprise_id !== null && navigate(`/enterprises/${item.enterprise_id}`)}
            />
          </div>
        </Card>
      )}
      <Card title={text.monitoring.areas}>
        <AreasToday />
      </Card>
    </div>
  );
}

function Enterprises() {
  const text = useText();
  const list = useInfiniteQuery(enterprises({}, 20));
  const rows = list.data?.pages[0]?.items ?? [];
  return (
    <Card
      title={text.home.enterpriseList}
      className="card-flush"
      extra={<Link to="/enterprises">{text.home.allEnterprises}</Link>}
    >
      {list.isPending ? (
        <Loading />
      ) : list.isError && !list.data ? (
        <Failed error={list.error} retry={() => list.refetch()} />
      ) : rows.length === 0 ? (
        <Calm title={text.enterprises.emptyAll} />
      ) : (
        <EnterpriseRows rows={rows} />
      )}
    </Card>
  );
}
