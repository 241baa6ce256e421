// What one does around a warning besides answering it: urge, give it to a colleague, say something, show it.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Select } from "antd";
import { useState } from "react";
import { send } from "../api/client.ts";
import { colleagues } from "../api/handling.ts";
import { warning } from "../api/queries.ts";
import type { StoredFile } from "../api/records.ts";
import type { WarningDetail } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { Card } from "../parts/Page.tsx";
import { problemWords } from "../parts/States.tsx";
import { When } from "../parts/When.tsx";
import { PhotosInput, PhotoWall } from "./Photos.tsx";
import { Reopen } from "./Reopen.tsx";

type Way = "comments" | "urge" | "assign";

function useBeside(view: WarningDetail, after: () => void) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const run = useMutation({
    mutationFn: ({ way, body }: { way: Way; body: Record<string, unknown> }) =>
      send<WarningDetail>("POST", `/api/v1/warnings/${view.id}/${way}`, { body }),
    onSuccess: (answer, { way }) => {
      client.setQueryData(warning(view.id).queryKey, answer.data);
      client.invalidateQueries({ queryKey: ["warnings"] });
      message.success(text.handling.done[way]);
      after();
    },
    onError: (error) => message.error(problemWords(error, text), 6),
  });
  return {
    run: (way: Way, body: Record<string, unknown> = {}) => run.mutate({ way, body }),
    busy: run.isPending,
  };
}

export function Beside({ view }: { view: WarningDetail }) {
  const text = useText();
  const words = text.handling;
  const { handling } = view;
  const [giving, setGiving] = useState(false);
  const [said, setSaid] = useState("");
  const [photos, setPhotos] = useState<StoredFile[]>([]);
  const { run, busy } = useBeside(view, () => {
    setGiving(false);
    setSaid("");
    setPhotos([]);
  });
  const can = (what: string) => handling.also.includes(what);
  const facts = [
    handling.assignee
      ? [words.assignee, words.assignedBy(handling.assignee, handling.assigned_by ?? "")]
      : null,
    handling.urges ? [words.urged, words.urgedTimes(handling.urges)] : null,
  ].filter((fact): fact is string[] => fact !== null);
  return (
    <Card title={words.title}>
      {facts.length > 0 && (
        <dl className="facts-list">
          {facts.map(([name, value]) => (
            <div key={name} className="fact">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {(can("urge") || can("assign")) && (
        <div className="beside-buttons">
          {can("urge") && (
            <Button disabled={busy} onClick={() => run("urge")} title={words.urgeHelp}>
              {words.urge}
            </Button>
          )}
          {can("assign") && !giving && <Button onClick={() => setGiving(true)}>{words.assign}</Button>}
        </div>
      )}
      {can("reopen") && <Reopen view={view} />}
      {giving && can("assign") && (
        <Giving
          busy={busy}
          give={(id) => run("assign", { account_id: id })}
          cancel={() => setGiving(false)}
        />
      )}
      <PhotoWall id={view.id} photos={handling.photos} />
      {can("comment") && (
        <form
          className="beside-comment"
          aria-label={words.comment}
          onSubmit={(event) => {
            event.preventDefault();
            if (said.trim() || photos.length > 0) run("comments", { text: said.trim(), photos });
          }}
        >
          <Input.TextArea
            aria-label={words.comment}
            placeholder={words.commentHint}
            value={said}
            maxLength={2000}
            autoSize={{ minRows: 1, maxRows: 6 }}
            onChange={(event) => setSaid(event.target.value)}
          />
          <PhotosInput value={photos} onChange={setPhotos} />
          {(said.trim() || photos.length > 0) && (
            <Button htmlType="submit" loading={busy}>
              {words.send}
            </Button>
          )}
        </form>
      )}
      {handling.readers.length > 0 && (
        <details className="beside-readers">
          <summary>{words.readers(handling.readers.length)}</summary>
          <ul className="plain">
            {handling.readers.map((reader) => (
              <li key={`${reader.who} ${reader.at}`}>
                {reader.who} <When at={reader.at} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}

function Giving({ busy, give, cancel }: { busy: boolean; give: (id: number) => void; cancel: () => void }) {
  const text = useText();
  const words = text.handling;
  const people = useQuery(colleagues);
  const [chosen, setChosen] = useState<number | null>(null);
  return (
    <div className="beside-give">
      <Select
        aria-label={words.assignTo}
        placeholder={words.assignTo}
        loading={people.isPending}
        value={chosen}
        onChange={setChosen}
        notFoundContent={people.isError ? problemWords(people.error, text) : words.nobody}
        options={(people.data?.items ?? []).map((one) => ({
          value: one.id,
          label: one.on_call ? words.onCall(one.name) : one.name,
        }))}
      />
      <Button type="primary" loading={busy} disabled={chosen === null} onClick={() => chosen && give(chosen)}>
        {words.assignGo}
      </Button>
      <Button onClick={cancel}>{text.cancel}</Button>
    </div>
  );
}
