// Warnings and their story.

import type { WarningHandling } from "./handling.ts";
import type { PointRow } from "./telemetry.ts";
import type { Level } from "./words.ts";

export type WarningState = "open" | "acknowledged" | "handled" | "closed" | "cleared" | "false_alarm";

export interface WarningRow {
  id: string;
  number: string;
  level: Level;
  title: string;
  kind: string;
  side: string;
  subject_type: string;
  subject_id: string;
  subject_name: string;
  gateway_id: string | null;
  /** Behind which its point lies. */
  instrument: string | null;
  /** Null of an agency's own case; then `agency_id` is given and `enterprise_name` names the agency. */
  enterprise_id: number | null;
  agency_id: number | null;
  enterprise_name: string;
  region_name: string;
  state: WarningState;
  condition: "active" | "clear";
  raised_at: string;
  received_at: string;
  late: boolean;
  delayed_s: number;
  history: boolean;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  /** To whom a colleague gave it. */
  assignee: string | null;
  handled_at: string | null;
  closed_at: string | null;
  cleared_at: string | null;
  suppressed_until: string | null;
  step: number | null;
  next_step_at: string | null;
  is_test: boolean;
  /** It began first of several of its gateway. */
  first_up: boolean;
  /** The dead gateway or instrument that explains it, also when that is over. */
  parent_id: string | null;
  /** So many stand under this one and are not called apart. */
  children: number;
  /** Why its calls wait. */
  held_by: string | null;
  held_until: string | null;
  etag: string;
}

export type WarningAction =
  | "end-suppression"
  | "acknowledge"
  | "handle"
  | "false-alarm"
  | "confirm-false-alarm"
  | "close";

export interface LadderPerson {
  name: string;
  agency_name: string;
  channel: string;
  state: string;
  reason: string;
  possibly_twice: boolean;
  at: string | null;
  /** The name of the digest that it went with. */
  digest: string | null;
}

export interface LadderStep {
  level: Level;
  round: number;
  step: number;
  rank: number;
  agency_name: string;
  due_at: string | null;
  fired_at: string | null;
  state: "waiting" | "fired" | "gap" | "skipped";
  reason: string;
  people: LadderPerson[];
}

export type HopSource = "instrument" | "gateway" | "centre" | "person" | "provider";

export interface Hop {
  at: string;
  source: HopSource;
  kind: string;
  title: string;
  detail: string;
  who: string;
  latency_ms: number | null;
}

export interface WarningDetail extends WarningRow {
  kind_name: string;
  level_reason: string;
  occurrence: string;
  previous_id: string | null;
  point: PointRow | null;
  limit_name: string;
  limit: number | null;
  value: number | null;
  unit: string;
  handled_by: string | null;
  cause: string | null;
  measures: string | null;
  false_reason: string | null;
  false_by: string | null;
  closed_by: string | null;
  opinion: string | null;
  policy: {
    name: string;
    version: number;
    source: string;
    steps: { index: number; delay_s: number; rank: number; channels: string[] }[];
    handling_s: number;
    repeat_s: number;
  };
  ladder: LadderStep[];
  timeline: Hop[];
  actions: WarningAction[];
  handling: WarningHandling;
  under: WarningRow[];
  parent: { id: string; number: string; title: string; active: boolean } | null;
  window: {
    id: number;
    category: string;
    subject_name: string;
    declared_name: string;
    declared_for: string;
    reason: string;
    ends_at: string;
  } | null;
  why_visible: string;
}
