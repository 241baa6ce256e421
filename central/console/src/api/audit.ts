// What the audit, its days and the message log say, as the centre sends them, and how they are asked for.

import type { ZonedDays } from "../audit/days.ts";
import { midnight } from "../audit/days.ts";
import { type Filter, listOf } from "./list.ts";

export interface AuditRow {
  id: number;
  at: string;
  actor: number | null;
  actor_name: string;
  role: string;
  role_name: string;
  place: string;
  address: string;
  device: string;
  kind: "system" | "security" | "business";
  action: string;
  subject_type: string;
  subject_id: string;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  reason: string;
  request: string;
}

export interface AuditDay {
  day: string;
  count: number;
  position: number;
  hash: string;
  sound: boolean;
  problem: string;
  key: string;
  signature: string;
}

export interface MessageLogRow {
  id: string;
  /** Null of a digest, which stands for several. */
  warning_id: string | null;
  warning_kind: string;
  enterprise_id: number | null;
  enterprise_name: string;
  channel: string;
  receiver: string;
  agency_name: string;
  number: string;
  text: string;
  state: string;
  reason: string;
  attempts: number;
  possibly_twice: boolean;
  created_at: string;
  sent_at: string | null;
  ended_at: string | null;
  /** The name of the digest that it is, or went with. */
  digest: string | null;
  /** Of a digest: how many cases of which level. */
  levels: Record<string, number> | null;
}

/** Days of the filter bar as the moments between which the centre looks. */
function between(filter: Filter): Filter {
  const { at_from = "", at_to = "", ...rest } = filter;
  const days: ZonedDays = { since: midnight(at_from, 0), until: midnight(at_to, 1) };
  return { ...rest, ...days };
}

const audit = listOf<AuditRow>("audit");
const messages = listOf<MessageLogRow>("message-log");

export const auditList = (filter: Filter) => audit(between(filter));
export const messageLog = (filter: Filter) => messages(between(filter));
export const auditDays = listOf<AuditDay>("audit/days");
