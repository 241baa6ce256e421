// What the live stream says.

import type { WarningState } from "./warning.ts";
import type { Level, Presence, QualityText } from "./words.ts";

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
  enterprise_id: number | null;
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
