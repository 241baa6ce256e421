// Why somebody may see a record: the centre's own reasons, in words, one click away.

import { QuestionCircleOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Popover } from "antd";
import { useState } from "react";
import { getWide, withQuery } from "../api/client.ts";
import { useText } from "../locales/index.tsx";
import { Failed, Loading } from "./States.tsx";

interface Why {
  reasons: { kind: string; text: string }[];
}

export function WhySeen({ kind, id }: { kind: string; id: string | number }) {
  const text = useText();
  const [open, setOpen] = useState(false);
  const why = useQuery({
    queryKey: ["why", kind, String(id)],
    queryFn: ({ signal }) => getWide<Why>(withQuery("/api/v1/why", { kind, id }), signal),
    enabled: open,
    staleTime: 60_000,
  });
  return (
    <Popover
      trigger="click"
      arrow={false}
      open={open}
      onOpenChange={setOpen}
      title={text.parts.why}
      content={
        <div className="why-seen">
          {why.isPending ? (
            <Loading rows={2} />
          ) : why.isError ? (
            <Failed error={why.error} retry={() => why.refetch()} />
          ) : (
            <ul>
              {why.data.reasons.map((reason) => (
                <li key={reason.kind + reason.text}>{reason.text}</li>
              ))}
            </ul>
          )}
        </div>
      }
    >
      <button type="button" className="why">
        <QuestionCircleOutlined aria-hidden="true" /> {text.parts.why}
      </button>
    </Popover>
  );
}
