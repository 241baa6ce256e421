// Asks why, for a shelving also how long, and sends the order to the plant; what the gateway answers is shown.

import { Input, Modal } from "antd";
import { useState } from "react";
import { useText } from "../locales/index.tsx";
import { Choices } from "../parts/Choices.tsx";
import { now } from "../parts/clock.ts";
import { fullTime } from "../parts/time.ts";
import { Missing } from "../warning/HandleForm.tsx";
import { type Order, useCommand } from "./useCommand.ts";

const MINUTE_S = 60;
/** Up to eight hours: what a plant allows by default; one with a shorter limit of its own refuses and says so. */
const SPANS_S = [15, 30, 60, 120, 240, 480].map((minutes) => minutes * MINUTE_S);

interface Props {
  gateway: string;
  order: Order;
  /** What it is about, in words. */
  subject: string;
  close: () => void;
}

export function OrderForm({ gateway, order, subject, close }: Props) {
  const text = useText();
  const words = text.covered.orders[order.command];
  const command = useCommand(gateway, close);
  const answer = command.data?.data;
  const [tapped, setTapped] = useState<string[]>([]);
  const [typed, setTyped] = useState("");
  const [span, setSpan] = useState<number | null>(null);
  const [tried, setTried] = useState(false);
  const reason = [...tapped, typed.trim()].filter(Boolean).join("；");
  const timed = order.command === "shelve";
  const spans = SPANS_S.map((seconds) => text.covered.span(seconds));
  const submit = () => {
    setTried(true);
    if (!reason || (timed && !span)) return;
    command.mutate({ ...order, reason, ...(timed && span ? { for_s: span } : {}) });
  };
  if (!words) return null;
  return (
    <Modal
      open
      title={words.title}
      okText={words.submit}
      cancelText={text.cancel}
      onOk={submit}
      onCancel={close}
      confirmLoading={command.isPending}
      destroyOnHidden
    >
      <div className="form order-form">
        <p>
          <strong>{subject}</strong>
        </p>
        <p className="form-note">{words.note}</p>
        {timed && (
          <>
            <Choices
              label={text.covered.forHowLong}
              options={spans}
              chosen={span ? [text.covered.span(span)] : []}
              choose={([picked]) => setSpan(SPANS_S[spans.indexOf(picked ?? "")] ?? null)}
            />
            {span ? (
              <p className="faint">
                {text.covered.until(fullTime(new Date(now() + span * 1_000).toISOString()))}
              </p>
            ) : (
              tried && <Missing words={text.covered.spanMissing} />
            )}
          </>
        )}
        <Choices label={text.covered.reason} options={words.reasons} chosen={tapped} choose={setTapped} />
        <Input.TextArea
          aria-label={text.covered.reason}
          value={typed}
          maxLength={500}
          autoSize={{ minRows: 1, maxRows: 4 }}
          onChange={(event) => setTyped(event.target.value)}
        />
        {tried && !reason && <Missing words={text.covered.reasonMissing} />}
        {answer && answer.result !== "done" && (
          <p className="notice" role="alert">
            {text.devices.answered(
              text.devices.result[answer.result] ?? text.devices.commandSent,
              text.devices.answer(answer.detail),
            )}
          </p>
        )}
      </div>
    </Modal>
  );
}
