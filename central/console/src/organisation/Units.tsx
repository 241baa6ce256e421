// Members of the safety committee: who they are, whom to call, which accounts keep them.

import type { Unit } from "../api/organisation.ts";
import { useText } from "../locales/index.tsx";
import { useAgencyOptions } from "./choices.ts";
import { useOwnerFilters } from "./filters.ts";
import { Register } from "./Register.tsx";

export function Units() {
  const text = useText().organisation;
  const words = text.units;
  const agencies = useAgencyOptions();
  const filters = useOwnerFilters(text.search);
  return (
    <Register<Unit>
      path="committee-units"
      title={words.title}
      one={words.one}
      empty={words.empty}
      nameOf={(row) => row.name}
      filters={filters}
      columns={[
        {
          key: "name",
          title: words.name,
          width: "minmax(12rem, 2fr)",
          always: true,
          cell: (row) => (
            <span className="two-lines">
              <strong>{row.name}</strong>
              <span className="faint">{row.agency_name}</span>
            </span>
          ),
        },
        { key: "code", title: words.code, width: "7rem", cell: (row) => row.code },
        { key: "contact", title: text.contact, width: "minmax(6rem, .8fr)", cell: (row) => row.contact_name },
        { key: "phone", title: text.phone, width: "minmax(8rem, 1fr)", cell: (row) => row.phone },
        { key: "address", title: text.address, width: "minmax(10rem, 1.6fr)", cell: (row) => row.address },
        {
          key: "administrators",
          title: words.administrators,
          width: "minmax(9rem, 1.2fr)",
          cell: (row) => row.administrators.join("、") || <span className="faint">{words.none}</span>,
        },
      ]}
      details={(row) => [
        [text.agency, row.agency_name],
        [words.code, row.code],
        [text.contact, row.contact_name],
        [text.phone, row.phone && <a href={`tel:${row.phone}`}>{row.phone}</a>],
        [text.address, row.address],
        [words.administrators, row.administrators.join("、") || words.none],
        [words.duties, row.duties],
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
        { name: "name", label: words.name, required: true, max: 100 },
        { name: "code", label: words.code, max: 32 },
        { name: "contact_name", label: text.contact, max: 100 },
        { name: "phone", label: text.phone, max: 32 },
        { name: "address", label: text.address, max: 200 },
        { name: "duties", label: words.duties, kind: "long", max: 2000 },
      ]}
      blank={{ agency_id: null, name: "", code: "", contact_name: "", phone: "", address: "", duties: "" }}
      values={(row) => ({ ...row })}
    />
  );
}
