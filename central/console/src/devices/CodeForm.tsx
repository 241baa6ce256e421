// Makes a one-time code and shows it once: as letters, as a QR code, and as the line to type; to be printed.

import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Modal, Select } from "antd";
import { useState } from "react";
import { send } from "../api/client.ts";
import { enterprises } from "../api/queries.ts";
import type { GatewayRow, ShownCode } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { problemWords } from "../parts/States.tsx";
import { fullTime } from "../parts/time.ts";

const GATEWAY = /^[a-z0-9][a-z0-9-]{2,62}$/;

interface Asked {
  enterprise_id: number;
  gateway_id: string;
  name: string;
  hours: number;
}

/** With a gateway: another box takes its place; without: somebody says which gateway of which enterprise. */
export function CodeForm({ gateway, close }: { gateway?: GatewayRow; close: () => void }) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [enterprise, setEnterprise] = useState<number | null>(gateway?.enterprise_id ?? null);
  const [id, setId] = useState(gateway?.id ?? "");
  const [name, setName] = useState(gateway?.name ?? "");
  const [hours, setHours] = useState(24);
  const make = useMutation({
    mutationFn: (asked: Asked) => send<ShownCode>("POST", "/api/v1/enrolment/codes", { body: asked }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["codes"] }),
    onError: (error) => message.error(problemWords(error, text), 8),
  });
  if (make.data) return <Shown code={make.data.data} close={close} />;
  const good = enterprise !== null && GATEWAY.test(id);
  return (
    <Modal
      open
      title={gateway ? text.codes.replaceTitle(gateway.name) : text.codes.create}
      okText={text.codes.createShort}
      cancelText={text.cancel}
      okButtonProps={{ disabled: !good }}
      confirmLoading={make.isPending}
      onOk={() => good && make.mutate({ enterprise_id: enterprise, gateway_id: id, name, hours })}
      onCancel={close}
      destroyOnHidden
    >
      <div className="form">
        {gateway ? (
          <p>{text.codes.replaceNote}</p>
        ) : (
          <>
            <Enterprise chosen={enterprise} choose={setEnterprise} />
            <div className="code-field">
              <span>{text.codes.gateway}</span>
              <Input
                aria-label={text.codes.gateway}
                value={id}
                placeholder="gw-river-07"
                maxLength={63}
                status={id && !GATEWAY.test(id) ? "error" : undefined}
                onChange={(event) => setId(event.target.value.trim().toLowerCase())}
              />
              <span className="faint">{text.codes.gatewayForm}</span>
            </div>
            <div className="code-field">
              <span>{text.codes.name}</span>
              <Input
                aria-label={text.codes.name}
                value={name}
                maxLength={100}
                onChange={(event) => setName(event.target.value)}
              />
            </div>
          </>
        )}
        <div className="code-field">
          <span>{text.codes.hours}</span>
          <Select
            aria-label={text.codes.hours}
            value={hours}
            onChange={setHours}
            options={[1, 8, 24, 72, 168].map((value) => ({ value, label: text.codes.hoursOf(value) }))}
          />
        </div>
      </div>
    </Modal>
  );
}

function Enterprise({ chosen, choose }: { chosen: number | null; choose: (id: number) => void }) {
  const text = useText();
  const [q, setQ] = useState("");
  const list = useInfiniteQuery(enterprises({ q }, 20));
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="code-field">
      <span>{text.devices.enterprise}</span>
      <Select
        aria-label={text.devices.enterprise}
        showSearch={{ onSearch: setQ, filterOption: false }}
        loading={list.isFetching}
        value={chosen}
        onChange={choose}
        options={rows.map((row) => ({ value: row.id, label: row.name }))}
      />
    </div>
  );
}

function Shown({ code, close }: { code: ShownCode; close: () => void }) {
  const text = useText();
  return (
    <Modal
      open
      title={text.codes.shownTitle(code.gateway_id)}
      width={560}
      onCancel={close}
      footer={[
        <Button key="print" onClick={() => window.print()}>
          {text.codes.print}
        </Button>,
        <Button key="close" type="primary" onClick={close}>
          {text.codes.done}
        </Button>,
      ]}
    >
      <div className="code-sheet">
        <p className="code-once">{text.codes.once}</p>
        <p className="code-gateway">{code.gateway_id}</p>
        <img className="code-qr" src={code.qr} alt={text.codes.qr} />
        <p className="code-letters number">{code.code}</p>
        <p className="faint">{text.codes.goodUntil(fullTime(code.expires_at))}</p>
        {code.replaces && <p>{text.codes.replaceNote}</p>}
        <dl className="code-facts">
          <dt>{text.codes.centre}</dt>
          <dd>{code.centre}</dd>
          <dt>{text.codes.fingerprint}</dt>
          <dd className="number">{code.fingerprint.match(/.{1,8}/g)?.join(" ")}</dd>
          <dt>{text.codes.atGateway}</dt>
          <dd>
            <code>{code.command}</code>
          </dd>
        </dl>
      </div>
    </Modal>
  );
}
