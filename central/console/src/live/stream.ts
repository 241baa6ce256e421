// The page's end of the live stream: through the SharedWorker where there is one, otherwise a stream of its own.

import { useSyncExternalStore } from "react";
import { now } from "../parts/clock.ts";
import type { EventKind, FromStream, StreamState, ToStream } from "./messages.ts";
import { LiveSource } from "./source.ts";

type Taker = (data: unknown) => void;

const takers: Record<EventKind, Set<Taker>> = {
  measurement: new Set(),
  alarm: new Set(),
  warning: new Set(),
  presence: new Set(),
  moved: new Set(),
};
const resetTakers = new Set<() => void>();
const watchers = new Set<() => void>();
let state: StreamState = "connecting";
let lastEventAt = 0;
let say: ((message: ToStream) => void) | null = null;

function take(message: FromStream): void {
  if (message.type === "state") {
    state = message.state;
    for (const watcher of watchers) watcher();
    return;
  }
  if (message.type === "reset") {
    for (const taker of resetTakers) taker();
    return;
  }
  lastEventAt = now();
  for (const taker of takers[message.kind]) taker(message.data);
}

function connectWorker(): (message: ToStream) => void {
  const worker = new SharedWorker(new URL("./worker.ts", import.meta.url), {
    type: "module",
    name: "fengsui-live",
  });
  worker.port.onmessage = (event: MessageEvent<FromStream>) => take(event.data);
  worker.port.start();
  return (message) => worker.port.postMessage(message);
}

function connectAlone(): (message: ToStream) => void {
  const source = new LiveSource(take);
  return (message) => (message.type === "leave" ? source.close() : source.open());
}

/** Opens the stream for the account that is signed in; returns what closes this page's end. */
export function openStream(account: string): () => void {
  const speak = typeof SharedWorker === "function" ? connectWorker() : connectAlone();
  say = speak;
  speak({ type: "open", account });
  const leave = () => speak({ type: "leave" });
  const back = (event: PageTransitionEvent) => {
    if (event.persisted) speak({ type: "restart" });
  };
  const online = () => speak({ type: "restart" });
  const seen = () => {
    if (document.visibilityState === "visible" && now() - lastEventAt > 45_000) speak({ type: "restart" });
  };
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", back);
  window.addEventListener("online", online);
  document.addEventListener("visibilitychange", seen);
  return () => {
    leave();
    say = null;
    window.removeEventListener("pagehide", leave);
    window.removeEventListener("pageshow", back);
    window.removeEventListener("online", online);
    document.removeEventListener("visibilitychange", seen);
  };
}

/** Calls `taker` with each event of the kind; returns what ends it. */
export function onLive(kind: EventKind, taker: Taker): () => void {
  takers[kind].add(taker);
  return () => takers[kind].delete(taker);
}

/** Calls `taker` when events were missed and everything on screen has to be asked for again. */
export function onReset(taker: () => void): () => void {
  resetTakers.add(taker);
  return () => resetTakers.delete(taker);
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export function useStreamState(): StreamState {
  return useSyncExternalStore(watch, () => state);
}

export function streamIsUp(): boolean {
  return say !== null && state === "connected";
}
