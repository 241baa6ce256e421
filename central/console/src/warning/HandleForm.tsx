// What was the matter and what was done: taps first, words where needed, photographs from the phone; all of it kept
// as a draft until sent.

import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useEffect, useState } from "react";
import { causes, type Handled } from "../api/handling.ts";
import { useLanguage, useText } from "../locales/index.tsx";
import { Choices } from "../parts/Choices.tsx";
import { type Draft, keepDraft, NO_DRAFT, readDraft } from "./draft.ts";
import { PhotosInput } from "./Photos.tsx";

const OTHER = "other";

interface Props {
  id: string;
  /** The dictionary of causes of its kind. */
  causeList: string;
  busy: boolean;
  cancel?: () => void;
  submit: (told: Handled) => void;
}

export function HandleForm({ id, causeList, busy, cancel, submit }: Props) {
  const text = useText();
  const { language } = useLanguage();
  const form = text.warning.handleForm;
  const offered = useQuery(causes(causeList)).data?.items ?? [];
  const [draft, setDraft] = useState<Draft>(() => readDraft(id) ?? NO_DRAFT);
  const [restored] = useState(() => readDraft(id) !== null);
  const [tried, setTried] = useState(false);
  useEffect(() => keepDraft(id, draft), [id, draft]);

  // A list that does not come, or holds nothing, keeps nobody from telling what happened.
  const list = offered.some((entry) => entry.code === OTHER)
    ? offered
    : [...offered, { code: OTHER, zh: text.handling.otherCause, en: text.handling.otherCause }];
  const labelOf = (entry: { zh: string; en: string }) =>
    language === "en" && entry.en ? entry.en.charAt(0).toUpperCase() + entry.en.slice(1) : entry.zh;
  const chosen = list.find((entry) => entry.code === draft.cause);

  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const other = chosen?.code === OTHER;
  const cause = other ? draft.causeText.trim() : (chosen?.zh ?? "");
  const measures = [...draft.measures, draft.detail.trim()].filter(Boolean).join("；");
  const send = () => {
    setTried(true);
    if (!cause || !measures || !chosen) return;
    const known = offered.some((entry) => entry.code === chosen.code);
    submit({ cause, cause_code: known ? chosen.code : "", measures, photos: draft.photos });
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
        options={list.map(labelOf)}
        chosen={chosen ? [labelOf(chosen)] : []}
        choose={([one]) => change({ cause: list.find((entry) => labelOf(entry) === one)?.code ?? "" })}
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
        choose={(measures) => change({ measures })}
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
      <PhotosInput value={draft.photos} onChange={(photos) => change({ photos })} />
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
