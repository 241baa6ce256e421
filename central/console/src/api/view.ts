// To which areas and industries all pages are narrowed: kept in the address, sent with every question.

import { useSyncExternalStore } from "react";

/** Codes; an empty list means all of them. */
export interface View {
  areas: readonly string[];
  sectors: readonly string[];
}

export const WHOLE: View = { areas: [], sectors: [] };
const CODE = /^[A-Za-z0-9-]{1,32}$/;
const listeners = new Set<() => void>();

function codes(search: URLSearchParams, name: string): string[] {
  const said = (search.get(name) ?? "").split(",").filter((code) => CODE.test(code));
  return [...new Set(said)].sort();
}

/** What an address says. */
export function viewOf(search: string): View {
  const said = new URLSearchParams(search);
  return { areas: codes(said, "areas"), sectors: codes(said, "sectors") };
}

/** An address's query with the view in it, and everything else as it was. */
export function withView(search: string, view: View): string {
  const parts = new URLSearchParams(search);
  for (const name of ["areas", "sectors"] as const) {
    if (view[name].length) parts.set(name, view[name].join(","));
    else parts.delete(name);
  }
  const text = parts.toString();
  return text ? `?${text}` : "";
}

export function sameView(one: View, other: View): boolean {
  return one.areas.join() === other.areas.join() && one.sectors.join() === other.sectors.join();
}

let view = viewOf(window.location.search);

export function currentView(): View {
  return view;
}

export function narrowTo(wanted: View): void {
  const next = { areas: [...wanted.areas].sort(), sectors: [...wanted.sectors].sort() };
  if (sameView(view, next)) return;
  view = next;
  for (const listener of listeners) listener();
}

/** The header `fengsui-view` of a question; null for everything that one may see. */
export function viewHeader(): string | null {
  const parts = [
    view.areas.length ? `areas=${view.areas.join(",")}` : "",
    view.sectors.length ? `sectors=${view.sectors.join(",")}` : "",
  ].filter(Boolean);
  return parts.length ? parts.join(";") : null;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useView(): View {
  return useSyncExternalStore(subscribe, () => view);
}
