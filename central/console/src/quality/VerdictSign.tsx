// What a figure is worth, as shape and word: no warning, so none of the four colours.

import type { Verdict } from "../api/quality.ts";
import { useText } from "../locales/index.tsx";

const SHAPES: Record<Verdict, string> = { good: "✓", fair: "△", poor: "✕", none: "–" };

export function VerdictSign({ verdict }: { verdict: Verdict }) {
  const words = useText().alarmQuality.verdict;
  return (
    <span className={`verdict verdict-${verdict}`}>
      <span aria-hidden="true">{SHAPES[verdict]}</span> {words[verdict]}
    </span>
  );
}
