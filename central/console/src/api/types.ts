// The shapes that the centre's HTTP API speaks (/api/v1), as the pages use them: a file a domain.

export type { AreaChoice, SectorChoice } from "./choices.ts";
export type * from "./devices.ts";
export type * from "./home.ts";
export type * from "./identity.ts";
export type * from "./live.ts";
export type * from "./organisation.ts";
export type * from "./registry.ts";
export type { InboxMessage, InboxPage, SavedView, Settings } from "./settings.ts";
export type * from "./telemetry.ts";
export type * from "./warning.ts";
export type { DayCount } from "./week.ts";
export * from "./words.ts";
