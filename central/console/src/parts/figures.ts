// How numbers are written: thousands separated, as many decimals as the size of the value deserves.

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

export function count(n: number): string {
  return whole.format(n);
}

/** A measured value: three to five significant figures, never an exponent. */
export function measured(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 1_000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3;
  return new Intl.NumberFormat("en-US", { maximumFractionDigits: digits }).format(value);
}

/** A measured value that keeps its decimals, so that a live figure does not jump about. */
export function steady(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 1_000 ? 0 : size >= 100 ? 1 : 2;
  return new Intl.NumberFormat("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}

export function withUnit(value: number, unit: string): string {
  return unit ? `${measured(value)} ${unit}` : measured(value);
}
