// Finds a region by name or code while one types; six hundred thousand villages are never a list.

import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useDeferredValue, useState } from "react";
import { regionsFound } from "../api/regions.ts";
import { useText } from "../locales/index.tsx";

interface Props {
  /** Given by the form, so that its label leads here. */
  id?: string;
  value?: string;
  onChange?: (code: string | undefined) => void;
  label?: string;
}

export function RegionSelect({ id, value, onChange, label }: Props) {
  const text = useText();
  const [typed, setTyped] = useState("");
  const words = useDeferredValue(typed || value || "");
  const found = useQuery(regionsFound(words)).data ?? [];
  return (
    <Select
      id={id}
      aria-label={label}
      allowClear
      showSearch={{ filterOption: false, onSearch: setTyped }}
      placeholder={text.regions.search}
      value={value}
      onChange={onChange}
      options={found.map((one) => ({ value: one.code, label: `${one.name} ${one.code}` }))}
    />
  );
}
