// Registers: the catalogue, the schema of one, its records with their history, links, files and imports.

import { infiniteQueryOptions, keepPreviousData, type QueryKey, queryOptions } from "@tanstack/react-query";
import { get, getWide, send, withQuery } from "./client.ts";
import type { Filter } from "./list.ts";
import type { Page } from "./types.ts";

const ROOT = "/api/v1/registers";

export type RecordState = "draft" | "submitted" | "valid" | "returned";

/** One register as the catalogue tells it; `columns`, `filters` and `totals` name fields. */
export interface RegisterEntry {
  name: string;
  title: string;
  title_en: string;
  group: string;
  group_title: string;
  owner: string;
  single: boolean;
  reviewed: boolean;
  dated: boolean;
  shared: boolean;
  coded: boolean;
  sectors: string[];
  may_write: boolean;
  may_review: boolean;
  columns: string[];
  filters: string[];
  /** Fields that make a record unique for its owner. */
  key: string[];
  title_field: string;
  totals: string[];
  /** Choice fields that are counted beside the list. */
  tallies: string[];
}

/** A field of JSON Schema as the centre writes it; what JSON Schema has no word for is under `x-fengsui`. */
export interface SchemaField {
  title?: string;
  description?: string;
  type?: string;
  maxLength?: number;
  maxItems?: number;
  minimum?: number;
  maximum?: number;
  pattern?: string;
  properties?: Record<string, SchemaField>;
  items?: SchemaField;
  oneOf?: { const: string; title: string; "x-en"?: string }[];
  "x-fengsui"?: {
    kind: string;
    en: string;
    unit?: string;
    decimals?: number;
    to?: string;
    when?: { field: string; values: string[] };
    required?: boolean;
    personal?: string;
    uncertain?: boolean;
  };
}

export interface RegisterSchema {
  register: RegisterEntry;
  schema: SchemaField;
}

export type Values = Record<string, unknown>;

export interface RecordRow {
  id: number;
  enterprise_id: number | null;
  agency_id: number | null;
  owner_name: string;
  place: string;
  state: RecordState;
  title: string;
  version: number;
  valid_from: string | null;
  changed_at: string;
  values: Values;
}

export interface RecordDetail {
  id: number;
  register: string;
  version: number;
  state: RecordState;
  title: string;
  owner_name: string;
  enterprise_id: number | null;
  agency_id: number | null;
  place: string;
  values: Values;
  /** What was approved last, where something else is being worked on. */
  counted: Values | null;
  opinion: string;
  valid_from: string | null;
  created_at: string;
  created_by: string;
  changed_at: string;
  changed_by: string;
  submitted_at: string | null;
  reviewed_at: string | null;
  reviewed_by: string;
  may: { change: boolean; submit: boolean; review: boolean; remove: boolean };
  /** What the paper form copies from another one, read there; only where one record is read. */
  given: { title: string; title_en: string; text: string }[];
}

export interface Count {
  value: string | null;
  label: string;
  count: number;
}

export interface Counts {
  items: Count[];
  total: number;
}

/** The sums of the register's `totals` fields over everything that a filter finds. */
export interface Totals {
  total: number;
  totals: Record<string, number>;
}

export interface HistoryEntry {
  version: number;
  at: string;
  by: string;
  reason: string;
  state: RecordState;
  valid_from: string | null;
  changes: { field: string; title: string; before: unknown; after: unknown }[];
}

export interface StoredFile {
  sha256: string;
  name: string;
  size: number;
}

export const registers = queryOptions({
  queryKey: ["registers"],
  queryFn: async ({ signal }) => (await getWide<{ items: RegisterEntry[] }>(ROOT, signal)).items,
  staleTime: 5 * 60_000,
});

export const registerSchema = (name: string) =>
  queryOptions({
    queryKey: ["register-schema", name],
    queryFn: ({ signal }) => getWide<RegisterSchema>(`${ROOT}/${name}/schema`, signal),
    staleTime: 5 * 60_000,
  });

export interface ReadRecord {
  record: RecordDetail;
  etag: string | null;
}

export const record = (register: string, id: string | number) =>
  queryOptions({
    queryKey: [`registers/${register}`, "one", String(id)],
    queryFn: async ({ signal }): Promise<ReadRecord> => {
      const answer = await send<RecordDetail>("GET", `${ROOT}/${register}/${id}`, { signal });
      return { record: answer.data, etag: answer.etag };
    },
  });

