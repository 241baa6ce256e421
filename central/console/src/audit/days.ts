// Days of the filter bar as moments in the zone of the jurisdiction.

export interface ZonedDays {
  since: string;
  until: string;
}

/** The midnight at which a day `2026-11-22` begins in China, or that of `later` days after; "" for no day. */
export function midnight(day: string, later: number): string {
  const begin = new Date(`${day}T00:00:00+08:00`);
  if (Number.isNaN(begin.getTime())) return "";
  return new Date(begin.getTime() + later * 86_400_000).toISOString();
}
