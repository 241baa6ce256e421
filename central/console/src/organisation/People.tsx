// People of the own office and of those below, with or without an account; other offices' numbers on demand.

import type { Staff } from "../api/organisation.ts";
import { useText } from "../locales/index.tsx";
import { useOwnerFilters } from "./filters.ts";
import { DepartmentPicker, OwnAccountPicker, PostPicker, useOwnerFields } from "./owner.tsx";
import { Register } from "./Register.tsx";
import { Reveal } from "./Reveal.tsx";

export function People() {
  const text = useText().organisation;
  const words = text.staff;
  const owners = useOwnerFields();
  const filters = useOwnerFilters(words.search);
  return (
    <Register<Staff>
      path="staff"
      title={words.title}
      one={words.one}
      empty={words.empty}
      nameOf={(row) => row.name}
      filters={filters}
      columns={[
        {
          key: "name",
          title: words.name,
          width: "minmax(7rem, 1fr)",
          always: true,
          cell: (row) => (
            <span className="two-lines">
              <strong>{row.name}</strong>
              {row.post_name && <span className="faint">{row.post_name}</span>}
            </span>
          ),
        },
        {
          key: "department",
          title: words.department,
          width: "minmax(9rem, 1.3fr)",
          cell: (row) => (
            <span className="two-lines">
              <span>{row.department_name}</span>
              <span className="faint">{row.owner_name}</span>
            </span>
          ),
        },
        { key: "phone", title: words.mobile, width: "minmax(8rem, 1fr)", cell: (row) => row.phone },
        {
          key: "office",
          title: words.officePhone,
          width: "minmax(8rem, 1fr)",
          extra: true,
          cell: (row) => row.office_phone,
        },
        {
          key: "account",
          title: words.account,
          width: "minmax(8rem, 1fr)",
          cell: (row) =>
            row.login ? (
              <span className="two-lines">
                <span>{row.login}</span>
                <span className="faint">{row.role_name}</span>
              </span>
            ) : (
              <span className="faint">{words.noAccount}</span>
            ),
        },
        {
          key: "duties",
          title: words.duties,
          width: "minmax(10rem, 1.6fr)",
          cell: (row) => row.duties,
        },
      ]}
      details={(row) => [
        [text.owner, row.owner_name],
        [words.department, row.department_name],
        [words.post, row.post_name],
        [words.heads, row.heads.join("、")],
        [words.mobile, <Reveal key="phone" kind="staff" id={row.id} phone={row.phone} />],
        [words.officePhone, row.office_phone],
        [words.email, row.email],
        [words.account, row.login ? `${row.login}（${row.role_name}）` : words.noAccount],
        [words.duties, row.duties],
      ]}
      fields={(row) => [
        ...(row ? [] : owners),
        { name: "name", label: words.name, required: true, max: 100 },
        {
          name: "department_id",
          label: words.department,
          kind: "own",
          input: <DepartmentPicker owner={row} />,
        },
        { name: "post_id", label: words.post, kind: "own", input: <PostPicker owner={row} /> },
        { name: "phone", label: words.mobile, max: 32 },
        { name: "office_phone", label: words.officePhone, max: 32 },
        { name: "email", label: words.email, max: 100 },
        { name: "duties", label: words.duties, kind: "long", max: 2000 },
        { name: "account_id", label: words.account, kind: "own", input: <OwnAccountPicker owner={row} /> },
        { name: "sequence", label: text.sequence, kind: "number", least: 0, most: 9999 },
      ]}
      blank={{
        agency_id: null,
        enterprise_id: null,
        name: "",
        department_id: null,
        post_id: null,
        phone: "",
        office_phone: "",
        email: "",
        duties: "",
        account_id: null,
        sequence: 0,
      }}
      values={(row) => ({ ...row })}
    />
  );
}
