// Roles: who is of which kind, sees how far, of which sectors, and may do what; made, changed and deleted here.

import { CopyOutlined, EditOutlined, PlusOutlined } from "@ant-design/icons";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Drawer, Tag } from "antd";
import { useState } from "react";
import { send } from "../api/client.ts";
import { listOf } from "../api/list.ts";
import { type Role, roleParts, sectors as sectorList } from "../api/roles.ts";
import { useMay } from "../identity/me.tsx";
import { useLanguage, useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { Details } from "../parts/Details.tsx";
import { EditDrawer, type EditField, type Values } from "../parts/EditDrawer.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { usePhone } from "../parts/usePhone.ts";
import { Matrix } from "./Matrix.tsx";
import "../styles/roles.css";

const BLANK: Values = {
  name: "",
  kind: "supervisor",
  data_scope: "own-and-below",
  sectors: [],
  operations: ["see"],
  note: "",
};

function valuesOf(role: Role): Values {
  const { name, kind, data_scope, operations, note } = role;
  return { name, kind, data_scope, operations, note, sectors: role.sectors ?? [] };
}

export function Roles() {
  const words = useText().roles;
  const phone = usePhone();
  const client = useQueryClient();
  const { language } = useLanguage();
  const may = useMay("role");
  const parts = useQuery(roleParts);
  const known = useQuery(sectorList);
  const [shown, setShown] = useState<Role | null>(null);
  const [edited, setEdited] = useState<{ row: Role | null; values: Values } | null>(null);
  const [removing, setRemoving] = useState(false);

  if (parts.isPending || known.isPending) return <Loading rows={6} />;
  if (parts.isError) return <Failed error={parts.error} retry={() => parts.refetch()} />;
  if (known.isError) return <Failed error={known.error} retry={() => known.refetch()} />;

  const named = (each: { name: string; name_en: string } | undefined) =>
    (language === "en" ? each?.name_en : each?.name) ?? "";
  const kindName = (code: string) => named(parts.data.kinds.find((kind) => kind.code === code));
  const scopeName = (code: string) => named(parts.data.data_scopes.find((scope) => scope.code === code));
  const sectorNames = (codes: string[] | null) =>
    codes === null
      ? words.allSectors
      : codes.map((code) => known.data.items.find((each) => each.code === code)?.name ?? code).join("、");
  const done = () => {
    client.invalidateQueries({ queryKey: ["roles"] });
    client.invalidateQueries({ queryKey: ["choice", "roles"] });
    setShown(null);
  };
  const tag = (role: Role) => `"${role.version}"`;

  const fields = (row: Role | null): EditField[] => [
    { name: "name", label: words.name, required: true, max: 30 },
    {
      name: "kind",
      label: words.kind,
      kind: "select",
      required: true,
      disabled: row !== null,
      options: parts.data.kinds.map((kind) => ({ value: kind.code, label: named(kind) })),
      help: words.kindHelp,
    },
    ...parts.data.kinds.map(
      (kind): EditField => ({
        name: "data_scope",
        label: words.dataScope,
        kind: "select",
        required: true,
        options: parts.data.data_scopes
          .filter((scope) => kind.data_scopes.includes(scope.code))
          .map((scope) => ({ value: scope.code, label: named(scope) })),
        help: words.dataScopeHelp,
        when: (values) => values.kind === kind.code,
      }),
    ),
    {
      name: "sectors",
      label: words.sectors,
      kind: "many",
      options: known.data.items.map((sector) => ({ value: sector.code, label: sector.name })),
      help: words.sectorsHelp,
    },
    ...parts.data.kinds.map(
      (kind): EditField => ({
        name: "operations",
        label: words.operations,
        kind: "own",
        input: <Matrix parts={parts.data} kind={kind.code} editing />,
        when: (values) => values.kind === kind.code,
      }),
    ),
    { name: "note", label: words.note, kind: "long", max: 200 },
  ];

  /** What the form holds, as the centre takes it: only what the kind may hold, and no sector for all of them. */
  const sent = (values: Values) => {
    const possible = new Set(
      parts.data.subsystems
        .flatMap((system) => system.operations)
        .filter((op) => op.kinds.includes(String(values.kind)))
        .map((op) => op.word),
    );
    const chosen = (values.sectors as string[] | undefined) ?? [];
    return {
      name: values.name,
      kind: values.kind,
      data_scope: values.data_scope,
      note: values.note ?? "",
      sectors: chosen.length ? chosen : null,
      operations: ((values.operations as string[] | undefined) ?? []).filter((word) => possible.has(word)),
    };
  };

  return (
    <>
      <ListPage<Role>
        name="roles"
        title={words.title}
        note={words.lead}
        query={listOf<Role>("roles")}
        empty={words.empty}
        fields={[
          {
            kind: "select",
            name: "kind",
            label: words.kind,
            options: parts.data.kinds.map((kind) => ({ value: kind.code, label: named(kind) })),
          },
        ]}
        actions={
          may && (
            <Button
              type="primary"
              icon={<PlusOutlined />}
              onClick={() => setEdited({ row: null, values: BLANK })}
            >
              {words.add}
            </Button>
          )
        }
        rows={{
          rowKey: (role) => role.code,
          name: (role) => role.name,
          open: setShown,
          columns: [
            {
              key: "name",
              title: words.name,
              width: "minmax(11rem, 1.4fr)",
              always: true,
              cell: (role) => (
                <span className="two-lines">
                  <strong>{role.name}</strong>
                  <span className="faint">{role.built_in ? words.builtIn : role.code}</span>
                </span>
              ),
            },
            {
              key: "kind",
              title: words.kind,
              width: "minmax(7rem, 1fr)",
              cell: (role) => kindName(role.kind),
            },
            {
              key: "scope",
              title: words.dataScope,
              width: "minmax(8rem, 1fr)",
              cell: (role) => scopeName(role.data_scope),
            },
            {
              key: "sectors",
              title: words.sectors,
              width: "minmax(8rem, 1.2fr)",
              cell: (role) => sectorNames(role.sectors),
            },
            {
              key: "operations",
              title: words.operations,
              width: "6rem",
              end: true,
              cell: (role) => role.operations.length,
            },
            ...(may
              ? [
                  {
                    key: "accounts",
                    title: words.accounts,
                    width: "6rem",
                    end: true,
                    cell: (role: Role) => role.accounts,
                  },
                ]
              : []),
          ],
        }}
      />
      <Drawer
        title={shown?.name ?? ""}
        open={shown !== null && edited === null}
        onClose={() => setShown(null)}
        size={phone ? "100%" : 640}
        destroyOnHidden
      >
        {shown && (
          <>
            <Details
              items={[
                [words.kind, kindName(shown.kind)],
                [words.dataScope, scopeName(shown.data_scope)],
                [words.sectors, sectorNames(shown.sectors)],
                [words.note, shown.note],
              ]}
            />
            {shown.built_in && <Tag>{words.builtInNote}</Tag>}
            <Matrix parts={parts.data} kind={shown.kind} value={shown.operations} />
            <div className="form-foot">
              {shown.may_edit && (
                <Button
                  type="primary"
                  icon={<EditOutlined />}
                  onClick={() => setEdited({ row: shown, values: valuesOf(shown) })}
                >
                  {words.edit}
                </Button>
              )}
              {may && (
                <Button
                  icon={<CopyOutlined />}
                  onClick={() =>
                    setEdited({ row: null, values: { ...valuesOf(shown), name: words.copyOf(shown.name) } })
                  }
                >
                  {words.copy}
                </Button>
              )}
              {shown.may_edit && <Button onClick={() => setRemoving(true)}>{words.remove}</Button>}
            </div>
          </>
        )}
      </Drawer>
      <EditDrawer<Role>
        name={`role.${edited?.row?.code ?? "new"}`}
        title={edited?.row ? words.change(edited.row.name) : words.add}
        open={edited !== null}
        close={() => setEdited(null)}
        width={640}
        fields={fields(edited?.row ?? null)}
        initial={edited?.values}
        etag={edited?.row ? tag(edited.row) : null}
        save={(values, etag) =>
          send<Role>(
            edited?.row ? "PUT" : "POST",
            `/api/v1/roles${edited?.row ? `/${edited.row.code}` : ""}`,
            {
              body: sent(values),
              etag,
            },
          )
        }
        saved={done}
        reload={
          edited?.row
            ? async () => {
                const fresh = (await send<Role>("GET", `/api/v1/roles/${edited.row?.code}`)).data;
                setEdited({ row: fresh, values: valuesOf(fresh) });
              }
            : undefined
        }
      />
      {shown && (
        <ConfirmReason
          title={words.removeTitle(shown.name)}
          what={words.removeWhat}
          open={removing}
          close={() => setRemoving(false)}
          reason={false}
          run={() => send<void>("DELETE", `/api/v1/roles/${shown.code}`, { etag: tag(shown) })}
          done={done}
          submit={words.remove}
        />
      )}
    </>
  );
}
