// A phone number that calls with one tap.

import { PhoneOutlined } from "@ant-design/icons";
import { useText } from "../locales/index.tsx";

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
