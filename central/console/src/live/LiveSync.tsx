// Turns live events into fresh pages: values go to the latest store, everything else renews what is on screen.

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { LiveMeasurement, LiveWarning } from "../api/types.ts";
import { forgetLatest, noteMeasurements } from "./latest.ts";
import { onLive, onReset, openStream, useStreamState } from "./stream.ts";

/** Renewals of the same list within this time are one: a burst of events must not become a burst of requests. */
const GATHER_MS = 400;
/** In a storm, so many events within one gathering, a screen is renewed less often: people read it meanwhile. */
const STORM_EVENTS = 20;
const STORM_MS = 2_500;

export function LiveSync({ account }: { account: string }) {
  const client = useQueryClient();
  const state = useStreamState();
  const was = useRef(state);

  useEffect(() => {
    const waiting = new Map<string, readonly unknown[]>();
    const cases = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let events = 0;
    let pause = GATHER_MS;
    const renew = (...keys: readonly unknown[][]) => {
      events += 1;
      for (const key of keys) waiting.set(JSON.stringify(key), key);
      timer ??= setTimeout(() => {
        timer = undefined;
        pause = events > STORM_EVENTS ? STORM_MS : GATHER_MS;
        events = 0;
        for (const key of waiting.values()) client.invalidateQueries({ queryKey: key });
        waiting.clear();
        // One look over what is kept, however many cases changed.
        if (cases.size > 0) {
          const changed = new Set(cases);
          client.invalidateQueries({
            predicate: ({ queryKey }) => queryKey[0] === "warning" && changed.has(String(queryKey[1])),
          });
          cases.clear();
        }
      }, pause);
    };
    const ends = [
      onLive("measurement", (data) => {
        const many = (data as { items?: LiveMeasurement[] }).items;
        noteMeasurements(many ?? [data as LiveMeasurement]);
      }),
      onLive("warning", (data) => {
        cases.add((data as LiveWarning).id);
        renew(["overview"], ["warnings"], ["enterprises"], ["enterprise"], ["messages"], ["map"]);
      }),
      onLive("alarm", () => renew(["points"], ["warning"])),
      // The values of a gateway that is no longer heard are its last ones from then on.
      onLive("presence", () =>
        renew(["overview"], ["gateways"], ["enterprises"], ["enterprise"], ["map"], ["points"]),
      ),
      // An enterprise left this jurisdiction, or came into it: nothing of before is to stay on the screen.
      onLive("moved", () => client.invalidateQueries()),
      onReset(() => client.invalidateQueries()),
      openStream(account),
    ];
    return () => {
      clearTimeout(timer);
      for (const end of ends) end();
      forgetLatest();
    };
  }, [account, client]);

  useEffect(() => {
    // What happened while the line was down is not sent again for every list: ask once for all of it.
    if (state === "connected" && was.current === "retrying") client.invalidateQueries();
    was.current = state;
  }, [state, client]);

  return null;
}
