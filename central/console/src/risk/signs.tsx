// Small signs of an index: its score with its level, its change since yesterday, and why it may be old.

import { pageOf, type RiskRow } from "../api/risk.ts";
import type { Level } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { measured } from "../parts/figures.ts";
import type { RowLook } from "../parts/Rows.tsx";
import { Age } from "../parts/When.tsx";
import { RiskMark } from "../registry/RiskBadge.tsx";

export function Score({ row }: { row: RiskRow }) {
  const text = useText();
  return (
    <span className="risk-score" title={text.risk.outdated[row.outdated]}>
      <strong>{measured(row.score)}</strong>
      <RiskMark level={row.level} />
      {row.outdated && <span className="note">{text.risk.outdatedShort}</span>}
    </span>
  );
}

/** Up is worse: an arrow and a sign, never a colour of a level. */
export function Change({ change }: { change: number | null }) {
  const text = useText();
  if (change === null) return <span className="faint">–</span>;
  if (change === 0) return <span className="faint">{text.risk.same}</span>;
  return (
    <span>
      {change > 0 ? "↑" : "↓"} {measured(Math.abs(change))}
    </span>
  );
}

export function useRiskLook(kind: "enterprise" | "area" | "industry"): RowLook<RiskRow> {
  const text = useText();
  const words = text.risk;
  const where = (row: RiskRow) =>
    kind === "enterprise" ? [row.region_name, row.sector_name].filter(Boolean).join(" · ") : "";
  return {
    rowKey: (row) => row.subject,
    to: pageOf,
    name: (row) => row.name,
    columns: [
      {
        key: "name",
        title: words.name,
        width: "minmax(10rem, 2fr)",
        always: true,
        cell: (row) => (
          <span className="two-lines">
            <strong>{row.name}</strong>
            {where(row) && <span className="faint">{where(row)}</span>}
          </span>
        ),
      },
      { key: "score", title: words.score, width: "minmax(9rem, 1fr)", cell: (row) => <Score row={row} /> },
      {
        key: "change",
        title: words.change,
        width: "6rem",
        end: true,
        cell: (row) => <Change change={row.change} />,
      },
      {
        key: "missing",
        title: words.missingTitle,
        width: "6rem",
        end: true,
        cell: (row) => (row.missing ? row.missing : <span className="faint">0</span>),
      },
      { key: "at", title: words.at, width: "8rem", cell: (row) => <Age at={row.inputs_at} /> },
    ],
    card: (row) => (
      <>
        <span className="row-card-top">
          <span className="row-card-title">{row.name}</span>
          <Score row={row} />
        </span>
        <span className="row-card-line faint">
          {[where(row), row.missing ? words.missing(row.missing) : ""].filter(Boolean).join(" · ")}{" "}
          {words.change} <Change change={row.change} />
        </span>
      </>
    ),
  };
}

export const LEVELS: readonly Level[] = ["red", "orange", "yellow", "blue"];
