// What is done and looked into at a gateway from afar: outputs, silences, black boxes, and what waits there.

import { queryOptions } from "@tanstack/react-query";
import { get, send, withQuery } from "./client.ts";
import type { Page } from "./types.ts";

const ROOT = "/api/v1";

export interface SwitchRow {
  output: string;
  name: string;
  remote: boolean;
  pulse_s: number;
  on_when: string[];
  off_when: string[];
  who: string[];
  mine: boolean;
  /** As it was read back last; null where that is not known. */
  on: boolean | null;
  ok: boolean;
  heard_at: string | null;
  last: {
    command: "switch-on" | "switch-off";
    by: string;
    reason: string;
    at: string;
    result: string;
    detail: string;
  } | null;
}

export interface AbsenceRow {
  began_at: string;
  ended_at: string | null;
  reason: "network" | "restarted" | "revoked" | "unknown";
  detail: string;
  late_events: number;
  waiting_batches: number;
}

export interface TapeRow {
  id: number;
  gateway_id: string;
  name: string;
  reason: string;
  asked_by: string;
  fetched_at: string;
  size: number;
  sha256: string;
}

export interface AtGateway {
  buses: string[];
  dumps: { name: string; size: number }[];
}

export interface FieldTask {
  kind: "offline" | "bus" | "configuration" | "certificate" | "enrol" | "commission";
  gateway_id: string;
  name: string;
  what: string;
  enterprise_id: number;
  enterprise_name: string;
  address: string;
  since: string | null;
  until: string | null;
  detail: string;
  many: number;
}

export const switches = (gateway: string) =>
  queryOptions({
    queryKey: ["gateways", gateway, "outputs"],
    queryFn: ({ signal }) => get<{ items: SwitchRow[] }>(`${ROOT}/gateways/${gateway}/outputs`, signal),
    refetchInterval: 5_000,
  });

export const absences = (gateway: string) =>
  queryOptions({
    queryKey: ["gateways", gateway, "absences"],
    queryFn: ({ signal }) =>
      get<Page<AbsenceRow>>(withQuery(`${ROOT}/gateways/${gateway}/absences`, { limit: 10 }), signal),
  });

export const tapes = (gateway: string) =>
  queryOptions({
    queryKey: ["gateways", gateway, "tapes"],
    queryFn: ({ signal }) => get<{ items: TapeRow[] }>(`${ROOT}/gateways/${gateway}/tapes`, signal),
  });

export const tapeAddress = (row: TapeRow) => `${ROOT}/gateways/${row.gateway_id}/tapes/${row.id}`;

export async function lookForTapes(gateway: string): Promise<AtGateway> {
  return (await send<AtGateway>("POST", `${ROOT}/gateways/${gateway}/tapes/look`, { body: {} })).data;
}

export async function fetchTape(gateway: string, which: string, reason: string): Promise<TapeRow> {
  const body = { which, reason };
  return (await send<TapeRow>("POST", `${ROOT}/gateways/${gateway}/tapes`, { body })).data;
}
