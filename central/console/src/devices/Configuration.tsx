// Whose configuration a gateway runs with, every version that the centre made, and the way to a new one.

import { useQuery } from "@tanstack/react-query";
import { Button, Modal } from "antd";
import { useState } from "react";
import { configurations, configurationText } from "../api/queries.ts";
import type { ConfigurationRow, GatewayRow } from "../api/types.ts";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { When } from "../parts/When.tsx";
import { ConfigurationEditor } from "./ConfigurationEditor.tsx";
import { Difference } from "./Difference.tsx";
import { useConfigure } from "./useConfigure.ts";

const SHOWN = 3;
const SIGNS: Record<ConfigurationRow["state"], string> = {
  draft: "○",
  pending: "…",
  trial: "▸",
  kept: "✓",
  "taken-back": "↶",
  refused: "✕",
};

export function Configuration({ gateway }: { gateway: GatewayRow }) {
  const text = useText();
  const words = text.configuration;
  const may = useMay("device");
  const list = useQuery(configurations(gateway.id));
  const [editing, setEditing] = useState(false);
  const [all, setAll] = useState(false);
  const [looking, setLooking] = useState<number | null>(null);
  const { send } = useConfigure(gateway.id);
  if (list.isPending) return <Loading rows={2} />;
  if (list.isError) return <Failed error={list.error} retry={() => list.refetch()} />;
  const { master, version, items } = list.data;
  const rows = all ? items : items.slice(0, SHOWN);
  return (
    <>
      <p className="configuration-master">
        <strong>{words.master[master]}</strong>
        <span className="faint">{version === null ? words.unknown : words.version(version)}</span>
        {may && (
          <Button size="small" onClick={() => setEditing(true)}>
            {words.edit}
          </Button>
        )}
      </p>
      {items.length === 0 ? (
        <p className="faint">{words.none}</p>
      ) : (
        <ul className="plain configuration-list">
          {rows.map((row) => (
            <li key={row.version}>
              <span>
                <strong className="number">{words.version(row.version)}</strong>{" "}
                <span className={`configuration-${row.state}`}>
                  {SIGNS[row.state]} {words.state[row.state]}
                </span>{" "}
                {row.reason}
              </span>
              <span className="faint">
                {row.made_by} · <When at={row.changed_at} brief />
              </span>
              {row.detail && row.state !== "kept" && <pre className="configuration-said">{row.detail}</pre>}
              {may && (
                <span className="configuration-acts">
                  <Button size="small" type="link" onClick={() => setLooking(row.version)}>
                    {words.look}
                  </Button>
                  {row.state === "draft" && (
                    <Button size="small" loading={send.isPending} onClick={() => send.mutate(row.version)}>
                      {words.send}
                    </Button>
                  )}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {items.length > SHOWN && (
        <Button type="link" size="small" onClick={() => setAll(!all)}>
          {all ? words.fewer : words.more(items.length)}
        </Button>
      )}
      {editing && <ConfigurationEditor gateway={gateway} close={() => setEditing(false)} />}
      {looking !== null && (
        <Look gateway={gateway.id} version={looking} rows={items} close={() => setLooking(null)} />
      )}
    </>
  );
}

function Look({
  gateway,
  version,
  rows,
  close,
}: {
  gateway: string;
  version: number;
  rows: readonly ConfigurationRow[];
  close: () => void;
}) {
  const text = useText();
  const words = text.configuration;
  const found = useQuery(configurationText(gateway, version));
  const before = rows.find((row) => row.version < version && row.state === "kept")?.version ?? null;
  return (
    <Modal open width={960} title={words.version(version)} footer={null} onCancel={close} destroyOnHidden>
      {before !== null && (
        <>
          <h3>{words.against(before)}</h3>
          <Difference gateway={gateway} version={version} before={before} />
        </>
      )}
      <h3>{words.whole}</h3>
      {found.isPending ? (
        <Loading rows={6} />
      ) : found.isError ? (
        <Failed error={found.error} retry={() => found.refetch()} />
      ) : (
        <pre className="configuration-text">{found.data.text}</pre>
      )}
    </Modal>
  );
}
