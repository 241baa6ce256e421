// Gateways: their state, configuration, trust and enrolment.

import type { Presence } from "./words.ts";

export interface SourceState {
  source: string;
  name: string;
  state: "good" | "bad" | "silent";
  good_age_s: number | null;
}

export interface GatewayRow {
  id: string;
  name: string;
  enterprise_id: number;
  enterprise_name: string;
  presence: Exclude<Presence, "none">;
  last_heartbeat_at: string | null;
  age_s: number | null;
  boot: string | null;
  clock_synchronised: boolean;
  queue: { event: number; measurement: number };
  active_alarms: number;
  software: string;
  sources: SourceState[];
  outputs: GatewayOutput[];
  annunciators: AnnunciatorLoad[];
  road: "" | "zenoh" | "mqtt";
  buses: BusState[];
}

/** How one bus was at the last heartbeat; `busy` is a share of its time, counts are since the start. */
export interface BusState {
  bus: string;
  connected: boolean;
  busy: number | null;
  good: number;
  failed: number;
  silent: number;
  trouble: string;
}

/** How busy one group of horn and beacon is: annunciations of the last ten minutes (ISA-18.2, EEMUA 191). */
export interface AnnunciatorLoad {
  name: string;
  annunciations: number;
  flood: boolean;
  chatter: { alarm: string; times: number }[];
  most_24h: number;
  flood_hours_24h: number;
  flood_above: number;
  weekly_test: boolean;
}

export interface GatewayOutput {
  output: string;
  on: boolean;
  ok: boolean;
  reason: string;
  tested_at: string | null;
  test_ok: boolean | null;
  test_reason: string;
  test_due_at: string | null;
  overdue: boolean;
}

/** One configuration that the centre made for a gateway; `detail` is what the gateway said of it. */
export interface ConfigurationRow {
  version: number;
  hash: string;
  reason: string;
  made_at: string;
  made_by: string;
  state: "draft" | "pending" | "trial" | "kept" | "taken-back" | "refused";
  detail: string;
  changed_at: string;
}

export interface ConfigurationList {
  master: "file" | "centre";
  version: number | null;
  items: ConfigurationRow[];
}

export interface ConfigurationText {
  row: ConfigurationRow;
  text: string;
}

export interface Opinion {
  result: string;
  detail: string;
}

export interface InForce {
  text: string;
}

export interface MeasuredFigure {
  bench: string;
  metric: string;
  value: number;
  unit: string;
  baseline: number | null;
}

/** One self-measurement of a gateway's box; `load` is the machine's average of the minute before. */
export interface FiguresRow {
  run: string;
  software: string;
  measured_at: string;
  machine: { model: string; cores: number; ram_mb: number; python: string; load: number };
  figures: MeasuredFigure[];
}

export interface CommandResult {
  id: string;
  gateway_id: string;
  result: string;
  detail: string;
  at: string;
}

/** "none": registered without enrolment, on one machine. */
export type TrustState = "none" | "valid" | "expiring" | "expired" | "revoked";

export interface CertificateRow {
  serial: string;
  state: TrustState;
  way: "code" | "renewal";
  issued_at: string;
  not_after: string;
  revoked_at: string | null;
  revoked_by: string;
  revoked_why: string;
}

export interface GatewayTrust {
  gateway_id: string;
  state: TrustState;
  valid_until: string | null;
  revoked_at: string | null;
  revoked_by: string;
  revoked_why: string;
  certificates: CertificateRow[];
}

export type CodeState = "open" | "used" | "expired" | "locked" | "withdrawn";

/** A one-time code as lists show it: never the code itself. */
export interface CodeRow {
  id: number;
  gateway_id: string;
  name: string;
  enterprise_id: number;
  enterprise_name: string;
  state: CodeState;
  created_at: string;
  created_by: string;
  expires_at: string;
  used_at: string | null;
  used_from: string;
}

/** A code in the one answer that shows it; `qr` is an image. */
export interface ShownCode {
  id: number;
  gateway_id: string;
  code: string;
  centre: string;
  fingerprint: string;
  link: string;
  command: string;
  qr: string;
  expires_at: string;
  replaces: boolean;
}
