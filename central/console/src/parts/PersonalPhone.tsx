// A contact whose number the centre masks: whoever may see it asks for this one, says why where that is wanted,
// and the asking stays in the log.

import { EyeOutlined, PhoneOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { App } from "antd";
import { useState } from "react";
import { send } from "../api/client.ts";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { ConfirmReason } from "./ConfirmReason.tsx";
import { CallLink } from "./Phone.tsx";
import { problemWords } from "./States.tsx";

interface Whole {
  name: string;
  phone: string;
}

interface Props {
  /** Of which kind of record, and its id: as the centre knows them. */
  kind: string;
  id: string | number;
  name: string | null;
  phone: string | null;
  wide?: boolean;
  /** What one must be allowed to ask. */
  operation?: string;
  /** Whether the centre wants to know why. */
  reason?: boolean;
}

export function PersonalPhone({
  kind,
  id,
  name,
  phone,
  wide = false,
  operation = "personal",
  reason = true,
}: Props) {
  const text = useText();
  const may = useMay(operation);
  const { message } = App.useApp();
  const [asking, setAsking] = useState(false);
  const [whole, setWhole] = useState<Whole | null>(null);
  const ask = async (why: string) => {
    const answer = await send<Whole>("POST", `/api/v1/personal/${kind}/${id}`, { body: { reason: why } });
    setWhole(answer.data);
    return answer.data;
  };
  // Where no reason is wanted somebody is in danger: the same tap shows the number and dials it.
  const atOnce = useMutation({
    mutationFn: () => ask(""),
    onSuccess: (found) => {
      if (found.phone) window.location.href = `tel:${found.phone.replaceAll(/[^+\d]/g, "")}`;
    },
    onError: (error) => message.error(problemWords(error, text), 6),
  });
  return (
    <>
      <CallLink
        name={whole?.name || name}
        phone={whole?.phone || phone}
        wide={wide}
        reveal={
          may && (
            <button
              type="button"
              className="quiet-link over"
              disabled={atOnce.isPending}
              title={text.parts.revealHelp}
              onClick={() => (reason ? setAsking(true) : atOnce.mutate())}
            >
              {reason ? <EyeOutlined aria-hidden="true" /> : <PhoneOutlined aria-hidden="true" />}{" "}
              {reason ? text.parts.reveal : text.parts.callNow}
            </button>
          )
        }
      />
      <ConfirmReason
        title={text.parts.reveal}
        what={text.parts.revealWhat}
        usual={text.parts.revealReasons}
        open={asking}
        close={() => setAsking(false)}
        run={ask}
      />
    </>
  );
}
