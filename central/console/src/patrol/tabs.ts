// The pages of the patrol, as tabs of one another.

import type { Catalogue } from "../locales/index.tsx";

export const tabs = (text: Catalogue) => [
  { to: "/patrol", words: text.patrol.title },
  { to: "/patrol-findings", words: text.patrol.findings },
  { to: "/patrol-rules", words: text.patrol.rules },
];

export const percent = (share: number | null) =>
  share === null ? "–" : `${(share * 100).toFixed(share > 0.9995 || share === 0 ? 0 : 1)}%`;

export const points = (value: number) => value.toFixed(1);
