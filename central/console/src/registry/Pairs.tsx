// Enterprises of one county that look like one: somebody compares them, and says when they are two.

import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { send } from "../api/client.ts";
import type { Pair } from "../api/dossier.ts";
import { listOf } from "../api/list.ts";
import { useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { REGISTRY_TABS, useRegistryTabs } from "./tabs.ts";

export function Pairs() {
  const text = useText();
  const words = text.pairs;
  const tabs = useRegistryTabs();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<Pair | null>(null);
  const one = (id: number, name: string, code: string, address: string) => (
    <span className="two-lines">
      <Link className="over" to={`/enterprises/${id}`}>
        {name}
      </Link>
      <span className="faint">{code}</span>
      {address && <span className="faint">{address}</span>}
    </span>
  );
  return (
    <>
      <ListPage<Pair>
        name={REGISTRY_TABS.pairs}
        title={words.title}
        note={words.note}
        tabs={tabs}
        query={listOf<Pair>("enterprise-pairs")}
        rows={{
          rowKey: (row) => `${row.first_id}-${row.second_id}`,
          name: (row) => row.first_name,
          columns: [
            {
              key: "first",
              title: text.enterprises.name,
              width: "minmax(14rem, 1.6fr)",
              always: true,
              cell: (row) => one(row.first_id, row.first_name, row.first_credit_code, row.first_address),
            },
            {
              key: "second",
              title: text.enterprises.name,
              width: "minmax(14rem, 1.6fr)",
              always: true,
              cell: (row) => one(row.second_id, row.second_name, row.second_credit_code, row.second_address),
            },
            { key: "region", title: text.enterprises.region, width: "7rem", cell: (row) => row.region_name },
            {
              key: "why",
              title: text.lifeForms.reason,
              width: "minmax(11rem, 1fr)",
              cell: (row) => row.reasons.join("、"),
            },
            {
              key: "act",
              title: "",
              width: "8rem",
              cell: (row) => (
                <Button size="small" onClick={() => setChosen(row)}>
                  {words.distinct}
                </Button>
              ),
            },
          ],
        }}
        empty={words.empty}
        after={<p className="faint page-note">{words.real}</p>}
      />
      <ConfirmReason
        title={words.distinct}
        what={chosen ? words.distinctWhat(chosen.first_name, chosen.second_name) : ""}
        usual={words.usual}
        open={chosen !== null}
        close={() => setChosen(null)}
        run={(reason) =>
          send("POST", "/api/v1/enterprise-pairs", {
            body: { first_id: chosen?.first_id, second_id: chosen?.second_id, reason },
          })
        }
        done={() => client.invalidateQueries({ queryKey: ["enterprise-pairs"] })}
      />
    </>
  );
}
