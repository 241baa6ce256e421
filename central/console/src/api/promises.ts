// The board of daily safety promises, an enterprise's month, and what is due.

import { queryOptions } from "@tanstack/react-query";
import { get, withQuery } from "./client.ts";

const ROOT = "/api/v1";

export type PromiseState = "missing" | "draft" | "returned" | "submitted" | "valid" | "stopped";

export interface PromiseLine {
  enterprise_id: number;
  enterprise_name: string;
  place: string;
  region_name: string;
  state: PromiseState;
  record_id: number | null;
  submitted_at: string | null;
  units: number | null;
  running: number | null;
  stopped: number | null;
  repair: number | null;
  special_work: boolean | null;
  risk: string | null;
  responsible: string;
  words: string;
}

export interface PromiseTownship {
  region_code: string;
  name: string;
  owed: number;
  promised: number;
  waiting: number;
  missing: number;
  stopped: number;
}

export interface PromiseBoard {
  day: string;
  today: string;
  townships: PromiseTownship[];
  items: PromiseLine[];
  next: string | null;
}

export interface PromiseDay {
  day: string;
  state: PromiseState;
  record_id: number | null;
  submitted_at: string | null;
}

export interface Due {
  id: number;
  register: string;
  register_title: string;
  cause: "day" | "update";
  record_id: number | null;
  enterprise_id: number | null;
  agency_id: number | null;
  owner_name: string;
  words: string;
  title: string;
  due_on: string;
  warning_id: string | null;
}

/** The counts of a day, and its first line: for an enterprise that is its own. */
export const promiseDay = (day: string) =>
  queryOptions({
    queryKey: ["promises", "day", day],
    queryFn: ({ signal }) => get<PromiseBoard>(withQuery(`${ROOT}/promises`, { day, limit: 1 }), signal),
    refetchInterval: 60_000,
  });

export const promiseMonth = (enterprise: number, month: string) =>
  queryOptions({
    queryKey: ["promises", "month", enterprise, month],
    queryFn: ({ signal }) =>
      get<{ today: string; items: PromiseDay[] }>(
        withQuery(`${ROOT}/promises/calendar`, { enterprise_id: enterprise, month }),
        signal,
      ),
  });
