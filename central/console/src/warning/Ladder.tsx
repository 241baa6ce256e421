// Who is called when, what reached them, and where there was nobody to call.

import { Tooltip } from "antd";
import { useState } from "react";
import type { LadderStep, WarningDetail } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { LevelBadge } from "../parts/Level.tsx";
import { Card } from "../parts/Page.tsx";
import { Until, When } from "../parts/When.tsx";

const stepShape: Record<LadderStep["state"], string> = { waiting: "○", fired: "●", gap: "◌", skipped: "–" };

/** Whether a call has failed: said by shape and weight, not by colour. */
function failed(state: string): boolean {
  return state === "failed" || state === "unreachable";
}

const KEPT_ROUNDS = 3;

function inBetween(round: number, last: number): boolean {
  return round > 0 && round <= last - KEPT_ROUNDS;
}

export function Ladder({ view }: { view: WarningDetail }) {
  const text = useText();
  const [whole, setWhole] = useState(false);
  const last = Math.max(0, ...view.ladder.map((step) => step.round));
  // The last rung repeats until answered: a night of rounds is folded to its first and its newest.
  const folded = whole ? 0 : view.ladder.filter((step) => inBetween(step.round, last)).length;
  const steps = folded ? view.ladder.filter((step) => !inBetween(step.round, last)) : view.ladder;
  const rounds = new Set(steps.map((step) => step.round)).size;
  const levels = new Set(steps.map((step) => step.level)).size;
  return (
    <Card
      title={text.warning.ladder}
      extra={
        <Tooltip title={view.policy.source}>
          <span className="faint">{text.warning.policy(view.policy.name)}</span>
        </Tooltip>
      }
    >
      {steps.length === 0 ? (
        <p className="quiet-line">{text.warning.noLadder}</p>
      ) : (
        <ol className="ladder" aria-label={text.warning.ladder}>
          {steps.map((step) => (
            <li key={`${step.level}-${step.round}-${step.step}`} className={`rung rung-${step.state}`}>
              <span className="rung-mark" aria-hidden="true">
                {stepShape[step.state]}
              </span>
              <div className="rung-body">
                <div className="rung-head">
                  <strong>
                    {step.agency_name || text.rank[step.rank] || text.warning.stepNo(step.step + 1)}
                  </strong>
                  <span className="faint">{text.rank[step.rank] ?? ""}</span>
                  {levels > 1 && <LevelBadge level={step.level} />}
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
                {step.state === "gap" && (
                  <p className="rung-why">
                    {step.reason && <strong>{step.reason}。</strong>}
                    {text.warning.gapExplain}
                  </p>
                )}
                {step.people.length > 0 && (
                  <ul className="rung-people">
                    {step.people.map((person) => (
                      <li
                        key={`${person.name}-${person.agency_name}-${person.channel}`}
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
                          {person.possibly_twice && <span className="faint"> · {text.warning.twice}</span>}
                          {person.digest && (
                            <span className="faint"> · {text.storm.withDigest(person.digest)}</span>
                          )}
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
      {folded > 0 && (
        <button type="button" className="quiet-link" onClick={() => setWhole(true)}>
          {text.warning.foldedRounds(folded)}
        </button>
      )}
    </Card>
  );
}
