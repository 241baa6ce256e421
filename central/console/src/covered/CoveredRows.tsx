// What keeps silent as a list: alarm or instrument, how it is covered, until when, by whom and why.

import type { Silent } from "../api/windows.ts";
import { useText } from "../locales/index.tsx";
import { instrumentName } from "../parts/instrument.ts";
import type { Column, RowLook } from "../parts/Rows.tsx";
import { fullTime } from "../parts/time.ts";
import { Age, Until } from "../parts/When.tsx";

const keyOf = (row: Silent) =>
  `${row.gateway_id} ${row.cover} ${row.window_id ?? row.warning_id ?? row.alarm ?? row.instrument} ${row.enterprise_id}`;

const toOf = (row: Silent) =>
  row.window_id
    ? `/windows?window=${row.window_id}`
    : row.warning_id
      ? `/warnings/${row.warning_id}`
      : `/enterprises/${row.enterprise_id}${row.point_id ? `?point=${row.point_id}` : ""}`;

function What({ row }: { row: Silent }) {
  const text = useText();
  const limit = text.limitState[row.limit.toLowerCase()] ?? row.limit;
  if (row.title)
    return (
      <span className="two-lines">
        <strong>{row.title}</strong>
        <span className="faint">{text.windows.categories[row.category] ?? row.gateway_name}</span>
      </span>
    );
  if (row.cover === "quality")
    return (
      <span className="two-lines">
        <strong>{text.covered.instrument(instrumentName(row.instrument, text))}</strong>
        <span className="faint">
          {row.point_name ? `${row.point_name} · ${limit}` : text.covered.points(row.points)}
        </span>
      </span>
    );
  return (
    <span className="two-lines">
      <strong>
        {row.point_name} {limit}
      </strong>
      <span className="faint">{row.point_key}</span>
    </span>
  );
}

function Kind({ row }: { row: Silent }) {
  const text = useText();
  return (
    <span className="two-lines">
      <span>⊘ {text.covered.kinds[row.cover as keyof typeof text.covered.kinds] ?? row.cover}</span>
      {row.holds && <strong className="alarm-word">▲ {text.covered.holds}</strong>}
      {row.reds === "yes" && <strong>{text.covered.withRed}</strong>}
    </span>
  );
}

function Ends({ row }: { row: Silent }) {
  const text = useText();
  if (row.until)
    return (
      <span className="two-lines">
        <strong>
          <Until at={row.until} />
        </strong>
        <span className="faint number">{fullTime(row.until)}</span>
      </span>
    );
  const words = text.covered.noEnd[row.cover as keyof typeof text.covered.noEnd] ?? "";
  return row.cover === "out-of-service" ? <strong>{words}</strong> : <span className="faint">{words}</span>;
}

function Who({ row }: { row: Silent }) {
  const text = useText();
  const why = row.why || text.covered.byItself[row.cover as keyof typeof text.covered.byItself] || "";
  return (
    <span className="two-lines">
      {row.by && <span>{row.by}</span>}
      <span className="faint covered-reason">{why}</span>
    </span>
  );
}

function Raises({ row }: { row: Silent }) {
  const text = useText();
  if (row.waiting) return <strong className="number">{text.covered.waiting(row.waiting)}</strong>;
  if (row.raises === null) return <span className="faint">–</span>;
  return row.raises > 0 ? (
    <strong className="number">{text.covered.times(row.raises)}</strong>
  ) : (
    <span className="faint">{text.covered.none}</span>
  );
}

/** How what keeps silent looks in a list. */
export function useCoveredLook(): RowLook<Silent> {
  const text = useText();
  const columns: Column<Silent>[] = [
    {
      key: "what",
      always: true,
      title: text.covered.alarm,
      width: "minmax(11rem, 1.5fr)",
      cell: (row) => <What row={row} />,
    },
    { key: "kind", title: text.covered.kind, width: "minmax(8rem, 1fr)", cell: (row) => <Kind row={row} /> },
    {
      key: "enterprise",
      title: text.covered.enterprise,
      width: "minmax(10rem, 1.3fr)",
      cell: (row) => (
        <span className="two-lines">
          <span>{row.enterprise_name}</span>
          <span className="faint">{row.region_name}</span>
        </span>
      ),
    },
    { key: "ends", title: text.covered.ends, width: "minmax(9rem, 1fr)", cell: (row) => <Ends row={row} /> },
    {
      key: "who",
      title: text.covered.who,
      width: "minmax(9rem, 1.3fr)",
      cell: (row) => <Who row={row} />,
    },
    {
      key: "since",
      title: text.covered.since,
      width: "minmax(8.5rem, .9fr)",
      cell: (row) => (
        <span className="two-lines">
          <span className="number">{fullTime(row.since)}</span>
          <Age at={row.since} />
        </span>
      ),
    },
    {
      key: "raises",
      title: text.covered.raises,
      width: "minmax(5rem, .6fr)",
      cell: (row) => <Raises row={row} />,
    },
  ];
  return {
    columns,
    rowKey: keyOf,
    to: toOf,
    name: (row) => `${row.enterprise_name} ${row.title || (row.point_name ?? row.instrument)}`,
    card: (row) => (
      <>
        <div className="row-card-top">
          <Kind row={row} />
          <Ends row={row} />
        </div>
        <What row={row} />
        <div className="row-card-line">
          <span>{row.enterprise_name}</span>
        </div>
        <div className="row-card-line">
          <Who row={row} />
          {row.raises || row.waiting ? <Raises row={row} /> : null}
        </div>
      </>
    ),
  };
}
