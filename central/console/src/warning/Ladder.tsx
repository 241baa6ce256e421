// Who is called when, what reached them, and where there was nobody to call.

import type { LadderStep, WarningDetail } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { Card } from "../parts/Page.tsx";
import { Until, When } from "../parts/When.tsx";

const stepShape: Record<LadderStep["state"], string> = { waiting: "○", fired: "●", gap: "⚠︎", skipped: "–" };

/** Whether a call has failed: said by shape and weight, not by colour. */
function failed(state: string): boolean {
  return state === "failed" || state === "unreachable";
}

export function Ladder({ view }: { view: WarningDetail }) {
  const text = useText();
  const steps = [...view.ladder].sort((a, b) => a.round - b.round || a.step - b.step);
  const rounds = new Set(steps.map((step) => step.round)).size;
  return (
    <Card
      title={text.warning.ladder}
      extra={view.policy?.name && <span className="faint">{text.warning.policy(view.policy.name)}</span>}
    >
      {steps.length === 0 ? (
        <p className="quiet-line">{text.warning.noLadder}</p>
      ) : (
        <ol className="ladder" aria-label={text.warning.ladder}>
          {steps.map((step) => (
            <li key={`${step.round}-${step.step}-${step.due_at}`} className={`rung rung-${step.state}`}>
              <span className="rung-mark" aria-hidden="true">
                {stepShape[step.state]}
              </span>
              <div className="rung-body">
                <div className="rung-head">
                  <strong>
                    {step.agency_name || text.rank[step.rank] || text.warning.stepNo(step.step + 1)}
                  </strong>
                  {rounds > 1 && <span className="faint">{text.warning.round(step.round + 1)}</span>}
                  <span className="rung-state">{text.warning.steps[step.state]}</span>
                </div>
                <div className="rung-time faint">
                  {step.fired_at ? (
                    <When at={step.fired_at} brief />
                  ) : step.due_at && step.state === "waiting" ? (
                    <Until at={step.due_at} />
                  ) : null}
                </div>
                {step.state === "gap" && <p className="rung-gap">{text.warning.gapExplain}</p>}
                {step.people.length > 0 && (
                  <ul className="rung-people">
                    {step.people.map((person) => (
                      <li
                        key={`${person.name}-${person.channel}`}
                        className={failed(person.state) ? "call-failed" : ""}
                      >
                        <span className="person-name">{person.name}</span>
                        <span className="faint">{text.warning.channel[person.channel] ?? ""}</span>
                        <span className="person-state">
                          {failed(person.state)
                            ? "✕ "
                            : person.state === "delivered" || person.state === "read"
                              ? "✓ "
                              : ""}
                          {text.warning.call[person.state] ?? ""}
                        </span>
                      </li>
                    ))}
                  </ul>
                )}
              </div>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}
