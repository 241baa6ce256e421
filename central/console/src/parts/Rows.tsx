// The one table of the console: columns on a wide screen, cards on a phone; the whole row leads to its page
// or opens its drawer.

import { Button } from "antd";
import type { ReactNode } from "react";
import { useText } from "../locales/index.tsx";
import { Link } from "./Link.tsx";
import { usePhone } from "./usePhone.ts";

export interface Column<Row> {
  key: string;
  title: string;
  /** A CSS grid track, such as `minmax(12rem, 2fr)`. */
  width: string;
  cell: (row: Row) => ReactNode;
  end?: boolean;
  /** The name by which the centre sorts it; "-" in front turns the order. */
  sort?: string;
  /** Cannot be hidden: without it nobody would know what a row is. */
  always?: boolean;
  /** Hidden until somebody asks for it. */
  extra?: boolean;
}

/** How rows of one kind look, wherever they stand. */
export interface RowLook<Row> {
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string | number;
  /** The page of a row. */
  to?: (row: Row) => string;
  /** In place of `to`: what opens the row (a drawer). */
  open?: (row: Row) => void;
  name: (row: Row) => string;
  /** On a phone; without it the columns are listed. */
  card?: (row: Row) => ReactNode;
  rowClass?: (row: Row) => string;
  below?: (row: Row) => ReactNode;
}

interface Props<Row> extends RowLook<Row> {
  label: string;
  rows: readonly Row[];
  chosen?: number;
  /** The order asked of the centre, such as "-at", and what turns it. */
  sort?: string;
  sortBy?: (sort: string) => void;
}

function Cover<Row>({ look, row }: { look: RowLook<Row>; row: Row }) {
  if (look.to) return <Link className="row-link" to={look.to(row)} aria-label={look.name(row)} />;
  const { open } = look;
  if (!open) return null;
  return <button type="button" className="row-link" onClick={() => open(row)} aria-label={look.name(row)} />;
}

function ListedCard<Row>({ look, row }: { look: RowLook<Row>; row: Row }) {
  const [first, ...rest] = look.columns;
  return (
    <>
      <span className="row-card-title">{first?.cell(row)}</span>
      <dl className="facts-list">
        {rest.map((column) => (
          <div key={column.key} className="fact">
            <dt>{column.title}</dt>
            <dd>{column.cell(row)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function Heading<Row>({
  column,
  sort,
  sortBy,
}: {
  column: Column<Row>;
  sort?: string;
  sortBy?: (sort: string) => void;
}) {
  const by = column.sort;
  if (!by || !sortBy) return <>{column.title}</>;
  const up = sort === by;
  const down = sort === `-${by}`;
  return (
    <button type="button" className="rows-sort" onClick={() => sortBy(up ? `-${by}` : by)}>
      {column.title} <span aria-hidden="true">{up ? "▲" : down ? "▼" : "↕"}</span>
    </button>
  );
}

function order<Row>(column: Column<Row>, sort: string | undefined): "ascending" | "descending" | undefined {
  if (!column.sort) return undefined;
  return sort === column.sort ? "ascending" : sort === `-${column.sort}` ? "descending" : undefined;
}

export function Rows<Row>(props: Props<Row>) {
  const phone = usePhone();
  const { rows, columns, rowKey, name, rowClass, chosen, sort, sortBy } = props;
  if (phone)
    return (
      <ul className="cards" aria-label={props.label}>
        {rows.map((row) => (
          <li key={rowKey(row)} className={`row-card ${rowClass?.(row) ?? ""}`}>
            <Cover look={props} row={row} />
            {props.card ? props.card(row) : <ListedCard look={props} row={row} />}
            {props.below?.(row)}
          </li>
        ))}
      </ul>
    );
  const template = { gridTemplateColumns: columns.map((column) => column.width).join(" ") };
  return (
    <div className="rows" role="table" aria-label={props.label}>
      <div className="rows-head" role="row" style={template}>
        {columns.map((column) => (
          <span
            key={column.key}
            role="columnheader"
            className={column.end ? "cell-end" : undefined}
            aria-sort={order(column, sort)}
          >
            <Heading column={column} sort={sort} sortBy={sortBy} />
          </span>
        ))}
      </div>
      {rows.map((row, index) => (
        <div key={rowKey(row)} className="rows-group" role="rowgroup">
          <div
            className={`rows-row ${rowClass?.(row) ?? ""}${chosen === index ? " rows-chosen" : ""}`}
            role="row"
            aria-label={name(row)}
            aria-selected={chosen === undefined ? undefined : chosen === index}
            style={template}
          >
            {columns.map((column, place) => (
              <span key={column.key} role="cell" className={column.end ? "cell cell-end" : "cell"}>
                {place === 0 && <Cover look={props} row={row} />}
                {column.cell(row)}
              </span>
            ))}
          </div>
          {props.below?.(row)}
        </div>
      ))}
    </div>
  );
}

/** The foot of a list that is read page by page. */
export function More({
  more,
  busy,
  load,
  total,
}: {
  more: boolean;
  busy: boolean;
  load: () => void;
  total: number;
}) {
  const text = useText();
  if (!more) return total > 20 ? <p className="rows-end">{text.parts.noMore(total)}</p> : null;
  return (
    <div className="rows-end">
      <Button onClick={load} loading={busy}>
        {text.parts.more}
      </Button>
    </div>
  );
}
