// What was typed but not sent, kept in this browser: a phone that dies loses no report.

export interface Draft {
  cause: string;
  causeText: string;
  measures: string[];
  detail: string;
}

const key = (id: string) => `fengsui.draft.${id}`;

export function readDraft(id: string): Draft | null {
  try {
    const kept = JSON.parse(localStorage.getItem(key(id)) ?? "null") as Partial<Draft> | null;
    if (!kept) return null;
    return {
      cause: kept.cause ?? "",
      causeText: kept.causeText ?? "",
      measures: kept.measures ?? [],
      detail: kept.detail ?? "",
    };
  } catch {
    return null;
  }
}

export function keepDraft(id: string, draft: Draft): void {
  if (draft.cause || draft.causeText || draft.measures.length || draft.detail)
    localStorage.setItem(key(id), JSON.stringify(draft));
  else forgetDraft(id);
}

export function forgetDraft(id: string): void {
  localStorage.removeItem(key(id));
}
