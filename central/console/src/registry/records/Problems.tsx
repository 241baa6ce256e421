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

interface Props {
  problems: readonly FormProblem[];
  /** What concerns no field. */
  general: string;
  /** Which showing it is: each new one comes into sight, one that only grew shorter does not. */
  showing: number;
}

export function Problems({ problems, general, showing }: Props) {
  const text = useText();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!showing) return;
    box.current?.scrollIntoView({ block: "center" });
    box.current?.focus({ preventScroll: true });
  }, [showing]);
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
