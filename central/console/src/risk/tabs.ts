// The pages of risk, side by side.

import type { Catalogue } from "../locales/index.tsx";
import type { HeadTab } from "../parts/Page.tsx";

export const riskTabs = (text: Catalogue): HeadTab[] => [
  { to: "/risk", words: text.risk.title },
  { to: "/risk/enterprises", words: text.risk.list },
  { to: "/risk/models", words: text.risk.models.title },
];
