// One-time codes with which gateways enrol: what is open, what was used, and a button for a new one.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Popconfirm } from "antd";
import { useState } from "react";
import { send } from "../api/client.ts";
import { enrolmentCodes } from "../api/queries.ts";
import type { CodeRow } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { type Column, Rows } from "../parts/Rows.tsx";
import { Calm, Failed, Loading, problemWords } from "../parts/States.tsx";
import { Until, When } from "../parts/When.tsx";
import { CodeForm } from "./CodeForm.tsx";

export function Codes() {
  const text = useText();
  const list = useQuery(enrolmentCodes);
  const [making, setMaking] = useState(false);
  const columns: Column<CodeRow>[] = [
    {
      key: "gateway",
      title: text.devices.name,
      width: "minmax(12rem, 2fr)",
      cell: (row) => (
        <span className="two-lines">
          <strong>{row.gateway_id}</strong>
          <span className="faint">{row.enterprise_name}</span>
        </span>
      ),
    },
    {
      key: "state",
      title: text.codes.stateTitle,
      width: "minmax(6rem, .8fr)",
      cell: (row) => <State row={row} />,
    },
    {
      key: "made",
      title: text.codes.made,
      width: "minmax(11rem, 1.3fr)",
      cell: (row) => (
        <span className="two-lines">
          <span>{row.created_by}</span>
          <span className="faint">
            <When at={row.created_at} brief />
          </span>
        </span>
      ),
    },
    { key: "end", title: text.codes.end, width: "minmax(10rem, 1.2fr)", cell: (row) => <End row={row} /> },
    { key: "act", title: "", width: "6rem", end: true, cell: (row) => <Withdraw row={row} /> },
  ];
  return (
    <section className="card card-flush codes" aria-label={text.codes.title}>
      <div className="codes-head">
        <h2>{text.codes.title}</h2>
        <Button type="primary" onClick={() => setMaking(true)}>
          {text.codes.create}
        </Button>
      </div>
      {list.isPending ? (
        <Loading rows={2} />
      ) : list.isError ? (
        <Failed error={list.error} retry={() => list.refetch()} />
      ) : list.data.length === 0 ? (
        <Calm title={text.codes.none} />
      ) : (
        <Rows
          label={text.codes.title}
          rows={list.data}
          columns={columns}
          rowKey={(row) => row.id}
          name={(row) => row.gateway_id}
          card={(row) => (
            <>
              <div className="row-card-top">
                <strong className="row-card-title">{row.gateway_id}</strong>
                <State row={row} />
              </div>
              <span className="faint">
                {row.enterprise_name} · {row.created_by}
              </span>
              <div className="row-card-line">
                <End row={row} />
                <Withdraw row={row} />
              </div>
            </>
          )}
        />
      )}
      {making && <CodeForm close={() => setMaking(false)} />}
    </section>
  );
}

function State({ row }: { row: CodeRow }) {
  const text = useText();
  return (
    <span
      className={row.state === "locked" ? "sign-quality-bad" : row.state === "open" ? undefined : "faint"}
    >
      {row.state === "open" ? "○ " : row.state === "used" ? "✓ " : "✕ "}
      {text.codes.state[row.state]}
    </span>
  );
}

function End({ row }: { row: CodeRow }) {
  const text = useText();
  if (row.used_at)
    return (
      <span className="two-lines">
        <When at={row.used_at} brief />
        <span className="faint">{text.codes.from(row.used_from)}</span>
      </span>
    );
  return row.state === "open" ? (
    <span>
      {text.codes.ends} <Until at={row.expires_at} />
    </span>
  ) : (
    <span className="faint">–</span>
  );
}

function Withdraw({ row }: { row: CodeRow }) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const withdraw = useMutation({
    mutationFn: () => send<void>("DELETE", `/api/v1/enrolment/codes/${row.id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: ["codes"] }),
    onError: (error) => message.error(problemWords(error, text), 8),
  });
  if (row.state !== "open") return null;
  return (
    <Popconfirm
      title={text.codes.withdrawAsk}
      okText={text.codes.withdraw}
      cancelText={text.cancel}
      onConfirm={() => withdraw.mutate()}
    >
      <Button size="small" loading={withdraw.isPending}>
        {text.codes.withdraw}
      </Button>
    </Popconfirm>
  );
}
