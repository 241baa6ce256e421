// Presence of gateways and of the instruments behind them.

import { useQuery } from "@tanstack/react-query";
import { gatewayList, overview } from "../api/queries.ts";
import type { GatewayRow, Presence } from "../api/types.ts";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { Codes } from "./Codes.tsx";
import { useGatewayLook } from "./GatewayRows.tsx";

const SHOWN = ["online", "late", "offline"] as const;
const URGENCY: Record<Presence, number> = { offline: 0, late: 1, online: 2, none: 3 };

function troubled(row: GatewayRow): number {
  return row.sources.some((source) => source.state !== "good") || row.clock_synchronised === false ? 0 : 1;
}

function urgentFirst(rows: GatewayRow[]): GatewayRow[] {
  return [...rows].sort((a, b) => URGENCY[a.presence] - URGENCY[b.presence] || troubled(a) - troubled(b));
}

export function Devices() {
  const text = useText();
  const mayEnrol = useMay("device");
  const counts = useQuery(overview).data?.gateways;
  const all = counts && counts.online + counts.late + counts.offline;
  return (
    <ListPage<GatewayRow>
      name="gateways"
      title={text.devices.title}
      query={gatewayList}
      rows={useGatewayLook(true)}
      arrange={urgentFirst}
      fields={[
        {
          kind: "choice",
          name: "state",
          label: text.devices.filter,
          options: [
            { value: "", label: `${text.devices.any} ${all || ""}` },
            ...SHOWN.map((value) => ({ value, label: `${text.devices[value]} ${counts?.[value] ?? ""}` })),
          ],
        },
      ]}
      empty={text.devices.empty}
      emptyAll={text.devices.emptyAll}
      after={mayEnrol && <Codes />}
    />
  );
}
