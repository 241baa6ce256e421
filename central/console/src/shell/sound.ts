// The tone of a new red warning: made by the browser, sounded once per browser, off per user if wished.

import { useSyncExternalStore } from "react";

const SWITCH = "fengsui.sound";
const SOUNDED = "fengsui.sounded";
const listeners = new Set<() => void>();
let audio: AudioContext | null = null;

function tell(): void {
  for (const listener of listeners) listener();
}

function context(): AudioContext | null {
  if (!audio && "AudioContext" in window) {
    audio = new AudioContext();
    audio.onstatechange = tell;
  }
  return audio;
}

export function soundWanted(): boolean {
  return localStorage.getItem(SWITCH) !== "off";
}

export function wantSound(wanted: boolean): void {
  localStorage.setItem(SWITCH, wanted ? "on" : "off");
  tell();
}

/** Browsers let a page sound only after the user has touched it. */
export function soundBlocked(): boolean {
  return context()?.state !== "running";
}

export async function allowSound(): Promise<void> {
  await context()?.resume();
  tell();
}

/** Three falling pairs of tones, about two seconds. */
export function beep(): void {
  const ctx = context();
  if (ctx?.state !== "running") return;
  const start = ctx.currentTime + 0.02;
  for (let i = 0; i < 6; i++) {
    const at = start + i * 0.32;
    const tone = ctx.createOscillator();
    const loudness = ctx.createGain();
    tone.type = "triangle";
    tone.frequency.value = i % 2 === 0 ? 988 : 740;
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(0.35, at + 0.02);
    loudness.gain.linearRampToValueAtTime(0, at + 0.28);
    tone.connect(loudness).connect(ctx.destination);
    tone.start(at);
    tone.stop(at + 0.3);
  }
}

/** Sounds for a warning unless this browser (any tab of it) already did. */
export function soundOnce(id: string): void {
  if (!soundWanted()) return;
  // Tabs hear of it in the same moment: the first to write its mark sounds.
  setTimeout(() => {
    const done: string[] = JSON.parse(localStorage.getItem(SOUNDED) ?? "[]");
    if (done.includes(id)) return;
    localStorage.setItem(SOUNDED, JSON.stringify([...done, id].slice(-50)));
    beep();
  }, Math.random() * 120);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSound(): { wanted: boolean; blocked: boolean } {
  const wanted = useSyncExternalStore(subscribe, soundWanted);
  const blocked = useSyncExternalStore(subscribe, soundBlocked);
  return { wanted, blocked };
}

// The first touch anywhere opens the way for a later tone.
for (const gesture of ["pointerdown", "keydown"] as const) {
  window.addEventListener(gesture, () => void allowSound(), { once: true, passive: true });
}
