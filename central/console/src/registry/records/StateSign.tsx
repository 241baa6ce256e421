// Where a record stands, by shape and word: colours belong to the levels alone.

import type { RecordState } from "../../api/records.ts";
import { useText } from "../../locales/index.tsx";

const SHAPES: Record<RecordState, string> = { draft: "◌", submitted: "◐", returned: "↩", valid: "✓" };

export function StateSign({ state }: { state: RecordState }) {
  const text = useText();
  return (
    <span className={`record-state record-${state}`}>
      <span className="sign-shape" aria-hidden="true">
        {SHAPES[state]}
      </span>
      {text.records.states[state] ?? state}
    </span>
  );
}
