// Points, their alarms and trends.

import type { QualityText } from "./words.ts";

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

export type Cover = "shelved" | "out-of-service" | "suppressed" | "quality" | "window" | "false-alarm";

/** Something that keeps silent at a plant; with bad data one instrument, else one alarm. */
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
