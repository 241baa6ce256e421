// One control a kind of field: what it shows and how it speaks its value to the form.

import { Checkbox, Input, InputNumber, Select } from "antd";
import type { ComponentType } from "react";
import { useLanguage, useText } from "../../locales/index.tsx";
import { FilesInput } from "./FilesInput.tsx";
import { LinkInput } from "./LinkInput.tsx";
import { MarkInput } from "./MarkInput.tsx";
import { Pick } from "./Pick.tsx";
import { SpotInput } from "./SpotInput.tsx";
import { type Choice, type Field, labelOf, NONE, OTHER } from "./spec.ts";

export interface ControlProps<Value = unknown> {
  field: Field;
  /** Given by the form. */
  id?: string;
  value?: Value;
  onChange?: (value: Value | null) => void;
}

/** More choices than this are searched for in a list instead of being laid out. */
const FEW = 6;
const FEW_SIGNS = 60;

/** In a table of rows a control has no label of its own beside it. */
function useLabel(field: Field): string {
  return labelOf(field, useLanguage().language);
}

function Text({ field, id, value, onChange }: ControlProps<string>) {
  const label = useLabel(field);
  return (
    <Input
      id={id}
      aria-label={label}
      value={value ?? ""}
      maxLength={field.longest || undefined}
      inputMode={field.personal === "phone" ? "tel" : undefined}
      autoComplete="off"
      onChange={(event) => onChange?.(event.target.value)}
    />
  );
}

function LongText({ field, id, value, onChange }: ControlProps<string>) {
  const label = useLabel(field);
  return (
    <Input.TextArea
      id={id}
      aria-label={label}
      value={value ?? ""}
      maxLength={field.longest || undefined}
      showCount={(value ?? "").length > field.longest * 0.8}
      autoSize={{ minRows: 2, maxRows: 12 }}
      onChange={(event) => onChange?.(event.target.value)}
    />
  );
}

function Figure({ field, id, value, onChange }: ControlProps<number>) {
  const label = useLabel(field);
  return (
    <InputNumber<number>
      id={id}
      aria-label={label}
      value={value ?? null}
      controls={false}
      inputMode={field.kind === "whole" ? "numeric" : "decimal"}
      suffix={field.unit || undefined}
      style={{ width: "100%" }}
      onChange={(typed) => onChange?.(typed)}
    />
  );
}

function Day({ field, id, value, onChange }: ControlProps<string>) {
  const label = useLabel(field);
  return (
    <Input
      id={id}
      aria-label={label}
      type="date"
      max="9999-12-31"
      value={value ?? ""}
      onChange={(event) => onChange?.(event.target.value || null)}
    />
  );
}

interface SpanValue {
  from?: string;
  to?: string | null;
}

function SpanDays({ id, value, onChange, field }: ControlProps<SpanValue>) {
  const text = useText();
  const { language } = useLanguage();
  const label = labelOf(field, language);
  const { from = "", to } = value ?? {};
  const open = Boolean(from) && to === null;
  const change = (next: SpanValue) => onChange?.(next.from || next.to ? next : null);
  return (
    <span className="span-days">
      <Input
        id={id}
        type="date"
        max="9999-12-31"
        aria-label={text.parts.from(label)}
        value={from}
        onChange={(event) => change({ to: to ?? undefined, from: event.target.value })}
      />
      <span aria-hidden="true">–</span>
      <Input
        type="date"
        max="9999-12-31"
        aria-label={text.parts.until(label)}
        value={to ?? ""}
        disabled={open}
        onChange={(event) => change({ from, to: event.target.value || undefined })}
      />
      <Checkbox
        checked={open}
        disabled={!from}
        onChange={(event) => change({ from, to: event.target.checked ? null : undefined })}
      >
        {text.records.openEnd}
      </Checkbox>
    </span>
  );
}

function YesNo({ field, id, value, onChange }: ControlProps<boolean>) {
  const text = useText();
  const { language } = useLanguage();
  return (
    <Pick
      id={id}
      label={labelOf(field, language)}
      options={[
        { value: "yes", label: text.yes },
        { value: "no", label: text.no },
      ]}
      chosen={value === undefined || value === null ? [] : [value ? "yes" : "no"]}
      choose={([code]) => onChange?.(code === undefined ? null : code === "yes")}
    />
  );
}

