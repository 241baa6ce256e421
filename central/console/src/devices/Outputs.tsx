// Horns, beacons and loudspeakers of a gateway: do they follow, how went their last test; and how busy they were.

import { Button } from "antd";
import { useState } from "react";
import type { AnnunciatorLoad, GatewayOutput, GatewayRow } from "../api/types.ts";
import { useMay } from "../identity/me.tsx";
import { useText } from "../locales/index.tsx";
import { Age } from "../parts/When.tsx";
import { HornCommands } from "./HornCommands.tsx";
import { OrderForm } from "./OrderForm.tsx";

/** "main.horn" is the horn of the group "main"; a name we do not know is the plant's own. */
export function outputName(output: string, words: Record<string, string>): string {
  const last = output.split(".").at(-1) ?? output;
  return words[last] ?? output;
}

export function Outputs({ gateway }: { gateway: GatewayRow }) {
  const text = useText();
  const may = useMay("command");
  const [tested, setTested] = useState<{ output: string | null; subject: string } | null>(null);
  const offline = gateway.presence === "offline";
  // Those of horn and beacon: "main.horn". What has no group is switched by people, and stands below.
  const outputs = gateway.outputs.filter((one) => one.output.includes("."));
  if (outputs.length === 0) return <p className="faint">{text.devices.noOutputs}</p>;
  return (
    <>
      <ul className="plain outputs-list">
        {outputs.map((output) => (
          <li key={output.output}>
            <span className="two-lines">
              <span>{outputName(output.output, text.devices.output)}</span>
              <LastTest output={output} />
            </span>
            <span className="two-lines output-now">
              <span className={output.on || !output.ok ? "alarm-word" : "faint"}>
                {output.on ? `▲ ${text.devices.outputOn}` : text.devices.outputOff}
                {!output.ok && ` · ✕ ${text.devices.outputFailed}`}
              </span>
              {output.reason && <span className="faint">{text.devices.answer(output.reason)}</span>}
              {may && output.output.includes(".") && (
                <button
                  type="button"
                  className="quiet-link"
                  disabled={offline}
                  onClick={() =>
                    setTested({
                      output: output.output,
                      subject: `${gateway.name} · ${outputName(output.output, text.devices.output)}`,
                    })
                  }
                >
                  {text.devices.test}
                </button>
              )}
            </span>
          </li>
        ))}
      </ul>
      {gateway.annunciators.map((load) => (
        <Load key={load.name} load={load} />
      ))}
      {may ? (
        <>
          <HornCommands gateway={gateway} />
          <div className="horn">
            <Button
              disabled={offline}
              onClick={() =>
                setTested({ output: null, subject: `${gateway.name} · ${text.devices.allOutputs}` })
              }
            >
              {text.devices.testAll}
            </Button>
          </div>
        </>
      ) : (
        <p className="faint">{text.devices.noCommand}</p>
      )}
      {tested && (
        <OrderForm
          key={tested.output ?? ""}
          gateway={gateway.id}
          order={{ command: "test", output: tested.output }}
          subject={tested.subject}
          close={() => setTested(null)}
        />
      )}
    </>
  );
}

function LastTest({ output }: { output: GatewayOutput }) {
  const text = useText();
  const failed = output.test_ok === false;
  return (
    <span className={failed || output.overdue ? "alarm-word" : "faint"}>
      {output.tested_at ? (
        <>
          {failed ? "✕" : "✓"} {failed ? text.devices.testFailed : text.devices.testPassed} ·{" "}
          <Age at={output.tested_at} />
          {failed && output.test_reason ? ` · ${text.devices.answer(output.test_reason)}` : ""}
        </>
      ) : (
        text.devices.neverTested
      )}
      {output.overdue && ` · ✕ ${text.devices.testOverdue}`}
      {!output.test_due_at && ` · ${text.devices.noSchedule}`}
    </span>
  );
}

function Load({ load }: { load: AnnunciatorLoad }) {
  const text = useText();
  const words = text.devices.busy;
  return (
    <p className="load">
      <span className={load.flood ? "alarm-word" : ""}>
        {words.now(load.annunciations)}
        {load.flood && ` · ▲ ${words.flood(load.flood_above)}`}
      </span>
      <span className="faint">
        {words.most(load.most_24h)}
        {load.flood_hours_24h > 0 && ` · ${words.floodHours(load.flood_hours_24h)}`}
      </span>
      {load.chatter.map((one) => (
        <span key={one.alarm} className="alarm-word">
          {words.chatter(one.alarm, one.times)}
        </span>
      ))}
    </p>
  );
}
