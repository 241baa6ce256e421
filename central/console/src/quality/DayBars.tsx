// Alarms day by day as bars; a day opens itself.

import type { QualityDay } from "../api/quality.ts";
import { useText } from "../locales/index.tsx";
import { count } from "../parts/figures.ts";
import { usePhone } from "../parts/usePhone.ts";

const DAY_MS = 86_400_000;

function everyDay(from: string, to: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY_MS)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

interface Props {
  days: readonly QualityDay[];
  from: string;
  to: string;
  open: (day: string) => void;
}

export function DayBars({ days, from, to, open }: Props) {
  const words = useText().alarmQuality;
  const phone = usePhone();
  const known = new Map(days.map((day) => [day.day, day]));
  const most = Math.max(1, ...days.map((day) => day.annunciated));
  const all = everyDay(from, to);
  const named = Math.max(1, Math.ceil(all.length / (phone ? 4 : 10)));
  return (
    <ol className="day-bars" style={{ gridTemplateColumns: `repeat(${all.length}, minmax(2px, 1fr))` }}>
      {all.map((name, place) => {
        const day = known.get(name);
        const many = day?.annunciated ?? 0;
        const said = words.dayWords(name, many, day?.floods ?? 0, day?.stale ?? 0);
        return (
          <li key={name}>
            <button
              type="button"
              className="day-bar"
              title={said}
              aria-label={said}
              onClick={() => open(name)}
            >
              <span className="day-marks" aria-hidden="true">
                {day?.floods ? "▲" : ""}
                {day?.stale ? "▬" : ""}
              </span>
              {all.length <= 14 && <span className="day-many">{count(many)}</span>}
              <i style={{ height: `${(100 * many) / most}%` }} aria-hidden="true" />
            </button>
            <span className="day-name">{place % named === 0 ? name.slice(5) : ""}</span>
          </li>
        );
      })}
    </ol>
  );
}