function areFew(choices: readonly Choice[]): boolean {
  const signs = choices.reduce((sum, choice) => sum + choice.zh.length, 0);
  return choices.length <= FEW && signs <= FEW_SIGNS;
}

function useOptions(field: Field) {
  const { language } = useLanguage();
  return field.choices.map((choice) => ({ value: choice.code, label: labelOf(choice, language) }));
}

function OtherWords({ value, onChange }: { value: string; onChange: (words: string) => void }) {
  const text = useText();
  return (
    <Input
      className="other-words"
      aria-label={text.records.otherWords}
      placeholder={text.records.otherWords}
      maxLength={200}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface ChosenValue {
  choice?: string;
  other?: string;
}

function OneChoice({ field, id, value, onChange }: ControlProps<ChosenValue>) {
  const { language } = useLanguage();
  const options = useOptions(field);
  const choose = (code: string | undefined) =>
    onChange?.(code ? { choice: code, other: value?.other ?? "" } : null);
  return (
    <>
      {areFew(field.choices) ? (
        <Pick
          id={id}
          label={labelOf(field, language)}
          options={options}
          chosen={value?.choice ? [value.choice] : []}
          choose={([code]) => choose(code)}
        />
      ) : (
        <Select
          id={id}
          aria-label={labelOf(field, language)}
          allowClear
          showSearch={{ optionFilterProp: "label" }}
          value={value?.choice}
          options={options}
          onChange={choose}
        />
      )}
      {value?.choice === OTHER && (
        <OtherWords value={value.other ?? ""} onChange={(other) => onChange?.({ ...value, other })} />
      )}
    </>
  );
}

interface SeveralValue {
  choices?: string[];
  other?: string;
}

function ManyChoices({ field, id, value, onChange }: ControlProps<SeveralValue>) {
  const { language } = useLanguage();
  const options = useOptions(field);
  const chosen = value?.choices ?? [];
  const choose = (wanted: string[]) => {
    const last = wanted.at(-1);
    const codes = last === NONE ? [NONE] : wanted.filter((code) => code !== NONE);
    // In the document's order, whatever the order of the taps.
    const choices = field.choices.map((choice) => choice.code).filter((code) => codes.includes(code));
    onChange?.(choices.length ? { choices, other: value?.other ?? "" } : null);
  };
  return (
    <>
      {field.choices.length <= 12 ? (
        <Pick
          id={id}
          many
          label={labelOf(field, language)}
          options={options}
          chosen={chosen}
          choose={choose}
        />
      ) : (
        <Select
          id={id}
          aria-label={labelOf(field, language)}
          mode="multiple"
          showSearch={{ optionFilterProp: "label" }}
          value={chosen}
          options={options}
          onChange={choose}
        />
      )}
      {chosen.includes(OTHER) && (
        <OtherWords value={value?.other ?? ""} onChange={(other) => onChange?.({ choices: chosen, other })} />
      )}
    </>
  );
}

// Each control takes the value of its own kind; the form hands it through unread.
const CONTROLS = {
  text: Text,
  "long-text": LongText,
  number: Figure,
  whole: Figure,
  day: Day,
  span: SpanDays,
  "yes-no": YesNo,
  choice: OneChoice,
  choices: ManyChoices,
  spot: SpotInput,
  mark: MarkInput,
  link: LinkInput,
  file: FilesInput,
  picture: FilesInput,
} as unknown as Record<string, ComponentType<ControlProps>>;

export function Control(props: ControlProps) {
  const Kind = CONTROLS[props.field.kind] ?? (Text as ComponentType<ControlProps>);
  return <Kind {...props} />;
}

/** Whether a field takes the whole width of the form. */
export function isWide(field: Field): boolean {
  if (field.kind === "choice") return areFew(field.choices) && field.choices.length > 3;
  return ["long-text", "choices", "spot", "mark", "file", "picture", "group", "block", "span"].includes(
    field.kind,
  );
}
