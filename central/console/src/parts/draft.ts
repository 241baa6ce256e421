// What was typed but not sent, kept in this browser: a phone that dies loses no form.

const key = (name: string) => `fengsui.draft.${name}`;

export function readDraft(name: string): Record<string, unknown> | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key(name)) ?? "null");
    return kept && typeof kept === "object" ? (kept as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

export function keepDraft(name: string, values: Record<string, unknown>): void {
  try {
    localStorage.setItem(key(name), JSON.stringify(values));
  } catch {
    // A full or forbidden store costs the draft, not the form.
  }
}

export function forgetDraft(name: string): void {
  localStorage.removeItem(key(name));
}
