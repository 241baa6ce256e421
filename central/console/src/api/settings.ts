// What each user set for themselves, and the messages that were addressed to them.

import { queryOptions } from "@tanstack/react-query";
import { getWide, withQuery } from "./client.ts";

export type Mode = "business" | "leader" | "monitor";
export type Density = "comfortable" | "compact";

export interface SavedView {
  title: string;
  query: string;
}

/** Null: never chosen, the console's own choice holds. `columns`: by list, the keys that are shown. */
export interface Settings {
  language: "zh-CN" | "en" | null;
  sound: boolean | null;
  mode: Mode | null;
  density: Density | null;
  /** Kinds of warnings that this user's lists leave out. */
  hidden_kinds: string[] | null;
  columns: Record<string, string[]>;
  /** By list: filters that were given a name; `query` is that part of the page's address. */
  views: Record<string, SavedView[]>;
}

/** Only what is named changes; a list under `columns` or `views` goes back to its own choice with null. */
export type SettingsChange = Partial<Omit<Settings, "columns" | "views">> & {
  columns?: Record<string, string[] | null>;
  views?: Record<string, SavedView[] | null>;
};

export const settings = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => getWide<Settings>("/api/v1/settings", signal),
  staleTime: 60_000,
});

export interface InboxMessage {
  id: number;
  at: string;
  kind: string;
  title: string;
  text: string;
  /** The page of what it is about; "" where there is none. */
  link: string;
  read_at: string | null;
}

export interface InboxPage {
  items: InboxMessage[];
  next: string | null;
  unread: number;
}

export const newestMessages = queryOptions({
  queryKey: ["messages", "newest"],
  queryFn: ({ signal }) => getWide<InboxPage>(withQuery("/api/v1/messages", { limit: 10 }), signal),
  refetchInterval: 30_000,
});
