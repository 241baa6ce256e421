// The dossier of an enterprise, its workbench, and its life: applications, files of the registration, removals.

import { infiniteQueryOptions, keepPreviousData, type QueryKey, queryOptions } from "@tanstack/react-query";
import { get, withQuery } from "./client.ts";
import type { GatewayRow } from "./devices.ts";
import type { Level } from "./words.ts";

export interface Facts {
  id: number;
  code: string;
  name: string;
  credit_code: string;
  region_code: string;
  region_name: string;
  agency_id: number | null;
  agency_name: string | null;
  industry: string;
  sector: string;
  sector_name: string;
  hazard_class: number | null;
  address: string;
  contact_name: string;
  contact_phone: string;
  longitude: number | null;
  latitude: number | null;
  status: string;
  status_name: string;
  status_since: string | null;
  status_runs: boolean;
  place: string;
  version: number;
}

export interface Tag {
  word: string;
  title: string;
  weight: string;
  why: string;
}

export interface Portrait {
  colour: Level | null;
  reasons: { colour: Level; text: string }[];
  tags: Tag[];
}

export interface Block {
  register: string;
  title: string;
  title_en: string;
  group: string;
  group_title: string;
  single: boolean;
  reviewed: boolean;
  total: number;
  counting: number;
  drafts: number;
  waiting: number;
  returned: number;
  changed: number;
  changed_at: string | null;
  latest: { id: number; title: string; state: string; changed_at: string }[];
}

export interface LifeEvent {
  id: number;
  at: string;
  kind: string;
  title: string;
  reason: string;
  by_name: string;
}

export interface Removal {
  id: number;
  enterprise_id: number;
  enterprise_name: string;
  state: string;
  reason: string;
  asked_at: string;
  asked_by_name: string;
  may_decide: boolean;
  decided_at: string | null;
  decided_by_name: string;
  opinion: string;
}

export interface DueRow {
  id: number;
  register: string;
  register_title: string;
  record_id: number | null;
  words: string;
  title: string;
  due_on: string;
}

export interface DossierFile {
  register: string;
  register_title: string;
  record_id: number;
  sha256: string;
  name: string;
  size: number;
  at: string;
}

export interface DossierWarning {
  id: string;
  title: string;
  subject_name: string;
  level: Level;
  state: string;
  raised_at: string;
  ended_at: string | null;
}

export interface Dossier {
  facts: Facts;
  supervision: { rank: number; name: string }[];
  portrait: Portrait;
  blocks: Block[];
  warnings: DossierWarning[];
  points_total: number;
  gateways: GatewayRow[];
  documents: DossierFile[];
  documents_total: number;
  due: DueRow[];
  life: LifeEvent[];
  watched: boolean;
  removal: Removal | null;
  may: { edit: boolean; change_status: boolean; ask_removal: boolean; remove: boolean };
  at: string;
}

export interface Owed {
  kind: string;
  title: string;
  words: string;
  link: string;
  due_on: string | null;
  level: Level | null;
  at: string | null;
}

export interface Workbench {
  facts: Facts;
  portrait: Portrait;
  owed: Owed[];
  late: number;
  soon: number;
  waiting: number;
  promise: string;
  blocks: Block[];
  at: string;
}

export interface EnterpriseStatus {
  code: string;
  name: string;
  name_en: string;
  runs: boolean;
  ended: boolean;
}

export interface Application {
  id: number;
  credit_code: string;
  name: string;
  region_name: string;
  sector_name: string;
  industry: string;
  address: string;
  contact_name: string;
  contact_phone: string;
  words: string;
  state: string;
  created_at: string;
  decided_at: string | null;
  decided_by_name: string;
  opinion: string;
  enterprise_id: number | null;
}

export interface Batch {
  id: number;
  name: string;
  state: string;
  made_at: string;
  made_by_name: string;
  ended_at: string | null;
  total: number;
  good: number;
  made: number;
  existing: number;
  bad: number;
}

export interface BatchRow {
  line: number;
  outcome: string;
  credit_code: string;
  name: string;
  problems: { place: string; problem: string; remedy: string }[];
  enterprise_id: number | null;
}

export interface Pair {
  first_id: number;
  first_name: string;
  first_credit_code: string;
  first_address: string;
  second_id: number;
  second_name: string;
  second_credit_code: string;
  second_address: string;
  region_name: string;
  score: number;
  reasons: string[];
}

export interface PairPage {
  items: Pair[];
  next: string | null;
  looked_at: number;
  notes: string[];
}

export const dossier = (id: string) =>
  queryOptions({
    queryKey: ["dossier", id],
    queryFn: ({ signal }) => get<Dossier>(`/api/v1/enterprises/${id}/dossier`, signal),
  });

export const workbench = queryOptions({
  queryKey: ["workbench"],
  queryFn: ({ signal }) => get<Workbench>("/api/v1/workbench", signal),
});

export const enterpriseStatuses = queryOptions({
  queryKey: ["choice", "enterprise-statuses"],
  queryFn: ({ signal }) => get<EnterpriseStatus[]>("/api/v1/enterprise-statuses", signal),
  staleTime: 600_000,
});

export const batchRows = (id: number, outcome: string) =>
  infiniteQueryOptions({
    queryKey: ["enterprise-batches", "rows", id, outcome] as QueryKey,
    queryFn: ({ signal, pageParam }) =>
      get<{ items: BatchRow[]; next: string | null }>(
        withQuery(`/api/v1/enterprise-batches/${id}/rows`, { outcome, limit: 50, cursor: pageParam }),
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page: { next: string | null }) => page.next,
    placeholderData: keepPreviousData,
  });
