// The patrol of stored values: enterprises by score, one enterprise's days and losses, findings, rules; and the
// thresholds of management with the enterprises beyond them.

import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { get, send, withQuery } from "./client.ts";
import { listOf } from "./list.ts";

export type CheckCode = "connection" | "stale" | "range" | "stuck" | "swing" | "rare";
export type RunGrade = "" | "good" | "fair" | "poor";

export interface RunState {
  stability: number;
  stability_grade: RunGrade;
  reliability: number;
  reliability_grade: RunGrade;
  effectiveness: number | null;
  effectiveness_grade: RunGrade;
}

export interface ScoredEnterprise {
  enterprise_id: number;
  enterprise_name: string;
  region_name: string;
  hazard_class: number | null;
  day: string;
  score: number;
  score_before: number | null;
  points: number;
  standing: number;
  run_state: RunState;
  judged_at: string;
}

export interface CheckCount {
  check: CheckCode;
  many: number;
  enterprises: number;
}

export interface ScoredDay {
  day: string;
  score: number;
  points: number;
  run_state: RunState;
  values_good: number;
  values_all: number;
  judged_at: string;
  whole: boolean;
}

export interface PatrolLoss {
  check: CheckCode;
  point_id: number | null;
  point_name: string | null;
  point_key: string | null;
  gateway_id: string;
  gateway_name: string;
  points: number;
  since: string;
  held_s: number;
  lost: number;
  words: string;
  ended_at: string | null;
  end_words: string;
  warning_id: string | null;
}

export interface PatrolledEnterprise {
  enterprise_id: number;
  enterprise_name: string;
  region_name: string;
  hazard_class: number | null;
  days: ScoredDay[];
  day: string | null;
  losses: PatrolLoss[];
}

export interface PatrolFinding {
  id: number;
  check: CheckCode;
  since: string;
  ended_at: string | null;
  words: string;
  end_words: string;
  enterprise_id: number;
  enterprise_name: string;
  point_id: number;
  point_name: string;
  point_key: string;
  warning_id: string | null;
}

export interface PatrolRule {
  id: number;
  region: string;
  region_name: string;
  version: number;
  quantity: string | null;
  unit: string | null;
  stale_periods: number | null;
  stale_s: number;
  stuck_h: number | null;
  moves_share: number;
  rest_share: number;
  ranged: boolean;
  low: number | null;
  high: number | null;
  swing_share: number | null;
  swing_h: number;
  rare_share: number | null;
  rare_h: number;
  source: string;
  valid_from: string;
  valid_to: string | null;
  own: boolean;
}

export interface PatrolRules {
  items: PatrolRule[];
  checks: { check: CheckCode; weight: number; warn_s: number | null; source: string }[];
  grades: {
    figure: "stability" | "reliability" | "effectiveness";
    good_from: number;
    fair_from: number;
    source: string;
  }[];
  quantities: { quantity: string; unit: string }[];
}

export type ManagementItem =
  | "online-rate"
  | "data-score"
  | "hidden-report"
  | "rectification"
  | "plan"
  | "training"
  | "promise"
  | "certificates"
  | "updates";

export interface ManagementThreshold {
  id: number;
  region: string;
  region_name: string;
  item: ManagementItem;
  side: "below" | "above";
  version: number;
  limit: number;
  asked: boolean;
  sectors: string[] | null;
  hazards: boolean;
  source: string;
  valid_from: string;
  valid_to: string | null;
  changed_by_name: string;
  own: boolean;
}

export interface ManagementThresholds {
  items: ManagementThreshold[];
  counts: { item: ManagementItem; many: number }[];
  sectors: { code: string; name: string }[];
}

export interface BeyondThreshold {
  id: number;
  item: ManagementItem;
  value: number;
  limit: number;
  since: string;
  enterprise_id: number;
  enterprise_name: string;
  region_name: string;
  warning_id: string | null;
}

export const patrolledEnterprises = listOf<ScoredEnterprise>("patrol/enterprises");
export const patrolFindings = listOf<PatrolFinding>("patrol/findings");
export const beyondThresholds = listOf<BeyondThreshold>("management-thresholds/beyond");

export const patrolCounts = queryOptions({
  queryKey: ["patrol/enterprises", "counts"],
  queryFn: async ({ signal }) =>
    (await get<{ counts: CheckCount[] }>("/api/v1/patrol/enterprises?limit=1", signal)).counts,
});

export const patrolledEnterprise = (id: number, day: string) =>
  queryOptions({
    queryKey: ["patrol/enterprises", id, day],
    queryFn: ({ signal }) =>
      get<PatrolledEnterprise>(withQuery(`/api/v1/patrol/enterprises/${id}`, { day: day || null }), signal),
    placeholderData: keepPreviousData,
  });

export const patrolRules = queryOptions({
  queryKey: ["patrol/rules"],
  queryFn: ({ signal }) => get<PatrolRules>("/api/v1/patrol/rules", signal),
});

export const putPatrolRule = (body: unknown) => send<PatrolRule>("POST", "/api/v1/patrol/rules", { body });

export const endPatrolRule = (id: number, reason: string) =>
  send<void>("POST", `/api/v1/patrol/rules/${id}/end`, { body: { reason } });

export const managementThresholds = queryOptions({
  queryKey: ["management-thresholds"],
  queryFn: ({ signal }) => get<ManagementThresholds>("/api/v1/management-thresholds", signal),
});

export const putThreshold = (body: unknown) =>
  send<ManagementThreshold>("POST", "/api/v1/management-thresholds", { body });

export const endThreshold = (id: number, reason: string) =>
  send<void>("POST", `/api/v1/management-thresholds/${id}/end`, { body: { reason } });
