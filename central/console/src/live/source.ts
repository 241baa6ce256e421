// Owns one EventSource and keeps it alive: EventSource gives up on an HTTP error, and cannot see a dead line.

import { EVENT_KINDS, type FromStream, type StreamState } from "./messages.ts";

const PATH = "/api/v1/live";
const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 30_000;
/** The centre speaks every 15 s; three missed beats mean a line that died without either end knowing. */
const SILENT_MS = 45_000;

export class LiveSource {
  readonly #tell: (message: FromStream) => void;
  #source: EventSource | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #retryMs = FIRST_RETRY_MS;
  #watch: ReturnType<typeof setInterval> | undefined;
  #heard = 0;
  state: StreamState = "connecting";

  constructor(tell: (message: FromStream) => void) {
    this.#tell = tell;
  }

  open(): void {
    this.close();
    this.#heard = Date.now();
    const source = new EventSource(PATH);
    this.#source = source;
    source.onopen = () => {
      this.#retryMs = FIRST_RETRY_MS;
      this.#heard = Date.now();
      this.#become("connected");
    };
    source.onerror = () => {
      this.#become("retrying");
      if (source.readyState === EventSource.CLOSED) this.#later();
    };
    for (const kind of EVENT_KINDS) {
      source.addEventListener(kind, (event) => {
        this.#heard = Date.now();
        let data: unknown;
        try {
          data = JSON.parse((event as MessageEvent<string>).data);
        } catch {
          return; // a frame that is not ours to understand must not stop the stream
        }
        this.#tell({ type: "event", kind, data });
      });
    }
    source.addEventListener("heartbeat", () => {
      this.#heard = Date.now();
    });
    source.addEventListener("reset", () => {
      this.#tell({ type: "reset" });
      this.#become("retrying");
      source.close();
      this.#later();
    });
    this.#watch = setInterval(() => {
      if (Date.now() - this.#heard > SILENT_MS) this.open();
    }, 15_000);
  }

  close(): void {
    this.#source?.close();
    this.#source = null;
    clearTimeout(this.#retry);
    clearInterval(this.#watch);
  }

  #later(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.open(), this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }

  #become(state: StreamState): void {
    if (this.state === state) return;
    this.state = state;
    this.#tell({ type: "state", state });
  }
}
