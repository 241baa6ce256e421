// Codes of subjects: what one says to whoever scans it, and the lists that are printed.

import { infiniteQueryOptions, keepPreviousData, type QueryKey, queryOptions } from "@tanstack/react-query";
import { get, getWide, send, withQuery } from "./client.ts";
import type { Filter } from "./list.ts";

const ROOT = "/api/v1/codes";

export interface CodeKind {
  register: string;
  title: string;
  title_en: string;
}

export interface CodeRow {
  register: string;
  record_id: number;
  title: string;
  owner_name: string;
  place_name: string;
  token: string;
  url: string;
  /** A QR code as a data address. */
  picture: string;
  issue: number;
  revoked_at: string | null;
}

export interface CodePage {
  items: CodeRow[];
  next: string | null;
  kinds: CodeKind[];
}

export interface CodeWay {
  kind: string;
  title: string;
  title_en: string;
  link: string;
}

export interface Scanned {
  kind: string;
  kind_title: string;
  kind_title_en: string;
  title: string;
  facts: { label: string; label_en: string; text: string; text_en: string }[];
  agency: string;
  phone: string;
  reader: string;
  ways: CodeWay[];
  signed_in: boolean;
}

/** As many as one sheet order holds. */
export const MOST_CODES = 240;

export const scanned = (token: string) =>
  queryOptions({
    queryKey: ["scanned", token],
    queryFn: ({ signal }) => getWide<Scanned>(`${ROOT}/${encodeURIComponent(token)}`, signal),
    staleTime: 60_000,
  });

export const codeList = (filter: Filter) =>
  infiniteQueryOptions({
    queryKey: ["codes-of-subjects", filter] as QueryKey,
    queryFn: ({ signal, pageParam }) =>
      get<CodePage>(withQuery(ROOT, { ...filter, limit: 48, cursor: pageParam }), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page: CodePage) => page.next,
    placeholderData: keepPreviousData,
  });

export const codeSheet = (register: string, q: string, ids: string) =>
  queryOptions({
    queryKey: ["codes-of-subjects", "sheet", register, q, ids],
    queryFn: ({ signal }) => get<CodePage>(withQuery(ROOT, { register, q, ids, limit: MOST_CODES }), signal),
  });

/** The code of one subject; null where it has none. */
export const codeOf = (register: string, id: number) =>
  queryOptions({
    queryKey: ["codes-of-subjects", "one", register, id],
    queryFn: async ({ signal }): Promise<CodeRow | null> =>
      (await get<CodePage>(withQuery(ROOT, { register, ids: String(id), limit: 1 }), signal)).items[0] ??
      null,
  });

export const revokeCode = async (token: string, reason: string): Promise<CodeRow> =>
  (await send<CodeRow>("POST", `${ROOT}/${token}/revoke`, { body: { reason } })).data;
