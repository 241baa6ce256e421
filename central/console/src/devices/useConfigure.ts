// What is done with a gateway's configurations; the list looks again after each.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { send as ask } from "../api/client.ts";
import type { ConfigurationRow, InForce, Opinion } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { problemWords } from "../parts/States.tsx";

/** The trial of a configuration takes up to a minute: its end is looked for until then. */
const LOOKS_MS = [2_000, 6_000, 12_000, 20_000, 35_000, 60_000, 75_000];

export function useConfigure(gateway: string) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const at = `/api/v1/gateways/${gateway}/configurations`;
  const again = () => client.invalidateQueries({ queryKey: ["configurations", gateway] });
  const read = useMutation({
    mutationFn: async () => (await ask<InForce>("POST", `${at}/read`)).data.text,
  });
  const make = useMutation({
    mutationFn: async (body: { text: string; reason: string }) =>
      (await ask<ConfigurationRow>("POST", at, { body })).data.version,
    onSuccess: again,
  });
  const check = useMutation({
    mutationFn: async (version: number) => (await ask<Opinion>("POST", `${at}/${version}/check`)).data,
  });
  const send = useMutation({
    mutationFn: async (version: number) =>
      (await ask<ConfigurationRow>("POST", `${at}/${version}/send`)).data,
    onSuccess: (row) => {
      again();
      for (const waitMs of LOOKS_MS) setTimeout(again, waitMs);
      message.open({
        type: row.state === "refused" ? "error" : "info",
        content: text.configuration.sent[row.state] ?? text.configuration.state[row.state],
        duration: 8,
      });
    },
    onError: (error) => message.error(problemWords(error, text), 8),
  });
  return { read, make, check, send };
}
