// How a device or an enterprise is connected: shape and word, no colour of a level.

import type { DeviceState, WholeState } from "../api/connection.ts";
import { useText } from "../locales/index.tsx";

const SHAPES: Record<WholeState, string> = {
  online: "●",
  abnormal: "◐",
  partly: "◑",
  offline: "○",
  none: "–",
};

export function StateWord({ state, never = false }: { state: DeviceState; never?: boolean }) {
  const words = useText().connection;
  return (
    <span className={`link-state link-state-${state}`}>
      <span aria-hidden="true">{SHAPES[state]}</span> {never ? words.never : words.states[state]}
    </span>
  );
}

export function WholeWord({ state }: { state: WholeState }) {
  const words = useText().connection;
  return (
    <span className={`link-state link-state-${state}`}>
      <span aria-hidden="true">{SHAPES[state]}</span> {words.whole[state]}
    </span>
  );
}
