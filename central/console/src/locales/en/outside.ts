// English words of warnings from outside.

import type { outsideWords as chinese } from "../zh-CN/outside.ts";

export const outsideWords: typeof chinese = {
  outside: {
    title: "External warnings",
    note: "What the weather service and other systems send through the interface (JSON or CAP 1.2). Their updates, cancellations and expiry show here.",
    empty: "No external warning is in force",
    emptyAll: "Nothing matches",
    show: "Show",
    shows: { open: "In force", ended: "Ended", all: "All" },
    kind: "Kind",
    anyKind: "All kinds",
    kinds: { weather: "Weather", external: "Other systems" },
    level: "Level",
    what: "Content",
    source: "Source",
    owner: "Concerns",
    at: "Issued",
    until: "Valid until",
    noEnd: "not said",
    ended: "ended",
    test: "exercise",
    open: "Open the warning",
    none: "Expired when it came: no warning opened",
  },
};
