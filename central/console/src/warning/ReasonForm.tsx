// One reason in words, with the usual ones to tap: for a false alarm, its confirmation, and for closing.

import { Button, Input } from "antd";
import { useState } from "react";
import type { Level } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { Choices } from "../parts/Choices.tsx";
import { Missing } from "./HandleForm.tsx";

interface Props {
  action: "false-alarm" | "confirm-false-alarm" | "close";
  level: Level;
  busy: boolean;
  cancel: () => void;
  submit: (words: string) => void;
}

export function ReasonForm({ action, level, busy, cancel, submit }: Props) {
  const text = useText();
  const { falseForm, closeForm } = text.warning;
  const closing = action === "close";
  const title = closing
    ? closeForm.title
    : action === "false-alarm"
      ? falseForm.title
      : falseForm.confirmTitle;
  const label = closing ? closeForm.opinion : falseForm.reason;
  const [tapped, setTapped] = useState<string[]>([]);
  const [typed, setTyped] = useState("");
  const [tried, setTried] = useState(false);
  const words = [...tapped, typed.trim()].filter(Boolean).join("；");
  return (
    <form
      className="form"
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (words) submit(words);
      }}
    >
      <h2 className="form-title">{title}</h2>
      {!closing && action === "false-alarm" && (level === "red" || level === "orange") && (
        <p className="form-note">{falseForm.second}</p>
      )}
      <Choices
        label={label}
        options={closing ? closeForm.opinions : falseForm.reasons}
        chosen={tapped}
        choose={setTapped}
      />
      <Input.TextArea
        aria-label={label}
        value={typed}
        maxLength={1000}
        autoSize={{ minRows: 1, maxRows: 5 }}
        onChange={(event) => setTyped(event.target.value)}
      />
      {tried && !words && <Missing words={closing ? closeForm.opinionMissing : falseForm.reasonMissing} />}
      <div className="form-foot">
        <Button type="primary" size="large" htmlType="submit" loading={busy}>
          {closing
            ? closeForm.submit
            : action === "false-alarm"
              ? falseForm.submit
              : text.warning.actions[action]}
        </Button>
        <Button size="large" onClick={cancel}>
          {text.cancel}
        </Button>
      </div>
    </form>
  );
}
