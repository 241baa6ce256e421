// Risk indices with their reasons and trends; models, drafts, and what a draft would change.

import { queryOptions } from "@tanstack/react-query";
import { get, send, withQuery } from "./client.ts";
import { listOf } from "./list.ts";
import type { Level } from "./words.ts";

export type Scale = "enterprise" | "industry" | "area" | "time";
export type Period = "live" | "month" | "quarter" | "year";
export type Unit = "day" | "month" | "quarter" | "year";

export interface RiskRow {
  subject: string;
  scale: Scale;
  period: Period;
  name: string;
  enterprise_id: number | null;
  region: string;
  region_name: string;
  sector: string;
  sector_name: string;
  score: number;
  level: Level;
  missing: number;
  /** Points since the day before. */
  change: number | null;
  inputs_at: string;
  /** Why it is older than what it is made of: "inputs", "model", "day"; "" when it is not. */
  outdated: string;
}

export interface RiskBands {
  red: number;
  orange: number;
  yellow: number;
}

export interface RiskModelName {
  id: number;
  name: string;
  version: number;
  region: string;
  source: string;
  bands: RiskBands;
}

export interface RiskReason {
  input: string;
  name: string;
  name_en: string;
  unit: string;
  meaning: string;
  meaning_en: string;
  value: number | null;
  weight: number;
  share: number;
  points: number;
  /** "assume" or "spread" when the input was missing. */
  missing: string;
  floor: string;
  link: string;
}

export interface RiskIndex {
  row: RiskRow;
  model: RiskModelName;
  reasons: RiskReason[];
  day: string | null;
}

export interface RiskDay {
  day: string;
  score: number;
  worst: number;
  mean: number;
  level: Level;
  days: number;
  model_id: number;
}

export interface RiskTrend {
  unit: Unit;
  days: RiskDay[];
  models: RiskModelName[];
}

export interface RiskSpread {
  red: number;
  orange: number;
  yellow: number;
  blue: number;
}

export interface RiskOverview {
  spread: RiskSpread;
  outdated: number;
  unknown: number;
  own: RiskRow | null;
  periods: RiskRow[];
  areas: RiskRow[];
  industries: RiskRow[];
  worst: RiskRow[];
}

export interface MissingRule {
  rule: "assume" | "spread";
  share: number;
}

export interface RiskTerm {
  input: string;
  weight: number;
  curve: "steps" | "linear";
  points: [number, number][];
  missing: MissingRule;
}

export interface RiskFloor {
  input: string;
  least: number;
  score: number;
  words: string;
}

export interface RiskThreshold {
  kind: "above" | "rise";
  points: number;
  level: Level;
  days: number;
}

export interface RiskDefinition {
  terms: RiskTerm[];
  bands: RiskBands;
  floors: RiskFloor[];
  alerts: RiskThreshold[];
  margin: number;
}

export interface RiskModel {
  id: number;
  scale: Scale;
  region: string;
  region_name: string;
  version: number;
  name: string;
  source: string;
  valid_from: string;
  valid_to: string | null;
  state: string;
}

export interface RiskModelWhole extends RiskModel {
  definition: RiskDefinition;
}

export interface RiskDraft {
  id: number;
  scale: Scale;
  region: string;
  region_name: string;
  name: string;
  source: string;
  definition: RiskDefinition;
  based_on: number | null;
  created_at: string;
  created_by_name: string;
  updated_at: string;
  version: number;
}

export interface RiskInput {
  key: string;
  scale: Scale;
  name: string;
  name_en: string;
  unit: string;
  meaning: string;
  meaning_en: string;
}

export interface RiskChanged {
  subject: string;
  name: string;
  enterprise_id: number | null;
  before: number;
  after: number;
  before_level: Level;
  after_level: Level;
}

