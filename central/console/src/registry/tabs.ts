// The pages about enterprises as such stand beside each other.

import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import type { HeadTab } from "../parts/Page.tsx";

export const REGISTRY_TABS = {
  list: "enterprises",
  applications: "enterprise-applications",
  batches: "enterprise-batches",
  pairs: "enterprise-pairs",
  removals: "enterprise-removals",
} as const;

export function useRegistryTabs(): HeadTab[] {
  const text = useText();
  if (!useMay("enterprise-life")) return [];
  return [
    { to: "/enterprises", words: text.enterprises.title },
    { to: "/enterprise-applications", words: text.applications.title },
    { to: "/enterprise-batches", words: text.batches.title },
    { to: "/enterprise-pairs", words: text.pairs.title },
    { to: "/enterprise-removals", words: text.removals.title },
  ];
}
