// A value on its range with ticks at LL, L, H, HH: where it stands and how far it is from the next limit.

import type { Limits } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { measured } from "./figures.ts";

interface Props {
  value: number | null;
  range: { low: number | null; high: number | null };
  limits: Limits;
  stale?: boolean;
}

const NAMES = ["ll", "l", "h", "hh"] as const;

/** The stretch that the bar covers: the physical range, or the limits with room beside them. */
export function barSpan({ value, range, limits }: Props): [number, number] | null {
  const marks = NAMES.map((name) => limits[name]).filter((mark): mark is number => mark !== null);
  const known = value === null ? marks : [...marks, value];
  let low = range.low ?? (known.length ? Math.min(0, ...known) : null);
  let high = range.high ?? (known.length ? Math.max(...known) * 1.25 : null);
  if (low === null || high === null) return null;
  // A wide range with its limits crowded in one corner is cut to where the limits are.
  if (marks.length && limits.l === null && limits.ll === null) {
    const top = Math.max(...known);
    if (top < low + (high - low) * 0.4) high = low + (top - low) * 1.6;
  }
  if (value !== null) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high > low ? [low, high] : null;
}

export function LimitBar(props: Props) {
  const { value, limits, stale = false } = props;
  const text = useText();
  const span = barSpan(props);
  if (!span) return <div className="bar bar-none">{text.point.noLimits}</div>;
  const [low, high] = span;
  const place = (mark: number) => Math.min(100, Math.max(0, ((mark - low) / (high - low)) * 100));
  const lower = limits.l ?? limits.ll;
  const upper = limits.h ?? limits.hh;
  const outside =
    value !== null && ((lower !== null && value <= lower) || (upper !== null && value >= upper));
  const marks = NAMES.flatMap((name) => {
    const mark = limits[name];
    return mark === null || mark === undefined ? [] : [{ name, mark, at: place(mark) }];
  });
  // Names of neighbours that would run into each other take two lines: LL and HH the lower one.
  const crowded = marks.some((one, index) => {
    const next = marks[index + 1];
    return next !== undefined && next.at - one.at < 22;
  });
  return (
    <div
      className="bar"
      role="img"
      aria-label={[
        value === null ? text.quality.none : text.point.bar(measured(value)),
        ...NAMES.flatMap((name) => {
          const mark = limits[name];
          return mark === null ? [] : [`${text.limit[name]} ${measured(mark)}`];
        }),
      ].join("，")}
    >
      <div className="bar-track">
        {limits.ll !== null && (
          <i className="bar-zone bar-zone-far" style={{ left: 0, width: `${place(limits.ll)}%` }} />
        )}
        {limits.l !== null && (
          <i
            className="bar-zone"
            style={{
              left: `${limits.ll === null ? 0 : place(limits.ll)}%`,
              right: `${100 - place(limits.l)}%`,
            }}
          />
        )}
        {limits.h !== null && (
          <i
            className="bar-zone"
            style={{
              left: `${place(limits.h)}%`,
              right: `${limits.hh === null ? 0 : 100 - place(limits.hh)}%`,
            }}
          />
        )}
        {limits.hh !== null && (
          <i className="bar-zone bar-zone-far" style={{ left: `${place(limits.hh)}%`, right: 0 }} />
        )}
        {marks.map(({ name, at }) => (
          <i key={name} className="bar-tick" style={{ left: `${at}%` }} />
        ))}
        {value !== null && (
          <b
            className={`bar-value${outside ? " bar-value-outside" : ""}${stale ? " bar-value-stale" : ""}`}
            style={{ left: `${place(value)}%` }}
          />
        )}
      </div>
      <div className={`bar-labels${crowded ? " bar-labels-two" : ""}`} aria-hidden="true">
        {marks.map(({ name, mark, at }) => (
          <span
            key={name}
            className="bar-label"
            style={{
              left: `${at}%`,
              top: crowded && (name === "ll" || name === "hh") ? 15 : 0,
              transform: `translateX(${at < 10 ? 0 : at > 90 ? -100 : -50}%)`,
            }}
          >
            {name.toUpperCase()} {measured(mark)}
          </span>
        ))}
      </div>
    </div>
  );
}
