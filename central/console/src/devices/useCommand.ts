// A signed command to a gateway: what came of it is said in words, and the lists that it changes look again.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { send } from "../api/client.ts";
import type { CommandResult } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { problemWords } from "../parts/States.tsx";

export type CommandName =
  | "silence"
  | "acknowledge"
  | "shelve"
  | "unshelve"
  | "out-of-service"
  | "in-service"
  | "test"
  | "switch-on"
  | "switch-off";

export interface Order {
  command: CommandName;
  alarm?: string | null;
  output?: string | null;
  reason?: string;
  for_s?: number;
}

const CHANGED = ["gateways", "enterprise", "points", "covered", "overview", "warning"];

/** `done` is called when the gateway has carried the order out. */
export function useCommand(gateway: string, done?: () => void) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  return useMutation({
    mutationFn: (order: Order) =>
      send<CommandResult>("POST", `/api/v1/gateways/${gateway}/commands`, { body: order }),
    onSuccess: ({ data }, order) => {
      const words = text.devices.result[data.result] ?? text.devices.commandSent;
      const detail = text.devices.answer(data.detail);
      // What changed comes back as events and with one of the next heartbeats; a test takes its time.
      for (const waitMs of order.command === "test" ? [3_000, 8_000, 14_000] : [700, 2_000, 5_000])
        setTimeout(() => {
          for (const key of CHANGED) client.invalidateQueries({ queryKey: [key] });
        }, waitMs);
      const kind = data.result === "done" ? "success" : data.result === "refused" ? "error" : "warning";
      message.open({
        type: kind,
        content: detail ? text.devices.answered(words, detail) : words,
        duration: 8,
      });
      if (data.result === "done") done?.();
    },
    onError: (error) => message.error(problemWords(error, text), 8),
  });
}
