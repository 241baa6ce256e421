// Level tables: what is in force, drafts, and what a draft would have changed.

import { queryOptions } from "@tanstack/react-query";
import { get, send } from "./client.ts";
import { listOf } from "./list.ts";
import type { Level } from "./words.ts";

export interface RuleRow {
  kind: string;
  level: Level;
  reason: string;
  side: string;
  limit_name: string;
  quantity: string;
  hazard_class: number | null;
  /** Counts once it has held so long, in seconds. */
  held_s: number;
  /** Counts once it was raised so often within so many hours. */
  raises: number;
  within_h: number;
}

export type TableState = "in-force" | "planned" | "replaced" | "ended";

export interface LevelTable {
  id: number;
  region: string;
  region_name: string;
  version: number;
  name: string;
  source: string;
  valid_from: string;
  valid_to: string | null;
  state: TableState;
  rules: number;
}

export interface LevelTableRows extends LevelTable {
  rows: RuleRow[];
}

export interface LevelDraft {
  id: number;
  region: string;
  region_name: string;
  name: string;
  source: string;
  rows: RuleRow[];
  based_on: number | null;
  created_at: string;
  created_by_name: string;
  updated_at: string;
  version: number;
}

export interface LevelWords {
  kinds: string[];
  limits: string[];
  quantities: string[];
}

export interface LevelPreview {
  since: string;
  until: string;
  graded: number;
  cut: boolean;
  alone: number;
  before: Record<Level, number>;
  after: Record<Level, number>;
  changed: number;
  moved: { before: Level; after: Level; count: number }[];
  cases: {
    id: string;
    number: string;
    title: string;
    subject_name: string;
    enterprise_name: string;
    raised_at: string;
    before: Level;
    after: Level;
    reason: string;
  }[];
}

const DRAFTS = "/api/v1/level-drafts";

export const levelTables = listOf<LevelTable>("level-tables");

export const levelTable = (id: number) =>
  queryOptions({
    queryKey: ["level-tables", "one", id],
    queryFn: ({ signal }) => get<LevelTableRows>(`/api/v1/level-tables/${id}`, signal),
  });

export const levelWords = queryOptions({
  queryKey: ["level-tables", "words"],
  queryFn: ({ signal }) => get<LevelWords>("/api/v1/level-tables/words", signal),
  staleTime: 300_000,
});

export const levelDrafts = queryOptions({
  queryKey: ["level-drafts"],
  queryFn: async ({ signal }) => (await get<{ items: LevelDraft[] }>(`${DRAFTS}`, signal)).items,
});

export const levelDraft = (id: number) =>
  queryOptions({
    queryKey: ["level-drafts", id],
    queryFn: ({ signal }) => get<LevelDraft>(`${DRAFTS}/${id}`, signal),
  });

export const levelPreview = (id: number, version: number, days: number) =>
  queryOptions({
    queryKey: ["level-drafts", id, "preview", version, days],
    queryFn: ({ signal }) => get<LevelPreview>(`${DRAFTS}/${id}/preview?days=${days}`, signal),
    staleTime: 60_000,
  });

export const tagOf = (draft: LevelDraft) => `"${draft.version}"`;

export const createDraft = (body: unknown) => send<LevelDraft>("POST", DRAFTS, { body });

export const bringDraft = (body: { text: string; region?: string }) =>
  send<LevelDraft>("POST", `${DRAFTS}/file`, { body });

export const changeDraft = (draft: LevelDraft, body: unknown) =>
  send<LevelDraft>("PUT", `${DRAFTS}/${draft.id}`, { body, etag: tagOf(draft) });

export const removeDraft = (draft: LevelDraft) =>
  send<void>("DELETE", `${DRAFTS}/${draft.id}`, { etag: tagOf(draft) });

export const enactDraft = (draft: LevelDraft, body: unknown) =>
  send<LevelTableRows>("POST", `${DRAFTS}/${draft.id}/in-force`, { body, etag: tagOf(draft) });

export const endTable = (id: number, reason: string) =>
  send<void>("POST", `/api/v1/level-tables/${id}/end`, { body: { reason } });
