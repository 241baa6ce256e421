// Enterprises of one county that look like one: somebody compares them, and says when they are two.

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { send } from "../api/client.ts";
import type { Pair, PairPage } from "../api/dossier.ts";
import { type Filter, listOf } from "../api/list.ts";
import { useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { Link } from "../parts/Link.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import { RegionSelect } from "../regions/RegionSelect.tsx";
import { REGISTRY_TABS, useRegistryTabs } from "./tabs.ts";

const PAIRS = listOf<Pair>("enterprise-pairs");

export function Pairs() {
  const text = useText();
  const words = text.pairs;
  const tabs = useRegistryTabs();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<Pair | null>(null);
  const [region, setRegion] = useState<string | undefined>();
  const fixed = region ? { region_code: region } : undefined;
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
        query={PAIRS}
        fixed={fixed}
        actions={
          <div style={{ width: 220 }}>
            <RegionSelect value={region} onChange={setRegion} label={text.enterprises.region} />
          </div>
        }
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
        after={
          <>
            <Looked filter={fixed ?? {}} />
            <p className="faint page-note">{words.real}</p>
          </>
        }
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

/** How many were compared, and what was left out of it: the list asks the same and is asked once. */
function Looked({ filter }: { filter: Filter }) {
  const words = useText().pairs;
  const first = useInfiniteQuery(PAIRS(filter)).data?.pages[0] as PairPage | undefined;
  if (!first) return null;
  return (
    <div className="faint page-note">
      <p>{words.lookedAt(first.looked_at)}</p>
      {first.notes.map((note) => (
        <p key={note}>{note}</p>
      ))}
    </div>
  );
}
