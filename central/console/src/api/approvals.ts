// Warnings that people issue, and the queue of what must be approved before it is pushed.

import type { Level } from "./words.ts";

export type ProposalState = "waiting" | "approved" | "refused" | "given" | "withdrawn";

export interface Proposal {
  id: number;
  kind: string;
  kind_name: string;
  level: Level;
  level_reason: string;
  title: string;
  detail: string;
  enterprise_id: number | null;
  agency_id: number | null;
  owner_name: string;
  state: ProposalState;
  /** Pushed at `due_at` when nobody answers. */
  given: boolean;
  due_at: string;
  proposed_at: string;
  proposed_by: string;
  decided_at: string | null;
  decided_by: string;
  opinion: string;
  warning_id: string | null;
  may_decide: boolean;
}

export interface Issued {
  items: { owner_name: string; proposal_id: number | null; warning_id: string | null }[];
}
