// The one clock of the console: the centre's time, because an office PC's clock is often minutes wrong.

import { useSyncExternalStore } from "react";

let offsetMs = 0;
let tick = Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

/** Learns the difference to the centre from an HTTP Date header (whole seconds, so small differences are noise). */
export function noteServerTime(header: string | null, startedMs: number): void {
  if (!header) return;
  const server = Date.parse(header);
  if (Number.isNaN(server)) return;
  const here = (startedMs + Date.now()) / 2;
  const difference = server + 500 - here;
  offsetMs = Math.abs(difference) < 2_000 ? 0 : difference;
}

/** The centre's time now, in milliseconds since 1970. */
export function now(): number {
  return Date.now() + offsetMs;
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) tick = Date.now();
  listeners.add(listener);
  timer ??= setInterval(() => {
    tick = Date.now();
    for (const each of listeners) each();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The centre's time, renewed each second while a component that shows an age is on screen. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => tick) + offsetMs;
}
