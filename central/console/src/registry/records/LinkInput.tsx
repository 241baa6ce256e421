// A thing kept elsewhere, found by a part of its name or its pinyin initials.

import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useEffect, useState } from "react";
import { isSearchedHere, linkChoices, registers } from "../../api/records.ts";
import { useLanguage, useText } from "../../locales/index.tsx";
import { problemWords } from "../../parts/States.tsx";
import type { ControlProps } from "./controls.tsx";
import { useFormAround } from "./FormContext.tsx";
import { isFound } from "./initials.ts";
import { labelOf } from "./spec.ts";

interface LinkValue {
  id: string;
  label: string;
}

export function LinkInput({ field, id, value, onChange }: ControlProps<LinkValue>) {
  const text = useText();
  const { language } = useLanguage();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const wait = setTimeout(() => setAsked(typed.trim()), 250);
    return () => clearTimeout(wait);
  }, [typed]);
  // Of what enterprises keep themselves, one links to what the same enterprise keeps.
  const around = useFormAround();
  const entries = useQuery({ ...registers, enabled: open }).data;
  const theirs =
    field.to === "point" || entries?.find((one) => one.name === field.to)?.owner === "enterprise";
  const whose = theirs ? (around.owner.enterprise_id ?? undefined) : undefined;
  const found = useQuery({ ...linkChoices(field.to, asked, whose), enabled: open && entries !== undefined });
  const options = (found.data ?? [])
    .filter((one) => !isSearchedHere(field.to) || isFound(one.label, one.id, asked))
    .map((one) => ({ value: one.id, label: one.label }));
  const known = !value || options.some((option) => option.value === value.id);
  return (
    <Select
      id={id}
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      aria-label={labelOf(field, language)}
      placeholder={text.records.searchToChoose}
      value={value?.id}
      loading={found.isFetching}
      onOpenChange={setOpen}
      notFoundContent={
        found.isPending
          ? text.loading
          : found.isError
            ? problemWords(found.error, text)
            : text.records.nothingFound
      }
      options={known ? options : [{ value: value.id, label: value.label || value.id }, ...options]}
      onChange={(chosen: string | undefined) => {
        const one = options.find((option) => option.value === chosen);
        onChange?.(one ? { id: one.value, label: one.label } : null);
      }}
    />
  );
}
