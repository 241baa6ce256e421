// The decision of the supervising agency on a submitted record: approved, or returned with an opinion.

import { useMutation } from "@tanstack/react-query";
import { App, Button, Input } from "antd";
import { useState } from "react";
import { send } from "../../api/client.ts";
import { useText } from "../../locales/index.tsx";
import { Choices } from "../../parts/Choices.tsx";
import { Card } from "../../parts/Page.tsx";
import { problemWords } from "../../parts/States.tsx";

interface Props {
  path: string;
  etag: string | null;
  /** Fields that differ from what counts now. */
  changes: number;
  done: () => void;
}

export function Review({ path, etag, changes, done }: Props) {
  const text = useText();
  const words = text.records.review;
  const { message } = App.useApp();
  const [tapped, setTapped] = useState<string[]>([]);
  const [typed, setTyped] = useState("");
  const [missing, setMissing] = useState(false);
  const opinion = [...tapped, typed.trim()].filter(Boolean).join(text.records.semicolon);
  const act = useMutation({
    mutationFn: (approve: boolean) => send("POST", `${path}/review`, { etag, body: { approve, opinion } }),
    onSuccess: (_answer, approve) => {
      message.success(approve ? words.approved : words.returned, 4);
      done();
    },
    onError: () => done(),
  });
  return (
    <Card title={words.title} className="review">
      <p>{changes ? words.changes(changes) : words.what}</p>
      <Choices label={words.opinion} options={words.usual} chosen={tapped} many choose={setTapped} />
      <Input.TextArea
        aria-label={words.opinion}
        placeholder={words.placeholder}
        maxLength={1000}
        autoSize={{ minRows: 2, maxRows: 6 }}
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value);
          setMissing(false);
        }}
      />
      {missing && !opinion && (
        <p className="form-missing" role="alert">
          <span aria-hidden="true">!</span> {words.opinionMissing}
        </p>
      )}
      {act.isError && (
        <p className="form-missing" role="alert">
          <span aria-hidden="true">!</span> {problemWords(act.error, text)}
        </p>
      )}
      <div className="form-foot">
        <Button type="primary" loading={act.isPending && act.variables} onClick={() => act.mutate(true)}>
          {words.approve}
        </Button>
        <Button
          loading={act.isPending && !act.variables}
          onClick={() => (opinion ? act.mutate(false) : setMissing(true))}
        >
          {words.giveBack}
        </Button>
      </div>
    </Card>
  );
}
