// Moves or reorganisations, newest first; one that is opened says how far it is, and what it waits for.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Drawer, Progress } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { listOf } from "../api/list.ts";
import { cancelJob, type Job, type JobKind, job } from "../api/regions.ts";
import { type Catalogue, useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { Details } from "../parts/Details.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import type { RowLook } from "../parts/Rows.tsx";
import { Failed, Loading } from "../parts/States.tsx";
import { usePhone } from "../parts/usePhone.ts";
import { When } from "../parts/When.tsx";
import { tabs } from "./tabs.ts";
import "../styles/regions.css";

const STATES = ["planned", "running", "done", "cancelled"] as const;

interface Props {
  kind: JobKind;
  title: string;
  note: string;
  submit: string;
  /** The form, which says which job was started. */
  form: (open: boolean, close: () => void, started: (job: Job) => void) => ReactNode;
}

export function JobList({ kind, title, note, submit, form }: Props) {
  const text = useText();
  const words = text.jobs;
  const phone = usePhone();
  const [asking, setAsking] = useState(false);
  const [shown, setShown] = useState<number | null>(null);
  return (
    <>
      <ListPage
        name={kind}
        title={title}
        tabs={tabs(text)}
        note={note}
        query={listOf<Job>(kind)}
        rows={look(text, setShown)}
        fields={[
          {
            kind: "choice",
            name: "state",
            label: words.state,
            options: [
              { value: "", label: words.every },
              ...STATES.map((state) => ({ value: state, label: words.states[state] ?? state })),
            ],
          },
        ]}
        actions={
          <Button type="primary" onClick={() => setAsking(true)}>
            {submit}
          </Button>
        }
        empty={words.none}
        emptyAll={words.noneYet}
      />
      {form(
        asking,
        () => setAsking(false),
        (started) => setShown(started.id),
      )}
      <Drawer
        title={title}
        open={shown !== null}
        onClose={() => setShown(null)}
        size={phone ? "100%" : 640}
        destroyOnHidden
      >
        {shown !== null && <One kind={kind} id={shown} />}
      </Drawer>
    </>
  );
}

function look(text: Catalogue, open: (id: number) => void): RowLook<Job> {
  const words = text.jobs;
  const state = (row: Job) => (
    <span className="two-lines">
      <span>{words.states[row.state] ?? row.state}</span>
      {row.failure && <span className="alarm-word">{words.waits}</span>}
    </span>
  );
  return {
    rowKey: (row) => row.id,
    name: (row) => row.title,
    open: (row) => open(row.id),
    columns: [
      {
        key: "title",
        title: words.titleField,
        width: "minmax(14rem, 2fr)",
        cell: (row) => (
          <span className="two-lines">
            <strong>{row.title}</strong>
            <span className="faint">{row.document || row.reason}</span>
          </span>
        ),
        always: true,
      },
      { key: "state", title: words.state, width: "minmax(6rem, .6fr)", cell: state, always: true },
      {
        key: "progress",
        title: words.enterprise,
        width: "minmax(7rem, .6fr)",
        cell: (row) => words.progress(row.done, row.total),
      },
      {
        key: "effective",
        title: words.effective,
        width: "minmax(10rem, .8fr)",
        cell: (row) => <When at={row.effective_at} />,
      },
      { key: "by", title: words.by, width: "minmax(7rem, .6fr)", cell: (row) => row.made_by_name },
    ],
  };
}

function One({ kind, id }: { kind: JobKind; id: number }) {
  const text = useText();
  const words = text.jobs;
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const found = useQuery(job(kind, id));
  const state = found.data?.state;
  // The list behind follows what the job does.
  useEffect(() => {
    if (state)
      client.invalidateQueries({ queryKey: [kind], predicate: (query) => query.queryKey[1] !== "one" });
  }, [client, kind, state]);
  if (found.isPending) return <Loading />;
  if (found.isError) return <Failed error={found.error} retry={() => found.refetch()} />;
  const one = found.data;
  const share = one.total ? Math.round((100 * one.done) / one.total) : one.state === "done" ? 100 : 0;
  return (
    <>
      <h2 className="regions-title">{one.title}</h2>
      <Progress
        percent={share}
        status={one.failure ? "exception" : one.state === "done" ? "success" : "active"}
      />
      <p aria-live="polite">
        {words.states[one.state]} · {words.progress(one.done, one.total)} · {words.moved(one.rows_moved)}
      </p>
      {one.failure && (
        <p className="notice" role="alert">
          {words.waits}：{one.failure}
        </p>
      )}
      <Details
        items={[
          [words.reason, one.reason],
          [words.document, one.document],
          [words.effective, <When key="at" at={one.effective_at} />],
          [words.by, one.made_by_name],
        ]}
      />
      <ul className="plain-list">
        {(one.enterprises ?? []).map((item) => (
          <li key={item.enterprise_id}>
            {item.enterprise_name ?? item.enterprise_id}{" "}
            <span className="faint">
              {words.itemStates[item.state] ?? item.state}
              {item.from_place && ` ${item.from_place} → ${item.to_place}`}
            </span>
          </li>
        ))}
      </ul>
      {one.state === "planned" && <Button onClick={() => setAsking(true)}>{words.cancelIt}</Button>}
      <ConfirmReason
        title={words.cancelIt}
        what={words.cancelWhat}
        open={asking}
        close={() => setAsking(false)}
        run={(reason) => cancelJob(kind, id, reason)}
        done={() => client.invalidateQueries({ queryKey: [kind] })}
        submit={words.cancelIt}
      />
    </>
  );
}
