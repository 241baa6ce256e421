// Whether the screen is a phone's: narrower than 768 px.

import { useSyncExternalStore } from "react";

const narrow = window.matchMedia("(max-width: 767px)");

function subscribe(listener: () => void): () => void {
  narrow.addEventListener("change", listener);
  return () => narrow.removeEventListener("change", listener);
}

export function usePhone(): boolean {
  return useSyncExternalStore(subscribe, () => narrow.matches);
}
