// Faults of devices: found, in repair, repaired; and how many there were of which cause.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Space } from "antd";
import { useState } from "react";
import { send } from "../api/client.ts";
import { type FaultRow, faultCounts } from "../api/connection.ts";
import { listOf } from "../api/list.ts";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { EditDrawer } from "../parts/EditDrawer.tsx";
import { count } from "../parts/figures.ts";
import { instrumentName } from "../parts/instrument.ts";
import { ListPage } from "../parts/ListPage.tsx";
import { Card } from "../parts/Page.tsx";
import { When } from "../parts/When.tsx";
import { useCauses } from "./FaultForm.tsx";
import { useConnectionTabs } from "./tabs.ts";
import { useTakeOut } from "./takeOut.ts";

const query = listOf<FaultRow>("device-faults");

export function Faults() {
  const text = useText();
  const words = text.connection;
  const own = words.faults;
  const tabs = useConnectionTabs();
  const client = useQueryClient();
  const may = useMay("register");
  const exportIt = useTakeOut("device-faults", words.tabs.faults);
  const [doing, setDoing] = useState<{ row: FaultRow; act: "repair" | "done" } | null>(null);
  const causes = useCauses(doing !== null);
  const changed = () => client.invalidateQueries({ queryKey: ["device-faults"] });
  const done = doing?.act === "done";
  return (
    <>
      <ListPage<FaultRow>
        name="device-faults"
        title={words.tabs.faults}
        tabs={tabs}
        note={own.note}
        query={query}
        exportIt={exportIt}
        fields={[
          {
            kind: "select",
            name: "state",
            label: words.state,
            options: [
              { value: "", label: words.allStates },
              ...Object.entries(own.states).map(([value, label]) => ({ value, label })),
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
          rowKey: (row) => row.id,
          name: (row) => `${row.enterprise_name} ${row.name}`,
          columns: [
            {
              key: "device",
              title: words.device,
              width: "minmax(11rem, 1.4fr)",
              always: true,
              cell: (row) => (
                <span className="two-lines">
                  <strong>{instrumentName(row.name, text)}</strong>
                  <span className="faint">
                    {row.enterprise_name}
                    {row.position && ` · ${row.position}`}
                  </span>
                </span>
              ),
            },
            {
              key: "words",
              title: own.words,
              width: "minmax(12rem, 1.8fr)",
              cell: (row) => (
                <span className="two-lines">
                  <span>{row.words}</span>
                  <span className="faint">{row.cause_name || own.unknown}</span>
                </span>
              ),
            },
            {
              key: "state",
              title: words.state,
              width: "7rem",
              always: true,
              cell: (row) => own.states[row.state],
            },
            {
              key: "found",
              title: own.found,
              width: "minmax(9rem, 1fr)",
              cell: (row) => (
                <span className="two-lines">
                  <When at={row.found_at} brief />
                  <span className="faint">{row.made_name}</span>
                </span>
              ),
            },
            {
              key: "handling",
              title: own.handling,
              width: "minmax(11rem, 1.4fr)",
              cell: (row) =>
                row.state === "open" ? null : (
                  <span className="two-lines">
                    <span>{row.result || row.repairer}</span>
                    <When at={row.done_at ?? row.repair_at} brief />
                  </span>
                ),
            },
            {
              key: "acts",
              title: "",
              width: "minmax(9rem, auto)",
              always: true,
              cell: (row) =>
                may && row.state !== "done" ? (
                  <Space wrap size={4}>
                    {row.state === "open" && (
                      <Button size="small" onClick={() => setDoing({ row, act: "repair" })}>
                        {own.repair}
                      </Button>
                    )}
                    <Button size="small" type="primary" onClick={() => setDoing({ row, act: "done" })}>
                      {own.finish}
                    </Button>
                  </Space>
                ) : null,
            },
          ],
        }}
        empty={own.emptyFiltered}
        emptyAll={own.empty}
        after={<Analysis />}
      />
      <EditDrawer
        name={`fault.${doing?.row.id}.${doing?.act}`}
        title={doing ? (done ? own.finishTitle : own.repairTitle)(doing.row.name) : ""}
        open={doing !== null}
        close={() => setDoing(null)}
        initial={{ cause_code: doing?.row.cause_code || undefined }}
        etag={doing?.row.etag ?? null}
        fields={[
          ...(done
            ? [{ name: "result", label: own.result, kind: "long" as const, max: 1000, required: true }]
            : [{ name: "repairer", label: own.repairer, max: 100, required: true }]),
          { name: "cause_code", label: own.cause, kind: "select", options: causes, required: done },
        ]}
        save={(values, etag) =>
          send("POST", `/api/v1/device-faults/${doing?.row.id}/${doing?.act}`, {
            body: { ...values, cause_code: values.cause_code ?? "" },
            etag,
          })
        }
        saved={changed}
      />
    </>
  );
}

function Analysis() {
  const words = useText().connection;
  const own = words.faults;
  const rows = useQuery(faultCounts).data ?? [];
  if (rows.length === 0) return null;
  return (
    <Card title={own.analysis}>
      <div className="wide-table">
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{words.kind}</th>
              <th scope="col">{own.cause}</th>
              {Object.values(own.states).map((label) => (
                <th key={label} scope="col">
                  {label}
                </th>
              ))}
              <th scope="col">{own.mean}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.kind}.${row.cause_code}`}>
                <th scope="row">{words.kinds[row.kind]}</th>
                <td>{row.cause_name || own.unknown}</td>
                <td>{count(row.open)}</td>
                <td>{count(row.repairing)}</td>
                <td>{count(row.done)}</td>
                <td>{row.repair_h ?? "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
