// One index: its score and level, where every point comes from, how it went, and which model made it.

import { useQuery } from "@tanstack/react-query";
import { Button, Segmented } from "antd";
import { useParams, useSearchParams } from "react-router";
import { type Period, type RiskIndex, riskIndex } from "../api/risk.ts";
import { useText } from "../locales/index.tsx";
import { Details } from "../parts/Details.tsx";
import { measured } from "../parts/figures.ts";
import { Link } from "../parts/Link.tsx";
import { Card, PageHead } from "../parts/Page.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { When } from "../parts/When.tsx";
import { RiskMark } from "../registry/RiskBadge.tsx";
import "../styles/risk.css";
import { Change } from "./signs.tsx";
import { TrendCard } from "./TrendCard.tsx";
import { Waterfall } from "./Waterfall.tsx";

const PERIODS: readonly Period[] = ["live", "month", "quarter", "year"];

export function EnterpriseIndex() {
  return <IndexPage path={`enterprises/${useParams().id}`} />;
}

export function AreaIndex() {
  return <IndexPage path={`areas/${useParams().code}`} times />;
}

export function IndustryIndex() {
  const { code, sector } = useParams();
  return <IndexPage path={`areas/${code}/industries/${sector}`} />;
}

export function IndexPage({ path, times = false }: { path: string; times?: boolean }) {
  const text = useText();
  const words = text.risk;
  const [search, setSearch] = useSearchParams();
  const period = times ? (search.get("period") ?? "live") : "live";
  const day = search.get("day") ?? "";
  const query = { ...(period === "live" ? {} : { period }), ...(day ? { day } : {}) };
  const found = useQuery(riskIndex(path, query));
  const put = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };
  if (found.isPending) return <Loading rows={8} />;
  if (found.isError && !found.data)
    return <Failed error={found.error} retry={() => found.refetch()} missing={words.missingPage} />;
  const index = found.data;
  return (
    <div className="page">
      <Head index={index} />
      {(times || day) && (
        <div className="filters">
          {times && (
            <Segmented
              aria-label={words.one}
              value={period}
              onChange={(value) => put("period", value === "live" ? "" : value)}
              options={PERIODS.map((value) => ({ value, label: words.periods[value] }))}
            />
          )}
          {day && (
            <Button className="chip" onClick={() => put("day", "")}>
              {words.ofDay(day)} · {words.backToNow}
            </Button>
          )}
        </div>
      )}
      <Card title={words.why} extra={<span className="faint">{measured(index.row.score)} / 100</span>}>
        <p className="faint">{words.whyNote}</p>
        <Waterfall index={index} />
      </Card>
      {period === "live" && <TrendCard path={path} choose={(chosen) => put("day", chosen)} />}
      <Card title={words.model}>
        <Details
          items={[
            [
              words.model,
              <Link key="model" to={`/risk/models/${index.model.id}`}>
                {index.model.name} {words.version(index.model.version)}
              </Link>,
            ],
            [words.source, index.model.source],
            [
              words.models.bands,
              `${text.level.red} ≥ ${index.model.bands.red} · ${text.level.orange} ≥ ${index.model.bands.orange} · ${text.level.yellow} ≥ ${index.model.bands.yellow}`,
            ],
          ]}
        />
      </Card>
    </div>
  );
}

function Head({ index }: { index: RiskIndex }) {
  const text = useText();
  const words = text.risk;
  const { row } = index;
  const title = row.scale === "industry" ? `${row.region_name} · ${row.name}` : row.name;
  return (
    <>
      <PageHead
        title={title}
        note={
          <>
            <Link to="/risk">{words.title}</Link>
            {row.enterprise_id !== null && (
              <>
                {" · "}
                <Link to={`/enterprises/${row.enterprise_id}`}>{words.toEnterprise}</Link>
              </>
            )}
            {row.scale !== "enterprise" && (
              <>
                {" · "}
                <Link
                  to={`/risk/enterprises?region=${row.region}${row.sector ? `&sector=${row.sector}` : ""}`}
                >
                  {words.all}
                </Link>
              </>
            )}
          </>
        }
      />
      <section className="card risk-head" aria-label={words.one}>
        <span className="risk-number risk-number-large">{measured(row.score)}</span>
        <RiskMark level={row.level} />
        <dl className="risk-facts">
          <div>
            <dt>{words.change}</dt>
            <dd>
              <Change change={row.change} />
            </dd>
          </div>
          <div>
            <dt>{words.missingTitle}</dt>
            <dd>{row.missing}</dd>
          </div>
          <div>
            <dt>{words.reckoned}</dt>
            <dd>
              <When at={row.inputs_at} />
            </dd>
          </div>
        </dl>
        {row.outdated && <span className="note">{words.outdated[row.outdated]}</span>}
      </section>
    </>
  );
}
