// The risk of an area at a glance (MON-30): four colours, the own index by time, areas and industries ranked.

import { useQuery } from "@tanstack/react-query";
import { pageOf, type RiskOverview, type RiskRow, riskOverview } from "../api/risk.ts";
import { useMe } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { count, measured } from "../parts/figures.ts";
import { Link } from "../parts/Link.tsx";
import { Card, PageHead } from "../parts/Page.tsx";
import { Rows } from "../parts/Rows.tsx";
import { Calm, Failed, Loading } from "../parts/States.tsx";
import { RiskMark } from "../registry/RiskBadge.tsx";
import "../styles/risk.css";
import { IndexPage } from "./IndexPage.tsx";
import { LEVELS, useRiskLook } from "./signs.tsx";
import { TrendCard } from "./TrendCard.tsx";
import { riskTabs } from "./tabs.ts";

export function Overview() {
  const me = useMe();
  // An enterprise has one index: its own page is its overview.
  if (me.enterprise_id !== null) return <IndexPage path={`enterprises/${me.enterprise_id}`} />;
  return <OfArea />;
}

function OfArea() {
  const text = useText();
  const words = text.risk;
  const view = useQuery(riskOverview);
  return (
    <div className="page">
      <PageHead title={words.title} note={words.note} tabs={riskTabs(text)} />
      {view.isPending ? (
        <Loading rows={8} />
      ) : view.isError && !view.data ? (
        <Failed error={view.error} retry={() => view.refetch()} />
      ) : (
        <Told view={view.data} />
      )}
    </div>
  );
}

function Told({ view }: { view: RiskOverview }) {
  const text = useText();
  const words = text.risk;
  const all = LEVELS.reduce((sum, level) => sum + view.spread[level], 0);
  const said = [
    view.unknown > 0 && words.unknown(view.unknown),
    view.outdated > 0 && words.outdatedCount(view.outdated),
  ].filter(Boolean);
  return (
    <>
      <Card title={words.spread} extra={<Link to="/risk/enterprises">{words.all}</Link>}>
        {all === 0 ? (
          <Calm title={words.emptyAll} />
        ) : (
          <>
            <div className="risk-spread" aria-hidden="true">
              {LEVELS.filter((level) => view.spread[level]).map((level) => (
                <i
                  key={level}
                  className={`risk-fill-${level}`}
                  style={{ width: `${(100 * view.spread[level]) / all}%` }}
                />
              ))}
            </div>
            <div className="risk-counts">
              {LEVELS.map((level) => (
                <Link key={level} to={`/risk/enterprises?level=${level}`} className="risk-count">
                  <RiskMark level={level} />
                  <strong>{count(view.spread[level])}</strong>
                </Link>
              ))}
            </div>
          </>
        )}
        {said.length > 0 && <p className="faint">{said.join(" · ")}</p>}
      </Card>
      <Own view={view} />
      {view.own && <TrendCard path={`areas/${view.own.region}`} />}
      <div className="risk-two">
        <Ranked title={words.areas} kind="area" rows={view.areas} empty={words.noAreas} />
        <Ranked title={words.industries} kind="industry" rows={view.industries} empty={words.noIndustries} />
      </div>
      <Ranked title={words.worst} kind="enterprise" rows={view.worst} empty={words.emptyAll} />
    </>
  );
}

function Own({ view }: { view: RiskOverview }) {
  const text = useText();
  const words = text.risk;
  if (!view.own)
    return view.areas.length + view.industries.length > 0 ? <p className="faint">{words.noOwn}</p> : null;
  return (
    <Card title={`${words.own} · ${view.own.name}`}>
      <div className="risk-times">
        {[view.own, ...view.periods].map((row) => (
          <Link key={row.subject} to={pageOf(row)} className="risk-time">
            <span className="faint">{words.periods[row.period]}</span>
            <strong className="risk-number">{measured(row.score)}</strong>
            <RiskMark level={row.level} />
            {row.outdated && (
              <span className="note" title={words.outdated[row.outdated]}>
                {words.outdatedShort}
              </span>
            )}
          </Link>
        ))}
      </div>
    </Card>
  );
}

interface RankedProps {
  title: string;
  kind: "enterprise" | "area" | "industry";
  rows: readonly RiskRow[];
  empty: string;
}

function Ranked({ title, kind, rows, empty }: RankedProps) {
  const look = useRiskLook(kind);
  const columns = kind === "enterprise" ? look.columns : look.columns.slice(0, 3);
  return (
    <Card title={title} className="card-flush">
      {rows.length === 0 ? (
        <p className="quiet-line">{empty}</p>
      ) : (
        <Rows<RiskRow> {...look} columns={columns} label={title} rows={rows} />
      )}
    </Card>
  );
}
