// Enterprises.

import type { GatewayRow } from "./devices.ts";
import type { Level, Presence } from "./words.ts";

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
  longitude: number | null;
  latitude: number | null;
  sector: string;
  status: string;
  status_name: string;
  risk: Level | null;
  risk_reason: string;
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

export interface EnterpriseDetail extends EnterpriseRow {
  supervision: { rank: number; name: string }[];
  gateways: GatewayRow[];
}
