// How many warnings each of the last seven days brought, by level.

import { queryOptions } from "@tanstack/react-query";
import { get } from "./client.ts";
import type { ByLevel } from "./words.ts";

export interface DayCount extends ByLevel {
  /** `2026-11-22`, in the jurisdiction's zone. */
  day: string;
}

export const week = queryOptions({
  queryKey: ["overview", "week"],
  queryFn: ({ signal }) => get<{ days: DayCount[] }>("/api/v1/overview/week", signal),
  refetchInterval: 60_000,
});
