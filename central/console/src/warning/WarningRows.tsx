// Warnings as a list: what, where, since when, who is on it, when the next people are called.

import type { WarningRow } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { LevelBadge } from "../parts/Level.tsx";
import { type Column, Rows } from "../parts/Rows.tsx";
import { fullTime, spanWords } from "../parts/time.ts";
import { Age, Until } from "../parts/When.tsx";
import { StateSign } from "./StateSign.tsx";

function Notes({ row }: { row: WarningRow }) {
  const text = useText();
  return (
    <>
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
  if (row.acknowledged_by) return <span>{row.acknowledged_by}</span>;
  if (row.next_step_at && row.state === "open")
    return (
      <span className="row-next">
        {text.warnings.next} <Until at={row.next_step_at} />
      </span>
    );
  return <span className="faint">–</span>;
}

export function WarningRows({
  rows,
  label,
  chosen,
  withEnterprise = true,
}: {
  rows: readonly WarningRow[];
  label: string;
  chosen?: number;
  withEnterprise?: boolean;
}) {
  const text = useText();
  const columns: Column<WarningRow>[] = [
    {
      key: "level",
      title: text.warnings.level,
      width: "6rem",
      cell: (row) => <LevelBadge level={row.level} />,
    },
    {
      key: "title",
      title: text.warnings.what,
      width: "minmax(13rem, 2fr)",
      cell: (row) => (
        <span className="row-title">
          <strong>{row.title}</strong>
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
            cell: (row: WarningRow) => (
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
  return (
    <Rows
      label={label}
      rows={rows}
      columns={columns}
      rowKey={(row) => row.id}
      to={(row) => `/warnings/${row.id}`}
      name={(row) => `${text.levelWarning[row.level]} ${row.enterprise_name} ${row.title}`}
      chosen={chosen}
      rowClass={(row) => (row.state === "open" ? `edge edge-${row.level}` : "edge")}
      card={(row) => (
        <>
          <div className="row-card-top">
            <LevelBadge level={row.level} />
            <StateSign state={row.state} condition={row.condition} />
            <Age at={row.raised_at} />
          </div>
          <strong className="row-card-title">{row.title}</strong>
          <div className="row-card-line">
            {withEnterprise && <span>{row.enterprise_name}</span>}
            <Notes row={row} />
          </div>
          {(row.acknowledged_by || (row.next_step_at && row.state === "open")) && (
            <div className="row-card-line faint">
              <Next row={row} />
            </div>
          )}
        </>
      )}
    />
  );
}
