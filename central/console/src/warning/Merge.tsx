// Makes one warning of those that are ticked: all of one plant; it takes the highest level and the earliest clock.

import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useNavigate } from "react-router";
import { send } from "../api/client.ts";
import type { WarningRow } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";

export function Merge({ rows, done }: { rows: readonly WarningRow[]; done: () => void }) {
  const words = useText().merging;
  const client = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const plants = new Set(rows.map((row) => row.enterprise_id));
  const one = plants.size === 1 && !plants.has(null);
  return (
    <>
      <Button disabled={!one} title={one ? words.help : words.onePlant} onClick={() => setOpen(true)}>
        {words.merge}
      </Button>
      <ConfirmReason
        title={words.title(rows.length)}
        what={words.help}
        usual={words.usual}
        submit={words.merge}
        open={open}
        close={() => setOpen(false)}
        run={async (reason) => {
          const answer = await send<{ id: string }>("POST", "/api/v1/warnings/merge", {
            body: { cases: rows.map(({ id, etag }) => ({ id, etag })), reason },
          });
          for (const key of ["warning", "warnings", "overview"])
            client.invalidateQueries({ queryKey: [key] });
          done();
          navigate(`/warnings/${answer.data.id}`);
        }}
      />
    </>
  );
}
