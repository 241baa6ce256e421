// Silence or acknowledge at the plant, from here: a signed command whose answer is shown.

import { Button, Popconfirm, Tooltip } from "antd";
import type { GatewayRow } from "../api/types.ts";
import { useText } from "../locales/index.tsx";
import { useCommand } from "./useCommand.ts";

export function HornCommands({ gateway }: { gateway: GatewayRow }) {
  const text = useText();
  const command = useCommand(gateway.id);
  const offline = gateway.presence === "offline";
  return (
    <div className="horn">
      {(["silence", "acknowledge"] as const).map((name) => (
        <Popconfirm
          key={name}
          title={name === "silence" ? text.devices.silenceAsk : text.devices.acknowledgeAsk}
          okText={text.devices[name]}
          cancelText={text.cancel}
          onConfirm={() => command.mutate({ command: name, alarm: null })}
          disabled={offline}
        >
          <Tooltip title={offline ? text.presenceWhy.offline : text.devices.commandWhy}>
            <Button disabled={offline} loading={command.isPending && command.variables?.command === name}>
              {text.devices[name]}
            </Button>
          </Tooltip>
        </Popconfirm>
      ))}
    </div>
  );
}
