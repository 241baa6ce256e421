// Whether the person asked their machine for less movement. A style sheet alone is not enough: what waits for the end
// of a movement that no longer happens may stay where it began, outside the screen.

import { useSyncExternalStore } from "react";

const still = window.matchMedia("(prefers-reduced-motion: reduce)");

function subscribe(listener: () => void): () => void {
  still.addEventListener("change", listener);
  return () => still.removeEventListener("change", listener);
}

export function useStillness(): boolean {
  return useSyncExternalStore(subscribe, () => still.matches);
}
