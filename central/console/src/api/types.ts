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
  covered: { shelved: number; out_of_service: number; suppressed: number; quality: number; soon: number };
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

/** An alarm that is not normal; `limit` names the limit ("HH"), `state` is the letter of ISA-18.2. */
export interface PointAlarm {
  id: string;
  side: string;
  limit: string;
  state: string;
  since: string;
  /** The letter under a cover: G shelved, H suppressed by design, I out of service. */
  under: string;
  first: boolean;
  by: string;
  reason: string;
  until: string | null;
}

/** One alarm of a point, also one at rest (A). */
export interface DescribedAlarm {
  id: string;
  side: string;
  limit: string;
  value: number | null;
  priority: number;
  state: string;
  since: string | null;
  under: string;
  by: string;
  reason: string;
  until: string | null;
}

export type Cover = "shelved" | "out-of-service" | "suppressed" | "quality";

/** Something that keeps silent at a plant; with bad data one instrument, else one alarm. */
export interface CoveredAlarm {
  cover: string;
  enterprise_id: number;
  enterprise_name: string;
  region_name: string;
  gateway_id: string;
  gateway_name: string;
  alarm: string | null;
  point_id: number | null;
  point_name: string | null;
  point_key: string | null;
  instrument: string;
  points: number;
  limit: string;
  side: string;
  holds: boolean | null;
  since: string;
  until: string | null;
  by: string;
  why: string;
  raises: number | null;
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
  source: string;
  period_s: number;
  range: { low: number | null; high: number | null };
  limits: Limits;
  value: number | null;
  quality: number;
  quality_text: QualityText;
  quality_reason: string;
  at: string | null;
  age_s: number | null;
  clock_synchronised: boolean;
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
  held_s: number;
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
  gateway_id: string | null;
  /** Behind which its point lies. */
  instrument: string | null;
  enterprise_id: number;
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
  handled_at: string | null;
  closed_at: string | null;
  cleared_at: string | null;
  suppressed_until: string | null;
  step: number | null;
  next_step_at: string | null;
  is_test: boolean;
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
  why_visible: string;
}

export interface CommandResult {
  id: string;
  gateway_id: string;
  result: string;
  detail: string;
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
  is_test: boolean;
  change: string;
}

export interface LivePresence {
  gateway_id: string;
  enterprise_id: number;
  presence: Presence;
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
