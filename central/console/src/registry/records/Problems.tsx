// What is wrong with a form, in one list above it; each line jumps to its field.

import { Button } from "antd";
import { useEffect, useRef } from "react";
import { useText } from "../../locales/index.tsx";
import { anchorOf, type Place } from "./values.ts";

export interface FormProblem {
  place: Place;
  /** Where, in people's words: "救援队 2 · 姓名". */
  where: string;
  words: string;
}

export function jumpTo(place: Place): void {
  for (let n = place.length; n > 0; n--) {
    const at = document.getElementById(anchorOf(place.slice(0, n)));
    if (!at) continue;
    at.scrollIntoView({ block: "center" });
    at.querySelector<HTMLElement>("input:not([hidden]),textarea,button,[tabindex]")?.focus({
      preventScroll: true,
    });
    return;
  }
}

export function Problems({ problems, general }: { problems: readonly FormProblem[]; general: string }) {
  const text = useText();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!problems.length && !general) return;
    box.current?.scrollIntoView({ block: "center" });
    box.current?.focus({ preventScroll: true });
  }, [problems, general]);
  if (!problems.length && !general) return null;
  return (
    <div ref={box} className="problems" role="alert" tabIndex={-1}>
      <p className="form-missing">
        <span aria-hidden="true">!</span> {problems.length ? text.records.problems(problems.length) : general}
      </p>
      {problems.length > 0 && (
        <ol>
          {problems.map((problem) => (
            <li key={`${problem.where} ${problem.words}`}>
              <Button type="link" size="small" onClick={() => jumpTo(problem.place)}>
                {problem.where && <strong>{problem.where}</strong>} {problem.words}
              </Button>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
