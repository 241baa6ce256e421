// What travels between the stream's owner (a SharedWorker, or the tab itself) and the pages.

export const EVENT_KINDS = ["measurement", "alarm", "warning", "presence", "moved"] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export type StreamState = "connecting" | "connected" | "retrying";

export type FromStream =
  | { type: "event"; kind: EventKind; data: unknown }
  | { type: "state"; state: StreamState }
  /** Events were missed (or the session ended): what is on screen has to be asked for again. */
  | { type: "reset" };

export type ToStream = { type: "open"; account: string } | { type: "restart" } | { type: "leave" };
