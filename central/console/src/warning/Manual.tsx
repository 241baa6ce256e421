// The form of a warning that a person issues: level, words, and whom it concerns.

import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useEffect, useRef, useState } from "react";
import type { Issued } from "../api/approvals.ts";
import { send } from "../api/client.ts";
import { linkChoices } from "../api/records.ts";
import type { Level } from "../api/words.ts";
import { useText } from "../locales/index.tsx";
import { useAgencyOptions } from "../organisation/choices.ts";
import { EditDrawer } from "../parts/EditDrawer.tsx";

const LEVELS: readonly Level[] = ["blue", "yellow", "orange", "red"];

interface Props {
  open: boolean;
  close: () => void;
  issued: () => void;
}

export function Manual({ open, close, issued }: Props) {
  const text = useText();
  const words = text.approvals;
  const agencies = useAgencyOptions();
  // One form, one key: sent again after a broken connection it warns once.
  const key = useRef(crypto.randomUUID());
  return (
    <EditDrawer<Issued>
      name="manual-warning.new"
      title={words.issue}
      note={words.issueNote}
      submit={words.submit}
      open={open}
      close={close}
      initial={{ level: "yellow", title: "", text: "", enterprise_ids: [], agency_ids: [] }}
      fields={[
        {
          name: "level",
          label: words.fields.level,
          kind: "select",
          required: true,
          options: LEVELS.map((value) => ({ value, label: text.levelWarning[value] })),
        },
        { name: "title", label: words.fields.title, required: true, max: 200 },
        {
          name: "text",
          label: words.fields.text,
          kind: "long",
          required: true,
          max: 2000,
          help: words.fields.textHelp,
        },
        {
          name: "enterprise_ids",
          label: words.fields.enterprises,
          kind: "own",
          help: words.fields.enterprisesHelp,
          input: <EnterprisesPicker />,
        },
        {
          name: "agency_ids",
          label: words.fields.agencies,
          kind: "many",
          options: agencies,
          help: words.fields.agenciesHelp,
        },
      ]}
      save={(values) =>
        send<Issued>("POST", "/api/v1/warning-proposals", { body: { ...values, key: key.current } })
      }
      saved={() => {
        key.current = crypto.randomUUID();
        issued();
      }}
    />
  );
}

export function EnterprisesPicker({
  value = [],
  onChange,
}: {
  value?: number[];
  onChange?: (ids: number[]) => void;
}) {
  const words = useText().approvals.fields;
  const [typed, setTyped] = useState("");
  const [asked, setAsked] = useState("");
  const [names, setNames] = useState<Record<number, string>>({});
  useEffect(() => {
    const wait = setTimeout(() => setAsked(typed.trim()), 250);
    return () => clearTimeout(wait);
  }, [typed]);
  const found = useQuery(linkChoices("enterprise", asked));
  const options = (found.data ?? []).map((one) => ({ value: Number(one.id), label: one.label }));
  const kept = value
    .filter((id) => !options.some((option) => option.value === id))
    .map((id) => ({ value: id, label: names[id] ?? `${id}` }));
  return (
    <Select
      mode="multiple"
      aria-label={words.enterprises}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      style={{ width: "100%" }}
      value={value}
      loading={found.isFetching}
      options={[...kept, ...options]}
      onChange={(ids: number[]) => {
        const known = Object.fromEntries(options.map((option) => [option.value, option.label]));
        setNames((before) => ({ ...before, ...known }));
        onChange?.(ids);
      }}
    />
  );
}
