// A number that the centre shows in part: whoever may see it whole asks for it, with a reason that is kept.

import { EyeOutlined } from "@ant-design/icons";
import { useState } from "react";
import { send } from "../../api/client.ts";
import { useMay } from "../../identity/me.tsx";
import { useText } from "../../locales/index.tsx";
import { ConfirmReason } from "../../parts/ConfirmReason.tsx";
import type { Place } from "./values.ts";

interface Props {
  of: { register: string; id: number };
  /** Of the field in the record: `["teams", 2, "phone"]`. */
  place: Place;
  words: string;
  phone: boolean;
}

/** `teams[2].phone` */
function placeWords(place: Place): string {
  return place.map((part, n) => (typeof part === "number" ? `[${part}]` : n ? `.${part}` : part)).join("");
}

export function Masked({ of, place, words, phone }: Props) {
  const text = useText();
  const may = useMay("personal");
  const [asking, setAsking] = useState(false);
  const [whole, setWhole] = useState("");
  const shown = whole || words;
  const masked = shown.includes("*");
  return (
    <>
      {phone && !masked ? <a href={`tel:${shown.replaceAll(/[^+\d]/g, "")}`}>{shown}</a> : shown}
      {masked && may && (
        <button
          type="button"
          className="quiet-link masked-show"
          title={text.parts.revealHelp}
          onClick={() => setAsking(true)}
        >
          <EyeOutlined aria-hidden="true" /> {text.parts.reveal}
        </button>
      )}
      <ConfirmReason
        title={text.parts.reveal}
        what={text.parts.revealWhat}
        usual={text.parts.revealReasons}
        open={asking}
        close={() => setAsking(false)}
        run={async (reason) => {
          const address = encodeURIComponent(`${of.register}:${of.id}:${placeWords(place)}`);
          const answer = await send<{ phone?: string; identity_number?: string }>(
            "POST",
            `/api/v1/personal/record/${address}`,
            { body: { reason } },
          );
          setWhole(answer.data.phone || answer.data.identity_number || words);
        }}
      />
    </>
  );
}
