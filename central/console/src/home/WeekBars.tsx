// Warnings of the last seven days as bars of levels: colour, and the numbers beside them.

import { LEVELS } from "../api/types.ts";
import type { DayCount } from "../api/week.ts";
import { useText } from "../locales/index.tsx";
import { LevelShape } from "../parts/Level.tsx";

export function WeekBars({ days }: { days: readonly DayCount[] }) {
  const text = useText();
  const total = (day: DayCount) => LEVELS.reduce((sum, level) => sum + day[level], 0);
  const most = Math.max(1, ...days.map(total));
  return (
    <table className="week">
      <caption className="unseen">{text.leader.week}</caption>
      <thead className="unseen">
        <tr>
          <th>{text.leader.day}</th>
          <th>{text.leader.count}</th>
        </tr>
      </thead>
      <tbody>
        {days.map((day) => (
          <tr key={day.day}>
            <th scope="row">{day.day.slice(5)}</th>
            <td>
              <span className={total(day) ? "week-bar" : "unseen"} aria-hidden="true">
                {LEVELS.map((level) =>
                  day[level] ? (
                    <i
                      key={level}
                      className={`level-${level}`}
                      style={{ width: `${(100 * day[level]) / most}%` }}
                    />
                  ) : null,
                )}
              </span>
              <span className="week-counts">
                {total(day) === 0 ? (
                  <span className="faint">0</span>
                ) : (
                  LEVELS.filter((level) => day[level]).map((level) => (
                    <span key={level} className={`level-word level-word-${level}`}>
                      <LevelShape level={level} size={10} /> {text.level[level]} {day[level]}
                    </span>
                  ))
                )}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
