// Trends of several points over the same buckets.

import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get, withQuery } from "./client.ts";
import type { Bucket, Limits } from "./telemetry.ts";

export interface PointTrend {
  point_id: number;
  key: string;
  name: string;
  unit: string;
  quantity: string;
  enterprise_id: number;
  enterprise_name: string;
  held_s: number;
  limits: Limits;
  buckets: Bucket[];
}

export interface RaisedAlarm {
  point_id: number;
  at: string;
  alarm: string;
  limit: string;
  side: string;
  value: number | null;
}

export interface SharedTrend {
  from: string;
  to: string;
  bucket_s: number;
  items: PointTrend[];
  alarms: RaisedAlarm[];
  more_alarms: boolean;
}

/** `from` and `to` are RFC 3339. */
export const sharedTrend = (points: readonly number[], from: string, to: string, buckets: number) =>
  queryOptions({
    queryKey: ["trends", points.join(","), from, to, buckets],
    queryFn: ({ signal }) =>
      get<SharedTrend>(
        withQuery("/api/v1/trends", { point_id: points.join(","), from, to, buckets }),
        signal,
      ),
    placeholderData: keepPreviousData,
    enabled: points.length > 0,
    staleTime: 5_000,
  });
