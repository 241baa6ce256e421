// Those who cannot get in: a keeper of the agency above checks who asks, then hands over a one-time password.

import { useQueryClient } from "@tanstack/react-query";
import { Button, Modal, Space, Typography } from "antd";
import { useState } from "react";
import { send } from "../api/client.ts";
import type { RecoveryRequest } from "../api/identity.ts";
import { listOf } from "../api/list.ts";
import { useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import type { RowLook } from "../parts/Rows.tsx";
import { When } from "../parts/When.tsx";

interface Handed {
  account: string;
  password: string;
}

export function RecoveryRequests() {
  const text = useText();
  const words = text.recovery;
  const client = useQueryClient();
  const [chosen, setChosen] = useState<{ request: RecoveryRequest; act: "approval" | "refusal" } | null>(
    null,
  );
  const [handed, setHanded] = useState<Handed | null>(null);
  const again = () => client.invalidateQueries({ queryKey: ["recovery-requests"] });
  const look: RowLook<RecoveryRequest> = {
    rowKey: (request) => request.id,
    name: (request) => request.account,
    columns: [
      {
        key: "account",
        title: words.account,
        width: "minmax(10rem, 1.4fr)",
        always: true,
        cell: (request) => (
          <>
            {request.account}
            <div className="faint">
              {[request.unit, request.role_name, request.display_name].filter(Boolean).join(" · ")}
            </div>
          </>
        ),
      },
      {
        key: "kind",
        title: words.kind,
        width: "9rem",
        cell: (request) => (
          <>
            {words.kinds[request.kind]}
            {request.by_identity && <div className="faint">{words.byIdentity}</div>}
          </>
        ),
      },
      {
        key: "applicant",
        title: words.applicant,
        width: "minmax(9rem, 1fr)",
        cell: (request) => (
          <>
            {request.applicant} {request.contact}
            {request.words && <div className="faint">{request.words}</div>}
          </>
        ),
      },
      {
        key: "at",
        title: words.at,
        width: "11rem",
        cell: (request) => <When at={request.created_at} brief />,
      },
      {
        key: "state",
        title: words.state,
        width: "11rem",
        cell: (request) =>
          request.state === "open" ? (
            <Space>
              <Button size="small" type="primary" onClick={() => setChosen({ request, act: "approval" })}>
                {words.approve}
              </Button>
              <Button size="small" onClick={() => setChosen({ request, act: "refusal" })}>
                {words.refuse}
              </Button>
            </Space>
          ) : (
            <>
              {words.states[request.state]}
              {request.reason && <div className="faint">{request.reason}</div>}
            </>
          ),
      },
    ],
  };
  return (
    <>
      <ListPage<RecoveryRequest>
        name="recovery-requests"
        title={words.title}
        query={listOf<RecoveryRequest>("recovery-requests")}
        rows={look}
        empty={words.empty}
        emptyAll={words.empty}
        note={words.note}
      />
      <ConfirmReason
        title={chosen?.act === "refusal" ? words.refuse : words.approve}
        what={chosen?.act === "refusal" ? words.refuseHelp : words.approveHelp(chosen?.request.account ?? "")}
        usual={chosen?.act === "refusal" ? words.usualRefusal : words.usualApproval}
        open={chosen !== null}
        close={() => setChosen(null)}
        run={async (reason) => {
          if (!chosen) return;
          const path = `/api/v1/recovery-requests/${chosen.request.id}/${chosen.act}`;
          const answer = await send<Handed | undefined>("POST", path, { body: { reason } });
          if (answer.data?.password) setHanded(answer.data);
        }}
        done={again}
      />
      <Modal
        open={handed !== null}
        title={words.handed}
        onCancel={() => setHanded(null)}
        mask={{ closable: false }}
        footer={
          <Button type="primary" onClick={() => setHanded(null)}>
            {text.apiKeys.kept}
          </Button>
        }
      >
        <p>{words.handedHelp(handed?.account ?? "")}</p>
        <Typography.Paragraph copyable code>
          {handed?.password}
        </Typography.Paragraph>
      </Modal>
    </>
  );
}
