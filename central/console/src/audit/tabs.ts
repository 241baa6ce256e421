// The pages that belong together: entries, their signed days, and what was sent to people.

import { useMe } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import type { HeadTab } from "../parts/Page.tsx";

export function useAuditTabs(): HeadTab[] {
  const text = useText().audit;
  const me = useMe();
  const may = (...words: string[]) => words.some((word) => me.may.includes(word));
  return [
    { to: "/audit", words: text.title },
    ...(may("audit") ? [{ to: "/audit-days", words: text.days.title }] : []),
    ...(may("account", "audit", "audit-system") ? [{ to: "/message-log", words: text.messages.title }] : []),
  ];
}
