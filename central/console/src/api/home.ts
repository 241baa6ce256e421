// What the home page counts.

import type { ByLevel } from "./words.ts";

export interface Overview {
  needs_answer: { count: number; oldest_raised_at: string | null; by_level: ByLevel };
  open_by_level: ByLevel;
  due_today: { review: number; verify: number };
  enterprises: { total: number; with_open: number; offline: number };
  gateways: { online: number; late: number; offline: number };
  points: { total: number; good: number; bad: number };
  covered: {
    shelved: number;
    out_of_service: number;
    suppressed: number;
    quality: number;
    soon: number;
    windows: number;
    false_alarms: number;
  };
  at: string;
}
