// What was the matter and what was done: taps first, words where needed, kept as a draft until sent.

import { Button, Input } from "antd";
import { useEffect, useState } from "react";
import { useText } from "../locales/index.tsx";
import { Choices } from "../parts/Choices.tsx";
import { type Draft, keepDraft, readDraft } from "./draft.ts";

const EMPTY: Draft = { cause: "", causeText: "", measures: [], detail: "" };

interface Props {
  id: string;
  busy: boolean;
  cancel?: () => void;
  submit: (cause: string, measures: string) => void;
}

export function HandleForm({ id, busy, cancel, submit }: Props) {
  const text = useText();
  const form = text.warning.handleForm;
  const [draft, setDraft] = useState<Draft>(() => readDraft(id) ?? EMPTY);
  const [restored] = useState(() => readDraft(id) !== null);
  const [tried, setTried] = useState(false);
  useEffect(() => keepDraft(id, draft), [id, draft]);

  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const other = draft.cause === form.other;
  const cause = other ? draft.causeText.trim() : draft.cause;
  const measures = [...draft.measures, draft.detail.trim()].filter(Boolean).join("；");
  const send = () => {
    setTried(true);
    if (cause && measures) submit(cause, measures);
  };
  return (
    <form
      className="form"
      aria-label={form.title}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {restored && <p className="form-note">{form.draft}</p>}
      <Choices
        label={form.cause}
        options={form.causes}
        chosen={draft.cause ? [draft.cause] : []}
        choose={([one]) => change({ cause: one ?? "" })}
      />
      {other && (
        <Input
          aria-label={form.cause}
          value={draft.causeText}
          maxLength={200}
          autoFocus
          onChange={(event) => change({ causeText: event.target.value })}
        />
      )}
      {tried && !cause && <Missing words={form.causeMissing} />}
      <Choices
        label={form.measures}
        options={form.measureChoices}
        chosen={draft.measures}
        many
        choose={(chosen) => change({ measures: chosen })}
      />
      <Input.TextArea
        aria-label={form.detail}
        placeholder={form.detail}
        value={draft.detail}
        maxLength={1000}
        autoSize={{ minRows: 1, maxRows: 5 }}
        onChange={(event) => change({ detail: event.target.value })}
      />
      {tried && !measures && <Missing words={form.measuresMissing} />}
      <div className="form-foot">
        <Button type="primary" size="large" htmlType="submit" loading={busy}>
          {form.submit}
        </Button>
        {cancel && (
          <Button size="large" onClick={cancel}>
            {form.cancel}
          </Button>
        )}
      </div>
    </form>
  );
}

export function Missing({ words }: { words: string }) {
  return (
    <p className="form-missing" role="alert">
      <span aria-hidden="true">!</span> {words}
    </p>
  );
}
