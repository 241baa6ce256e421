// The wall of the duty room (处置大屏): dark, read from five metres, without scrolling or a mouse.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { mapAreas } from "../api/map.ts";
import { overview, warnings } from "../api/queries.ts";
import { LEVELS, type LiveWarning, type Overview, type WarningRow } from "../api/types.ts";
import { week } from "../api/week.ts";
import { useMe } from "../identity/me.tsx";
import { LiveSync } from "../live/LiveSync.tsx";
import { onLive, useStreamState } from "../live/stream.ts";
import { useText } from "../locales/index.tsx";
import { MapView } from "../map/MapView.tsx";
import { useNow } from "../parts/clock.ts";
import { count } from "../parts/figures.ts";
import { LevelBadge, LevelShape } from "../parts/Level.tsx";
import { useTitle } from "../parts/Page.tsx";
import { Calm } from "../parts/States.tsx";
import { fullTime, timeOfDay } from "../parts/time.ts";
import { Since } from "../parts/When.tsx";
import { allowSound, soundOnce } from "../shell/sound.ts";
import "./wall.css";

/** How long a new red warning has the stage to itself. */
const ON_STAGE_MS = 10_000;
const LISTED = 7;
const PINNED = 4;
const TURN_MS = 12_000;
const LAYERS = ["enterprise"];

export function Wall() {
  const me = useMe();
  return (
    <>
      <LiveSync account={me.account} />
      <Screen />
    </>
  );
}

function Screen() {
  const text = useText();
  const me = useMe();
  useTitle(text.wall.title);
  const view = useQuery(overview);
  const stage = useStage();
  const now = useNow();
  const line = useStreamState();
  return (
    <main className="wall" data-line={line}>
      <header className="wall-top">
        <strong>{me.place_name}</strong>
        <span className="wall-name">{text.wall.title}</span>
        {view.data && view.isError && (
          <span className="wall-stale">{text.wall.stale(timeOfDay(view.data.at))}</span>
        )}
        <span className="wall-space" />
        <time>{fullTime(now)}</time>
        <button type="button" onClick={() => full()}>
          {text.wall.full}
        </button>
        <a href="/monitor">{text.wall.leave}</a>
      </header>
      <div className="wall-left">
        <Waiting view={view.data} />
        <Connection view={view.data} />
        <Today />
        <Week />
      </div>
      <section className="wall-map">
        <MapView
          layers={LAYERS}
          theme="dark"
          still
          areas={useAreas()}
          coarse={coarseness()}
          chosen={stage?.enterprise_id ?? null}
        />
        {stage && <OnStage warning={stage} />}
      </section>
      <Open />
    </main>
  );
}

function full(): void {
  void allowSound();
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.documentElement.requestFullscreen();
}

/** On twice as many pixels signs are twice as large. */
function coarseness(): number {
  return Math.max(0, Math.log2(window.innerHeight / 1080)) + 0.6;
}

function useAreas() {
  return useQuery(mapAreas("")).data?.areas;
}

/** A new red warning for ten seconds; several come one after another, the newest last. */
function useStage(): WarningRow | null {
  const red = useInfiniteQuery(warnings({ state: "unanswered", level: "red", sort: "-raised_at" }, 20));
  const rows = red.data?.pages[0]?.items;
  const known = useRef<Set<string> | null>(null);
  const [queue, setQueue] = useState<string[]>([]);
  // What the line brought, and what the list newly shows after the line was down.
  useEffect(
    () =>
      onLive("warning", (data) => {
        const warning = data as LiveWarning;
        if (warning.level === "red" && warning.state === "open" && !warning.is_test) soundOnce(warning.id);
      }),
    [],
  );
  useEffect(() => {
    if (!rows) return;
    const before = known.current;
    known.current = new Set(rows.map((row) => row.id));
    if (!before) return;
    const fresh = rows.filter((row) => !before.has(row.id) && !row.is_test).map((row) => row.id);
    if (fresh.length) setQueue((queued) => [...queued, ...fresh.toReversed()]);
  }, [rows]);
  const first = queue[0];
  useEffect(() => {
    if (first === undefined) return;
    const timer = setTimeout(() => setQueue((queued) => queued.slice(1)), ON_STAGE_MS);
    return () => clearTimeout(timer);
  }, [first]);
  return rows?.find((row) => row.id === first) ?? null;
}

function OnStage({ warning }: { warning: WarningRow }) {
  const text = useText();
  return (
    <article className="wall-stage" role="alert">
      <p className="wall-stage-name">
        <LevelShape level="red" size={44} /> {text.wall.newRed}
      </p>
      <h2>{warning.enterprise_name}</h2>
      <p className="wall-stage-title">{warning.title}</p>
      <p>
        {warning.region_name} · {fullTime(warning.raised_at)} · {text.wall.since}{" "}
        <Since at={warning.raised_at} />
      </p>
    </article>
  );
}

