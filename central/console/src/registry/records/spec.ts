// What the pages know of a field, read once from the register's JSON Schema, in the document's order.

import type { RegisterSchema, SchemaField } from "../../api/records.ts";
import type { Language } from "../../locales/index.tsx";

export interface Choice {
  code: string;
  zh: string;
  en: string;
}

export interface Field {
  name: string;
  kind: string;
  zh: string;
  en: string;
  note: string;
  unit: string;
  decimals: number | undefined;
  low: number | undefined;
  high: number | undefined;
  /** Characters of a text, rows of a group, files of a file field; 0: no bound. */
  longest: number;
  choices: readonly Choice[];
  /** What a link leads to. */
  to: string;
  required: boolean;
  when: { field: string; values: readonly string[] } | null;
  personal: string;
  uncertain: boolean;
  /** Of a group or block. */
  inside: readonly Field[];
}

/** The choice that asks for a text of one's own. */
export const OTHER = "other";
/** The choice beside which no other one may stand. */
export const NONE = "none";

export function fieldsOf(schema: RegisterSchema["schema"]): Field[] {
  return Object.entries(schema.properties ?? {}).map(([name, field]) => fieldOf(name, field));
}

function fieldOf(name: string, said: SchemaField): Field {
  const more = said["x-fengsui"];
  const kind = more?.kind ?? "text";
  const group = kind === "group" ? said.items : kind === "block" ? said : undefined;
  const choices =
    kind === "choice"
      ? said.properties?.choice?.oneOf
      : kind === "choices"
        ? said.properties?.choices?.items?.oneOf
        : undefined;
  return {
    name,
    kind,
    zh: said.title ?? name,
    en: sentence(more?.en ?? said.title ?? name),
    note: said.description ?? "",
    unit: more?.unit ?? "",
    decimals: more?.decimals,
    low: said.minimum,
    high: said.maximum,
    longest: said.maxLength ?? said.maxItems ?? 0,
    choices: (choices ?? []).map((one) => ({
      code: one.const,
      zh: one.title,
      en: sentence(one["x-en"] || one.title),
    })),
    to: more?.to ?? "",
    required: more?.required ?? false,
    when: more?.when ?? null,
    personal: more?.personal ?? "",
    uncertain: more?.uncertain ?? false,
    inside: group ? fieldsOf(group) : [],
  };
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function labelOf(field: { zh: string; en: string }, language: Language): string {
  return language === "en" ? field.en : field.zh;
}

/** A part of the form under one heading: a block, a group, or the loose fields between them. */
export interface Section {
  /** The name of the block or group; "" for loose fields. */
  name: string;
  field: Field | null;
  fields: readonly Field[];
}

export function sectionsOf(fields: readonly Field[]): Section[] {
  const found: Section[] = [];
  for (const field of fields) {
    if (field.kind === "block") found.push({ name: field.name, field, fields: field.inside });
    else if (field.kind === "group") found.push({ name: field.name, field, fields: [field] });
    else {
      const last = found.at(-1);
      if (last && last.field === null) last.fields = [...last.fields, field];
      else found.push({ name: "", field: null, fields: [field] });
    }
  }
  return found;
}

/** The heading of a part: of a block or group its own, of loose fields "general" or the first of them. */
export function headingOf(
  section: Section,
  index: number,
  language: Language,
  words: { general: string; andMore: (label: string) => string },
): string {
  if (section.field) return labelOf(section.field, language);
  const [first] = section.fields;
  return index === 0 || !first ? words.general : words.andMore(labelOf(first, language));
}

/** How many fields a form has, those of blocks and of one row of each group. */
export function countOf(fields: readonly Field[]): number {
  return fields.reduce((sum, field) => sum + (field.inside.length ? countOf(field.inside) : 1), 0);
}
