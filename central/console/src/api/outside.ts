// What other systems told.

import type { Level } from "./words.ts";

export interface ExternalWarning {
  id: number;
  kind: string;
  kind_name: string;
  level: Level;
  level_reason: string;
  title: string;
  text: string;
  source_name: string;
  sender: string;
  identifier: string;
  enterprise_id: number | null;
  agency_id: number | null;
  owner_name: string;
  is_test: boolean;
  at: string;
  received_at: string;
  updated_at: string;
  expires_at: string | null;
  ended_at: string | null;
  warning_id: string | null;
}
