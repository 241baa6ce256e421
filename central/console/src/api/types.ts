// The shapes that the centre's HTTP API speaks (/api/v1), as the pages use them.

export type Level = "red" | "orange" | "yellow" | "blue";
export const LEVELS: readonly Level[] = ["red", "orange", "yellow", "blue"];

export type Presence = "online" | "late" | "offline" | "none";
export type QualityText = "good" | "uncertain" | "bad";

export interface Page<Row> {
  items: Row[];
  next: string | null;
}

export interface Me {
  account: string;
  display_name: string;
  role: string;
  role_name: string;
  place_name: string;
  agency_id: number | null;
  agency_name: string | null;
  enterprise_id: number | null;
  enterprise_name: string | null;
  may: string[];
}

export type ByLevel = Record<Level, number>;

export interface Overview {
  needs_answer: { count: number; oldest_raised_at: string | null; by_level: ByLevel };
  open_by_level: ByLevel;
  due_today: { review: number; verify: number };
  enterprises: { total: number; with_open: number; offline: number };
  gateways: { online: number; late: number; offline: number };
  points: { total: number; good: number; bad: number };
  at: string;
}

export interface EnterpriseRow {
  id: number;
  code: string;
  name: string;
  credit_code: string | null;
  region_code: string;
  region_name: string;
  agency_name: string | null;
  industry: string | null;
  hazard_class: number | null;
  address: string | null;
  contact_name: string | null;
  contact_phone: string | null;
  worst_level: Level | null;
  open_warnings: number;
  presence: Presence;
  points: number;
  bad_points: number;
  newest_at: string | null;
}

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
  presence: Presence;
  last_heartbeat_at: string | null;
  age_s: number | null;
  boot: number | null;
  clock_synchronised: boolean | null;
  queue: { event: number; measurement: number };
  software: string | null;
  sources: SourceState[];
  outputs: GatewayOutput[];
}

export interface GatewayOutput {
  name: string;
  kind?: string;
  on?: boolean | null;
  state?: string | null;
}

export interface EnterpriseDetail extends EnterpriseRow {
  supervision: { rank: number; name: string }[];
  gateways: GatewayRow[];
}

export interface Limits {
  ll: number | null;
  l: number | null;
  h: number | null;
  hh: number | null;
}

export interface PointAlarm {
  id: string;
  side: string;
  limit: number | null;
  state: string;
  since: string | null;
}

export interface PointRow {
  id: number;
  key: string;
  name: string;
  quantity: string;
  unit: string;
  enterprise_id: number;
  enterprise_name: string;
  gateway_id: string;
  range: { low: number | null; high: number | null };
  limits: Limits;
  value: number | null;
  quality: number | null;
  quality_text: QualityText | null;
  quality_reason: string | null;
  at: string | null;
  age_s: number | null;
  clock_synchronised: boolean | null;
  alarms: PointAlarm[];
}

export interface Bucket {
  t: string;
  min: number | null;
  max: number | null;
  avg: number | null;
  count: number;
  bad: number;
}

export interface TrendData {
  point_id: number;
  from: string;
  to: string;
  bucket_s: number;
  buckets: Bucket[];
  limits: Limits;
}

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
  enterprise_id: number;
  enterprise_name: string;
  region_name: string;
  state: WarningState;
  condition: "active" | "clear";
  raised_at: string;
  received_at: string;
  late: boolean;
  delayed_s: number | null;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  handled_at: string | null;
  closed_at: string | null;
  step: number | null;
  next_step_at: string | null;
  is_test: boolean;
  etag: string;
}

export type WarningAction = "acknowledge" | "handle" | "false-alarm" | "confirm-false-alarm" | "close";

export interface LadderPerson {
  name: string;
  channel: string;
  state: string;
  at: string | null;
}

export interface LadderStep {
  round: number;
  step: number;
  rank: number;
  agency_name: string;
  due_at: string | null;
  fired_at: string | null;
  state: "waiting" | "fired" | "gap" | "skipped";
  people: LadderPerson[];
}

export type HopSource = "instrument" | "gateway" | "centre" | "person" | "provider";

export interface Hop {
  at: string;
  source: HopSource;
  kind: string;
  title: string;
  detail: string | null;
  who: string | null;
  latency_ms: number | null;
}

export interface WarningDetail extends WarningRow {
  level_reason: string | null;
  occurrence: string | null;
  point: PointRow | null;
  limit_name: string | null;
  limit: number | null;
  value: number | null;
  cause: string | null;
  measures: string | null;
  policy: {
    name: string;
    steps: { index: number; delay_s: number; rank: number; channels: string[] }[];
    handling_s: number | null;
  } | null;
  ladder: LadderStep[];
  timeline: Hop[];
  actions: WarningAction[];
  why_visible: string | null;
}

export interface CommandResult {
  id: string;
  result: "done" | "refused" | "expired" | "foreign" | "sent" | null;
  detail: string | null;
  at: string;
}

export interface LiveMeasurement {
  point_id: number;
  enterprise_id: number;
  value: number | null;
  quality: number;
  quality_text?: QualityText;
  at: string;
}

export interface LiveWarning {
  id: string;
  level: Level;
  state: WarningState;
  title: string;
  enterprise_id: number;
  enterprise_name: string;
  raised_at: string;
  change: string;
}

export interface LivePresence {
  gateway_id: string;
  enterprise_id: number;
  presence: Presence;
}
