// The way back: registers, this register, this record.

import type { RegisterEntry } from "../../api/records.ts";
import { useLanguage, useText } from "../../locales/index.tsx";
import { Link } from "../../parts/Link.tsx";
import { titleOf } from "./titles.ts";

interface Props {
  entry: RegisterEntry;
  /** The record below which the page lies. */
  last?: string;
  id?: string;
  /** Above a list page, which has margins of its own and says the register's name itself. */
  list?: boolean;
}

export function Crumbs({ entry, last, id, list = false }: Props) {
  const text = useText();
  const { language } = useLanguage();
  return (
    <nav className={list ? "crumbs crumbs-list" : "crumbs"} aria-label={text.records.way}>
      <Link to="/registers">{list ? text.records.allRegisters : text.records.title}</Link>
      {!list && (
        <>
          <span aria-hidden="true">›</span>
          <Link to={`/registers/${entry.name}`}>{titleOf(entry, language)}</Link>
        </>
      )}
      {last && id && (
        <>
          <span aria-hidden="true">›</span>
          <Link to={`/registers/${entry.name}/${id}`}>{last}</Link>
        </>
      )}
    </nav>
  );
}
