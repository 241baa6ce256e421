// The black box of a gateway's buses: what lies there, what was fetched, and a file to replay.

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { fetchTape, lookForTapes, tapeAddress, tapes } from "../api/field.ts";
import type { GatewayRow } from "../api/types.ts";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { steady } from "../parts/figures.ts";
import { Failed, Loading, problemWords } from "../parts/States.tsx";
import { When } from "../parts/When.tsx";

export function Tapes({ gateway }: { gateway: GatewayRow }) {
  const text = useText();
  const words = text.tapes;
  const may = useMay("device");
  const client = useQueryClient();
  const list = useQuery(tapes(gateway.id));
  const look = useMutation({ mutationFn: () => lookForTapes(gateway.id) });
  const [which, setWhich] = useState<string | null>(null);
  if (list.isPending) return <Loading rows={2} />;
  if (list.isError) return <Failed error={list.error} retry={() => list.refetch()} />;
  const kb = (size: number) => words.size(steady(Math.max(1, Math.round(size / 1000))));
  return (
    <>
      <p className="faint">{words.note}</p>
      {list.data.items.length === 0 ? (
        <p className="faint">{words.none}</p>
      ) : (
        <ul className="plain">
          {list.data.items.map((row) => (
            <li key={row.id}>
              <span className="two-lines">
                <span>{row.name}</span>
                <span className="faint">
                  {row.asked_by} · {row.reason} · {kb(row.size)}
                </span>
              </span>
              <span className="two-lines output-now">
                <When at={row.fetched_at} />
                <a href={tapeAddress(row)} download>
                  {words.download}
                </a>
              </span>
            </li>
          ))}
        </ul>
      )}
      {may && (
        <Button
          disabled={gateway.presence === "offline"}
          loading={look.isPending}
          onClick={() => look.mutate()}
        >
          {words.look}
        </Button>
      )}
      {look.isError && (
        <p className="notice" role="alert">
          {problemWords(look.error, text)}
        </p>
      )}
      {look.data && (
        <ul className="plain">
          {look.data.buses.map((bus) => (
            <li key={bus}>
              <span>{words.nowOf(bus)}</span>
              <button type="button" className="quiet-link" onClick={() => setWhich(bus)}>
                {words.fetch}
              </button>
            </li>
          ))}
          {look.data.dumps.map((dump) => (
            <li key={dump.name}>
              <span className="two-lines">
                <span>{dump.name}</span>
                <span className="faint">
                  {words.dumps} · {kb(dump.size)}
                </span>
              </span>
              <button type="button" className="quiet-link" onClick={() => setWhich(dump.name)}>
                {words.fetch}
              </button>
            </li>
          ))}
          {look.data.dumps.length === 0 && <li className="faint">{words.noDumps}</li>}
        </ul>
      )}
      {which && (
        <ConfirmReason
          open
          title={`${words.heading} · ${gateway.name}`}
          what={words.what(which)}
          submit={words.fetch}
          usual={words.reasons}
          close={() => setWhich(null)}
          run={(reason) => fetchTape(gateway.id, which, reason)}
          done={() => client.invalidateQueries({ queryKey: ["gateways", gateway.id, "tapes"] })}
        />
      )}
    </>
  );
}
