// Presence of gateways and of the instruments behind them.

import { useQuery } from "@tanstack/react-query";
import { Button, Segmented } from "antd";
import { useSearchParams } from "react-router";
import { gateways } from "../api/queries.ts";
import type { GatewayRow, Presence } from "../api/types.ts";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { useTitle } from "../parts/Page.tsx";
import { Calm, Failed, Loading } from "../parts/States.tsx";
import { Codes } from "./Codes.tsx";
import { GatewayRows } from "./GatewayRows.tsx";

const SHOWN = ["online", "late", "offline"] as const;
const URGENCY: Record<Presence, number> = { offline: 0, late: 1, online: 2, none: 3 };

function troubled(row: GatewayRow): number {
  return row.sources.some((source) => source.state !== "good") || row.clock_synchronised === false ? 0 : 1;
}

export function Devices() {
  const text = useText();
  useTitle(text.devices.title);
  const mayEnrol = useMay("device");
  const [search, setSearch] = useSearchParams();
  const state = search.get("state") ?? "";
  const list = useQuery(gateways);
  const all = list.data ?? [];
  const rows = all
    .filter((row) => !state || row.presence === state)
    .sort((a, b) => URGENCY[a.presence] - URGENCY[b.presence] || troubled(a) - troubled(b));
  return (
    <div className="page">
      <div className="page-head">
        <h1 className="page-title">{text.devices.title}</h1>
        <div className="filters">
          <Segmented
            aria-label={text.devices.filter}
            value={state}
            onChange={(value) => setSearch(value ? { state: value } : {}, { replace: true })}
            options={[
              { value: "", label: `${text.devices.any} ${all.length || ""}` },
              ...SHOWN.map((value) => ({
                value,
                label: `${text.devices[value]} ${all.filter((row) => row.presence === value).length}`,
              })),
            ]}
          />
        </div>
      </div>
      <section className="card card-flush" aria-label={text.devices.gateways}>
        {list.isPending ? (
          <Loading rows={6} />
        ) : list.isError && !list.data ? (
          <Failed error={list.error} retry={() => list.refetch()} />
        ) : rows.length === 0 ? (
          <Calm title={state ? text.devices.empty : text.devices.emptyAll}>
            {state && <Button onClick={() => setSearch({})}>{text.filters.clear}</Button>}
          </Calm>
        ) : (
          <GatewayRows rows={rows} withEnterprise />
        )}
      </section>
      {mayEnrol && <Codes />}
    </div>
  );
}
