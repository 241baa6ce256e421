// Keys of machines: one's own, and for who keeps keys those of the whole scope; a new key is shown once.

import { useQueryClient } from "@tanstack/react-query";
import { Button, Modal, Typography } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { send } from "../api/client.ts";
import type { ApiKey } from "../api/identity.ts";
import { listOf } from "../api/list.ts";
import { useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { EditDrawer, type Values } from "../parts/EditDrawer.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import type { RowLook } from "../parts/Rows.tsx";
import { Age, When } from "../parts/When.tsx";
import { useMay, useMe } from "./me.tsx";

export function ApiKeys() {
  const text = useText();
  const words = text.apiKeys;
  const me = useMe();
  const client = useQueryClient();
  const keeps = useMay("api-key");
  const [search] = useSearchParams();
  const all = keeps && search.get("whose") === "all";
  const [making, setMaking] = useState(false);
  const [shown, setShown] = useState("");
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const again = () => client.invalidateQueries({ queryKey: ["api-keys"] });
  const state = (key: ApiKey) =>
    key.revoked_at ? words.revoked : Date.parse(key.expires_at) < Date.now() ? words.expired : words.alive;
  const look: RowLook<ApiKey> = {
    rowKey: (key) => key.id,
    name: (key) => key.name,
    columns: [
      { key: "name", title: words.name, width: "minmax(8rem, 1.5fr)", cell: (key) => key.name, always: true },
      { key: "prefix", title: words.prefix, width: "9rem", cell: (key) => <code>fsk_{key.prefix}_…</code> },
      ...(all
        ? [{ key: "owner", title: words.owner, width: "10rem", cell: (key: ApiKey) => key.owner }]
        : []),
      {
        key: "operations",
        title: words.operations,
        width: "minmax(8rem, 1fr)",
        cell: (key) => key.operations.map((word) => text.me.operations[word] ?? word).join(" · "),
      },
      {
        key: "areas",
        title: words.areas,
        width: "minmax(6rem, 1fr)",
        cell: (key) => key.areas.join("、") || words.everywhere,
      },
      {
        key: "expires",
        title: words.expires,
        width: "11rem",
        cell: (key) => <When at={key.expires_at} brief />,
      },
      { key: "used", title: words.used, width: "8rem", cell: (key) => <Age at={key.last_used_at} /> },
      {
        key: "state",
        title: words.state,
        width: "9rem",
        cell: (key) =>
          key.revoked_at || Date.parse(key.expires_at) < Date.now() ? (
            <span className="faint">{state(key)}</span>
          ) : (
            <Button size="small" onClick={() => setRevoking(key)}>
              {words.revoke}
            </Button>
          ),
      },
    ],
  };
  return (
    <>
      <ListPage<ApiKey>
        name="api-keys"
        title={words.title}
        query={listOf<ApiKey>("api-keys")}
        rows={look}
        fixed={{ whose: all ? "all" : "own" }}
        tabs={
          keeps
            ? [
                { to: "/api-keys", words: words.own },
                { to: "/api-keys?whose=all", words: words.all },
              ]
            : undefined
        }
        empty={words.empty}
        emptyAll={words.empty}
        note={words.note}
        actions={
          <Button type="primary" onClick={() => setMaking(true)}>
            {words.make}
          </Button>
        }
      />
      <EditDrawer<{ key: string }>
        name="api-key.new"
        title={words.make}
        open={making}
        close={() => setMaking(false)}
        note={words.makeNote}
        initial={{ days: 90, operations: ["see"], areas: "" }}
        fields={[
          { name: "name", label: words.name, required: true, max: 60, help: words.nameHelp },
          { name: "days", label: words.days, kind: "number", required: true, least: 1, most: 366 },
          {
            name: "operations",
            label: words.operations,
            kind: "many",
            required: true,
            options: me.may.map((word) => ({ value: word, label: text.me.operations[word] ?? word })),
          },
          { name: "areas", label: words.areas, help: words.areasHelp },
        ]}
        save={(values) => send<{ key: string }>("POST", "/api/v1/api-keys", { body: asked(values) })}
        saved={(answer) => {
          setShown(answer.data.key);
          again();
        }}
      />
      <Modal
        open={shown !== ""}
        title={words.once}
        onCancel={() => setShown("")}
        mask={{ closable: false }}
        footer={
          <Button type="primary" onClick={() => setShown("")}>
            {words.kept}
          </Button>
        }
      >
        <p>{words.onceHelp}</p>
        <Typography.Paragraph copyable code>
          {shown}
        </Typography.Paragraph>
      </Modal>
      <ConfirmReason
        title={words.revoke}
        what={words.revokeHelp(revoking?.name ?? "")}
        open={revoking !== null}
        close={() => setRevoking(null)}
        run={(reason) => send("POST", `/api/v1/api-keys/${revoking?.id}/revocation`, { body: { reason } })}
        done={again}
      />
    </>
  );
}

function asked(values: Values) {
  const { days, areas, ...rest } = values;
  const end = new Date(Date.now() + Number(days) * 86_400_000);
  return {
    ...rest,
    areas: String(areas ?? "")
      .split(/[\s,，、;；]+/)
      .filter(Boolean),
    expires_at: end.toISOString(),
  };
}
