// One reason in words, with the usual ones to tap: for a false alarm, its confirmation, and for closing.

import { Button, Input } from "antd";
import { useState } from "react";
import type { WarningDetail } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { Choices } from "../parts/Choices.tsx";
import { Missing } from "./HandleForm.tsx";

export type ReasonAction = "false-alarm" | "confirm-false-alarm" | "close" | "end-suppression";

interface Props {
  action: ReasonAction;
  view: WarningDetail;
  busy: boolean;
  cancel: () => void;
  submit: (words: string) => void;
}

export function ReasonForm({ action, view, busy, cancel, submit }: Props) {
  const text = useText();
  const { falseForm, closeForm } = text.warning;
  const closing = action === "close";
  const title = {
    close: closeForm.title,
    "false-alarm": falseForm.title,
    "confirm-false-alarm": falseForm.confirmTitle,
    "end-suppression": falseForm.endTitle,
  }[action];
  const usual = {
    close: closeForm.opinions,
    "false-alarm": falseForm.reasons,
    "confirm-false-alarm": falseForm.reasons,
    "end-suppression": [],
  }[action];
  const grave = view.level === "red" || view.level === "orange";
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
      {action === "false-alarm" && grave && <p className="form-note">{falseForm.second}</p>}
      {action === "confirm-false-alarm" && view.false_by && (
        <p className="form-note">{falseForm.claimed(view.false_by, view.false_reason ?? "")}</p>
      )}
      <Choices label={label} options={usual} chosen={tapped} choose={setTapped} />
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
