// How close the rows of lists stand; kept outside of React, as the whole page's look depends on it.

import { useSyncExternalStore } from "react";
import type { Density } from "../api/settings.ts";

let density: Density = "comfortable";
const listeners = new Set<() => void>();

export function setDensity(wanted: Density): void {
  if (density === wanted) return;
  density = wanted;
  document.documentElement.dataset.density = wanted;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useDensity(): Density {
  return useSyncExternalStore(subscribe, () => density);
}
