// Names of registers and their groups in the language on screen.

import type { RegisterEntry } from "../../api/records.ts";
import type { Catalogue, Language } from "../../locales/index.tsx";

export function titleOf(entry: { title: string; title_en: string }, language: Language): string {
  return language === "en" ? entry.title_en : entry.title;
}

/** The centre names groups in Chinese; other languages say them by their code. */
export function groupOf(entry: Pick<RegisterEntry, "group" | "group_title">, text: Catalogue): string {
  return text.records.groups[entry.group] ?? entry.group_title;
}
