// Silence or acknowledge at the plant, from here: a signed command whose answer is shown.

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { App, Button, Popconfirm, Tooltip } from "antd";
import { send } from "../api/client.ts";
import type { CommandResult, GatewayRow } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { problemWords } from "../parts/States.tsx";

export function HornCommands({ gateway }: { gateway: GatewayRow }) {
  const text = useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const command = useMutation({
    mutationFn: (name: "silence" | "acknowledge") =>
      send<CommandResult>("POST", `/api/v1/gateways/${gateway.id}/commands`, {
        body: { command: name, alarm: null },
      }),
    onSuccess: ({ data }) => {
      const words = text.devices.result[data.result] ?? text.devices.commandSent;
      // The horn's new state comes with one of the next heartbeats.
      for (const waitMs of [1_500, 4_000])
        setTimeout(() => {
          client.invalidateQueries({ queryKey: ["gateways"] });
          client.invalidateQueries({ queryKey: ["enterprise"] });
        }, waitMs);
      message.open({ type: data.result === "done" ? "success" : "info", content: words, duration: 6 });
    },
    onError: (error) => message.error(problemWords(error, text), 6),
  });
  const offline = gateway.presence === "offline";
  return (
    <div className="horn">
      {(["silence", "acknowledge"] as const).map((name) => (
        <Popconfirm
          key={name}
          title={name === "silence" ? text.devices.silenceAsk : text.devices.acknowledgeAsk}
          okText={text.devices[name]}
          cancelText={text.cancel}
          onConfirm={() => command.mutate(name)}
          disabled={offline}
        >
          <Tooltip title={offline ? text.presenceWhy.offline : text.devices.commandWhy}>
            <Button disabled={offline} loading={command.isPending && command.variables === name}>
              {text.devices[name]}
            </Button>
          </Tooltip>
        </Popconfirm>
      ))}
    </div>
  );
}
