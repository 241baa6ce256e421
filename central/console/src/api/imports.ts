// Tables on their way into a register: tried first, then carried out, with a report of the bad rows.

import { queryOptions } from "@tanstack/react-query";
import { getWide, withQuery } from "./client.ts";
import type { Page } from "./types.ts";

export type ImportState = "waiting" | "running" | "checked" | "done" | "failed";

export interface ImportProblem {
  sheet: string;
  row: number;
  column: string;
  problem: string;
  remedy: string;
}

export interface ImportJob {
  id: number;
  register: string;
  register_title: string;
  file_name: string;
  dry_run: boolean;
  submit: boolean;
  /** Rows whose records changed since the file was taken away are written all the same. */
  overwrite: boolean;
  state: ImportState;
  /** Rows of the file; null until it was read. */
  total: number | null;
  done: number;
  created: number;
  changed: number;
  unchanged: number;
  bad: number;
  /** Of the bad rows those whose records changed since the file was taken away. */
  outdated: number;
  notices: string[];
  error: string;
  problems: ImportProblem[];
  may_run: boolean;
  created_at: string;
  ended_at: string | null;
}

const runs = (job: ImportJob | undefined) => job?.state === "waiting" || job?.state === "running";

export const imports = (register: string) =>
  queryOptions({
    queryKey: ["imports", register],
    queryFn: async ({ signal }) =>
      (await getWide<Page<ImportJob>>(withQuery("/api/v1/imports", { register, limit: 10 }), signal)).items,
    refetchInterval: (query) => (query.state.data?.some(runs) ? 3_000 : false),
  });

export const importJob = (id: number) =>
  queryOptions({
    queryKey: ["imports", "one", id],
    queryFn: ({ signal }) => getWide<ImportJob>(`/api/v1/imports/${id}`, signal),
    refetchInterval: (query) => (runs(query.state.data) ? 1_000 : false),
  });
