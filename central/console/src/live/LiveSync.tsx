// Turns live events into fresh pages: values go to the latest store, everything else renews what is on screen.

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { LiveMeasurement, LiveWarning } from "../api/types.ts";
import { forgetLatest, noteMeasurements } from "./latest.ts";
import { onLive, onReset, openStream, useStreamState } from "./stream.ts";

/** Renewals of the same list within this time are one: a burst of events must not become a burst of requests. */
const GATHER_MS = 400;

export function LiveSync({ account }: { account: string }) {
  const client = useQueryClient();
  const state = useStreamState();
  const was = useRef(state);

  useEffect(() => {
    const waiting = new Map<string, readonly unknown[]>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const renew = (...keys: readonly unknown[][]) => {
      for (const key of keys) waiting.set(JSON.stringify(key), key);
      timer ??= setTimeout(() => {
        timer = undefined;
        for (const key of waiting.values()) client.invalidateQueries({ queryKey: key });
        waiting.clear();
      }, GATHER_MS);
    };
    const ends = [
      onLive("measurement", (data) => {
        const many = (data as { items?: LiveMeasurement[] }).items;
        noteMeasurements(many ?? [data as LiveMeasurement]);
      }),
      onLive("warning", (data) =>
        renew(
          ["overview"],
          ["warnings"],
          ["warning", (data as LiveWarning).id],
          ["enterprises"],
          ["enterprise"],
          ["messages"],
          ["map"],
        ),
      ),
      onLive("alarm", () => renew(["points"], ["warning"])),
      onLive("presence", () => renew(["overview"], ["gateways"], ["enterprises"], ["enterprise"], ["map"])),
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
