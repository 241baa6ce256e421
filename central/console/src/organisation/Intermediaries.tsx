// Intermediaries, what ends soonest first: nobody works with one whose qualification has ended.

import type { Intermediary } from "../api/organisation.ts";
import { useText } from "../locales/index.tsx";
import { useAgencyOptions } from "./choices.ts";
import { Register } from "./Register.tsx";

export function Intermediaries() {
  const text = useText().organisation;
  const words = text.intermediaries;
  const agencies = useAgencyOptions();
  const options = (names: Record<string, string>) =>
    Object.entries(names).map(([value, label]) => ({ value, label }));
  return (
    <Register<Intermediary>
      path="intermediaries"
      title={words.title}
      one={words.one}
      empty={words.empty}
      nameOf={(row) => row.name}
      filters={[
        { kind: "text", name: "q", label: words.search },
        {
          kind: "select",
          name: "kind",
          label: words.kind,
          options: [{ value: "", label: text.anyKind }, ...options(words.kinds)],
        },
        {
          kind: "select",
          name: "state",
          label: words.state,
          options: [{ value: "", label: text.anyState }, ...options(words.states)],
        },
      ]}
      columns={[
        {
          key: "name",
          title: text.name,
          width: "minmax(12rem, 2fr)",
          always: true,
          cell: (row) => (
            <span className="two-lines">
              <strong>{row.name}</strong>
              <span className="faint">{row.credit_code}</span>
            </span>
          ),
        },
        { key: "kind", title: words.kind, width: "minmax(6rem, .8fr)", cell: (row) => words.kinds[row.kind] },
        {
          key: "no",
          title: words.qualificationNo,
          width: "minmax(9rem, 1.2fr)",
          cell: (row) => row.qualification_no,
        },
        {
          key: "until",
          title: words.until,
          width: "minmax(8rem, 1fr)",
          cell: (row) => (
            <span className="two-lines">
              <span>{row.valid_until}</span>
              <State row={row} />
            </span>
          ),
        },
        { key: "contact", title: text.contact, width: "minmax(6rem, .8fr)", cell: (row) => row.contact_name },
        { key: "phone", title: text.phone, width: "minmax(8rem, 1fr)", cell: (row) => row.phone },
      ]}
      details={(row) => [
        [words.creditCode, row.credit_code],
        [words.kind, words.kinds[row.kind]],
        [words.qualification, row.qualification],
        [words.qualificationNo, row.qualification_no],
        [words.from, row.valid_from],
        [words.until, row.valid_until],
        [words.state, <State key="state" row={row} />],
        [words.services, row.services],
        [text.contact, row.contact_name],
        [text.phone, row.phone && <a href={`tel:${row.phone}`}>{row.phone}</a>],
        [text.address, row.address],
        [text.agency, row.agency_name],
      ]}
      fields={(row) => [
        ...(row
          ? []
          : [
              {
                name: "agency_id",
                label: text.agency,
                kind: "select" as const,
                options: agencies,
                help: text.ownOffice,
              },
            ]),
        { name: "name", label: text.name, required: true, max: 100 },
        { name: "credit_code", label: words.creditCode, required: true, max: 40 },
        { name: "kind", label: words.kind, kind: "select", required: true, options: options(words.kinds) },
        { name: "qualification", label: words.qualification, max: 100 },
        { name: "qualification_no", label: words.qualificationNo, required: true, max: 64 },
        { name: "valid_from", label: words.from, kind: "date", required: true },
        { name: "valid_until", label: words.until, kind: "date", required: true },
        { name: "services", label: words.services, kind: "long", max: 2000 },
        { name: "contact_name", label: text.contact, max: 100 },
        { name: "phone", label: text.phone, max: 32 },
        { name: "address", label: text.address, max: 200 },
      ]}
      blank={{
        agency_id: null,
        name: "",
        credit_code: "",
        kind: null,
        qualification: "",
        qualification_no: "",
        valid_from: "",
        valid_until: "",
        services: "",
        contact_name: "",
        phone: "",
        address: "",
      }}
      values={(row) => ({ ...row })}
    />
  );
}

function State({ row }: { row: Intermediary }) {
  const words = useText().organisation.intermediaries;
  const good = row.state === "valid";
  return (
    <span className={good ? "faint" : "sign-quality-bad"}>
      {good ? "✓ " : row.state === "expiring" ? "! " : "✕ "}
      {words.states[row.state]}
    </span>
  );
}
