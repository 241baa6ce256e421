// Devices and how they are connected: counts, lists, times, reports, faults, rates; and minimums of resources.

import { queryOptions } from "@tanstack/react-query";
import { get, withQuery } from "./client.ts";

export type DeviceKind = "gateway" | "instrument" | "camera" | "point";
export type DeviceState = "online" | "abnormal" | "offline";
export type WholeState = "online" | "abnormal" | "partly" | "offline" | "none";

export interface KindCount {
  kind: DeviceKind;
  online: number;
  abnormal: number;
  offline: number;
  never: number;
}

export interface ClassCount {
  hazard_class: number | null;
  online: number;
  abnormal: number;
  partly: number;
  offline: number;
  none: number;
  reported: number;
}

export interface CentreAway {
  began_at: string;
  ended_at: string;
}

export interface ConnectionOverview {
  kinds: KindCount[];
  classes: ClassCount[];
  rate_today: number | null;
  centre_away: CentreAway[];
}

export interface EnterpriseConnection {
  id: number;
  name: string;
  region_name: string;
  hazard_class: number | null;
  state: WholeState;
  since: string | null;
  online: number;
  abnormal: number;
  offline: number;
  rate_today: number | null;
  reported_until: string | null;
  warned_at: string | null;
  warning_id: string | null;
}

export interface DeviceRow {
  id: number;
  kind: DeviceKind;
  key: string;
  name: string;
  scene: string;
  position: string;
  state: DeviceState;
  since: string | null;
  cause: string | null;
  enterprise_id: number;
  enterprise_name: string;
  hazard_class: number | null;
  gateway_id: string;
  gateway_name: string;
  reported_until: string | null;
  fault_id: number | null;
  fault_state: string | null;
  etag: string;
}

export interface PeriodRow {
  id: number;
  device_id: number;
  kind: DeviceKind;
  name: string;
  key: string;
  scene: string;
  position: string;
  enterprise_id: number;
  enterprise_name: string;
  gateway_id: string;
  state: DeviceState;
  cause: string;
  began_at: string;
  ended_at: string | null;
  lasted_s: number;
}

export interface RateRow {
  key: string;
  name: string;
  devices: number;
  rate: number | null;
  offline_h: number;
  abnormal_h: number;
  periods: number;
}

export type ReportState = "waiting" | "approved" | "refused" | "withdrawn" | "ended";

export type OfflineCause = "repair" | "stop" | "power" | "network" | "calibration" | "replacement" | "other";

export interface OfflineReport {
  id: number;
  enterprise_id: number;
  enterprise_name: string;
  device_id: number | null;
  device_name: string;
  cause: OfflineCause;
  words: string;
  measures: string;
  from_at: string;
  until_at: string;
  state: ReportState;
  running: boolean;
  made_at: string;
  made_name: string;
  decided_at: string | null;
  decided_name: string;
  opinion: string;
  ended_at: string | null;
  ended_name: string;
  may_decide: boolean;
  may_end: boolean;
}

export type FaultState = "open" | "repairing" | "done";

export interface FaultRow {
  id: number;
  device_id: number;
  kind: DeviceKind;
  name: string;
  key: string;
  scene: string;
  position: string;
  gateway_id: string;
  device_state: DeviceState;
  enterprise_id: number;
  enterprise_name: string;
  found_at: string;
  words: string;
  cause_code: string;
  cause_name: string;
  state: FaultState;
  made_name: string;
  repairer: string;
  repair_at: string | null;
  done_at: string | null;
  done_name: string;
  result: string;
  etag: string;
}

export interface FaultCount {
  kind: DeviceKind;
  cause_code: string;
  cause_name: string;
  open: number;
  repairing: number;
  done: number;
  repair_h: number | null;
}

export interface MinimumRow {
  id: number;
  agency_id: number;
  agency_name: string;
  region: string;
  region_name: string;
  name: string;
  register: string;
  register_title: string;
  field: string;
  choice: string;
  words: string;
  measure: string;
  minimum: number;
  unit: string;
  source: string;
  counted: number | null;
  counted_at: string | null;
  short_since: string | null;
  warning_id: string | null;
  may_edit: boolean;
  etag: string;
}

export interface ResourceArea {
  region: string;
  region_name: string;
  minimums: number;
  short: number;
}

interface Titled {
  title: string;
  title_en: string;
}

export interface Countable extends Titled {
  register: string;
  fields: (Titled & { name: string; choices: (Titled & { code: string })[] })[];
  measures: (Titled & { name: string; unit: string })[];
}

const BEAT_MS = 15_000;

export const connectionOverview = queryOptions({
  queryKey: ["connections", "overview"],
  queryFn: ({ signal }) => get<ConnectionOverview>("/api/v1/connections/overview", signal),
  refetchInterval: BEAT_MS,
});

export const onlineRates = (by: string, filter: Record<string, string> = {}) =>
  queryOptions({
    queryKey: ["connections", "rates", by, filter],
    queryFn: async ({ signal }) =>
      (
        await get<{ items: RateRow[] }>(
          withQuery("/api/v1/connections/rates", { by, limit: 100, ...filter }),
          signal,
        )
      ).items,
  });

export const faultCounts = queryOptions({
  queryKey: ["device-faults", "analysis"],
  queryFn: async ({ signal }) =>
    (await get<{ items: FaultCount[] }>("/api/v1/device-faults/analysis", signal)).items,
});

export const resourceAreas = queryOptions({
  queryKey: ["resource-minimums", "areas"],
  queryFn: async ({ signal }) =>
    (await get<{ items: ResourceArea[] }>("/api/v1/resource-minimums/areas", signal)).items,
});

export const resourceKinds = queryOptions({
  queryKey: ["resource-minimums", "kinds"],
  queryFn: async ({ signal }) =>
    (await get<{ items: Countable[] }>("/api/v1/resource-minimums/kinds", signal)).items,
  staleTime: 600_000,
});

export interface CauseEntry {
  code: string;
  zh: string;
  en: string;
  active: boolean;
}

export const faultCauses = queryOptions({
  queryKey: ["dictionaries", "equipment-cause"],
  queryFn: async ({ signal }) =>
    (await get<{ items: CauseEntry[] }>("/api/v1/dictionaries/equipment-cause", signal)).items,
  staleTime: 600_000,
});
