// The audit: who did what, from where and why; a row opens what it changed, field by field.

import { useQuery } from "@tanstack/react-query";
import { Drawer } from "antd";
import { useState } from "react";
import { type AuditRow, auditList } from "../api/audit.ts";
import { registers } from "../api/records.ts";
import { useLanguage, useText } from "../locales/index.tsx";
import { Details } from "../parts/Details.tsx";
import type { FilterField } from "../parts/FilterBar.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import type { RowLook } from "../parts/Rows.tsx";
import { usePhone } from "../parts/usePhone.ts";
import { When } from "../parts/When.tsx";
import { titleOf } from "../registry/records/titles.ts";
import { Changes } from "./Changes.tsx";
import { useAuditTabs } from "./tabs.ts";

function useActing() {
  const text = useText().audit;
  return (row: AuditRow) => text.actions[row.action] ?? text.otherAction(row.action);
}

/** What a subject is called; the tables of registers have the titles of their registers. */
function useSubjectName() {
  const text = useText().audit;
  const { language } = useLanguage();
  const entries = useQuery(registers).data ?? [];
  return (subject: string) => {
    const entry = entries.find((one) => subject === `reg_${one.name.replaceAll("-", "_")}`);
    return entry ? titleOf(entry, language) : (text.subjects[subject] ?? subject);
  };
}

function useSubject() {
  const name = useSubjectName();
  return (row: AuditRow) => {
    // What was refused is an address; a net's entry too: its name for programs tells people nothing.
    const address = row.action === "refused" || row.action === "request";
    if (address) return row.subject_id;
    const what = name(row.subject_type);
    return row.subject_id ? `${what} ${row.subject_id}` : what;
  };
}

export function AuditList() {
  const text = useText().audit;
  const phone = usePhone();
  const tabs = useAuditTabs();
  const action = useActing();
  const subject = useSubject();
  const subjectName = useSubjectName();
  const [open, setOpen] = useState<AuditRow | null>(null);
  const where = (row: AuditRow) => (row.address === "system" ? text.server : row.address);
  const who = (row: AuditRow) => row.actor_name || text.nobody;
  const fields: FilterField<AuditRow>[] = [
    {
      kind: "choice",
      name: "kind",
      label: text.kind,
      options: [
        { value: "", label: text.anyKind },
        ...(["business", "security", "system"] as const).map((value) => ({
          value,
          label: text.kinds[value],
        })),
      ],
    },
    { kind: "days", name: "at", label: text.at },
    { kind: "text", name: "who", label: text.who },
    { kind: "text", name: "address", label: text.address },
    { kind: "text", name: "q", label: text.search },
    { kind: "chip", name: "action", words: (value) => text.actions[value] ?? value },
    { kind: "chip", name: "subject_type", words: subjectName },
    { kind: "chip", name: "subject_id", words: (value) => value },
    { kind: "chip", name: "actor", words: (_, rows) => (rows[0] ? who(rows[0]) : text.who) },
  ];
  const look: RowLook<AuditRow> = {
    columns: [
      {
        key: "at",
        title: text.at,
        width: "minmax(13rem, 1fr)",
        always: true,
        cell: (row) => <When at={row.at} />,
      },
      {
        key: "who",
        title: text.who,
        width: "minmax(8rem, 1fr)",
        always: true,
        cell: (row) => (
          <span>
            {who(row)}
            {row.actor !== null && row.role_name && (
              <span className="faint"> {text.roleNames[row.role_name] ?? row.role_name}</span>
            )}
          </span>
        ),
      },
      { key: "action", title: text.action, width: "minmax(7rem, .8fr)", always: true, cell: action },
      { key: "subject", title: text.subject, width: "minmax(10rem, 1.2fr)", cell: subject },
      { key: "address", title: text.address, width: "minmax(8rem, .7fr)", cell: where },
      { key: "reason", title: text.reason, width: "minmax(8rem, 1.2fr)", cell: (row) => row.reason },
      { key: "kind", title: text.kind, width: "6rem", extra: true, cell: (row) => text.kinds[row.kind] },
    ],
    rowKey: (row) => row.id,
    open: setOpen,
    name: (row) => `${who(row)} ${action(row)}`,
  };
  return (
    <>
      <ListPage<AuditRow>
        name="audit"
        title={text.title}
        tabs={tabs}
        query={auditList}
        rows={look}
        fields={fields}
        note={text.note}
        empty={text.empty}
      />
      <Drawer
        title={open ? `${who(open)} · ${action(open)}` : ""}
        open={open !== null}
        onClose={() => setOpen(null)}
        size={phone ? "100%" : 640}
        destroyOnHidden
      >
        {open && (
          <>
            <Details
              items={[
                [text.at, <When key="at" at={open.at} />],
                [text.who, who(open)],
                [text.role, text.roleNames[open.role_name] ?? open.role_name],
                [text.address, where(open)],
                [text.device, text.devices[open.device] ?? open.device],
                [text.kind, text.kinds[open.kind]],
                [text.subject, subject(open)],
                [text.reason, open.reason],
                [text.number, String(open.id)],
              ]}
            />
            <Changes before={open.before} after={open.after} />
          </>
        )}
      </Drawer>
    </>
  );
}
