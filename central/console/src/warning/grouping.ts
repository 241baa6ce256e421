// One dead instrument is one row: its points' data-quality warnings of one level and state stand together.
// Each stays a case of its own, with its own ladder and page; only the list folds them.

import type { WarningRow } from "../api/types.ts";

export interface GroupedRow extends WarningRow {
  /** The other warnings of the same instrument; none for a row that stands for itself. */
  rest?: WarningRow[];
}

function keyOf(row: WarningRow): string | null {
  if (row.kind !== "quality" || !row.gateway_id || !row.instrument) return null;
  return [row.gateway_id, row.instrument, row.level, row.state, row.condition, row.is_test].join(" ");
}

/** Folds rows in their order; the first of an instrument carries the others. */
export function grouped(rows: readonly WarningRow[]): GroupedRow[] {
  const first = new Map<string, GroupedRow>();
  const folded: GroupedRow[] = [];
  for (const row of rows) {
    const key = keyOf(row);
    const head = key === null ? undefined : first.get(key);
    if (head) head.rest = [...(head.rest ?? []), row];
    else {
      const own = { ...row };
      folded.push(own);
      if (key !== null) first.set(key, own);
    }
  }
  return folded;
}
