// The online rate of the last thirty days: by day, by enterprise, by area, the worst first.

import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import { useSearchParams } from "react-router";
import { onlineRates, type RateRow } from "../api/connection.ts";
import { useText } from "../locales/index.tsx";
import { count, measured } from "../parts/figures.ts";
import { Link } from "../parts/Link.tsx";
import { Card, PageHead } from "../parts/Page.tsx";
import { Calm, Failed, Loading } from "../parts/States.tsx";
import { percent } from "./ConnectionPage.tsx";
import { useConnectionTabs } from "./tabs.ts";

const AREAS = ["township", "county"];

export function Rates() {
  const words = useText().connection;
  const own = words.rates;
  const tabs = useConnectionTabs();
  const [search, setSearch] = useSearchParams();
  const by = search.get("by") ?? "day";
  const found = useQuery(onlineRates(by));
  return (
    <div className="page">
      <PageHead
        title={words.tabs.rates}
        tabs={tabs}
        note={own.note}
        filters={
          <Segmented
            value={by}
            onChange={(value) => setSearch({ by: String(value) }, { replace: true })}
            options={Object.entries(own.by).map(([value, label]) => ({ value, label }))}
          />
        }
      />
      <Card label={words.tabs.rates}>
        {found.isPending ? (
          <Loading rows={6} />
        ) : found.isError && !found.data ? (
          <Failed error={found.error} retry={() => found.refetch()} />
        ) : (found.data ?? []).length === 0 ? (
          <Calm title={own.empty} />
        ) : (
          <div className="wide-table">
            <table className="plain-table">
              <thead>
                <tr>
                  <th scope="col">{own.key[by]}</th>
                  <th scope="col">{own.rate}</th>
                  <th scope="col">{AREAS.includes(by) ? own.enterprises : own.devices}</th>
                  <th scope="col">{own.offline}</th>
                  <th scope="col">{own.abnormal}</th>
                  <th scope="col">{own.periods}</th>
                </tr>
              </thead>
              <tbody>
                {(found.data ?? []).map((row) => (
                  <One key={row.key} by={by} row={row} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Card>
    </div>
  );
}

function One({ by, row }: { by: string; row: RateRow }) {
  const periods =
    by === "enterprise"
      ? `/connections/periods?enterprise_id=${row.key}`
      : by === "day"
        ? `/connections/periods?began_from=${row.key}&began_to=${row.key}`
        : null;
  return (
    <tr>
      <th scope="row">{row.name}</th>
      <td>
        <span className="rate-bar" aria-hidden="true">
          <span style={{ width: `${(row.rate ?? 0) * 100}%` }} />
        </span>{" "}
        {percent(row.rate)}
      </td>
      <td>{count(row.devices)}</td>
      <td>{measured(row.offline_h)}</td>
      <td>{measured(row.abnormal_h)}</td>
      <td>{periods ? <Link to={periods}>{count(row.periods)}</Link> : count(row.periods)}</td>
    </tr>
  );
}
