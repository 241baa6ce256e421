// Values in words, as lists, pages and histories show them.

import type { Catalogue, Language } from "../../locales/index.tsx";
import { type Field, labelOf, OTHER } from "./spec.ts";
import { isEmpty } from "./values.ts";

const figures = new Intl.NumberFormat("zh-CN", { maximumFractionDigits: 6 });

export function figureWords(value: number): string {
  return figures.format(value);
}

export function sizeWords(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  const kib = bytes / 1_024;
  return kib < 1_024 ? `${Math.round(kib)} KB` : `${(kib / 1_024).toFixed(1)} MB`;
}

type Parts = Record<string, unknown>;

function choiceWords(field: Field, code: unknown, other: unknown, language: Language): string {
  const known = field.choices.find((choice) => choice.code === code);
  const label = known ? labelOf(known, language) : String(code);
  return code === OTHER && typeof other === "string" && other
    ? `${label}${language === "en" ? `: ${other}` : `：${other}`}`
    : label;
}

/** What a value says in one line; "" for nothing. The unit goes along unless the column's head has it. */
export function valueWords(
  field: Field,
  value: unknown,
  text: Catalogue,
  language: Language,
  unit = true,
): string {
  if (isEmpty(value)) return "";
  if (typeof value === "boolean") return value ? text.yes : text.no;
  if (typeof value === "number")
    return unit && field.unit ? `${figureWords(value)} ${field.unit}` : figureWords(value);
  if (typeof value === "string") {
    const known = field.choices.find((choice) => choice.code === value);
    return known ? labelOf(known, language) : value;
  }
  if (Array.isArray(value)) {
    if (field.kind === "group") return text.records.rowCount(value.length);
    if (field.kind === "choices")
      return value.map((code) => choiceWords(field, code, "", language)).join(text.records.comma);
    return value
      .map((one) =>
        one !== null && typeof one === "object" ? String((one as Parts).name ?? "") : String(one),
      )
      .join(text.records.comma);
  }
  const parts = value as Parts;
  switch (field.kind) {
    case "choice":
      return choiceWords(field, parts.choice, parts.other, language);
    case "choices":
      return (Array.isArray(parts.choices) ? parts.choices : [])
        .map((code) => choiceWords(field, code, parts.other, language))
        .join(text.records.comma);
    case "span":
      return `${parts.from ?? ""} – ${parts.to ?? text.records.openEnd}`;
    case "spot":
      return `${Number(parts.longitude).toFixed(6)}°, ${Number(parts.latitude).toFixed(6)}°`;
    case "mark":
      return text.records.mark.at(Math.round(Number(parts.x) * 100), Math.round(Number(parts.y) * 100));
    case "link":
      return String(parts.label ?? "") || String(parts.id ?? "");
    case "block":
      return field.inside
        .map((inner) => [inner, valueWords(inner, parts[inner.name], text, language)] as const)
        .filter(([, words]) => words)
        .map(([inner, words]) => `${labelOf(inner, language)} ${words}`)
        .join(text.records.semicolon);
    default:
      return "";
  }
}
