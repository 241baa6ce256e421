// Wishes to remove an enterprise: the agency above looks, and grants or refuses.

import { useQueryClient } from "@tanstack/react-query";
import { Button, Space } from "antd";
import { useState } from "react";
import { send } from "../api/client.ts";
import type { Removal } from "../api/dossier.ts";
import { listOf } from "../api/list.ts";
import { useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { When } from "../parts/When.tsx";
import { REGISTRY_TABS, useRegistryTabs } from "./tabs.ts";

export function Removals() {
  const text = useText();
  const words = text.removals;
  const tabs = useRegistryTabs();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<{ row: Removal; approve: boolean } | null>(null);
  return (
    <>
      <ListPage<Removal>
        name={REGISTRY_TABS.removals}
        title={words.title}
        note={words.note}
        tabs={tabs}
        query={listOf<Removal>("enterprise-removals")}
        fields={[
          {
            kind: "choice",
            name: "state",
            label: words.state,
            options: [
              { value: "", label: text.applications.all },
              ...Object.entries(words.states).map(([value, label]) => ({ value, label })),
            ],
          },
        ]}
        rows={{
          rowKey: (row) => row.id,
          name: (row) => row.enterprise_name,
          columns: [
            {
              key: "enterprise",
              title: words.enterprise,
              width: "minmax(12rem, 1.4fr)",
              always: true,
              cell: (row) =>
                row.state === "used" ? (
                  row.enterprise_name
                ) : (
                  <Link className="over" to={`/enterprises/${row.enterprise_id}`}>
                    {row.enterprise_name}
                  </Link>
                ),
            },
            { key: "reason", title: words.reason, width: "minmax(10rem, 1.4fr)", cell: (row) => row.reason },
            {
              key: "asked",
              title: words.asked,
              width: "minmax(9rem, 1fr)",
              cell: (row) => (
                <span className="two-lines">
                  <span>{row.asked_by_name}</span>
                  <When at={row.asked_at} brief />
                </span>
              ),
            },
            {
              key: "state",
              title: words.state,
              width: "minmax(11rem, 1fr)",
              cell: (row) =>
                row.may_decide ? (
                  <Space>
                    <Button size="small" type="primary" onClick={() => setChosen({ row, approve: true })}>
                      {words.grant}
                    </Button>
                    <Button size="small" onClick={() => setChosen({ row, approve: false })}>
                      {words.refuse}
                    </Button>
                  </Space>
                ) : (
                  <span className="two-lines">
                    <span>{row.state === "asked" ? words.waiting : words.states[row.state]}</span>
                    {row.opinion && <span className="faint">{row.opinion}</span>}
                  </span>
                ),
            },
          ],
        }}
        empty={words.empty}
      />
      <ConfirmReason
        title={chosen?.approve ? words.grant : words.refuse}
        what={chosen?.approve ? words.grantWhat(chosen.row.enterprise_name) : words.refuseWhat}
        open={chosen !== null}
        close={() => setChosen(null)}
        run={(opinion) =>
          send("POST", `/api/v1/enterprise-removals/${chosen?.row.id}/decision`, {
            body: { approve: chosen?.approve, opinion },
          })
        }
        done={() => client.invalidateQueries({ queryKey: ["enterprise-removals"] })}
      />
    </>
  );
}
