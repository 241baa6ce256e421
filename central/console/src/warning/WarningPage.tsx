// One warning: on top what this user can do now, left its story, right the facts and who is called.

import { ArrowLeftOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Tooltip } from "antd";
import { Fragment } from "react";
import { useParams } from "react-router";
import { enterprise, warning } from "../api/queries.ts";
import type { WarningDetail } from "../api/types.ts";
import { PointAlarms } from "../devices/PointAlarms.tsx";
import { useLivePoint } from "../live/latest.ts";
import { useText } from "../locales/index.tsx";
import { now } from "../parts/clock.ts";
import { withUnit } from "../parts/figures.ts";
import { LevelBadge } from "../parts/Level.tsx";
import { LimitBar } from "../parts/LimitBar.tsx";
import { Link } from "../parts/Link.tsx";
import { Card, useTitle } from "../parts/Page.tsx";
import { PersonalPhone } from "../parts/PersonalPhone.tsx";
import { QualitySign } from "../parts/Signs.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { fullTime, spanWords, timeOfDay } from "../parts/time.ts";
import { Since, Until, When } from "../parts/When.tsx";
import { Trend } from "../telemetry/Trend.tsx";
import { useWindow } from "../telemetry/useWindow.ts";
import { Actions } from "./Actions.tsx";
import { Around } from "./Around.tsx";
import { Beside } from "./Beside.tsx";
import { Evidence } from "./Evidence.tsx";
import { Ladder } from "./Ladder.tsx";
import { MergedWith } from "./MergedWith.tsx";
import { NoticeOf } from "./NoticeOf.tsx";
import { Similar } from "./Similar.tsx";
import { StateSign } from "./StateSign.tsx";
import { Story } from "./Story.tsx";
import { UnderCard, WaitsNote } from "./Under.tsx";

export function WarningPage() {
  const text = useText();
  const { id = "" } = useParams();
  const view = useQuery(warning(id));
  useTitle(view.data ? `${view.data.title} ${view.data.enterprise_name}` : text.warnings.title);
  if (view.isPending) return <Loading rows={10} />;
  if (view.isError && !view.data)
    return <Failed error={view.error} retry={() => view.refetch()} missing={text.warning.missing} />;
  const data = view.data;
  return (
    <div className="page warning">
      <Head view={data} />
      <div className="warning-columns">
        <div className="warning-left">
          <Card title={text.warning.story} className="story-card">
            <Story hops={data.timeline} />
          </Card>
        </div>
        <div className="warning-right">
          <UnderCard view={data} />
          <Facts view={data} />
          <Beside view={data} />
          {data.point && (
            <Card title={text.covered.alarms}>
              <PointAlarms point={data.point} />
            </Card>
          )}
          <Ladder view={data} />
          <Similar view={data} />
          <NoticeOf view={data} />
          <Evidence view={data} />
          {data.enterprise_id !== null && <Around enterpriseId={data.enterprise_id} />}
        </div>
      </div>
    </div>
  );
}

function Head({ view }: { view: WarningDetail }) {
  const text = useText();
  const ended = view.state === "closed" || view.state === "cleared" || view.state === "false_alarm";
  return (
    <section
      className={`card warning-head edge edge-${ended ? "ended" : view.level}`}
      aria-label={view.title}
    >
      <div className="warning-head-main">
        <Link className="warning-back" to="/warnings" aria-label={text.warning.back}>
          <ArrowLeftOutlined />
        </Link>
        <div className="warning-what">
          <div className="warning-signs">
            <LevelBadge level={view.level} large />
            <StateSign state={view.state} condition={view.condition} />
            {!ended && (
              <span className={view.condition === "active" ? "condition-active" : "faint"}>
                {text.condition[view.condition]}
              </span>
            )}
            {view.is_test && <span className="note">{text.warnings.test}</span>}
            {view.first_up && <span className="note note-first">{text.storm.firstUp}</span>}
          </div>
          <h1>{view.title}</h1>
          <p className="warning-where">
            {view.enterprise_id === null ? (
              view.enterprise_name
            ) : (
              <Link to={`/enterprises/${view.enterprise_id}`}>{view.enterprise_name}</Link>
            )}
            <span className="faint"> · {view.region_name}</span>
            <span className="faint"> · {view.number}</span>
          </p>
          <p className="warning-when">
            {text.warning.raisedAt} <When at={view.raised_at} />
          </p>
        </div>
        {!ended && view.state !== "handled" && <NextCall view={view} />}
      </div>
      {view.is_test && <p className="notice">{text.warning.testNote}</p>}
      {view.history ? (
        <p className="notice">{text.warning.historyNote}</p>
      ) : (
        view.late && (
          <p className="notice">{text.warning.lateNote(spanWords(view.delayed_s * 1_000, text))}</p>
        )
      )}
      {view.suppressed_until && new Date(view.suppressed_until).getTime() > now() && (
        <p className="notice">{text.warning.suppressedNote(fullTime(view.suppressed_until))}</p>
      )}
      {view.false_by && (view.state === "open" || view.state === "acknowledged") && (
        <p className="notice">{text.warning.claimedNote(view.false_by, view.false_reason ?? "")}</p>
      )}
      <WaitsNote view={view} />
      <MergedWith view={view} />
      <Actions view={view} />
    </section>
  );
}

