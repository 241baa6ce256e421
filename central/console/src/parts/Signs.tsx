// Presence and quality as shape and word in greys: they are not warnings and take none of their colours.

import { Tooltip } from "antd";
import type { Presence, QualityText } from "../api/types.ts";
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

/** The reason of a quality in people's words; a word we do not know is left out rather than shown raw. */
export function reasonWords(reason: string | null, text: Catalogue): string | null {
  if (!reason) return null;
  const known = text.qualityReason[reason.toLowerCase()];
  if (known) return known;
  return /[㐀-鿿]/.test(reason) ? reason : null;
}

export function QualitySign({ quality, reason }: { quality: QualityText | null; reason: string | null }) {
  const text = useText();
  const key = quality ?? "none";
  const words = key === "good" ? null : reasonWords(reason, text);
  return (
    <span className={`sign sign-quality-${key}`}>
      <span className="sign-shape" aria-hidden="true">
        {qualityShape[key]}
      </span>
      {text.quality[key]}
      {words && words !== text.quality[key] ? ` · ${words}` : ""}
    </span>
  );
}
