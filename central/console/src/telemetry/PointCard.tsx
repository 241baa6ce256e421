// One point as it is now: value, unit, limits, quality, age and the last hour; opens its trend.

import type { PointRow, WarningRow } from "../api/types.ts";
import { useLivePoint } from "../live/latest.ts";
import { useText } from "../locales/index.tsx";
import { useNow } from "../parts/clock.ts";
import { steady } from "../parts/figures.ts";
import { LevelBadge } from "../parts/Level.tsx";
import { LimitBar } from "../parts/LimitBar.tsx";
import { QualitySign } from "../parts/Signs.tsx";
import { ageWords, fullTime } from "../parts/time.ts";
import { Sparkline } from "./Sparkline.tsx";

/** After a few missed readings a value is shown as what it is: old. */
function staleMs(point: PointRow): number {
  return Math.max(15_000, 4_000 * point.period_s);
}

/** The alarms of a point in words; HH says all that H does, and quality has its own sign. */
function alarmWords(
  point: PointRow,
  limitState: Record<string, string>,
  coverState: Record<string, string>,
): string[] {
  const standing = point.alarms.filter((alarm) => alarm.state !== "A");
  const covered = standing.filter((alarm) => alarm.state in coverState);
  const limits = standing
    .filter((alarm) => !covered.includes(alarm))
    .map((alarm) => alarm.limit.toLowerCase());
  const open = limits
    .filter((limit) => limit !== "q" && !(limit.length === 1 && limits.includes(limit + limit)))
    .flatMap((limit) => limitState[limit] ?? []);
  // Suppressed never means unseen (law-warning 4): named with who covered it.
  const hidden = covered.map((alarm) =>
    [limitState[alarm.limit.toLowerCase()] ?? alarm.limit, coverState[alarm.state], alarm.by]
      .filter(Boolean)
      .join(" · "),
  );
  return [...open, ...hidden];
}

export function PointCard({
  point: fetched,
  warning,
  open,
}: {
  point: PointRow;
  warning?: WarningRow;
  open: () => void;
}) {
  const text = useText();
  const now = useNow();
  const point = useLivePoint(fetched);
  const old = !point.at || now - new Date(point.at).getTime() > staleMs(point);
  const useless = point.quality_text === "bad" || point.value === null;
  const alarms = alarmWords(point, text.limitState, text.coverState);
  return (
    <article className={`point${old ? " point-old" : ""}${warning ? ` edge edge-${warning.level}` : ""}`}>
      <button type="button" className="row-link" onClick={open} aria-label={text.point.open(point.name)} />
      <header className="point-head">
        <span className="point-name">{point.name}</span>
        <span className="point-key">{point.key}</span>
        {warning && <LevelBadge level={warning.level} />}
      </header>
      <div className="point-now">
        <span className={`point-value${useless ? " point-useless" : ""}`} data-testid={`value-${point.key}`}>
          {point.value === null ? "––" : steady(point.value)}
          <small>{point.unit}</small>
        </span>
        <span className="point-signs">
          <QualitySign point={point} />
          {alarms.map((words) => (
            <span key={words} className="alarm-word">
              ▲ {words}
            </span>
          ))}
        </span>
      </div>
      <LimitBar value={useless ? null : point.value} range={point.range} limits={point.limits} stale={old} />
      <Sparkline pointId={point.id} />
      <footer className="point-foot">
        {point.at ? (
          <time dateTime={point.at} title={fullTime(point.at)} className={old ? "stale-words" : "faint"}>
            {old ? text.point.stale(ageWords(point.at, now, text)) : ageWords(point.at, now, text)}
          </time>
        ) : (
          <span className="stale-words">{text.point.neverSeen}</span>
        )}
        <span className="faint">{text.enterprise.lastHour}</span>
        {point.clock_synchronised === false && <span className="faint">{text.clock.bad}</span>}
      </footer>
    </article>
  );
}
