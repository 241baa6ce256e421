// Regions and industries as they are looked up, moves and reorganisations as they are planned and followed.

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type BadField, get, send, withQuery } from "./client.ts";
import type { Page } from "./types.ts";

export interface Region {
  code: string;
  name: string;
  level: number;
  level_name: string;
  parent_code: string | null;
  valid_from: string | null;
  valid_to: string | null;
  source: string;
  children: boolean;
}

export interface RegionDetail extends Region {
  path: Region[];
  predecessors: Region[];
  successors: Region[];
  today: string[];
}

export type JobKind = "moves" | "reorganisations";

export interface JobEnterprise {
  enterprise_id: number;
  enterprise_name: string | null;
  from_place: string | null;
  to_place: string | null;
  to_region: string | null;
  state: string;
  rows: number;
  done_at: string | null;
}

export interface Job {
  id: number;
  kind: string;
  title: string;
  reason: string;
  document: string;
  state: string;
  effective_at: string;
  made_at: string;
  made_by_name: string;
  started_at: string | null;
  ended_at: string | null;
  total: number;
  done: number;
  rows_moved: number;
  failure: string;
  enterprises?: JobEnterprise[];
}

export interface Plan {
  title: string;
  enterprises: number;
  gateways: number;
  open_warnings: number;
  rows: { table: string; rows: number }[];
  regions_made: string[];
  regions_ended: string[];
  loses: string[];
  gains: string[];
  problems: BadField[];
  warnings: string[];
}

const MOST = 500;

export const regionsBelow = (parent: string | null, ended: boolean) =>
  infiniteQueryOptions({
    queryKey: ["regions", "below", parent, ended],
    queryFn: ({ signal, pageParam }) =>
      get<Page<Region>>(
        withQuery("/api/v1/regions", {
          parent,
          limit: MOST,
          cursor: pageParam,
          ended: ended ? "true" : null,
        }),
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: Page<Region>) => page.next,
    staleTime: 60_000,
  });

export const regionsFound = (words: string, ended = false) =>
  queryOptions({
    queryKey: ["regions", "found", words, ended],
    queryFn: async ({ signal }) =>
      (
        await get<Page<Region>>(
          withQuery("/api/v1/regions", { q: words, limit: 50, ended: ended ? "true" : null }),
          signal,
        )
      ).items,
    enabled: words.trim() !== "",
    staleTime: 60_000,
  });

export const region = (code: string) =>
  queryOptions({
    queryKey: ["regions", "one", code],
    queryFn: ({ signal }) => get<RegionDetail>(`/api/v1/regions/${code}`, signal),
  });

const RUNNING = new Set(["planned", "running"]);

/** A job, asked again every two seconds for as long as it goes on. */
export const job = (kind: JobKind, id: number) =>
  queryOptions({
    queryKey: [kind, "one", id],
    queryFn: ({ signal }) => get<Job>(`/api/v1/${kind}/${id}`, signal),
    refetchInterval: (query) => (query.state.data && !RUNNING.has(query.state.data.state) ? false : 2000),
  });

export const planJob = async (kind: JobKind, asked: unknown) =>
  (await send<Plan>("POST", `/api/v1/${kind}/plan`, { body: asked })).data;

export const startJob = async (kind: JobKind, asked: unknown) =>
  (await send<Job>("POST", `/api/v1/${kind}`, { body: asked })).data;

export const cancelJob = (kind: JobKind, id: number, reason: string) =>
  send<Job>("POST", `/api/v1/${kind}/${id}/cancel`, { body: { reason } });
