// A level of warning: always colour, shape and word together, so that it can be told without seeing colour.

import type { Level } from "../api/types.ts";
import { useText } from "../locales/index.tsx";

const shapes: Record<Level, string> = {
  red: "M1 1h14v14H1z", // square
  orange: "M8 1l7 13H1z", // triangle
  yellow: "M8 0l8 8-8 8-8-8z", // diamond
  blue: "M8 1a7 7 0 1 1 0 14A7 7 0 1 1 8 1z", // circle
};

export function LevelShape({ level, size = 12 }: { level: Level; size?: number }) {
  return (
    <svg className="level-shape" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path d={shapes[level]} fill="currentColor" />
    </svg>
  );
}

/** A filled badge: shape and word. `large` is for the head of a warning's page. */
export function LevelBadge({ level, large = false }: { level: Level; large?: boolean }) {
  const text = useText();
  return (
    <span className={`level-badge level-${level}${large ? " level-badge-large" : ""}`}>
      <LevelShape level={level} size={large ? 16 : 11} />
      {large ? text.levelWarning[level] : text.level[level]}
    </span>
  );
}

/** A count at a level; nought is drawn quietly, and what is not known is never drawn as nought. */
export function LevelCount({ level, count }: { level: Level; count: number | undefined }) {
  const text = useText();
  return (
    <span className={`level-count ${count ? `level-${level}` : "level-none"}`}>
      <LevelShape level={level} size={12} />
      <span className="level-count-word">{text.level[level]}</span>
      <strong>{count ?? "–"}</strong>
    </span>
  );
}
