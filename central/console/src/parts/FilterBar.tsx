// The filters of a list, each kept in the address under its own name.

import { FilterOutlined } from "@ant-design/icons";
import { Button, Input, Segmented, Select } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import type { Filter } from "../api/list.ts";
import { useText } from "../locales/index.tsx";
import { usePhone } from "./usePhone.ts";

export interface Option {
  value: string;
  label: ReactNode;
}

/** The words of a value that is no option, to which only a link leads. */
type Further = (value: string) => string;

function withFurther(options: readonly Option[], value: string, further: Further | undefined): Option[] {
  const known = !value || options.some((option) => option.value === value);
  return known ? [...options] : [...options, { value, label: further?.(value) ?? value }];
}

export type FilterField<Row = unknown> =
  /** Words that are searched for. */
  | { kind: "text"; name: string; label: string }
  /** One of a few, all in sight; the first option's value "" means all. */
  | { kind: "choice"; name: string; label: string; options: readonly Option[]; further?: Further }
  /** One of many, or several of them (joined by commas). */
  | {
      kind: "select";
      name: string;
      label: string;
      options: readonly Option[];
      many?: boolean;
      width?: number;
      further?: Further;
    }
  /** Two days: `<name>_from` and `<name>_to`. */
  | { kind: "days"; name: string; label: string }
  /** Set elsewhere (a link): shown as a chip that can be taken away. */
  | { kind: "chip"; name: string; words: (value: string, rows: readonly Row[]) => string };

/** The names under which a field stands in the address. */
export function namesOf<Row>(field: FilterField<Row>): string[] {
  return field.kind === "days" ? [`${field.name}_from`, `${field.name}_to`] : [field.name];
}

interface Props<Row> {
  fields: readonly FilterField<Row>[];
  filter: Filter;
  set: (changes: Filter) => void;
  /** What the filter found: a chip may name itself by it. */
  rows: readonly Row[];
}

/** On a phone what is searched comes first: from so many fields on, only choices and chips stay in sight. */
const FOLDED_FROM = 3;

export function FilterBar<Row>({ fields, ...rest }: Props<Row>) {
  const text = useText();
  const phone = usePhone();
  const [open, setOpen] = useState(false);
  const isFolded = (field: FilterField<Row>) => field.kind !== "choice" && field.kind !== "chip";
  const folded = fields.filter(isFolded);
  const one = (field: FilterField<Row>) => <One key={field.name} field={field} {...rest} />;
  if (!phone || folded.length < FOLDED_FROM) return fields.map(one);
  const used = folded.filter((field) => namesOf(field).some((name) => rest.filter[name])).length;
  return (
    <>
      {fields.filter((field) => !isFolded(field)).map(one)}
      <Button icon={<FilterOutlined />} aria-expanded={open} onClick={() => setOpen(!open)}>
        {text.filters.fold(used)}
      </Button>
      {open && folded.map(one)}
    </>
  );
}

function One<Row>({ field, filter, set, rows }: Omit<Props<Row>, "fields"> & { field: FilterField<Row> }) {
  const value = filter[field.name] ?? "";
  switch (field.kind) {
    case "text":
      return <Words field={field} value={value} set={set} />;
    case "choice":
      return (
        <Segmented
          aria-label={field.label}
          value={value}
          onChange={(chosen) => set({ [field.name]: chosen })}
          options={withFurther(field.options, value, field.further)}
        />
      );
    case "select":
      return field.many ? (
        <Select
          mode="multiple"
          aria-label={field.label}
          placeholder={field.label}
          style={{ minWidth: field.width ?? 160 }}
          value={value ? value.split(",") : []}
          onChange={(chosen: string[]) => set({ [field.name]: chosen.join(",") })}
          options={[...field.options]}
          maxTagCount="responsive"
        />
      ) : (
        <Select
          aria-label={field.label}
          style={{ width: field.width ?? 140 }}
          value={value}
          onChange={(chosen) => set({ [field.name]: chosen })}
          options={withFurther(field.options, value, field.further)}
        />
      );
    case "days":
      return <Days field={field} filter={filter} set={set} />;
    case "chip":
      return value ? (
        <Button className="chip" onClick={() => set({ [field.name]: "" })}>
          {field.words(value, rows)}
          <span aria-hidden="true"> ✕</span>
        </Button>
      ) : null;
  }
}

function Words({
  field,
  value,
  set,
}: {
  field: { name: string; label: string };
  value: string;
  set: (changes: Filter) => void;
}) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed starts the wait
  useEffect(() => {
    if (typed.trim() === value) return;
    const wait = setTimeout(() => set({ [field.name]: typed.trim() }), 300);
    return () => clearTimeout(wait);
  }, [typed]);
  return (
    <Input.Search
      className="filter-search"
      allowClear
      maxLength={100}
      aria-label={field.label}
      placeholder={field.label}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
      onSearch={(words) => set({ [field.name]: words.trim() })}
    />
  );
}

function Days({
  field,
  filter,
  set,
}: {
  field: { name: string; label: string };
  filter: Filter;
  set: (changes: Filter) => void;
}) {
  const text = useText();
  const [from, to] = [`${field.name}_from`, `${field.name}_to`];
  const end = (name: string, words: string) => (
    <Input
      type="date"
      aria-label={words}
      title={words}
      value={filter[name] ?? ""}
      onChange={(event) => set({ [name]: event.target.value })}
    />
  );
  return (
    <span className="filter-days">
      <span className="faint">{field.label}</span>
      {end(from, text.parts.from(field.label))}
      <span aria-hidden="true">–</span>
      {end(to, text.parts.until(field.label))}
    </span>
  );
}
