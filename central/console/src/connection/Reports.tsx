// Offline reports: enterprises report, offices review; what was agreed to runs until its time or until it is ended.

import { useQueryClient } from "@tanstack/react-query";
import { Button, Space } from "antd";
import { useState } from "react";
import { send } from "../api/client.ts";
import type { OfflineReport } from "../api/connection.ts";
import { listOf } from "../api/list.ts";
import { useMay, useMe } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { instrumentName } from "../parts/instrument.ts";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { When } from "../parts/When.tsx";
import { ReportForm } from "./ReportForm.tsx";
import { useConnectionTabs } from "./tabs.ts";

const query = listOf<OfflineReport>("offline-reports");
type Act = "approve" | "refuse" | "end";

export function Reports() {
  const text = useText();
  const words = text.connection;
  const own = words.reports;
  const tabs = useConnectionTabs();
  const client = useQueryClient();
  const me = useMe();
  const may = useMay("register");
  const [adding, setAdding] = useState(false);
  const [chosen, setChosen] = useState<{ row: OfflineReport; act: Act } | null>(null);
  const changed = () => client.invalidateQueries({ queryKey: ["offline-reports"] });
  const name = chosen ? `${chosen.row.enterprise_name} ${chosen.row.device_name || own.whole}` : "";
  return (
    <>
      <ListPage<OfflineReport>
        name="offline-reports"
        title={words.tabs.reports}
        tabs={tabs}
        note={
          <>
            {own.note}
            <Link to="/registers/production-stops">{own.stops}</Link>
          </>
        }
        query={query}
        actions={
          may && (
            <Button type={me.enterprise_id === null ? "default" : "primary"} onClick={() => setAdding(true)}>
              {own.add}
            </Button>
          )
        }
        fields={[
          {
            kind: "choice",
            name: "state",
            label: words.state,
            options: Object.entries(own.shows).map(([value, label]) => ({ value, label })),
          },
        ]}
        rows={{
          rowKey: (row) => row.id,
          name: (row) => `${row.enterprise_name} ${own.causes[row.cause]}`,
          columns: [
            {
              key: "what",
              title: own.what,
              width: "minmax(12rem, 1.5fr)",
              always: true,
              cell: (row) => (
                <span className="two-lines">
                  <strong>{row.device_name ? instrumentName(row.device_name, text) : own.whole}</strong>
                  <span className="faint">{row.enterprise_name}</span>
                </span>
              ),
            },
            {
              key: "why",
              title: own.why,
              width: "minmax(12rem, 1.8fr)",
              cell: (row) => (
                <span className="two-lines">
                  <span>
                    {own.causes[row.cause]}：{row.words}
                  </span>
                  <span className="faint">
                    {own.measures}：{row.measures}
                  </span>
                </span>
              ),
            },
            {
              key: "from",
              title: own.from,
              width: "minmax(9rem, 1fr)",
              cell: (row) => <When at={row.from_at} brief />,
            },
            {
              key: "until",
              title: own.until,
              width: "minmax(9rem, 1fr)",
              cell: (row) => <When at={row.until_at} brief />,
            },
            {
              key: "state",
              title: words.state,
              width: "minmax(9rem, 1fr)",
              always: true,
              cell: (row) => (
                <span className="two-lines">
                  <span>
                    {row.running
                      ? own.shows.running
                      : row.state === "approved" && new Date(row.until_at).getTime() < Date.now()
                        ? own.expired
                        : own.states[row.state]}
                  </span>
                  <span className="faint">
                    {row.decided_name || row.made_name}
                    {row.opinion && `：${row.opinion}`}
                  </span>
                </span>
              ),
            },
            {
              key: "acts",
              title: "",
              width: "minmax(9rem, auto)",
              always: true,
              cell: (row) => (
                <Space wrap size={4}>
                  {row.may_decide && (
                    <>
                      <Button size="small" type="primary" onClick={() => setChosen({ row, act: "approve" })}>
                        {own.approve}
                      </Button>
                      <Button size="small" onClick={() => setChosen({ row, act: "refuse" })}>
                        {own.refuse}
                      </Button>
                    </>
                  )}
                  {row.may_end && (row.state === "approved" || me.enterprise_id !== null) && (
                    <Button size="small" onClick={() => setChosen({ row, act: "end" })}>
                      {row.state === "waiting" ? own.withdraw : own.end}
                    </Button>
                  )}
                </Space>
              ),
            },
          ],
        }}
        empty={own.emptyFiltered}
        emptyAll={own.empty}
      />
      <ReportForm open={adding} close={() => setAdding(false)} saved={changed} />
      <ConfirmReason
        title={
          chosen?.act === "approve"
            ? own.approveTitle(name)
            : chosen?.act === "refuse"
              ? own.refuseTitle(name)
              : own.endTitle
        }
        what={
          chosen?.act === "approve"
            ? own.approveWhat
            : chosen?.act === "refuse"
              ? own.refuseWhat
              : own.endWhat
        }
        open={chosen !== null}
        close={() => setChosen(null)}
        reason={chosen?.act === "refuse"}
        submit={chosen ? (chosen.act === "end" ? own.end : own[chosen.act]) : undefined}
        run={(opinion) =>
          chosen?.act === "end"
            ? send("POST", `/api/v1/offline-reports/${chosen.row.id}/end`)
            : send("POST", `/api/v1/offline-reports/${chosen?.row.id}/decision`, {
                body: { approve: chosen?.act === "approve", opinion },
              })
        }
        done={changed}
      />
    </>
  );
}
