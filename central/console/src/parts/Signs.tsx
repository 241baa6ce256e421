// Presence and quality as shape and word in greys: they are not warnings and take none of their colours.

import { Tooltip } from "antd";
import type { PointRow, Presence, QualityText } from "../api/types.ts";
import { type Catalogue, useText } from "../locales/index.tsx";

const presenceShape: Record<Presence, string> = { online: "●", late: "◐", offline: "○", none: "–" };

export function PresenceSign({ presence }: { presence: Presence }) {
  const text = useText();
  return (
    <Tooltip title={text.presenceWhy[presence]}>
      <span className={`sign sign-${presence}`}>
        <span className="sign-shape" aria-hidden="true">
          {presenceShape[presence]}
        </span>
        {text.presence[presence]}
      </span>
    </Tooltip>
  );
}

const qualityShape: Record<QualityText | "none", string> = { good: "✓", uncertain: "?", bad: "✕", none: "–" };

/** The reason of a quality in words, by its OPC code; null when the word for its class says it all. */
export function reasonWords(quality: number, text: Catalogue): string | null {
  return text.qualityReason[quality & 0xfc] ?? null;
}

/** Quality as the point has it; a point that never spoke has none. */
export function QualitySign({ point }: { point: PointRow }) {
  const text = useText();
  const key = point.at ? point.quality_text : "none";
  const words = key === "good" || key === "none" ? null : reasonWords(point.quality, text);
  return (
    <span className={`sign sign-quality-${key}`}>
      <span className="sign-shape" aria-hidden="true">
        {qualityShape[key]}
      </span>
      {text.quality[key]}
      {words ? ` · ${words}` : ""}
    </span>
  );
}
