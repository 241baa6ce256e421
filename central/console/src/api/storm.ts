// What came lately and is open, gathered by whose it is.

import { queryOptions } from "@tanstack/react-query";
import { streamIsUp } from "../live/stream.ts";
import { get } from "./client.ts";

export interface StormOwner {
  enterprise_id: number | null;
  agency_id: number | null;
  name: string;
  cases: number;
  red: number;
  orange: number;
  yellow: number;
  blue: number;
  first_id: string;
  first_title: string;
  first_at: string;
  first_up: boolean;
}

export interface Storm {
  /** So much came that the list is shown gathered. */
  storm: boolean;
  since: string;
  cases: number;
  owners: number;
  items: StormOwner[];
}

export const storm = queryOptions({
  queryKey: ["warnings", "storm"],
  queryFn: ({ signal }) => get<Storm>("/api/v1/warnings/storm", signal),
  refetchInterval: () => (streamIsUp() ? 30_000 : 10_000),
});
