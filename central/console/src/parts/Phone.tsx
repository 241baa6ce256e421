// A phone number that calls with one tap; a masked one is shown in full on demand, and that is audited.

import { EyeOutlined, PhoneOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { App } from "antd";
import { useText } from "../locales/index.tsx";
import { problemWords } from "./States.tsx";

export function CallLink({
  name,
  phone,
  wide = false,
}: {
  name: string | null;
  phone: string | null;
  wide?: boolean;
}) {
  const text = useText();
  if (!phone)
    return (
      <span className="faint">
        {name ? `${name} · ${text.enterprise.noPhone}` : text.enterprise.noContact}
      </span>
    );
  return (
    <a
      className={wide ? "call call-wide" : "call"}
      href={`tel:${phone.replaceAll(/[^+\d]/g, "")}`}
      aria-label={text.enterprise.call(name ?? phone)}
      onClick={(event) => event.stopPropagation()}
    >
      <PhoneOutlined aria-hidden="true" />
      {name && <span>{name}</span>}
      <span className="call-number">{phone}</span>
    </a>
  );
}

/** Whether the centre left out the middle of a number: `138****5678`. */
export function isMasked(phone: string | null): boolean {
  return phone?.includes("*") ?? false;
}

/** A number of which the centre shows only the ends; `reveal` asks for the whole one, which leaves a trace. */
export function MaskedPhone({
  name,
  phone,
  reveal,
  wide = false,
}: {
  name: string | null;
  phone: string | null;
  reveal?: () => Promise<string>;
  wide?: boolean;
}) {
  const text = useText();
  const { message } = App.useApp();
  const shown = useMutation({
    mutationFn: (ask: () => Promise<string>) => ask(),
    onError: (error) => message.error(problemWords(error, text), 6),
  });
  if (shown.data) return <CallLink name={name} phone={shown.data} wide={wide} />;
  if (!isMasked(phone)) return <CallLink name={name} phone={phone} wide={wide} />;
  return (
    <span className={wide ? "call call-wide" : "call"}>
      {name && <span>{name}</span>}
      <span className="call-number">{phone}</span>
      {reveal && (
        <button
          type="button"
          className="quiet-link over"
          disabled={shown.isPending}
          title={text.parts.revealHelp}
          onClick={() => shown.mutate(reveal)}
        >
          <EyeOutlined aria-hidden="true" /> {text.parts.reveal}
        </button>
      )}
    </span>
  );
}
