// One register of the organisation: a list, a drawer that shows a row, the form that adds or changes it, and its end.

import { EditOutlined, PlusOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Drawer } from "antd";
import { type ReactNode, useState } from "react";
import { type Answer, send } from "../api/client.ts";
import { type Filter, listOf } from "../api/list.ts";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { type Detail, Details } from "../parts/Details.tsx";
import { EditDrawer, type EditField, type Values } from "../parts/EditDrawer.tsx";
import type { FilterField } from "../parts/FilterBar.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import type { Column } from "../parts/Rows.tsx";
import { usePhone } from "../parts/usePhone.ts";

export interface Kept {
  id: number;
  version: number;
}

interface Props<Row extends Kept, Saved> {
  /** The path of the API, and the name under which lists and drafts are kept. */
  path: string;
  title: string;
  one: string;
  note?: ReactNode;
  filters: readonly FilterField<Row>[];
  fixed?: Filter;
  columns: readonly Column<Row>[];
  nameOf: (row: Row) => string;
  details: (row: Row) => readonly Detail[];
  /** The fields of the form; with a row it is changed, without one it is new. */
  fields: (row: Row | null) => readonly EditField[];
  /** What the form holds for a new row: every field with its empty value, which is sent for what was cleared. */
  blank: Values;
  values: (row: Row) => Values;
  /** What a field means when it was cleared, where a new row begins with something else. */
  cleared?: Values;
  /** From the form's values to the body that is sent. */
  sent?: (values: Values) => Values;
  empty: string;
  /** All rows in one page, put in order (a tree). */
  arrange?: (rows: Row[]) => Row[];
  limit?: number;
  /** Further buttons under the details. */
  acts?: (row: Row, done: () => void) => ReactNode;
  saved?: (answer: Answer<Saved>) => void;
  removeWords?: (row: Row) => string;
  actions?: ReactNode;
}

/** What the form holds, as the centre takes it: what was cleared becomes the field's empty value. */
function filled(values: Values, blank: Values): Values {
  return Object.fromEntries(
    Object.entries(blank).map(([name, empty]) => [
      name,
      values[name] === undefined || values[name] === null ? empty : values[name],
    ]),
  );
}

export function Register<Row extends Kept, Saved = Row>(props: Props<Row, Saved>) {
  const { path, title, one, nameOf, details, fields, blank } = props;
  const text = useText();
  const phone = usePhone();
  const client = useQueryClient();
  const may = useMay("organisation");
  const [shown, setShown] = useState<Row | null>(null);
  const [edited, setEdited] = useState<Row | "new" | null>(null);
  const [removing, setRemoving] = useState(false);
  const url = `/api/v1/${path}`;
  const row = edited === "new" ? null : edited;

  const renew = () => {
    client.invalidateQueries({ queryKey: [path] });
    client.invalidateQueries({ queryKey: ["choice", path] });
  };
  const done = () => {
    renew();
    setShown(null);
  };
  const tag = (of: Row) => `"${of.version}"`;

  return (
    <>
      <ListPage<Row>
        name={path}
        title={title}
        query={listOf<Row>(path, props.limit)}
        fields={props.filters}
        fixed={props.fixed}
        note={props.note}
        arrange={props.arrange}
        actions={
          <>
            {props.actions}
            {may && (
              <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited("new")}>
                {text.organisation.add(one)}
              </Button>
            )}
          </>
        }
        empty={props.empty}
        rows={{ columns: props.columns, rowKey: (each) => each.id, name: nameOf, open: setShown }}
      />
      <Drawer
        title={shown ? nameOf(shown) : ""}
        open={shown !== null && edited === null}
        onClose={() => setShown(null)}
        size={phone ? "100%" : 520}
        destroyOnHidden
      >
        {shown && (
          <>
            <Details items={details(shown)} />
            <div className="form-foot" style={{ marginTop: 20, flexWrap: "wrap" }}>
              {may && (
                <Button type="primary" icon={<EditOutlined />} onClick={() => setEdited(shown)}>
                  {text.organisation.edit}
                </Button>
              )}
              {props.acts?.(shown, done)}
              {may && <Button onClick={() => setRemoving(true)}>{text.organisation.remove}</Button>}
            </div>
          </>
        )}
      </Drawer>
      <EditDrawer<Saved>
        name={`${path}.${row ? row.id : "new"}`}
        title={row ? text.organisation.change(nameOf(row)) : text.organisation.add(one)}
        open={edited !== null}
        close={() => setEdited(null)}
        fields={fields(row)}
        initial={row ? props.values(row) : blank}
        etag={row ? tag(row) : null}
        save={(values, etag) => {
          const empty = withoutFixed({ ...blank, ...props.cleared }, fields(row));
          const typed = filled(values, empty);
          return send<Saved>(row ? "PUT" : "POST", row ? `${url}/${row.id}` : url, {
            body: props.sent?.(typed) ?? typed,
            etag,
          });
        }}
        saved={(answer) => {
          props.saved?.(answer);
          done();
        }}
        reload={
          row
            ? async () => {
                const fresh = (await send<Row>("GET", `${url}/${row.id}`)).data;
                setEdited(fresh);
                setShown(fresh);
              }
            : undefined
        }
      />
      {shown && (
        <ConfirmReason
          title={text.organisation.removeTitle(nameOf(shown))}
          what={props.removeWords?.(shown) ?? text.organisation.removeWhat}
          open={removing}
          close={() => setRemoving(false)}
          reason={false}
          run={() => send<void>("DELETE", `${url}/${shown.id}`, { etag: tag(shown) })}
          done={done}
          submit={text.organisation.remove}
        />
      )}
    </>
  );
}

/** Of the empty values those of the form's fields: what is fixed for an existing row is not sent again. */
function withoutFixed(blank: Values, fields: readonly EditField[]): Values {
  const names = new Set(fields.map((field) => field.name));
  return Object.fromEntries(Object.entries(blank).filter(([name]) => names.has(name)));
}
