// Warnings as a list: what, where, since when, who is on it, when the next people are called.

import { DownOutlined, RightOutlined } from "@ant-design/icons";
import { useState } from "react";
import type { WarningRow } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { instrumentName } from "../parts/instrument.ts";
import { LevelBadge } from "../parts/Level.tsx";
import { Link } from "../parts/Link.tsx";
import { type Column, type RowLook, Rows } from "../parts/Rows.tsx";
import { fullTime, spanWords } from "../parts/time.ts";
import { Age, Until } from "../parts/When.tsx";
import { type GroupedRow, grouped } from "./grouping.ts";
import { StateSign } from "./StateSign.tsx";
import { HeldNote, UnderList } from "./Under.tsx";

/** What a row is about: one warning, or how many points of one instrument. */
function Title({ row, open, turn }: { row: GroupedRow; open: boolean; turn: () => void }) {
  const text = useText();
  if (row.children && !row.rest)
    return (
      <>
        <strong>{row.title}</strong>
        <button type="button" className="opener over" aria-expanded={open} onClick={turn}>
          {open ? <DownOutlined /> : <RightOutlined />} {text.held.under(row.children)}
        </button>
      </>
    );
  if (!row.rest) return <strong>{row.title}</strong>;
  return (
    <>
      <strong>
        {text.warnings.instrument(instrumentName(row.instrument ?? "", text), row.rest.length + 1)}
      </strong>
      <button type="button" className="opener over" aria-expanded={open} onClick={turn}>
        {open ? <DownOutlined /> : <RightOutlined />} {text.warnings.eachPoint}
      </button>
    </>
  );
}

function Notes({ row }: { row: WarningRow }) {
  const text = useText();
  return (
    <>
      {row.first_up && <span className="note note-first">{text.storm.firstUp}</span>}
      <HeldNote row={row} />
      {row.is_test && <span className="note">{text.warnings.test}</span>}
      {row.history && <span className="note">{text.warnings.history}</span>}
      {row.late && !row.history && (
        <span className="note">{text.warnings.lateBy(spanWords(row.delayed_s * 1_000, text))}</span>
      )}
      {row.suppressed_until && (
        <span className="note">{text.warnings.suppressedUntil(fullTime(row.suppressed_until))}</span>
      )}
    </>
  );
}

function Next({ row }: { row: WarningRow }) {
  const text = useText();
  if (row.held_by && row.state === "open") return <span className="faint">{text.held.waits}</span>;
  const answers = row.assignee ?? row.acknowledged_by;
  if (answers) return <span>{answers}</span>;
  if (row.next_step_at && row.state === "open")
    return (
      <span className="row-next">
        {text.warnings.next} <Until at={row.next_step_at} />
      </span>
    );
  return <span className="faint">–</span>;
}

/** How a warning looks in a list; what one dead instrument raised is folded into one row (`grouped`). */
export function useWarningLook(withEnterprise = true): RowLook<GroupedRow> {
  const text = useText();
  const [opened, setOpened] = useState<string | null>(null);
  const title = (row: GroupedRow) => (
    <Title
      row={row}
      open={opened === row.id}
      turn={() => setOpened((id) => (id === row.id ? null : row.id))}
    />
  );
  const columns: Column<GroupedRow>[] = [
    {
      key: "level",
      title: text.warnings.level,
      width: "6rem",
      cell: (row) => <LevelBadge level={row.level} />,
    },
    {
      key: "title",
      always: true,
      title: text.warnings.what,
      width: "minmax(13rem, 2fr)",
      cell: (row) => (
        <span className="row-title">
          {title(row)}
          <Notes row={row} />
        </span>
      ),
    },
    ...(withEnterprise
      ? [
          {
            key: "enterprise",
            title: text.warnings.enterprise,
            width: "minmax(11rem, 1.6fr)",
            cell: (row: GroupedRow) => (
              <span className="two-lines">
                <span>{row.enterprise_name}</span>
                <span className="faint">{row.region_name}</span>
              </span>
            ),
          },
        ]
      : []),
    {
      key: "raised",
      title: text.warnings.raised,
      width: "minmax(10rem, 1.1fr)",
      cell: (row) => (
        <span className="two-lines">
          <span className="number">{fullTime(row.raised_at)}</span>
          <Age at={row.raised_at} />
        </span>
      ),
    },
    {
      key: "state",
      title: text.warnings.state,
      width: "minmax(8.5rem, .9fr)",
      cell: (row) => <StateSign state={row.state} condition={row.condition} />,
    },
    {
      key: "next",
      title: text.warnings.who,
      width: "minmax(8rem, 1fr)",
      cell: (row) => <Next row={row} />,
    },
  ];
  return {
    columns,
    rowKey: (row) => row.id,
    to: (row) => `/warnings/${row.id}`,
    name: (row) => `${text.levelWarning[row.level]} ${row.enterprise_name} ${row.title}`,
    rowClass: (row) => (row.state === "open" ? `edge edge-${row.level}` : "edge"),
    below: (row) =>
      row.rest && opened === row.id ? (
        <ul className="plain folded">
          {[row, ...row.rest].map((each) => (
            <li key={each.id}>
              <Link className="over" to={`/warnings/${each.id}`}>
                {each.title}
              </Link>
              <Age at={each.raised_at} />
            </li>
          ))}
        </ul>
      ) : row.children && opened === row.id ? (
        <UnderList id={row.id} />
      ) : null,
    card: (row) => (
      <>
        <div className="row-card-top">
          <LevelBadge level={row.level} />
          <StateSign state={row.state} condition={row.condition} />
          <Age at={row.raised_at} />
        </div>
        <span className="row-card-title">{title(row)}</span>
        <div className="row-card-line">
          {withEnterprise && <span>{row.enterprise_name}</span>}
          <Notes row={row} />
        </div>
        {(row.assignee || row.acknowledged_by || (row.next_step_at && row.state === "open")) && (
          <div className="row-card-line faint">
            <Next row={row} />
          </div>
        )}
      </>
    ),
  };
}

export function WarningRows({
  rows,
  label,
  withEnterprise = true,
}: {
  rows: readonly WarningRow[];
  label: string;
  withEnterprise?: boolean;
}) {
  return <Rows {...useWarningLook(withEnterprise)} label={label} rows={grouped(rows)} />;
}
