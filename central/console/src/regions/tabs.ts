// The three pages of regions, as tabs of one another.

import type { Catalogue } from "../locales/index.tsx";

export const tabs = (text: Catalogue) => [
  { to: "/regions", words: text.regions.title },
  { to: "/regions/moves", words: text.regions.moves },
  { to: "/regions/reorganisations", words: text.regions.reorganisations },
];
