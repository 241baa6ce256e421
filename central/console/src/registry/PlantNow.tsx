// What lives at a plant now: its open warnings, and the newest value of every point, those that alarm first.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { points, warnings } from "../api/queries.ts";
import type { PointRow, WarningRow } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { Link } from "../parts/Link.tsx";
import { Card } from "../parts/Page.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { PointCard } from "../telemetry/PointCard.tsx";
import { PointDrawer } from "../telemetry/PointDrawer.tsx";
import { WarningRows } from "../warning/WarningRows.tsx";

const RISK: Record<string, number> = { red: 4, orange: 3, yellow: 2, blue: 1 };

/** The worst unended warning about each point, so that a card can carry its level. */
function worstByPoint(rows: WarningRow[]): Map<string, WarningRow> {
  const worst = new Map<string, WarningRow>();
  for (const row of rows) {
    if (row.subject_type !== "point") continue;
    const known = worst.get(row.subject_id);
    if (!known || (RISK[row.level] ?? 0) > (RISK[known.level] ?? 0)) worst.set(row.subject_id, row);
  }
  return worst;
}

function useUnended(id: string) {
  const open = useInfiniteQuery(warnings({ enterprise_id: id, state: "open", sort: "-level" }, 50));
  return { rows: open.data?.pages.flatMap((page) => page.items) ?? [] };
}

export function OpenWarnings({ id }: { id: string }) {
  const text = useText();
  const { rows } = useUnended(id);
  const all = (
    <>
      <Link to={`/covered?enterprise=${id}`}>{text.covered.title}</Link>{" "}
      <Link to={`/warnings?state=all&enterprise=${id}`}>{text.enterprise.all}</Link>
    </>
  );
  if (rows.length === 0) return <p className="enterprise-all">{all}</p>;
  return (
    <Card title={text.enterprise.openWarnings} extra={all} className="card-flush">
      <WarningRows rows={rows} label={text.enterprise.openWarnings} withEnterprise={false} />
    </Card>
  );
}

export function Values({ id }: { id: string }) {
  const text = useText();
  const list = useQuery(points({ enterprise_id: id }));
  const { rows: warned } = useUnended(id);
  const [search, setSearch] = useSearchParams();
  const worst = worstByPoint(warned);
  const rows = list.data?.items ?? [];
  const chosen = rows.find((row) => String(row.id) === search.get("point"));
  const show = (changes: Record<string, string | null>) => {
    const next = new URLSearchParams(search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) next.delete(name);
      else next.set(name, value);
    }
    setSearch(next, { replace: true });
  };
  const weight = (row: PointRow) => {
    const warning = worst.get(String(row.id));
    return (warning ? (RISK[warning.level] ?? 0) * 10 : 0) + (row.quality_text === "bad" ? 1 : 0);
  };
  const ordered = [...rows].sort((a, b) => weight(b) - weight(a));
  return (
    <Card
      title={text.enterprise.points}
      extra={
        rows.length ? <span className="faint">{text.enterprise.pointCount(rows.length)}</span> : undefined
      }
    >
      {list.isPending ? (
        <Loading />
      ) : list.isError && !list.data ? (
        <Failed error={list.error} retry={() => list.refetch()} />
      ) : rows.length === 0 ? (
        <p className="quiet-line">{text.enterprise.noPoints}</p>
      ) : (
        <div className="points">
          {ordered.map((row) => (
            <PointCard
              key={row.id}
              point={row}
              warning={worst.get(String(row.id))}
              open={() => show({ point: String(row.id) })}
            />
          ))}
        </div>
      )}
      {chosen && (
        <PointDrawer
          point={chosen}
          range={search.get("range") ?? "1h"}
          setRange={(range) => show({ range })}
          close={() => show({ point: null, range: null })}
        />
      )}
    </Card>
  );
}
