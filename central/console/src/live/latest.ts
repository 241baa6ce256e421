// The newest live value of each point, fed by the stream; a page overlays it on what it has fetched.

import { useSyncExternalStore } from "react";
import type { LiveMeasurement, PointRow, QualityText } from "../api/types.ts";

const latest = new Map<number, LiveMeasurement>();
const listeners = new Map<number, Set<() => void>>();
const newestOfPlant = new Map<number, string>();
const newestListeners = new Set<() => void>();
let newestAt: string | null = null;

export function noteMeasurements(items: LiveMeasurement[]): void {
  for (const item of items) {
    const known = latest.get(item.point_id);
    if (known && known.at > item.at) continue;
    latest.set(item.point_id, item);
    if (!newestAt || item.at > newestAt) newestAt = item.at;
    newestOfPlant.set(item.enterprise_id, item.at);
    for (const listener of listeners.get(item.point_id) ?? []) listener();
  }
  for (const listener of newestListeners) listener();
}

/** A newest moment learnt otherwise, from a fetched list. */
export function noteNewest(at: string | null): void {
  if (!at || (newestAt && new Date(at) <= new Date(newestAt))) return;
  newestAt = at;
  for (const listener of newestListeners) listener();
}

export function forgetLatest(): void {
  latest.clear();
  newestOfPlant.clear();
  newestAt = null;
  for (const listener of newestListeners) listener();
}

function subscribe(point: number, listener: () => void): () => void {
  const those = listeners.get(point) ?? new Set();
  listeners.set(point, those);
  those.add(listener);
  return () => {
    those.delete(listener);
    if (those.size === 0) listeners.delete(point);
  };
}

/** OPC DA: the two upper bits of the quality byte say good, uncertain or bad. */
export function qualityText(quality: number): QualityText {
  const class_ = quality & 0xc0;
  return class_ === 0xc0 ? "good" : class_ === 0x40 ? "uncertain" : "bad";
}

/** The point as fetched, with the live value over it when that is newer. */
export function useLivePoint(point: PointRow): PointRow {
  const live = useSyncExternalStore(
    (listener) => subscribe(point.id, listener),
    () => latest.get(point.id),
  );
  if (!live || (point.at && new Date(live.at) <= new Date(point.at))) return point;
  const words = live.quality_text ?? qualityText(live.quality);
  return {
    ...point,
    value: live.value,
    quality: live.quality,
    quality_text: words,
    at: live.at,
  };
}

export function useNewestAt(): string | null {
  return useSyncExternalStore(
    (listener) => {
      newestListeners.add(listener);
      return () => newestListeners.delete(listener);
    },
    () => newestAt,
  );
}

/** The newest moment of an enterprise: what was fetched, or what came live since. */
export function usePlantNewest(enterprise: number, fetched: string | null): string | null {
  const live = useSyncExternalStore(
    (listener) => {
      newestListeners.add(listener);
      return () => newestListeners.delete(listener);
    },
    () => newestOfPlant.get(enterprise),
  );
  if (!live) return fetched;
  return fetched && new Date(fetched) > new Date(live) ? fetched : live;
}
