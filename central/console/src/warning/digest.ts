// Names of digests: HZ and eight digits, as they are said on the telephone; links carry the bare number.

export function digestName(number: string): string {
  return /^\d+$/.test(number) ? `HZ${number.padStart(8, "0")}` : number;
}

export function digestNumber(name: string): string {
  return name.replace(/^HZ0*/, "");
}
