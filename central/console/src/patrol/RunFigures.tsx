// Stability, reliability and effectiveness of a monitoring system: a share, a bar and a word each.

import type { RunState } from "../api/patrol.ts";
import { useText } from "../locales/index.tsx";
import { percent } from "./tabs.ts";

const FIGURES = ["stability", "reliability", "effectiveness"] as const;

export function RunFigures({ state, brief = false }: { state: RunState; brief?: boolean }) {
  const words = useText().patrol;
  return (
    <ul className={brief ? "run-figures run-figures-brief" : "run-figures"}>
      {FIGURES.map((figure) => {
        const share = state[figure];
        const grade = state[`${figure}_grade`];
        return (
          <li key={figure} title={words.figuresHelp[figure]}>
            <span className="faint">{words.figures[figure]}</span> <strong>{percent(share)}</strong>
            <span className={`run-grade run-grade-${grade || "none"}`}>{words.runGrades[grade]}</span>
            {!brief && <span className="run-help faint">{words.figuresHelp[figure]}</span>}
          </li>
        );
      })}
    </ul>
  );
}

/** A score as a number with a bar: its length says it, no colour of a level does. */
export function Score({ value }: { value: number }) {
  return (
    <span className="patrol-score">
      <strong>{value.toFixed(1)}</strong>
      <span className="patrol-bar" aria-hidden="true">
        <span style={{ width: `${value}%` }} />
      </span>
    </span>
  );
}
