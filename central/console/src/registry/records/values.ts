// Values as the form holds them and as they are sent: what is empty, what is asked, what is missing.

import type { Values } from "../../api/records.ts";
import { type Field, OTHER } from "./spec.ts";

export type Place = readonly (string | number)[];

export interface Fault {
  place: Place;
  fault: "missing" | "low" | "high" | "whole" | "other" | "ends";
  field: Field;
}

function record(value: unknown): Values {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Values) : {};
}

/** Whether nothing was filled in: an object of empty parts is as empty as no object. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === "string") return value.trim() === "";
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === "object") return Object.values(value).every(isEmpty);
  return false;
}

/** Whether a field is asked, seeing what stands beside it. */
export function isAsked(field: Field, beside: unknown): boolean {
  if (!field.when) return true;
  const value = record(beside)[field.when.field];
  const wanted = field.when.values;
  if (typeof value === "boolean") return wanted.includes(value ? "yes" : "no");
  const { choice, choices } = record(value);
  if (typeof choice === "string") return wanted.includes(choice);
  return Array.isArray(choices) && choices.some((code) => wanted.includes(String(code)));
}

/** What is sent: without what is empty and without what is no longer asked. */
export function cleaned(fields: readonly Field[], values: unknown): Values {
  const given = record(values);
  const kept: Values = {};
  for (const field of fields) {
    const value = given[field.name];
    if (!isAsked(field, given) || isEmpty(value)) continue;
    const clean = cleanedValue(field, value);
    if (!isEmpty(clean)) kept[field.name] = clean;
  }
  return kept;
}

function cleanedValue(field: Field, value: unknown): unknown {
  switch (field.kind) {
    case "block":
      return cleaned(field.inside, value);
    case "group":
      return (value as unknown[]).map((row) => cleaned(field.inside, row)).filter((row) => !isEmpty(row));
    case "choice": {
      const { choice, other } = record(value);
      if (!choice) return null;
      return choice === OTHER ? { choice, other: other ?? "" } : { choice };
    }
    case "choices": {
      const { choices, other } = record(value);
      const codes = Array.isArray(choices) ? choices : [];
      if (!codes.length) return null;
      return codes.includes(OTHER) ? { choices: codes, other: other ?? "" } : { choices: codes };
    }
    case "span": {
      const { from, to } = record(value);
      return from || to ? { from: from || undefined, to: to || null } : null;
    }
    case "text":
    case "long-text":
      return String(value).trim();
    default:
      return value;
  }
}

/** What can be seen to be wrong before the centre is asked; a draft may lack what is required. */
export function faultsOf(
  fields: readonly Field[],
  values: unknown,
  submitted: boolean,
  at: Place = [],
): Fault[] {
  const given = record(values);
  const found: Fault[] = [];
  for (const field of fields) {
    if (!isAsked(field, given)) continue;
    const place = [...at, field.name];
    const value = given[field.name];
    if (isEmpty(value)) {
      if (submitted && field.required) found.push({ place, fault: "missing", field });
      // What is required of a block is asked for at its own fields.
      if (field.kind === "block" && submitted) {
        if (field.required) found.pop();
        found.push(...faultsOf(field.inside, {}, true, place));
      }
      continue;
    }
    if (field.kind === "block") found.push(...faultsOf(field.inside, value, submitted, place));
    else if (field.kind === "group")
      (value as unknown[]).forEach((row, index) => {
        if (!isEmpty(row)) found.push(...faultsOf(field.inside, row, submitted, [...place, index]));
      });
    else {
      const fault = faultOf(field, value);
      if (fault) found.push({ place, fault, field });
    }
  }
  return found;
}

function faultOf(field: Field, value: unknown): Fault["fault"] | null {
  if (typeof value === "number") {
    if (field.kind === "whole" && !Number.isInteger(value)) return "whole";
    if (field.low !== undefined && value < field.low) return "low";
    if (field.high !== undefined && value > field.high) return "high";
  }
  const { choice, choices, other, from, to } = record(value);
  if (field.kind === "choice" && choice === OTHER && isEmpty(other)) return "other";
  if (field.kind === "choices" && Array.isArray(choices) && choices.includes(OTHER) && isEmpty(other))
    return "other";
  if (field.kind === "span" && typeof from === "string" && typeof to === "string" && to && to < from)
    return "ends";
  return null;
}

