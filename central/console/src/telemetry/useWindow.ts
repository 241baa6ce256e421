// A time window that ends now and moves on in steps, so that a trend is asked for again only once a step.

import { useNow } from "../parts/clock.ts";

export interface Window {
  from: string;
  to: string;
}

/** The last `spanMs`, its end rounded up to `stepMs`. */
export function useWindow(spanMs: number, stepMs: number): Window {
  const to = Math.ceil(useNow() / stepMs) * stepMs;
  return { from: new Date(to - spanMs).toISOString(), to: new Date(to).toISOString() };
}
