// Areas as a person types them, one a line, and as the centre takes them.

export function lines(areas: readonly string[]): string {
  return areas.join("\n");
}

/** None when nothing was typed. */
export function listed(typed: unknown): string[] | null {
  const parts = String(typed ?? "")
    .split(/[\s,，、;；]+/)
    .filter(Boolean);
  return parts.length ? parts : null;
}
