// A new version: begun from what the gateway runs with, judged by the gateway itself, and only then sent.

import { Alert, Button, Input, Modal } from "antd";
import { useEffect, useRef, useState } from "react";
import { amended, type LimitChange } from "../api/quality.ts";
import type { GatewayRow, Opinion } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { problemWords } from "../parts/States.tsx";
import { useConfigure } from "./useConfigure.ts";

interface Props {
  gateway: Pick<GatewayRow, "id" | "name">;
  close: () => void;
  /** One limit to begin with; where it cannot be written by itself, the line to write is shown. */
  amend?: { change: LimitChange; reason: string };
}

export function ConfigurationEditor({ gateway, close, amend }: Props) {
  const text = useText();
  const words = text.configuration;
  const { read, make, check, send } = useConfigure(gateway.id);
  const [content, setContent] = useState("");
  const [reason, setReason] = useState(amend?.reason ?? "");
  const [said, setSaid] = useState<{ done: boolean; words: string } | null>(null);
  const [made, setMade] = useState<number | null>(null);
  const [opinion, setOpinion] = useState<Opinion | null>(null);
  const fetchText = read.mutate;
  const begun = useRef({ id: gateway.id, change: amend?.change });

  useEffect(() => {
    fetchText(undefined, {
      onSuccess: async (whole) => {
        setContent(whole);
        const { id, change } = begun.current;
        if (!change) return;
        const found = await amended(id, whole, change);
        if (found.text !== null) setContent(found.text);
        setSaid({ done: found.text !== null, words: found.snippet });
      },
    });
  }, [fetchText]);

  const change = (value: string) => {
    setContent(value);
    setMade(null);
    setOpinion(null);
  };
  const judge = () =>
    make.mutate(
      { text: content, reason: reason.trim() },
      {
        onSuccess: (version) => {
          setMade(version);
          check.mutate(version, { onSuccess: setOpinion });
        },
      },
    );
  const submit = () => made !== null && send.mutate(made, { onSuccess: close });
  const failed = make.error ?? check.error ?? send.error;
  return (
    <Modal
      open
      width={1000}
      title={words.title(gateway.name)}
      onCancel={close}
      destroyOnHidden
      footer={
        <>
          <Button onClick={close}>{text.cancel}</Button>
          <Button
            onClick={judge}
            disabled={!content.trim() || !reason.trim() || made !== null}
            loading={make.isPending || check.isPending}
          >
            {words.judge}
          </Button>
          <Button
            type="primary"
            onClick={submit}
            disabled={opinion?.result !== "done"}
            loading={send.isPending}
          >
            {words.send}
          </Button>
        </>
      }
    >
      <div className="form">
        <p className="form-note">{words.note}</p>
        {amend && said?.done && (
          <Alert type="info" showIcon title={text.tuning.drafted(amend.change.limit_name)} />
        )}
        {said?.done === false && (
          <Alert type="warning" showIcon title={text.tuning.byHand} description={<code>{said.words}</code>} />
        )}
        {read.isError && <Alert type="warning" showIcon title={words.notRead} />}
        <Input.TextArea
          aria-label={words.whole}
          className="configuration-input"
          value={content}
          onChange={(event) => change(event.target.value)}
          autoSize={{ minRows: 14, maxRows: 26 }}
          placeholder={read.isPending ? words.reading : words.paste}
          spellCheck={false}
        />
        <Input
          aria-label={words.reason}
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.target.value)}
          placeholder={words.reason}
        />
        {failed && <Alert type="error" showIcon title={problemWords(failed, text)} />}
        {opinion && (
          <section className={`configuration-opinion opinion-${opinion.result}`} aria-live="polite">
            <strong>
              {opinion.result === "done" ? "✓" : "✕"} {words.opinion[opinion.result] ?? opinion.result}
            </strong>
            <pre className="configuration-said">{words.change(opinion.detail)}</pre>
          </section>
        )}
      </div>
    </Modal>
  );
}
