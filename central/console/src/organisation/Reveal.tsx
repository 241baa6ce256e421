// A telephone of somebody else's people: masked, and whole for whoever says why; both are kept in the log.

import { useState } from "react";
import { send } from "../api/client.ts";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";

export function Reveal({ kind, id, phone }: { kind: "staff" | "account"; id: number; phone: string }) {
  const text = useText().organisation;
  const may = useMay("personal");
  const [asking, setAsking] = useState(false);
  const [whole, setWhole] = useState("");
  const number = whole || phone;
  if (!number) return null;
  if (!number.includes("*")) return <a href={`tel:${number.replaceAll(/[^+\d]/g, "")}`}>{number}</a>;
  return (
    <>
      {number}{" "}
      {may && (
        <button type="button" className="quiet-link" onClick={() => setAsking(true)}>
          {text.reveal}
        </button>
      )}
      <ConfirmReason
        title={text.revealTitle}
        what={text.revealWhat}
        open={asking}
        close={() => setAsking(false)}
        submit={text.reveal}
        run={async (reason) => {
          const found = await send<{ phone: string }>("POST", `/api/v1/personal/${kind}/${id}`, {
            body: { reason },
          });
          setWhole(found.data.phone);
        }}
      />
    </>
  );
}