/** The newest record of an enterprise by a field; null while it has none. */
export const recordNewest = (register: string, enterprise: number, field: string) =>
  queryOptions({
    queryKey: [`registers/${register}`, "newest", enterprise, field],
    queryFn: async ({ signal }) => {
      const asked = { enterprise_id: enterprise, sort: `-values.${field}`, limit: 1 };
      const found = await get<Page<RecordRow>>(withQuery(`${ROOT}/${register}`, asked), signal);
      return found.items[0] ?? null;
    },
  });

export const recordHistory = (register: string, id: string | number) =>
  queryOptions({
    queryKey: [`registers/${register}`, "history", String(id)],
    queryFn: async ({ signal }) =>
      (await get<{ items: HistoryEntry[] }>(`${ROOT}/${register}/${id}/history`, signal)).items,
  });

export const recordCounts = (register: string, by: string, filter: Filter) =>
  queryOptions({
    queryKey: [`registers/${register}`, "counts", by, filter],
    queryFn: ({ signal }) => get<Counts>(withQuery(`${ROOT}/${register}/counts`, { ...filter, by }), signal),
  });

export const recordTotals = (register: string, filter: Filter) =>
  queryOptions({
    queryKey: [`registers/${register}`, "totals", filter],
    queryFn: ({ signal }) => get<Totals>(withQuery(`${ROOT}/${register}/totals`, filter), signal),
  });

/** Where the picture or file of a record is read. */
export function fileUrl(register: string, id: string | number, sha256: string, thumbnail = false): string {
  return `${ROOT}/${register}/${id}/files/${sha256}${thumbnail ? "?thumbnail=1" : ""}`;
}

/** How many records of a register one sees, and how many of them wait for oneself. */
export interface RegisterCount {
  name: string;
  records: number;
  /** Submitted, and oneself reviews them. */
  to_review: number;
  /** One's own that were returned. */
  returned: number;
  /** One's own that were begun. */
  drafts: number;
}

export const registerCounts = queryOptions({
  queryKey: ["registers-waiting", "counts"],
  queryFn: async ({ signal }) =>
    (await get<{ items: RegisterCount[] }>("/api/v1/register-counts", signal)).items,
  staleTime: 15_000,
});

/** A record of any register that waits for somebody to do something about it. */
export interface WaitingRow {
  register: string;
  id: number;
  title: string;
  owner_name: string;
  state: RecordState;
  opinion: string;
  /** Since when. */
  at: string;
}

export const waitingRecords = (filter: Filter) =>
  infiniteQueryOptions({
    queryKey: ["registers-waiting", "list", filter] as QueryKey,
    queryFn: ({ signal, pageParam }) =>
      get<Page<WaitingRow>>(
        withQuery("/api/v1/records-waiting", { ...filter, limit: 50, cursor: pageParam }),
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: Page<WaitingRow>) => page.next,
    placeholderData: keepPreviousData,
  });

export interface ChoiceEntry {
  id: string;
  label: string;
}

type Named = Record<string, unknown> & { name?: string; id?: number | string; code?: string };

/** Lists that the centre does not search: all of them comes, and the page looks for the words. */
export function isSearchedHere(to: string): boolean {
  return to.startsWith("dictionary/") || to === "gateway" || to === "point";
}

/** What may stand in a link: found by words in the list of what it leads to; with an enterprise only its own. */
export const linkChoices = (to: string, q: string, enterpriseId?: number) =>
  queryOptions({
    queryKey: ["link-choices", to, isSearchedHere(to) ? "" : q, enterpriseId ?? 0],
    queryFn: async ({ signal }): Promise<ChoiceEntry[]> => {
      const asked = isSearchedHere(to)
        ? { limit: to.startsWith("dictionary/") ? null : 200 }
        : { q, limit: 20 };
      const path = withQuery(choicesOf(to), { ...asked, enterprise_id: enterpriseId });
      const found = await get<Page<Named>>(path, signal);
      return found.items.filter((row) => row.active !== false).map((row) => choiceOf(to, row));
    },
    staleTime: 30_000,
  });

const LISTS: Record<string, string> = {
  enterprise: "enterprises",
  account: "accounts",
  region: "regions",
  industry: "industries",
  agency: "agencies",
  gateway: "gateways",
  point: "points",
};

function choicesOf(to: string): string {
  if (to.startsWith("dictionary/")) return `/api/v1/dictionaries/${to.slice("dictionary/".length)}`;
  return LISTS[to] ? `/api/v1/${LISTS[to]}` : `${ROOT}/${to}`;
}

function choiceOf(to: string, row: Named): ChoiceEntry {
  const words = row.display_name ?? row.title ?? row.name ?? row.zh ?? "";
  const coded = to === "region" || to === "industry" || to.startsWith("dictionary/");
  return { id: String((coded ? row.code : row.id) ?? ""), label: String(words) };
}
