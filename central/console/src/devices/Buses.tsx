// The buses of a gateway at its last heartbeat: connected, how busy, what failed, who is silent.

import type { BusState } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { count, steady } from "../parts/figures.ts";

export function Buses({ buses }: { buses: readonly BusState[] }) {
  const text = useText();
  const words = text.buses;
  if (buses.length === 0) return <p className="faint">{words.none}</p>;
  return (
    <ul className="plain">
      {buses.map((bus) => {
        const asked = bus.good + bus.failed;
        const well = bus.connected && bus.silent === 0;
        return (
          <li key={bus.bus}>
            <span className={well ? undefined : "sign-quality-bad"}>
              {well ? "✓" : "✕"} {bus.bus}{" "}
              {bus.connected
                ? bus.silent > 0
                  ? words.silent(bus.silent)
                  : words.connected
                : bus.trouble || words.away}
            </span>
            <span className="faint number">
              {bus.busy !== null && `${words.busy(Math.round(bus.busy * 100))} · `}
              {asked > 0 && words.failed(steady((100 * bus.failed) / asked), count(asked))}
            </span>
          </li>
        );
      })}
    </ul>
  );
}
