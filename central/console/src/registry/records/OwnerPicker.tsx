// Whose record a new one is: for an enterprise its own, for an office one of its enterprises or itself.

import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useEffect, useState } from "react";
import { linkChoices } from "../../api/records.ts";
import { useText } from "../../locales/index.tsx";

export interface Owner {
  enterprise_id?: number;
  agency_id?: number;
}

interface Props {
  kind: "enterprise" | "agency";
  value: number | undefined;
  onChange: (id: number | undefined) => void;
}

export function OwnerPicker({ kind, value, onChange }: Props) {
  const text = useText();
  const words = text.records;
  const [typed, setTyped] = useState("");
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const wait = setTimeout(() => setAsked(typed.trim()), 250);
    return () => clearTimeout(wait);
  }, [typed]);
  const found = useQuery(linkChoices(kind, asked));
  const named = useQuery({ ...linkChoices(kind, ""), enabled: value !== undefined });
  const options = (found.data ?? []).map((one) => ({ value: Number(one.id), label: one.label }));
  const chosen = named.data?.find((one) => Number(one.id) === value);
  const known = value === undefined || options.some((option) => option.value === value);
  return (
    <Select
      aria-label={kind === "enterprise" ? words.ofEnterprise : words.ofAgency}
      placeholder={kind === "enterprise" ? words.chooseEnterprise : words.chooseAgency}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      allowClear
      style={{ width: "100%" }}
      value={value}
      loading={found.isFetching}
      options={known ? options : [{ value, label: chosen?.label ?? words.chosen }, ...options]}
      onChange={onChange}
    />
  );
}