function NextCall({ view }: { view: WarningDetail }) {
  const text = useText();
  const waiting = view.ladder
    .filter((step) => step.state === "waiting")
    .sort((a, b) => (a.due_at ?? "").localeCompare(b.due_at ?? ""))[0];
  const at = view.next_step_at ?? waiting?.due_at ?? null;
  return (
    <div className="next-call">
      {view.state === "open" && (
        <div>
          <span className="faint">{text.home.waiting("").trim()}</span>
          <strong>
            <Since at={view.raised_at} />
          </strong>
        </div>
      )}
      <div>
        <span className="faint">
          {view.state === "acknowledged" ? text.warning.resumes : text.warning.nextCall}
        </span>
        <strong>{at ? <Until at={at} /> : view.held_by ? text.held.waits : text.warning.noNextCall}</strong>
        {at && waiting && <span className="next-who">{waiting.agency_name || text.rank[waiting.rank]}</span>}
      </div>
    </div>
  );
}

function Facts({ view }: { view: WarningDetail }) {
  const text = useText();
  const plant = useQuery({ ...enterprise(String(view.enterprise_id)), enabled: view.enterprise_id !== null });
  const name = view.limit_name.toLowerCase();
  return (
    <Card title={text.warning.facts}>
      {view.point ? <AroundTheMoment view={view} /> : null}
      <dl className="facts-list">
        {view.value !== null && (
          <>
            <dt>{text.warning.value}</dt>
            <dd className="number">
              <strong>{withUnit(view.value, view.unit)}</strong>
            </dd>
          </>
        )}
        {view.limit !== null && (
          <>
            <dt>{text.warning.limit}</dt>
            <dd className="number">
              {text.limit[name] ?? ""} {withUnit(view.limit, view.unit)}
            </dd>
          </>
        )}
        {view.point && <NowValue view={view} />}
        <dt>{text.warning.place}</dt>
        <dd>
          {view.subject_name}
          <br />
          <span className="faint">{plant.data?.address ?? view.region_name}</span>
        </dd>
        {view.enterprise_id !== null && (
          <>
            <dt>{text.warning.contact}</dt>
            <dd>
              <PersonalPhone
                {...(view.state === "open" || view.state === "acknowledged"
                  ? { kind: "warning-contact", id: view.id, operation: "acknowledge", reason: false }
                  : { kind: "enterprise-contact", id: view.enterprise_id })}
                name={plant.data?.contact_name ?? null}
                phone={plant.data?.contact_phone ?? null}
              />
            </dd>
          </>
        )}
        {(
          [
            [text.warning.handledBy, view.handled_by],
            [text.warning.cause, view.cause],
            [text.warning.measures, view.measures],
            [text.warning.falseBy, view.false_by],
            [text.warning.falseReason, view.false_reason],
            [text.warning.closedBy, view.closed_by],
            [text.warning.opinion, view.opinion],
            [text.warning.levelReason, view.level_reason],
            [text.warning.why, view.why_visible],
          ] as const
        ).map(([name, value]) =>
          value ? (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </Fragment>
          ) : null,
        )}
        {view.previous_id && (
          <>
            <dt />
            <dd>
              <Link to={`/warnings/${view.previous_id}`}>{text.warning.previous}</Link>
            </dd>
          </>
        )}
      </dl>
    </Card>
  );
}

function NowValue({ view }: { view: WarningDetail }) {
  const text = useText();
  const point = useLivePoint(view.point as NonNullable<WarningDetail["point"]>);
  const useless = point.quality_text === "bad" || point.value === null;
  return (
    <>
      <dt>{text.warning.current}</dt>
      <dd>
        <div className="now-value">
          <Link to={`/enterprises/${point.enterprise_id}?point=${point.id}`} className="number">
            {point.value === null ? text.quality.none : withUnit(point.value, point.unit)}
          </Link>
          <QualitySign point={point} />
          {point.at && (
            <Tooltip title={<When at={point.at} />}>
              <span className="faint">{timeOfDay(point.at)}</span>
            </Tooltip>
          )}
        </div>
        <LimitBar value={useless ? null : point.value} range={point.range} limits={point.limits} />
      </dd>
    </>
  );
}

const MINUTE_MS = 60_000;
const BEFORE_MS = 10 * MINUTE_MS;
const AFTER_MS = 20 * MINUTE_MS;

/** From ten minutes before the alarm to now, or to a while after it for one that is long past. */
function AroundTheMoment({ view }: { view: WarningDetail }) {
  const text = useText();
  const raised = new Date(view.raised_at).getTime();
  const recent = useWindow(0, 10_000);
  const over = view.closed_at ?? view.handled_at;
  const last = Math.max(raised + 2 * MINUTE_MS, over ? new Date(over).getTime() + 5 * MINUTE_MS : 0);
  const newest = new Date(recent.to).getTime();
  const to = Math.min(newest, over ? last : Math.max(raised + AFTER_MS, newest));
  const point = view.point as NonNullable<WarningDetail["point"]>;
  const window = {
    from: new Date(Math.max(raised - BEFORE_MS, to - 24 * 60 * MINUTE_MS)).toISOString(),
    to: new Date(Math.max(to, raised + MINUTE_MS)).toISOString(),
  };
  return (
    <Trend
      pointId={point.id}
      name={point.name}
      unit={point.unit}
      window={window}
      height={220}
      marks={[{ at: view.raised_at, words: `${text.trend.raised} ${timeOfDay(view.raised_at)}` }]}
    />
  );
}
