// Several warnings at once: ticked in the list, answered by one button, each with an outcome of its own.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Checkbox, Input, Modal } from "antd";
import { useState } from "react";
import { send } from "../api/client.ts";
import type { WarningRow } from "../api/types.ts";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import type { Column } from "../parts/Rows.tsx";
import { problemWords } from "../parts/States.tsx";
import type { GroupedRow } from "./grouping.ts";
import { Merge } from "./Merge.tsx";

type Action = "acknowledge" | "handle" | "close";
type Picked = ReadonlyMap<string, WarningRow>;

interface Outcome {
  id: string;
  done: boolean;
  detail: string;
}

/** So many at once, so that a slow line shows how far it is. */
const AT_ONCE = 50;

export function usePicking() {
  const text = useText();
  const [picked, setPicked] = useState<Picked>(new Map());
  const turn = (row: GroupedRow) =>
    setPicked((before) => {
      const next = new Map(before);
      const all = [row, ...(row.rest ?? [])];
      if (before.has(row.id)) for (const one of all) next.delete(one.id);
      else for (const one of all) next.set(one.id, one);
      return next;
    });
  const column: Column<GroupedRow> = {
    key: "pick",
    title: "",
    always: true,
    width: "2.6rem",
    cell: (row) => (
      <Checkbox
        className="over"
        aria-label={text.handling.pick(row.title)}
        checked={picked.has(row.id)}
        onChange={() => turn(row)}
      />
    ),
  };
  return { picked, turn, column, none: () => setPicked(new Map()) };
}

export function PickedBar({ picked, none }: { picked: Picked; none: () => void }) {
  const text = useText();
  const words = text.handling;
  const client = useQueryClient();
  const { message, modal } = App.useApp();
  const mayAcknowledge = useMay("acknowledge");
  const mayHandle = useMay("handle");
  const mayClose = useMay("close");
  const [asked, setAsked] = useState<Action | null>(null);
  const [first, setFirst] = useState("");
  const [second, setSecond] = useState("");
  const run = useMutation({
    mutationFn: async ({ action, body }: { action: Action; body: Record<string, string> }) => {
      const rows = [...picked.values()];
      const outcomes: Outcome[] = [];
      for (let from = 0; from < rows.length; from += AT_ONCE) {
        const cases = rows.slice(from, from + AT_ONCE).map(({ id, etag }) => ({ id, etag }));
        const answer = await send<{ items: Outcome[] }>("POST", "/api/v1/warnings/bulk", {
          body: { action, cases, ...body },
        });
        outcomes.push(...answer.data.items);
      }
      return outcomes;
    },
    onSuccess: (outcomes) => {
      const refused = outcomes.filter((one) => !one.done);
      if (refused.length === 0) message.success(words.allDone(outcomes.length));
      else
        modal.info({
          title: words.someDone(outcomes.length - refused.length, refused.length),
          content: (
            <ul className="plain picked-refused">
              {refused.map((one) => (
                <li key={one.id}>
                  <strong>{picked.get(one.id)?.title}</strong> {one.detail}
                </li>
              ))}
            </ul>
          ),
        });
    },
    onError: (error) => message.error(problemWords(error, text), 6),
    onSettled: () => {
      setAsked(null);
      setFirst("");
      setSecond("");
      none();
      for (const key of ["warning", "warnings", "overview"]) client.invalidateQueries({ queryKey: [key] });
    },
  });
  if (picked.size === 0) return null;
  const closing = asked === "close";
  const ready = closing ? first.trim() : first.trim() && second.trim();
  return (
    <div className="picked-bar" role="toolbar" aria-label={words.picked(picked.size)}>
      <strong>{words.picked(picked.size)}</strong>
      {mayAcknowledge && (
        <Button loading={run.isPending} onClick={() => run.mutate({ action: "acknowledge", body: {} })}>
          {text.warning.actions.acknowledge}
        </Button>
      )}
      {mayHandle && <Button onClick={() => setAsked("handle")}>{text.warning.actions.handle}</Button>}
      {mayClose && <Button onClick={() => setAsked("close")}>{text.warning.actions.close}</Button>}
      {mayHandle && picked.size > 1 && <Merge rows={[...picked.values()]} done={none} />}
      <Button type="text" onClick={none}>
        {text.cancel}
      </Button>
      <Modal
        open={asked !== null}
        title={asked ? words.bulkTitle(text.warning.actions[asked], picked.size) : ""}
        okText={asked ? text.warning.actions[asked] : ""}
        cancelText={text.cancel}
        okButtonProps={{ disabled: !ready, loading: run.isPending }}
        onCancel={() => setAsked(null)}
        onOk={() =>
          asked &&
          run.mutate({ action: asked, body: closing ? { words: first } : { cause: first, measures: second } })
        }
      >
        <div className="picked-form">
          <Input.TextArea
            aria-label={closing ? text.warning.opinion : text.warning.cause}
            placeholder={closing ? text.warning.opinion : text.warning.cause}
            value={first}
            maxLength={1000}
            autoSize={{ minRows: 1, maxRows: 4 }}
            onChange={(event) => setFirst(event.target.value)}
          />
          {!closing && (
            <Input.TextArea
              aria-label={text.warning.measures}
              placeholder={text.warning.measures}
              value={second}
              maxLength={1000}
              autoSize={{ minRows: 1, maxRows: 4 }}
              onChange={(event) => setSecond(event.target.value)}
            />
          )}
        </div>
      </Modal>
    </div>
  );
}
