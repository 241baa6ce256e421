// How far a gateway is trusted: its certificates, a new code for another box in its place, and shutting it out.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Modal } from "antd";
import { useState } from "react";
import { send } from "../api/client.ts";
import { gatewayTrust } from "../api/queries.ts";
import type { GatewayRow, GatewayTrust } from "../api/types.ts";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { Failed, Loading, problemWords } from "../parts/States.tsx";
import { fullTime } from "../parts/time.ts";
import { Until, When } from "../parts/When.tsx";
import { CodeForm } from "./CodeForm.tsx";

const BAD = { none: false, valid: false, expiring: true, expired: true, revoked: true } as const;

export function Trust({ gateway }: { gateway: GatewayRow }) {
  const text = useText();
  const may = useMay("device");
  const found = useQuery(gatewayTrust(gateway.id));
  const [asking, setAsking] = useState<"code" | "revoke" | null>(null);
  if (found.isPending) return <Loading rows={2} />;
  if (found.isError) return <Failed error={found.error} retry={() => found.refetch()} />;
  const trust = found.data;
  return (
    <>
      <p>
        <span className={BAD[trust.state] ? "sign-quality-bad" : undefined}>
          {BAD[trust.state] ? "✕" : trust.state === "none" ? "○" : "✓"} {text.trust.state[trust.state]}
        </span>
        {trust.valid_until && trust.state !== "revoked" && (
          <span className="faint">
            {" "}
            {text.trust.until(fullTime(trust.valid_until))}
            {trust.state !== "expired" && (
              <>
                （<Until at={trust.valid_until} />）
              </>
            )}
          </span>
        )}
      </p>
      {trust.revoked_at && (
        <p className="faint">
          {text.trust.revokedBy(trust.revoked_by, trust.revoked_why)} <When at={trust.revoked_at} />
        </p>
      )}
      <ul className="plain">
        {trust.certificates.slice(0, 4).map((one) => (
          <li key={one.serial}>
            <span className="two-lines">
              <span className="number certificate-serial">{one.serial.slice(0, 16)}…</span>
              <span className="faint">
                {text.trust.way[one.way]} {fullTime(one.issued_at)}
              </span>
            </span>
            <span className="two-lines output-now">
              <span className={one.state === "expiring" ? "sign-quality-bad" : "faint"}>
                {text.trust.state[one.state]}
              </span>
              <span className="faint">
                {one.revoked_why
                  ? (text.trust.why[one.revoked_why] ?? one.revoked_why)
                  : fullTime(one.not_after)}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {may && (
        <p className="trust-actions">
          <Button onClick={() => setAsking("code")}>{text.trust.replace}</Button>
          {trust.state !== "revoked" && (
            <Button onClick={() => setAsking("revoke")}>{text.trust.revoke}</Button>
          )}
        </p>
      )}
      {asking === "code" && <CodeForm gateway={gateway} close={() => setAsking(null)} />}
      {asking === "revoke" && <Revoke gateway={gateway} close={() => setAsking(null)} />}
    </>
  );
}

function Revoke({ gateway, close }: { gateway: GatewayRow; close: () => void }) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [reason, setReason] = useState("");
  const revoke = useMutation({
    mutationFn: () =>
      send<GatewayTrust>("POST", `/api/v1/gateways/${gateway.id}/revocation`, { body: { reason } }),
    onSuccess: ({ data }) => {
      client.setQueryData(["trust", gateway.id], data);
      message.success(text.trust.revoked, 6);
      close();
    },
    onError: (error) => message.error(problemWords(error, text), 8),
  });
  return (
    <Modal
      open
      title={text.trust.revokeAsk(gateway.name)}
      okText={text.trust.revoke}
      cancelText={text.cancel}
      okButtonProps={{ disabled: reason.trim().length < 2 }}
      confirmLoading={revoke.isPending}
      onOk={() => revoke.mutate()}
      onCancel={close}
      destroyOnHidden
    >
      <p>{text.trust.revokeNote}</p>
      <Input.TextArea
        aria-label={text.trust.reason}
        placeholder={text.trust.reason}
        value={reason}
        maxLength={300}
        autoSize={{ minRows: 2, maxRows: 5 }}
        onChange={(event) => setReason(event.target.value)}
      />
    </Modal>
  );
}
