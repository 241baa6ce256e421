// The pages of connection as tabs of one head; an enterprise begins with its devices.

import { useText } from "../locales/index.tsx";
import type { HeadTab } from "../parts/Page.tsx";

export function useConnectionTabs(): HeadTab[] {
  const words = useText().connection.tabs;
  return [
    { to: "/connections", words: words.overview },
    { to: "/connections/devices", words: words.devices },
    { to: "/connections/periods", words: words.periods },
    { to: "/connections/reports", words: words.reports },
    { to: "/connections/faults", words: words.faults },
    { to: "/connections/rates", words: words.rates },
  ];
}
