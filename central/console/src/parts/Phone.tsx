// A phone number that calls with one tap; of a masked one only the ends are shown (see PersonalPhone.tsx).

import { PhoneOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";
import { useText } from "../locales/index.tsx";

/** Whether the centre left out the middle of a number: `138****5678`. Nobody can be called by it. */
export function isMasked(phone: string | null): boolean {
  return phone?.includes("*") ?? false;
}

/** Whom to call. Of a masked number only the ends are shown, with what stands in `reveal` beside them. */
export function CallLink({
  name,
  phone,
  wide = false,
  reveal,
}: {
  name: string | null;
  phone: string | null;
  wide?: boolean;
  reveal?: ReactNode;
}) {
  const text = useText();
  if (!phone)
    return (
      <span className="faint">
        {name ? `${name} · ${text.enterprise.noPhone}` : text.enterprise.noContact}
      </span>
    );
  const inside = (
    <>
      {name && <span>{name}</span>}
      <span className="call-number">{phone}</span>
    </>
  );
  const look = wide ? "call call-wide" : "call";
  if (isMasked(phone))
    return (
      <span className={look}>
        {inside}
        {reveal}
      </span>
    );
  return (
    <a
      className={look}
      href={`tel:${phone.replaceAll(/[^+\d]/g, "")}`}
      aria-label={text.enterprise.call(name ?? phone)}
      onClick={(event) => event.stopPropagation()}
    >
      <PhoneOutlined aria-hidden="true" />
      {inside}
    </a>
  );
}
