// Where a warning stands, as shape and word in greys (its level has the colour).

import type { WarningState } from "../api/types.ts";
import { useText } from "../locales/index.tsx";

const shapes: Record<WarningState, string> = {
  open: "●",
  acknowledged: "◐",
  handled: "◕",
  closed: "✓",
  cleared: "↓",
  false_alarm: "∅",
};

export function StateSign({ state, condition }: { state: WarningState; condition?: "active" | "clear" }) {
  const text = useText();
  const going = state === "open" || state === "acknowledged" || state === "handled";
  return (
    <span className={`state-sign state-${state}`}>
      <span className="sign-shape" aria-hidden="true">
        {shapes[state]}
      </span>
      <span>
        {text.state[state]}
        {going && condition === "clear" && <span className="state-condition">{text.condition.clear}</span>}
      </span>
    </span>
  );
}
