// The way back: registers, this register, this record.

import { Link } from "react-router";
import type { RegisterEntry } from "../../api/records.ts";
import { useLanguage, useText } from "../../locales/index.tsx";
import { titleOf } from "./titles.ts";

export function Crumbs({ entry, last, id }: { entry: RegisterEntry; last?: string; id?: string }) {
  const text = useText();
  const { language } = useLanguage();
  return (
    <nav className="crumbs" aria-label={text.records.way}>
      <Link to="/registers">{text.records.title}</Link>
      <span aria-hidden="true">›</span>
      <Link to={`/registers/${entry.name}`}>{titleOf(entry, language)}</Link>
      {last && id && (
        <>
          <span aria-hidden="true">›</span>
          <Link to={`/registers/${entry.name}/${id}`}>{last}</Link>
        </>
      )}
    </nav>
  );
}
