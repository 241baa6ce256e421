// Enterprises as a list: worst warning, presence, points, newest value, whom to call.

import type { EnterpriseRow } from "../api/types.ts";
import { usePlantNewest } from "../live/latest.ts";
import { useText } from "../locales/index.tsx";
import { LevelBadge } from "../parts/Level.tsx";
import { CallLink } from "../parts/Phone.tsx";
import { type Column, type RowLook, Rows } from "../parts/Rows.tsx";
import { PresenceSign } from "../parts/Signs.tsx";
import { Age } from "../parts/When.tsx";
import { RiskMark } from "./RiskBadge.tsx";
import { StatusSign } from "./StatusSign.tsx";

function Worst({ row }: { row: EnterpriseRow }) {
  const text = useText();
  if (!row.worst_level) return <span className="faint">{text.enterprises.none}</span>;
  return (
    <span className="worst">
      <LevelBadge level={row.worst_level} />
      <span className="worst-count">{text.warnings.count(row.open_warnings)}</span>
    </span>
  );
}

function Newest({ row }: { row: EnterpriseRow }) {
  return <Age at={usePlantNewest(row.id, row.newest_at)} />;
}

function Points({ row }: { row: EnterpriseRow }) {
  const text = useText();
  return (
    <span className="two-lines">
      <span className="number">{row.points}</span>
      {row.bad_points > 0 && (
        <span className="sign sign-quality-bad">✕ {text.enterprises.badPoints(row.bad_points)}</span>
      )}
    </span>
  );
}

/** How an enterprise looks in a list. */
export function useEnterpriseLook(): RowLook<EnterpriseRow> {
  const text = useText();
  const columns: Column<EnterpriseRow>[] = [
    {
      key: "name",
      always: true,
      title: text.enterprises.name,
      width: "minmax(14rem, 2.4fr)",
      cell: (row) => (
        <span className="two-lines">
          <strong>{row.name}</strong>
          <span className="faint">
            {row.code}
            {row.industry ? ` · ${row.industry}` : ""}
          </span>
        </span>
      ),
    },
    {
      key: "risk",
      title: text.dossier.risk,
      width: "minmax(5.5rem, .6fr)",
      cell: (row) => <RiskMark level={row.risk} why={row.risk_reason} />,
    },
    {
      key: "status",
      title: text.dossier.status,
      width: "minmax(5.5rem, .6fr)",
      cell: (row) => <StatusSign facts={row} />,
    },
    {
      key: "level",
      title: text.enterprises.level,
      width: "minmax(9rem, 1fr)",
      cell: (row) => <Worst row={row} />,
    },
    {
      key: "presence",
      title: text.enterprises.presence,
      width: "minmax(6rem, .7fr)",
      cell: (row) => <PresenceSign presence={row.presence} />,
    },
    {
      key: "points",
      title: text.enterprises.points,
      width: "minmax(6rem, .7fr)",
      cell: (row) => <Points row={row} />,
    },
    {
      key: "newest",
      title: text.enterprises.newest,
      width: "minmax(6rem, .7fr)",
      cell: (row) => <Newest row={row} />,
    },
    {
      key: "region",
      title: text.enterprises.region,
      width: "minmax(6rem, .8fr)",
      cell: (row) => <span>{row.region_name}</span>,
    },
    {
      key: "contact",
      title: text.enterprises.contact,
      width: "minmax(12rem, 1.2fr)",
      cell: (row) => <CallLink name={row.contact_name} phone={row.contact_phone} />,
    },
  ];
  return {
    columns,
    rowKey: (row) => row.id,
    to: (row) => `/enterprises/${row.id}`,
    name: (row) => row.name,
    rowClass: (row) => (row.worst_level ? `edge edge-${row.worst_level}` : "edge"),
    card: (row) => (
      <>
        <div className="row-card-top">
          <strong className="row-card-title">{row.name}</strong>
        </div>
        <div className="row-card-line">
          {row.worst_level && <Worst row={row} />}
          {row.risk && <RiskMark level={row.risk} why={row.risk_reason} />}
          {row.status !== "working" && <StatusSign facts={row} />}
          <PresenceSign presence={row.presence} />
          <Newest row={row} />
        </div>
        <div className="row-card-line faint">
          {row.region_name}
          {row.industry ? ` · ${row.industry}` : ""}
        </div>
        <CallLink name={row.contact_name} phone={row.contact_phone} />
      </>
    ),
  };
}

export function EnterpriseRows({ rows }: { rows: readonly EnterpriseRow[] }) {
  const text = useText();
  return <Rows {...useEnterpriseLook()} label={text.enterprises.title} rows={rows} />;
}