function Waiting({ view }: { view: Overview | undefined }) {
  const text = useText();
  const open = view ? LEVELS.reduce((sum, level) => sum + view.open_by_level[level], 0) : 0;
  const waiting = view?.needs_answer.count ?? 0;
  return (
    <section className={`wall-card wall-waiting${waiting ? " wall-urgent" : ""}`}>
      <div className="wall-big">
        <strong>{view ? count(waiting) : "–"}</strong>
        <span>{text.wall.waiting}</span>
      </div>
      <div className="wall-big wall-second">
        <strong>{view ? count(Math.max(0, open - waiting)) : "–"}</strong>
        <span>{text.wall.handling}</span>
      </div>
      <p className="wall-oldest">
        {view?.needs_answer.oldest_raised_at && (
          <>
            {text.home.oldest} <Since at={view.needs_answer.oldest_raised_at} />
          </>
        )}
      </p>
      <div className="wall-levels">
        {LEVELS.map((level) => (
          <span key={level} className={view?.open_by_level[level] ? `level-${level}` : "wall-none"}>
            <LevelShape level={level} size={18} />
            {text.level[level]}
            <strong>{view ? count(view.open_by_level[level]) : "–"}</strong>
          </span>
        ))}
      </div>
    </section>
  );
}

function Connection({ view }: { view: Overview | undefined }) {
  const text = useText();
  const gateways = view ? view.gateways.online + view.gateways.late + view.gateways.offline : 0;
  const rows: [string, number, number][] = view
    ? [
        [text.wall.gateways, view.gateways.online, gateways],
        [text.wall.points, view.points.good, view.points.total],
      ]
    : [];
  return (
    <section className="wall-card">
      <h2>{text.wall.connection}</h2>
      {rows.map(([words, part, whole]) => (
        <div key={words} className="wall-rate">
          <span>{words}</span>
          <strong>
            {count(part)}
            <small> / {count(whole)}</small>
          </strong>
          <span className="wall-bar" aria-hidden="true">
            <i style={{ width: `${whole ? (100 * part) / whole : 0}%` }} />
          </span>
        </div>
      ))}
      {view && (
        <div className="wall-rate wall-plain">
          <span>{text.wall.offline}</span>
          <strong>
            {count(view.enterprises.offline)}
            <small> / {count(view.enterprises.total)}</small>
          </strong>
        </div>
      )}
    </section>
  );
}

function Today() {
  const text = useText();
  const areas = (useAreas() ?? []).filter((area) => area.kind === "region");
  const shown = areas.slice(0, 6);
  return (
    <section className="wall-card wall-today">
      <h2>{text.wall.today}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{text.monitoring.columns.area}</th>
            <th scope="col">{text.monitoring.columns.unanswered}</th>
            <th scope="col">{text.wall.raised}</th>
            <th scope="col">{text.wall.handled}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((area) => (
            <tr key={area.code}>
              <th scope="row">{area.name}</th>
              <td className={area.unanswered ? "wall-strong" : "wall-faint"}>{area.unanswered}</td>
              <td className={area.raised_today ? "" : "wall-faint"}>{area.raised_today}</td>
              <td className={area.handled_today ? "" : "wall-faint"}>{area.handled_today}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Week() {
  const text = useText();
  const days = useQuery(week).data?.days ?? [];
  const most = Math.max(1, ...days.map((day) => LEVELS.reduce((sum, level) => sum + day[level], 0)));
  return (
    <section className="wall-card wall-week">
      <h2>{text.wall.week}</h2>
      <div className="wall-days">
        {days.map((day) => {
          const total = LEVELS.reduce((sum, level) => sum + day[level], 0);
          return (
            <div key={day.day}>
              <b>{total || ""}</b>
              <span className="wall-day">
                {LEVELS.map((level) =>
                  day[level] ? (
                    <i
                      key={level}
                      className={`level-${level}`}
                      style={{ height: `${(100 * day[level]) / most}%` }}
                    />
                  ) : null,
                )}
              </span>
              <small>{day.day.slice(5)}</small>
            </div>
          );
        })}
      </div>
    </section>
  );
}

function Open() {
  const text = useText();
  const now = useNow();
  const list = useInfiniteQuery(warnings({ state: "open", sort: "-level" }, 30));
  const rows = list.data?.pages[0]?.items ?? [];
  const running = rows.filter((row) => !row.is_test);
  // Red ones stay; nobody scrolls here, so that the rest takes turns.
  const pinned = running.filter((row) => row.level === "red").slice(0, PINNED);
  const rest = running.filter((row) => !pinned.includes(row));
  const room = LISTED - pinned.length;
  const turns = Math.max(1, Math.ceil(rest.length / room));
  const turn = Math.floor(now / TURN_MS) % turns;
  const shown = [...pinned, ...rest.slice(turn * room, (turn + 1) * room)];
  return (
    <section className="wall-card wall-open">
      <h2>{text.wall.openList}</h2>
      {list.data && running.length === 0 ? (
        <Calm title={text.wall.calm} />
      ) : (
        <ol>
          {shown.map((row) => (
            <li key={row.id} className={`edge edge-${row.level}`}>
              <div>
                <LevelBadge level={row.level} />
                <strong>{row.enterprise_name}</strong>
              </div>
              <p>{row.title}</p>
              <small>
                {row.state === "open" ? (
                  <b>
                    {text.wall.since} <Since at={row.raised_at} />
                  </b>
                ) : (
                  <>
                    {text.state[row.state]}
                    {row.acknowledged_by && ` · ${row.acknowledged_by}`}
                  </>
                )}
                {" · "}
                {row.region_name}
              </small>
            </li>
          ))}
        </ol>
      )}
      {running.length > shown.length && (
        <p className="wall-more">{text.wall.more(running.length - shown.length)}</p>
      )}
    </section>
  );
}
