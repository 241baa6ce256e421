// Outputs beside horn and beacon: what was read back, and, where the plant allows it, an order with its reason.

import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { type SwitchRow, switches } from "../api/field.ts";
import type { GatewayRow } from "../api/types.ts";
import { type Catalogue, useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { steady } from "../parts/figures.ts";
import { Failed, Loading } from "../parts/States.tsx";
import { Age } from "../parts/When.tsx";
import { useCommand } from "./useCommand.ts";

interface Asked {
  row: SwitchRow;
  on: boolean;
}

export function Switches({ gateway }: { gateway: GatewayRow }) {
  const text = useText();
  const words = text.switches;
  const list = useQuery(switches(gateway.id));
  const command = useCommand(gateway.id, () => list.refetch());
  const [asked, setAsked] = useState<Asked | null>(null);
  if (list.isPending) return <Loading rows={1} />;
  if (list.isError && !list.data) return <Failed error={list.error} retry={() => list.refetch()} />;
  const rows = list.data?.items ?? [];
  if (rows.length === 0) return null;
  return (
    <section>
      <h3>{words.heading}</h3>
      <ul className="plain outputs-list">
        {rows.map((row) => (
          <li key={row.output}>
            <span className="two-lines">
              <span>
                {row.name} <span className="faint">{row.output}</span>
              </span>
              {rules(row, text).map((line) => (
                <span key={line} className="faint">
                  {line}
                </span>
              ))}
              {row.last && (
                <span className="faint">
                  {words.last(words.orders[row.last.command] ?? row.last.command, row.last.by)} ·{" "}
                  {row.last.reason} · {text.devices.result[row.last.result] ?? row.last.result} ·{" "}
                  <Age at={row.last.at} />
                </span>
              )}
            </span>
            <span className="two-lines output-now">
              <span className={row.ok ? "" : "alarm-word"}>
                {row.on === null ? words.unknown : `${row.on ? "●" : "○"} ${row.on ? words.on : words.off}`}
                {!row.ok && ` · ✕ ${words.failed}`}
              </span>
              <span className="faint">
                {words.readBack} <Age at={row.heard_at} />
              </span>
              {row.mine && (
                <span>
                  {[true, false].map((on) => (
                    <Button
                      key={String(on)}
                      size="small"
                      disabled={gateway.presence === "offline" || command.isPending}
                      onClick={() => setAsked({ row, on })}
                    >
                      {on ? words.turnOn : words.turnOff}
                    </Button>
                  ))}
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
      {asked && (
        <ConfirmReason
          open
          title={words.ask(asked.row.name, asked.on)}
          what={words.what(asked.on)}
          submit={asked.on ? words.turnOn : words.turnOff}
          usual={words.reasons}
          close={() => setAsked(null)}
          run={(reason) =>
            command.mutateAsync({
              command: asked.on ? "switch-on" : "switch-off",
              output: asked.row.output,
              reason,
            })
          }
        />
      )}
    </section>
  );
}

function rules(row: SwitchRow, text: Catalogue): string[] {
  const words = text.switches;
  if (!row.remote) return [words.local];
  const lines = [words.whoMay(row.who.map((kind) => words.kinds[kind] ?? kind).join("、"))];
  if (row.pulse_s > 0) lines.push(words.pulse(steady(row.pulse_s)));
  if (row.on_when.length > 0) lines.push(words.onWhen(row.on_when.map(words.condition).join("，")));
  if (row.off_when.length > 0) lines.push(words.offWhen(row.off_when.map(words.condition).join("，")));
  if (!row.mine) lines.push(words.notMine);
  return lines;
}
