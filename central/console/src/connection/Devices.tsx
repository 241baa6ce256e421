// Devices with scene, position, state and how long they are away, worst first; on a phone what an enterprise does next.

import { useQueryClient } from "@tanstack/react-query";
import { Button, Space } from "antd";
import { useState } from "react";
import { send } from "../api/client.ts";
import type { DeviceKind, DeviceRow, DeviceState } from "../api/connection.ts";
import { listOf } from "../api/list.ts";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { EditDrawer } from "../parts/EditDrawer.tsx";
import { instrumentName } from "../parts/instrument.ts";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { fullTime } from "../parts/time.ts";
import { Since } from "../parts/When.tsx";
import { FaultForm } from "./FaultForm.tsx";
import { ReportForm } from "./ReportForm.tsx";
import { StateWord } from "./StateWord.tsx";
import { useConnectionTabs } from "./tabs.ts";
import { useTakeOut } from "./takeOut.ts";

const query = listOf<DeviceRow>("devices");
const KINDS: readonly DeviceKind[] = ["gateway", "instrument", "camera", "point"];
const STATES: readonly DeviceState[] = ["offline", "abnormal", "online"];

type Doing = { what: "describe" | "report" | "fault"; row: DeviceRow };

export function Devices() {
  const text = useText();
  const words = text.connection;
  const tabs = useConnectionTabs();
  const client = useQueryClient();
  const may = useMay("register");
  const exportIt = useTakeOut("devices", words.tabs.devices);
  const [doing, setDoing] = useState<Doing | null>(null);
  const close = () => setDoing(null);
  const changed = () => client.invalidateQueries({ queryKey: ["devices"] });
  const acts = (row: DeviceRow) =>
    may && row.kind !== "point" ? <Acts row={row} choose={(what) => setDoing({ what, row })} /> : null;
  return (
    <>
      <ListPage<DeviceRow>
        name="devices"
        title={words.tabs.devices}
        tabs={tabs}
        query={query}
        exportIt={exportIt}
        fields={[
          {
            kind: "select",
            name: "state",
            label: words.state,
            options: [
              { value: "", label: words.allStates },
              ...STATES.map((value) => ({ value, label: words.states[value] ?? value })),
            ],
          },
          {
            kind: "select",
            name: "kind",
            label: words.kind,
            options: [
              { value: "", label: words.allKinds },
              ...KINDS.map((value) => ({ value, label: words.kinds[value] ?? value })),
            ],
          },
          { kind: "text", name: "q", label: words.searchDevice },
          {
            kind: "chip",
            name: "enterprise_id",
            words: (value, rows) =>
              rows.find((row) => String(row.enterprise_id) === value)?.enterprise_name ?? words.enterprise,
          },
        ]}
        rows={{
          rowKey: (row) => `${row.kind}.${row.id}`,
          name: (row) => `${row.enterprise_name} ${row.name} ${words.states[row.state]}`,
          rowClass: (row) => `device-${row.state}`,
          card: (row) => <OneCard row={row} acts={acts(row)} />,
          columns: [
            {
              key: "device",
              title: words.device,
              width: "minmax(11rem, 1.6fr)",
              always: true,
              cell: (row) => (
                <span className="two-lines">
                  <strong>{instrumentName(row.name, text)}</strong>
                  <span className="faint">
                    {words.kinds[row.kind]} · {row.key || row.gateway_id}
                  </span>
                </span>
              ),
            },
            {
              key: "enterprise",
              title: words.enterprise,
              width: "minmax(10rem, 1.4fr)",
              cell: (row) => (
                <span className="two-lines">
                  <span>{row.enterprise_name}</span>
                  <span className="faint">{row.gateway_name}</span>
                </span>
              ),
            },
            {
              key: "where",
              title: words.sceneAndPlace,
              width: "minmax(9rem, 1.2fr)",
              cell: (row) => (
                <span className="two-lines">
                  <span>{row.scene || "–"}</span>
                  <span className="faint">{row.position}</span>
                </span>
              ),
            },
            {
              key: "state",
              title: words.state,
              width: "minmax(8rem, 1fr)",
              always: true,
              cell: (row) => (
                <span className="two-lines">
                  <StateWord state={row.state} never={row.since === null && row.state === "offline"} />
                  <span className="faint">{row.cause && words.causes[row.cause]}</span>
                </span>
              ),
            },
            {
              key: "away",
              title: words.offlineFor,
              width: "minmax(9rem, 1fr)",
              cell: (row) => <Away row={row} />,
            },
            { key: "acts", title: "", width: "minmax(11rem, auto)", cell: acts, always: true },
          ],
        }}
        empty={words.noDevicesFiltered}
        emptyAll={words.noDevices}
      />
      <EditDrawer
        name={`device.${doing?.row.id}`}
        title={`${words.describe} · ${doing?.row.name ?? ""}`}
        open={doing?.what === "describe"}
        close={close}
        initial={{ scene: doing?.row.scene ?? "", position: doing?.row.position ?? "" }}
        etag={doing?.row.etag ?? null}
        fields={[
          { name: "scene", label: words.scene, max: 60 },
          { name: "position", label: words.position, max: 120 },
        ]}
        save={(values, etag) => send("PUT", `/api/v1/devices/${doing?.row.id}`, { body: values, etag })}
        saved={changed}
      />
      <ReportForm open={doing?.what === "report"} device={doing?.row} close={close} saved={changed} />
      <FaultForm open={doing?.what === "fault"} device={doing?.row} close={close} saved={changed} />
    </>
  );
}

function Away({ row }: { row: DeviceRow }) {
  const words = useText().connection;
  if (row.state === "online") return null;
  return (
    <span className="two-lines">
      <span>{row.since ? <Since at={row.since} /> : words.never}</span>
      <span className="faint">
        {row.reported_until
          ? words.reportedUntil(fullTime(row.reported_until).slice(0, 16))
          : row.since && fullTime(row.since).slice(0, 16)}
      </span>
    </span>
  );
}

/** What somebody with one free hand needs: which, where, since when, and what to do. */
function OneCard({ row, acts }: { row: DeviceRow; acts: React.ReactNode }) {
  const text = useText();
  const words = text.connection;
  return (
    <div className="device-card">
      <div className="device-card-head">
        <strong>{instrumentName(row.name, text)}</strong>
        <StateWord state={row.state} never={row.since === null && row.state === "offline"} />
      </div>
      <span className="faint">
        {words.kinds[row.kind]} · {[row.scene, row.position].filter(Boolean).join(" · ") || row.gateway_name}
      </span>
      <span className="faint">{row.enterprise_name}</span>
      {row.state !== "online" && (
        <span className="device-card-away">
          <span>{row.cause && words.causes[row.cause]}</span>
          <Away row={row} />
        </span>
      )}
      {acts}
    </div>
  );
}

function Acts({ row, choose }: { row: DeviceRow; choose: (what: Doing["what"]) => void }) {
  const words = useText().connection;
  return (
    <Space wrap size={4} className="over device-acts">
      <Button size="small" onClick={() => choose("describe")}>
        {words.describe}
      </Button>
      {row.state !== "online" && (
        <>
          <Button size="small" onClick={() => choose("report")}>
            {words.reportThis}
          </Button>
          {row.fault_id === null ? (
            <Button size="small" onClick={() => choose("fault")}>
              {words.faultThis}
            </Button>
          ) : (
            <Link to="/connections/faults">{words.faultOpen}</Link>
          )}
        </>
      )}
    </Space>
  );
}
