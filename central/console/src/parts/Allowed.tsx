// In front of every page: without the operation it needs, one sentence says which, instead of an error.

import type { ReactNode } from "react";
import { useMe } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";

export function Allowed({
  operation,
  children,
}: {
  operation?: string | readonly string[];
  children: ReactNode;
}) {
  const text = useText();
  const me = useMe();
  if (operation === undefined) return children;
  const wanted = typeof operation === "string" ? [operation] : operation;
  if (wanted.some((one) => me.may.includes(one))) return children;
  const names = wanted.map((one) => text.me.operations[one] ?? one);
  return (
    <div className="state-box" role="alert">
      <div className="state-mark" aria-hidden="true">
        ⊘
      </div>
      <p className="state-title">{text.parts.notAllowed(names, me.role_name)}</p>
    </div>
  );
}
