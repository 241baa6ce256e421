// The SharedWorker: one stream for all tabs of this browser.

import type { FromStream, ToStream } from "./messages.ts";
import { LiveSource } from "./source.ts";

const ports = new Set<MessagePort>();
let account: string | null = null;

const source = new LiveSource((message: FromStream) => {
  for (const port of ports) port.postMessage(message);
});

function take(port: MessagePort, message: ToStream): void {
  if (message.type === "leave") {
    ports.delete(port);
    if (ports.size === 0) {
      source.close();
      account = null;
    }
    return;
  }
  ports.add(port);
  // Another account means another jurisdiction: the stream is opened again under the new session.
  const fresh = message.type === "restart" || message.account !== account;
  if (message.type === "open") account = message.account;
  if (fresh) source.open();
  port.postMessage({ type: "state", state: source.state } satisfies FromStream);
}

const scope = self as unknown as { onconnect: ((event: MessageEvent) => void) | null };
scope.onconnect = (event) => {
  const port = event.ports[0];
  if (!port) return;
  port.onmessage = (sent: MessageEvent<ToStream>) => take(port, sent.data);
  port.start();
};
