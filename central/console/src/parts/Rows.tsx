// The one table of the console: columns on a wide screen, cards on a phone; the whole row leads to its page.

import { Button } from "antd";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useText } from "../locales/index.tsx";
import { usePhone } from "./usePhone.ts";

export interface Column<Row> {
  key: string;
  title: string;
  /** A CSS grid track, such as `minmax(12rem, 2fr)`. */
  width: string;
  cell: (row: Row) => ReactNode;
  end?: boolean;
}

interface Props<Row> {
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  rowKey: (row: Row) => string | number;
  to?: (row: Row) => string;
  name: (row: Row) => string;
  card: (row: Row) => ReactNode;
  rowClass?: (row: Row) => string;
  chosen?: number;
  below?: (row: Row) => ReactNode;
}

export function Rows<Row>(props: Props<Row>) {
  const phone = usePhone();
  const { rows, columns, rowKey, to, name, rowClass, chosen } = props;
  if (phone)
    return (
      <ul className="cards" aria-label={props.label}>
        {rows.map((row) => (
          <li key={rowKey(row)} className={`row-card ${rowClass?.(row) ?? ""}`}>
            {to && <Link className="row-link" to={to(row)} aria-label={name(row)} />}
            {props.card(row)}
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
          <span key={column.key} role="columnheader" className={column.end ? "cell-end" : undefined}>
            {column.title}
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
                {place === 0 && to && <Link className="row-link" to={to(row)} aria-label={name(row)} />}
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
  if (!more) return total > 20 ? <p className="rows-end">{text.warnings.noMore(total)}</p> : null;
  return (
    <div className="rows-end">
      <Button onClick={load} loading={busy}>
        {text.warnings.more}
      </Button>
    </div>
  );
}
