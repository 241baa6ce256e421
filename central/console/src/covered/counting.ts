// How much keeps silent in a jurisdiction, of all kinds together.

import type { Overview } from "../api/types.ts";

/** Null while nothing is known. */
export function coveredCount(covered: Overview["covered"] | undefined): number | null {
  if (!covered) return null;
  return [
    covered.shelved,
    covered.out_of_service,
    covered.suppressed,
    covered.quality,
    covered.windows,
    covered.false_alarms,
  ].reduce((sum, one) => sum + one, 0);
}