/** `teams[2].name` as the way through the values: `["teams", 2, "name"]`. */
export function placeOf(words: string): Place {
  return words
    .replace(/^\$\.?/, "")
    .replace(/^values\.?/, "")
    .split(/[.[\]]+/)
    .filter(Boolean)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** The field at a place and the part of the place that leads to it: `valid.from` stands at `valid`. */
export function fieldAt(
  fields: readonly Field[],
  place: Place,
): { field: Field; place: Place; rows: readonly { field: Field; index: number | null }[] } | null {
  let inside = fields;
  let found: { field: Field; place: Place } | null = null;
  const rows: { field: Field; index: number | null }[] = [];
  for (let n = 0; n < place.length; n++) {
    const field = inside.find((each) => each.name === place[n]);
    if (!field) break;
    found = { field, place: place.slice(0, n + 1) };
    if (field.kind !== "block" && field.kind !== "group") break;
    inside = field.inside;
    const next = place[n + 1];
    const index = field.kind === "group" && typeof next === "number" ? next : null;
    rows.push({ field, index });
    if (index !== null) n++;
  }
  return found && { ...found, rows: rows.filter((row) => row.field !== found?.field) };
}

/** Where the form shows what was sent at a place: rows that were left empty were not sent and are not counted. */
export function shownPlace(fields: readonly Field[], values: unknown, place: Place): Place {
  let inside = fields;
  const shown: (string | number)[] = [];
  for (let n = 0; n < place.length; n++) {
    const part = place[n] as string | number;
    shown.push(part);
    const field = inside.find((each) => each.name === part);
    inside = field?.inside ?? [];
    const row = place[n + 1];
    if (field?.kind !== "group" || typeof row !== "number") continue;
    const rows = valueAt(values, shown);
    const filled = Array.isArray(rows)
      ? rows.flatMap((each, at) => (isEmpty(cleaned(field.inside, each)) ? [] : [at]))
      : [];
    shown.push(filled[row] ?? row);
    n++;
  }
  return shown;
}

export function valueAt(values: unknown, place: Place): unknown {
  return place.reduce<unknown>(
    (at, part) =>
      at !== null && typeof at === "object" ? (at as Record<string | number, unknown>)[part] : undefined,
    values,
  );
}

/** The element of a field on the page. */
export function anchorOf(place: Place): string {
  return `field-${place.join("-")}`;
}

export function sameValue(one: unknown, other: unknown): boolean {
  if (isEmpty(one) && isEmpty(other)) return true;
  return stable(one) === stable(other);
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_key, part) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(
          Object.entries(part)
            .filter(([, inner]) => !isEmpty(inner))
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : part,
  );
}

/** Every field that has a value of its own: those of blocks one by one, a group as a whole. */
export function leavesOf(fields: readonly Field[], at: Place = []): { field: Field; place: Place }[] {
  return fields.flatMap((field) =>
    field.kind === "block"
      ? leavesOf(field.inside, [...at, field.name])
      : [{ field, place: [...at, field.name] }],
  );
}

/** A copy with another value at a place. */
export function withValue(values: Values, place: Place, value: unknown): Values {
  const [first, ...rest] = place;
  if (first === undefined) return record(value);
  const inner = rest.length ? withValue(record(values[first]), rest, value) : value;
  return { ...values, [first]: inner };
}

function isMasked(value: unknown): boolean {
  return typeof value === "string" && value.includes("*");
}

export interface Clash {
  field: Field;
  place: Place;
  mine: unknown;
  theirs: unknown;
}

/**
 * What two people made of one record: fields that only one of them changed are taken from that one, and what
 * both changed differently is a clash for the person to decide.
 */
export function merged(
  fields: readonly Field[],
  base: Values,
  mine: Values,
  theirs: Values,
): { values: Values; clashes: Clash[]; taken: number } {
  let values = theirs;
  const clashes: Clash[] = [];
  let taken = 0;
  for (const { field, place } of leavesOf(fields)) {
    const [was, my, their] = [valueAt(base, place), valueAt(mine, place), valueAt(theirs, place)];
    if (sameValue(my, their)) continue;
    if (sameValue(my, was)) {
      // A masked value only looks different: nobody changed it.
      if (!isMasked(their)) taken++;
      continue;
    }
    values = withValue(values, place, my);
    if (!isMasked(their) && !sameValue(their, was)) clashes.push({ field, place, mine: my, theirs: their });
  }
  return { values, clashes, taken };
}
