// What people do around a warning besides answering it, and the causes that its form offers.

import { queryOptions } from "@tanstack/react-query";
import { get, getWide } from "./client.ts";
import type { StoredFile } from "./records.ts";
import type { WarningRow } from "./warning.ts";

export interface WarningPhoto {
  sha256: string;
  name: string;
  at: string;
  who: string;
}

export interface WarningHandling {
  /** The dictionary of causes of its kind. */
  cause_list: string;
  cause_code: string;
  assignee: string | null;
  assigned_at: string | null;
  assigned_by: string | null;
  urges: number;
  urged_at: string | null;
  photos: WarningPhoto[];
  readers: { who: string; at: string }[];
  /** "comment", "urge", "assign". */
  also: string[];
  /** Where it lives on since it was merged, and what lives on in it. */
  merged_into: { id: string; number: string; title: string } | null;
  members: { id: string; number: string; title: string }[];
}

/** What is sent when a warning was handled. */
export interface Handled {
  cause: string;
  cause_code: string;
  measures: string;
  photos: StoredFile[];
}

export interface CauseEntry {
  code: string;
  zh: string;
  en: string;
}

export const causes = (list: string) =>
  queryOptions({
    queryKey: ["dictionaries", list],
    queryFn: ({ signal }) => get<{ items: CauseEntry[] }>(`/api/v1/dictionaries/${list}`, signal),
    staleTime: 300_000,
  });

export interface Colleague {
  id: number;
  name: string;
  on_call: boolean;
}

export const colleagues = queryOptions({
  queryKey: ["warnings", "colleagues"],
  // One's own unit, whatever area is chosen at the top.
  queryFn: ({ signal }) => getWide<{ items: Colleague[] }>("/api/v1/warnings/colleagues", signal),
  staleTime: 60_000,
});

export function photoUrl(warningId: string, sha256: string, thumbnail = false): string {
  return `/api/v1/warnings/${warningId}/photos/${sha256}${thumbnail ? "?thumbnail=true" : ""}`;
}

/** An earlier case; `same`: of the very same subject. */
export interface SimilarCase extends WarningRow {
  same: boolean;
  cause: string | null;
  measures: string | null;
  false_reason: string | null;
}

export interface SimilarCases {
  items: SimilarCase[];
  /** Of the same subject and kind, in the days before. */
  month: number;
  year: number;
}

export const similar = (id: string) =>
  queryOptions({
    queryKey: ["warnings", "similar", id],
    queryFn: ({ signal }) => get<SimilarCases>(`/api/v1/warnings/${id}/similar`, signal),
    staleTime: 60_000,
  });
