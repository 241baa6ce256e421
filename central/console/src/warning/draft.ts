// What was typed but not sent, kept in this browser: a phone that dies loses no report.

import type { StoredFile } from "../api/records.ts";

export interface Draft {
  /** The code of a cause of the list. */
  cause: string;
  causeText: string;
  measures: string[];
  detail: string;
  /** Photographs that the centre has already. */
  photos: StoredFile[];
}

export const NO_DRAFT: Draft = { cause: "", causeText: "", measures: [], detail: "", photos: [] };

const key = (id: string) => `fengsui.draft.${id}`;

export function readDraft(id: string): Draft | null {
  try {
    const kept = JSON.parse(localStorage.getItem(key(id)) ?? "null") as Partial<Draft> | null;
    return kept ? { ...NO_DRAFT, ...kept } : null;
  } catch {
    return null;
  }
}

export function keepDraft(id: string, draft: Draft): void {
  if (draft.cause || draft.causeText || draft.measures.length || draft.detail || draft.photos.length)
    localStorage.setItem(key(id), JSON.stringify(draft));
  else forgetDraft(id);
}

export function forgetDraft(id: string): void {
  localStorage.removeItem(key(id));
}
