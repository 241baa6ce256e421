// Windows (maintenance, permits, out of service at the centre), and the one list of everything that is silent.

import { infiniteQueryOptions, keepPreviousData, type QueryKey, queryOptions } from "@tanstack/react-query";
import { get, send, withQuery } from "./client.ts";
import type { Filter } from "./list.ts";
import type { Page, WarningRow } from "./types.ts";

export type WindowCategory = "maintenance" | "permit" | "out_of_service";
export type WindowSubject = "enterprise" | "gateway" | "instrument" | "point";
export type WindowState = "current" | "planned" | "over" | "ended";

export interface SuppressionWindow {
  id: number;
  category: WindowCategory;
  subject_type: WindowSubject;
  subject_id: string;
  subject_name: string;
  kinds: string[];
  enterprise_id: number;
  enterprise_name: string;
  region_name: string;
  gateway_id: string | null;
  point_id: number | null;
  reason: string;
  permit_no: string;
  starts_at: string;
  ends_at: string;
  declared_at: string;
  declared_name: string;
  declared_for: string;
  holds_red: boolean;
  consent_at: string | null;
  consent_name: string;
  consent_for: string;
  consent_words: string;
  ended_at: string | null;
  ended_name: string;
  end_reason: string;
  state: WindowState;
  waiting: number;
  covered: number;
  version: number;
  may: ("edit" | "end" | "consent" | "withdraw-consent")[];
}

export interface Longest {
  category: WindowCategory;
  longest_s: number;
  source: string;
}

/** Something that keeps silent: at the plant, in a window of the centre, or as a false alarm until a date. */
export interface Silent {
  cover: string;
  enterprise_id: number;
  enterprise_name: string;
  region_name: string;
  gateway_id: string | null;
  gateway_name: string;
  alarm: string | null;
  point_id: number | null;
  point_name: string | null;
  point_key: string | null;
  instrument: string;
  points: number;
  limit: string;
  side: string;
  holds: boolean | null;
  since: string;
  until: string | null;
  by: string;
  why: string;
  raises: number | null;
  category: string;
  title: string;
  waiting: number | null;
  window_id: number | null;
  warning_id: string | null;
  reds: string;
}

const ROOT = "/api/v1/suppression-windows";

/** What keeps silent: first what ends soon, or never. */
export const silentList = (filter: Filter, limit = 50) =>
  infiniteQueryOptions({
    queryKey: ["covered", filter, limit] as QueryKey,
    queryFn: ({ signal, pageParam }) =>
      get<Page<Silent>>(withQuery("/api/v1/suppressions", { ...filter, limit, cursor: pageParam }), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: 15_000,
    placeholderData: keepPreviousData,
  });

export const suppressionWindow = (id: number) =>
  queryOptions({
    queryKey: ["suppression-windows", "one", id],
    queryFn: ({ signal }) => get<SuppressionWindow>(`${ROOT}/${id}`, signal),
  });

export const longestWindows = (enterpriseId: number) =>
  queryOptions({
    queryKey: ["suppression-windows", "longest", enterpriseId],
    queryFn: async ({ signal }) =>
      (await get<{ items: Longest[] }>(withQuery(`${ROOT}/longest`, { enterprise_id: enterpriseId }), signal))
        .items,
    staleTime: 300_000,
  });

/** What a dead gateway or instrument explains. */
export const under = (warningId: string) =>
  queryOptions({
    queryKey: ["warnings", "under", warningId],
    queryFn: async ({ signal }) =>
      (await get<{ items: WarningRow[] }>(`/api/v1/warnings/${warningId}/under`, signal)).items,
    staleTime: 5_000,
  });

export const declareWindow = (body: unknown) => send<SuppressionWindow>("POST", ROOT, { body });

export const editWindow = (id: number, body: unknown, etag: string) =>
  send<SuppressionWindow>("PUT", `${ROOT}/${id}`, { body, etag });

export const endWindow = (id: number, reason: string) =>
  send<SuppressionWindow>("POST", `${ROOT}/${id}/end`, { body: { reason } });

export const consentWindow = (id: number, given: boolean, opinion: string) =>
  send<SuppressionWindow>("POST", `${ROOT}/${id}/consent`, { body: { given, opinion } });