export interface RiskPreview {
  compared: number;
  cut: boolean;
  before: RiskSpread;
  after: RiskSpread;
  warned_before: number;
  warned_after: number;
  moved: { before: Level; after: Level; count: number }[];
  changed: RiskChanged[];
}

const RISK = "/api/v1/risk";
const MODELS = "/api/v1/risk-models";
const DRAFTS = "/api/v1/risk-drafts";

export const riskOverview = queryOptions({
  queryKey: ["risk", "overview"],
  queryFn: ({ signal }) => get<RiskOverview>(`${RISK}/overview`, signal),
  refetchInterval: 60_000,
});

export const enterpriseRisks = listOf<RiskRow>("risk/enterprises");

/** `path`: "enterprises/12", "areas/429981", "areas/429981/industries/chemical". */
export const riskIndex = (path: string, query: { period?: string; day?: string } = {}) =>
  queryOptions({
    queryKey: ["risk", path, query],
    queryFn: ({ signal }) => get<RiskIndex>(withQuery(`${RISK}/${path}`, query), signal),
    refetchInterval: query.day ? false : 60_000,
  });

export const riskTrend = (path: string, days: number, unit: Unit) =>
  queryOptions({
    queryKey: ["risk", path, "trend", days, unit],
    queryFn: ({ signal }) => get<RiskTrend>(withQuery(`${RISK}/${path}/trend`, { days, unit }), signal),
    staleTime: 60_000,
  });

/** The page of an index. */
export function pageOf(row: RiskRow): string {
  if (row.scale === "enterprise") return `/risk/enterprises/${row.enterprise_id}`;
  if (row.scale === "industry") return `/risk/areas/${row.region}/${row.sector}`;
  const more = row.period === "live" ? "" : `?period=${row.period}`;
  return `/risk/areas/${row.region}${more}`;
}

export const riskModels = listOf<RiskModel>("risk-models");

export const riskModel = (id: number) =>
  queryOptions({
    queryKey: ["risk-models", "one", id],
    queryFn: ({ signal }) => get<RiskModelWhole>(`${MODELS}/${id}`, signal),
  });

export const riskInputs = queryOptions({
  queryKey: ["risk-models", "words"],
  queryFn: async ({ signal }) => (await get<{ inputs: RiskInput[] }>(`${MODELS}/words`, signal)).inputs,
  staleTime: 3_600_000,
});

export const riskDrafts = queryOptions({
  queryKey: ["risk-drafts"],
  queryFn: async ({ signal }) => (await get<{ items: RiskDraft[] }>(DRAFTS, signal)).items,
});

export const riskDraft = (id: number) =>
  queryOptions({
    queryKey: ["risk-drafts", id],
    queryFn: ({ signal }) => get<RiskDraft>(`${DRAFTS}/${id}`, signal),
  });

export const riskPreview = (id: number, version: number) =>
  queryOptions({
    queryKey: ["risk-drafts", id, "preview", version],
    queryFn: ({ signal }) => get<RiskPreview>(`${DRAFTS}/${id}/preview`, signal),
    retry: false,
  });

export const tagOf = (draft: RiskDraft) => `"${draft.version}"`;

export const createRiskDraft = (body: unknown) => send<RiskDraft>("POST", DRAFTS, { body });

export const changeRiskDraft = (draft: RiskDraft, body: unknown) =>
  send<RiskDraft>("PUT", `${DRAFTS}/${draft.id}`, { body, etag: tagOf(draft) });

export const removeRiskDraft = (draft: RiskDraft) =>
  send<void>("DELETE", `${DRAFTS}/${draft.id}`, { etag: tagOf(draft) });

export const enactRiskDraft = (draft: RiskDraft, body: unknown) =>
  send<RiskModelWhole>("POST", `${DRAFTS}/${draft.id}/in-force`, { body, etag: tagOf(draft) });

export const endRiskModel = (id: number, reason: string) =>
  send<void>("POST", `${MODELS}/${id}/end`, { body: { reason } });
