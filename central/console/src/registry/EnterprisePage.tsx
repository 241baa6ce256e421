// One enterprise: who it is and whom to call, its open warnings, its live values, its gateways.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useParams, useSearchParams } from "react-router";
import { enterprise, points, warnings } from "../api/queries.ts";
import type { EnterpriseDetail, PointRow, WarningRow } from "../api/types.ts";
import { GatewayRows } from "../devices/GatewayRows.tsx";
import { useText } from "../locales/index.tsx";
import { LevelBadge } from "../parts/Level.tsx";
import { Link } from "../parts/Link.tsx";
import { Card, useTitle } from "../parts/Page.tsx";
import { PersonalPhone } from "../parts/PersonalPhone.tsx";
import { PresenceSign } from "../parts/Signs.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { WhySeen } from "../parts/WhySeen.tsx";
import { PointCard } from "../telemetry/PointCard.tsx";
import { PointDrawer } from "../telemetry/PointDrawer.tsx";
import { WarningRows } from "../warning/WarningRows.tsx";

const RISK: Record<string, number> = { red: 4, orange: 3, yellow: 2, blue: 1 };

export function EnterprisePage() {
  const text = useText();
  const { id = "" } = useParams();
  const view = useQuery(enterprise(id));
  useTitle(view.data?.name ?? text.enterprises.title);
  if (view.isPending) return <Loading rows={8} />;
  if (view.isError && !view.data)
    return <Failed error={view.error} retry={() => view.refetch()} missing={text.enterprise.missing} />;
  return (
    <div className="page enterprise">
      <Head view={view.data} />
      <OpenWarnings id={id} />
      <Values id={id} />
      <Card title={text.enterprise.gateways} className="card-flush">
        {view.data.gateways.length === 0 ? (
          <p className="quiet-line">{text.enterprise.noGateways}</p>
        ) : (
          <GatewayRows rows={view.data.gateways} />
        )}
      </Card>
    </div>
  );
}

function Head({ view }: { view: EnterpriseDetail }) {
  const text = useText();
  const facts: [string, string | null][] = [
    [text.enterprise.code, view.code],
    [text.enterprise.creditCode, view.credit_code],
    [text.enterprises.industry, view.industry],
    [text.enterprise.hazard, view.hazard_class ? text.hazardClass(view.hazard_class) : null],
    [text.enterprises.region, view.region_name],
    [text.enterprise.address, view.address],
    [
      text.enterprise.supervision,
      view.supervision.map((agency) => agency.name).join(" → ") || view.agency_name,
    ],
  ];
  return (
    <section className="card head" aria-label={view.name}>
      <div className="head-main">
        <h1 className="head-name">{view.name}</h1>
        <div className="head-signs">
          {view.worst_level && <LevelBadge level={view.worst_level} large />}
          <PresenceSign presence={view.presence} />
        </div>
        <dl className="head-facts">
          {facts
            .filter(([, value]) => value)
            .map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
      </div>
      <div className="head-call">
        <span className="faint">{text.enterprises.contact}</span>
        <PersonalPhone
          kind="enterprise-contact"
          id={view.id}
          name={view.contact_name}
          phone={view.contact_phone}
          wide
        />
        <WhySeen kind="enterprise" id={view.id} />
      </div>
    </section>
  );
}

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

function OpenWarnings({ id }: { id: string }) {
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

function Values({ id }: { id: string }) {
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
