// Asks before something that others will feel: says what will happen, and takes the reason for the audit.

import { useMutation } from "@tanstack/react-query";
import { Button, Input, Modal } from "antd";
import { useState } from "react";
import { useText } from "../locales/index.tsx";
import { Choices } from "./Choices.tsx";
import { problemWords } from "./States.tsx";

interface Props {
  title: string;
  /** What will happen, in one or two sentences. */
  what: string;
  open: boolean;
  close: () => void;
  /** Does it; a refusal is shown here and nothing is lost. */
  run: (reason: string) => Promise<unknown>;
  done?: () => void;
  submit?: string;
  /** Reasons to tap. */
  usual?: readonly string[];
  /** Without a reason it cannot be done; false asks for none. */
  reason?: boolean;
}

export function ConfirmReason(props: Props) {
  return (
    <Modal title={props.title} open={props.open} onCancel={props.close} footer={null} destroyOnHidden>
      {props.open && <Body {...props} />}
    </Modal>
  );
}

function Body({ what, close, run, done, submit, usual = [], reason = true }: Props) {
  const text = useText();
  const [tapped, setTapped] = useState<string[]>([]);
  const [typed, setTyped] = useState("");
  const [tried, setTried] = useState(false);
  const words = [...tapped, typed.trim()].filter(Boolean).join("；");
  const act = useMutation({
    mutationFn: () => run(words),
    onSuccess: () => {
      done?.();
      close();
    },
  });
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (words || !reason) act.mutate();
      }}
    >
      <p>{what}</p>
      {reason && (
        <>
          {usual.length > 0 && (
            <Choices label={text.parts.reason} options={usual} chosen={tapped} choose={setTapped} />
          )}
          <div>
            {usual.length === 0 && <span>{text.parts.reason} *</span>}
            <Input.TextArea
              aria-label={text.parts.reason}
              value={typed}
              maxLength={500}
              autoSize={{ minRows: 2, maxRows: 6 }}
              onChange={(event) => setTyped(event.target.value)}
            />
          </div>
        </>
      )}
      {tried && reason && !words && (
        <p className="form-missing" role="alert">
          <span aria-hidden="true">!</span> {text.parts.reasonMissing}
        </p>
      )}
      {act.isError && (
        <p className="form-missing" role="alert">
          <span aria-hidden="true">!</span> {problemWords(act.error, text)}
        </p>
      )}
      <div className="form-foot">
        <Button type="primary" htmlType="submit" loading={act.isPending}>
          {submit ?? text.confirm}
        </Button>
        <Button onClick={close}>{text.cancel}</Button>
      </div>
    </form>
  );
}
