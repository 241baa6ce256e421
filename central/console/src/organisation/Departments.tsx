// Departments of the own office and of those below; an enterprise confirms here that its organisation is right.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button } from "antd";
import { get, send } from "../api/client.ts";
import type { Department, OrganisationCheck } from "../api/organisation.ts";
import { useMay, useMe } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { problemWords } from "../parts/States.tsx";
import { useOwnerFilters } from "./filters.ts";
import { DepartmentPicker, StaffPicker, useOwnerFields } from "./owner.tsx";
import { Register } from "./Register.tsx";

export function Departments() {
  const text = useText().organisation;
  const words = text.departments;
  const me = useMe();
  const owners = useOwnerFields();
  const filters = useOwnerFilters(words.search);
  return (
    <Register<Department>
      path="departments"
      title={words.title}
      one={words.one}
      empty={words.empty}
      nameOf={(row) => row.name}
      filters={filters}
      actions={me.enterprise_id === null ? undefined : <Check enterprise={me.enterprise_id} />}
      columns={[
        {
          key: "name",
          title: text.name,
          width: "minmax(10rem, 1.6fr)",
          always: true,
          cell: (row) => (
            <span className="two-lines">
              <strong>{row.name}</strong>
              {row.parent_name && <span className="faint">{row.parent_name}</span>}
            </span>
          ),
        },
        { key: "owner", title: text.owner, width: "minmax(10rem, 1.4fr)", cell: (row) => row.owner_name },
        {
          key: "head",
          title: words.head,
          width: "minmax(6rem, 1fr)",
          cell: (row) => row.head_name ?? <span className="faint">{words.noHead}</span>,
        },
        { key: "phone", title: words.phone, width: "minmax(8rem, 1fr)", cell: (row) => row.phone },
        {
          key: "people",
          title: text.people,
          width: "5rem",
          end: true,
          cell: (row) => text.peopleCount(row.people),
        },
        {
          key: "duties",
          title: words.duties,
          width: "minmax(10rem, 2fr)",
          extra: true,
          cell: (row) => row.duties,
        },
      ]}
      details={(row) => [
        [text.owner, row.owner_name],
        [words.parent, row.parent_name],
        [words.head, row.head_name ?? words.noHead],
        [words.phone, row.phone],
        [text.people, text.peopleCount(row.people)],
        [text.below, row.below ? text.belowCount(row.below) : ""],
        [words.duties, row.duties],
      ]}
      fields={(row) => [
        ...(row ? [] : owners),
        { name: "name", label: text.name, required: true, max: 100 },
        { name: "parent_id", label: words.parent, kind: "own", input: <DepartmentPicker owner={row} /> },
        { name: "head_id", label: words.head, kind: "own", input: <StaffPicker owner={row} /> },
        { name: "phone", label: words.phone, max: 32 },
        { name: "duties", label: words.duties, kind: "long", max: 2000 },
        { name: "sequence", label: text.sequence, kind: "number", least: 0, most: 9999 },
      ]}
      blank={{
        agency_id: null,
        enterprise_id: null,
        name: "",
        parent_id: null,
        head_id: null,
        phone: "",
        duties: "",
        sequence: 0,
      }}
      values={(row) => ({ ...row })}
    />
  );
}

function Check({ enterprise }: { enterprise: number }) {
  const text = useText();
  const words = text.organisation.departments;
  const client = useQueryClient();
  const { message } = App.useApp();
  const may = useMay("organisation");
  const found = useQuery({
    queryKey: ["departments", "check", enterprise],
    queryFn: ({ signal }) => get<OrganisationCheck>("/api/v1/organisation-check", signal),
  });
  const confirm = useMutation({
    mutationFn: () => send<OrganisationCheck>("POST", "/api/v1/organisation-check"),
    onSuccess: () => {
      message.success(words.confirmed, 3);
      client.invalidateQueries({ queryKey: ["departments"] });
      client.invalidateQueries({ queryKey: ["session"] });
    },
    onError: (error) => message.error(problemWords(error, text), 8),
  });
  if (!found.data) return null;
  const by = found.data.checked_by;
  return (
    <>
      {by && <span className="faint">{words.checked(by)}</span>}
      {may && (
        <Button title={words.checkHelp} loading={confirm.isPending} onClick={() => confirm.mutate()}>
          {words.check}
        </Button>
      )}
    </>
  );
}
