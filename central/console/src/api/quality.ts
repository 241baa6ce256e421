// Alarm quality, back-tests of a point's limits, suggestions, and the statistics of warnings.

import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get, send, withQuery } from "./client.ts";

export type Verdict = "good" | "fair" | "poor" | "none";
export type AlarmOrder = "annunciated" | "chattering" | "stale" | "covered";

export interface QualityFigure {
  measure: string;
  unit: "alarms" | "percent" | "seconds";
  value: number | null;
  /** Up to here it is as it should be; beyond `most` it is not manageable. */
  good: number | null;
  most: number | null;
  verdict: Verdict;
  source: string;
}

export interface QualityDay {
  day: string;
  annunciated: number;
  covered: number;
  chattering: number;
  stale: number;
  floods: number;
  flood_s: number;
  peak_ten: number;
}

export interface AlarmQuality {
  from: string;
  to: string;
  enterprises: number;
  positions: number;
  annunciated: number;
  covered: number;
  covered_now: number;
  floods: number;
  flood_alarms: number;
  warnings: number;
  false_alarms: number;
  figures: QualityFigure[];
  priorities: { high: number; medium: number; low: number; lamp: number };
  days: QualityDay[];
}

export interface QualityAlarm {
  gateway_id: string;
  alarm: string;
  enterprise_id: number;
  enterprise_name: string;
  point_id: number | null;
  point_name: string | null;
  point_key: string | null;
  limit: string;
  side: string;
  priority: number;
  annunciated: number;
  share: number;
  covered: number;
  chatters: number;
  stood_s: number;
  stale_days: number;
  since: string | null;
}

export interface QualityEnterprise {
  id: number;
  name: string;
  region_name: string | null;
  positions: number;
  annunciated: number;
  per_day: number;
  verdict: Verdict;
  floods: number;
  flood_s: number;
  peak_ten: number;
  stale: number;
  chattering: number;
  covered: number;
}

export interface LimitSetting {
  limit_name: string;
  limit: number;
  deadband: number;
  on_delay_s: number;
  off_delay_s: number;
}

export interface AlarmSetting {
  alarm: string;
  limit_name: string;
  side: string;
  limit: number | null;
  deadband: number;
  on_delay_s: number;
  off_delay_s: number;
  latch: boolean;
  priority: number;
  tryable: boolean;
}

export interface LimitOutcome {
  limit_name: string;
  actual: number;
  current: LimitSetting | null;
  current_raises: number | null;
  current_lasted_s: number | null;
  trial: LimitSetting | null;
  trial_raises: number | null;
  trial_lasted_s: number | null;
  missed: number | null;
}

export interface BackTest {
  point_id: number;
  name: string;
  unit: string;
  from: string;
  to: string;
  until: string;
  complete: boolean;
  rows: number;
  limits: LimitOutcome[];
  days: { day: string; actual: number; current: number; trial: number }[];
  raised: { limit_name: string; raised_at: string; cleared_at: string | null; value: number | null }[];
  more_raised: boolean;
}

export interface Suggestion {
  deadband: number;
  on_delay_s: number;
  off_delay_s: number;
  raises: number;
  reduction: number;
  missed: number;
  lasted_s: number;
  later_s: number;
  best: boolean;
}

export interface Tuning {
  point_id: number;
  point_key: string;
  gateway_id: string;
  alarm: string;
  limit_name: string;
  unit: string;
  from: string;
  until: string;
  rows: number;
  current: LimitSetting;
  raises: number;
  source: string;
  items: Suggestion[];
}

export interface CountRow {
  key: string;
  name: string;
  region_name: string | null;
  enterprises: number;
  warned: number;
  warnings: number;
  handled: number;
  cleared: number;
  unhandled: number;
  with_unhandled: number;
  rate: number | null;
}

export interface WarningCounts {
  from: string;
  to: string;
  total: CountRow;
  items: CountRow[];
  periods: { begin: string; warnings: number; handled: number; cleared: number; unhandled: number }[];
  next: string | null;
}

type Asked = Record<string, string | number | null | undefined>;
const ROOT = "/api/v1/alarm-quality";

export const alarmQuality = (asked: Asked) =>
  queryOptions({
    queryKey: ["alarm-quality", asked],
    queryFn: ({ signal }) => get<AlarmQuality>(withQuery(ROOT, asked), signal),
    placeholderData: keepPreviousData,
  });

const paged = <Row>(path: string, asked: Asked, limit: number) =>
  infiniteQueryOptions({
    queryKey: ["alarm-quality", path, asked],
    queryFn: ({ signal, pageParam }) =>
      get<{ items: Row[]; next: string | null }>(
        withQuery(`${ROOT}/${path}`, { ...asked, limit, cursor: pageParam }),
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const qualityAlarms = (asked: Asked) => paged<QualityAlarm>("alarms", asked, 10);
export const qualityEnterprises = (asked: Asked) => paged<QualityEnterprise>("enterprises", asked, 20);

export const alarmSettings = (point: number) =>
  queryOptions({
    queryKey: ["alarm-settings", point],
    queryFn: ({ signal }) => get<{ items: AlarmSetting[] }>(`/api/v1/points/${point}/alarm-settings`, signal),
    enabled: point > 0,
  });

export interface BackTestAsked {
  trials: LimitSetting[];
  from: string;
  to: string;
}

export async function backTest(point: number, asked: BackTestAsked): Promise<BackTest> {
  return (await send<BackTest>("POST", `/api/v1/points/${point}/back-test`, { body: asked })).data;
}

export const tuning = (point: number, limit: string) =>
  queryOptions({
    queryKey: ["tuning", point, limit],
    queryFn: ({ signal }) => get<Tuning>(withQuery(`/api/v1/points/${point}/tuning`, { limit }), signal),
    staleTime: 300_000,
  });

export interface LimitChange {
  point_key: string;
  limit_name: string;
  deadband: number;
  on_delay_s: number;
  off_delay_s: number;
}

/** The text with that limit; null where only a person can write it, then `snippet` is what to write. */
export async function amended(gateway: string, text: string, change: LimitChange) {
  const path = `/api/v1/gateways/${gateway}/configurations/amend`;
  const body = { text, change };
  return (await send<{ text: string | null; snippet: string }>("POST", path, { body })).data;
}

export const gatewayName = (gateway: string) =>
  queryOptions({
    queryKey: ["gateway-name", gateway],
    queryFn: ({ signal }) => get<{ id: string; name: string }>(`/api/v1/gateways/${gateway}`, signal),
  });

export async function sayPositions(enterprise: number, positions: number): Promise<void> {
  await send("PUT", `/api/v1/enterprises/${enterprise}/operator-positions`, { body: { positions } });
}

export const warningCounts = (asked: Asked) =>
  infiniteQueryOptions({
    queryKey: ["warning-statistics", asked],
    queryFn: ({ signal, pageParam }) =>
      get<WarningCounts>(
        withQuery("/api/v1/warning-statistics", { ...asked, limit: 50, cursor: pageParam }),
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
