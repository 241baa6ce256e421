// What a dead gateway or instrument explains, and why the calls of a warning wait.

import { useQuery } from "@tanstack/react-query";
import type { WarningDetail, WarningRow } from "../api/types.ts";
import { under } from "../api/windows.ts";
import { useText } from "../locales/index.tsx";
import { LevelBadge } from "../parts/Level.tsx";
import { Link } from "../parts/Link.tsx";
import { Card } from "../parts/Page.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { fullTime } from "../parts/time.ts";
import { Age } from "../parts/When.tsx";
import "../styles/windows.css";
import { StateSign } from "./StateSign.tsx";

/** A word on a row whose calls wait. */
export function HeldNote({ row }: { row: WarningRow }) {
  const text = useText();
  if (row.held_by === "window")
    return (
      <span className="note">
        ⊘ {row.held_until ? text.held.window(fullTime(row.held_until)) : text.held.windowShort}
      </span>
    );
  if (row.held_by === "parent") return <span className="note">{text.held.parent}</span>;
  if (row.held_by === "settle") return <span className="note">{text.held.settle}</span>;
  return null;
}

/** What is under a row of the list, read when it is unfolded. */
export function UnderList({ id }: { id: string }) {
  const found = useQuery(under(id));
  if (found.isPending) return <Loading rows={2} />;
  if (found.isError) return <Failed error={found.error} retry={() => found.refetch()} />;
  return <Rows rows={found.data} />;
}

/** The card on the page of a dead gateway or instrument. */
export function UnderCard({ view }: { view: WarningDetail }) {
  const text = useText();
  if (view.under.length === 0) return null;
  return (
    <Card title={`${text.held.title}（${view.under.length}）`}>
      <p className="faint">{text.held.note}</p>
      <Rows rows={view.under} />
      {view.children > view.under.length && (
        <p className="faint">{text.held.more(view.children - view.under.length)}</p>
      )}
    </Card>
  );
}

/** Why the calls of this warning wait, with the way to what they wait for. */
export function WaitsNote({ view }: { view: WarningDetail }) {
  const text = useText();
  if (view.window)
    return (
      <p className="notice">
        ⊘{" "}
        {text.held.windowNote(
          text.windows.categories[view.window.category] ?? "",
          view.window.subject_name,
          `${view.window.declared_for} ${view.window.declared_name}`,
          view.window.reason,
          fullTime(view.window.ends_at),
        )}{" "}
        <Link to={`/windows?window=${view.window.id}`}>{text.held.openWindow}</Link>
      </p>
    );
  if (!view.parent) return null;
  const parent = (
    <Link to={`/warnings/${view.parent.id}`}>
      {view.parent.number} {view.parent.title}
    </Link>
  );
  if (view.held_by === "parent")
    return (
      <p className="notice">
        {text.held.parentNote} {parent}
      </p>
    );
  if (view.held_by === "settle")
    return (
      <p className="notice">
        {text.held.settleNote} {parent}
      </p>
    );
  return (
    <p className="faint">
      {text.held.parentWas} {parent}
    </p>
  );
}

function Rows({ rows }: { rows: readonly WarningRow[] }) {
  const text = useText();
  return (
    <ul className="plain under-list">
      {rows.map((row) => (
        <li key={row.id}>
          <LevelBadge level={row.level} />
          <Link className="over" to={`/warnings/${row.id}`}>
            {row.title}
          </Link>
          {row.children > 0 && <span className="faint">{text.held.under(row.children)}</span>}
          {row.held_by !== "parent" && <HeldNote row={row} />}
          <StateSign state={row.state} condition={row.condition} />
          <Age at={row.raised_at} />
        </li>
      ))}
    </ul>
  );
}
