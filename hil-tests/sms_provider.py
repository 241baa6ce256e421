"""A stand-in for an SMS provider: records what it is told, and misbehaves when asked to.

Speaks the interface of `central/warning/notify/sms_http.py`. Runs inside a test (`async with Provider() as
provider`) or as a process (`python hil-tests/sms_provider.py --port 9180 --receipts http://127.0.0.1:8600/…`),
which prints each message. Standard library only; listens on 127.0.0.1.

Behaviour, changed while it runs (`provider.mode = …`, or `POST /control {"mode": …, "delay_s": …}`):

* `ok`      accepts, then posts a receipt "delivered"
* `silent`  accepts, and never posts a receipt (it still answers when asked)
* `mute`    accepts, and never says anything again
* `undelivered`  accepts, then posts a receipt "failed"
* `fail`    answers 503
* `refuse`  answers 400
* `lose`    accepts and records, then drops the connection without an answer
* `slow`    waits `delay_s` before it accepts
"""

import argparse
import asyncio
import contextlib
import json
import sys
import time
import urllib.request
from dataclasses import asdict, dataclass, field
from types import TracebackType
from typing import Any, Self

MODES = ("ok", "silent", "mute", "undelivered", "fail", "refuse", "lose", "slow")
_REASONS = {
    200: "OK",
    202: "Accepted",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    503: "Down",
}


@dataclass
class Text:
    """One message as the provider knows it; `times` counts how often it was handed over under this key."""

    id: str
    key: str
    to: str
    text: str
    at: float
    status: str = "accepted"
    times: int = 1


@dataclass
class Provider:
    """The provider; `async with` opens and closes its port.

    Attributes:
        receipts: where receipts are posted; empty for nowhere.
        secret: sent with each receipt, and expected as bearer token when not empty.
        texts: what was accepted, by key, in order.
        attempts: keys as they came, also those that were not accepted.
    """

    port: int = 0
    receipts: str = ""
    secret: str = ""
    mode: str = "ok"
    delay_s: float = 0.0
    receipt_after_s: float = 0.0
    loud: bool = False
    texts: dict[str, Text] = field(default_factory=dict)
    attempts: list[str] = field(default_factory=list)
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        """Root of the interface."""
        return f"http://127.0.0.1:{self.port}"

    def sent_to(self, number: str) -> list[Text]:
        """What this number was sent."""
        return [text for text in self.texts.values() if text.to == number]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ", 2)
        headers = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head[1:] if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        answer = await self._answer(method, path, headers, json.loads(body) if body else {})
        if answer is None:
            return False  # the connection ends without a word
        status, content = answer
        payload = json.dumps(content, ensure_ascii=False).encode()
        writer.write(
            f"HTTP/1.1 {status} {_REASONS[status]}\r\ncontent-type: application/json; charset=utf-8\r\n"
            f"content-length: {len(payload)}\r\n\r\n".encode()
            + payload
        )
        await writer.drain()
        return headers.get("connection", "").lower() != "close"

    async def _answer(
        self, method: str, path: str, headers: dict[str, str], body: Any
    ) -> tuple[int, Any] | None:
        if (method, path) == ("POST", "/control"):
            return self._control(body)
        if self.secret and headers.get("authorization") != f"Bearer {self.secret}":
            return 401, {"reason": "token"}
        if (method, path) == ("POST", "/messages"):
            return await self._message(headers, body)
        if (method, path) == ("GET", "/messages"):
            return 200, {"items": [asdict(text) for text in self.texts.values()]}
        if method == "GET" and path.startswith("/messages/"):
            found = next((t for t in self.texts.values() if t.id == path.rsplit("/", 1)[1]), None)
            if found is None or self.mode == "mute":
                return 404, {"reason": "unknown"}
            return 200, asdict(found)
        return 404, {"reason": "no such address"}

    def _control(self, body: dict[str, Any]) -> tuple[int, Any]:
        mode = body.get("mode", self.mode)
        if mode not in MODES:
            return 400, {"reason": f"mode is one of {', '.join(MODES)}"}
        self.mode = mode
        self.delay_s = float(body.get("delay_s", self.delay_s))
        return 200, {"mode": self.mode, "delay_s": self.delay_s}

    async def _message(self, headers: dict[str, str], body: dict[str, Any]) -> tuple[int, Any] | None:
        key = headers.get("idempotency-key", "")
        self.attempts.append(key)
        if self.mode == "fail":
            return 503, {"reason": "down"}
        if self.mode == "refuse":
            return 400, {"reason": "number"}
        if self.mode == "slow":
            await asyncio.sleep(self.delay_s)
        known = self.texts.get(key)
        if known is not None:
            known.times += 1
        else:
            known = Text(f"m{len(self.texts) + 1}", key, str(body["to"]), str(body["text"]), time.time())
            self.texts[key] = known
            if self.loud:
                print(f"SMS {known.to}  {known.text}", flush=True)
        if self.mode in {"ok", "slow", "lose", "undelivered"}:
            failed = self.mode == "undelivered"
            known.status = "failed" if failed else "delivered"
            self._later(self._receipt(known))
        elif self.mode == "silent":
            known.status = "delivered"
        return None if self.mode == "lose" else (202, {"id": known.id, "status": "accepted"})

    def _later(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _receipt(self, text: Text) -> None:
        if not self.receipts:
            return
        await asyncio.sleep(self.receipt_after_s)
        told = {"key": text.key, "id": text.id, "status": text.status, "reason": ""}
        request = urllib.request.Request(
            self.receipts,
            json.dumps(told).encode(),
            {"content-type": "application/json", "x-fengsui-secret": self.secret},
        )
        try:
            await asyncio.to_thread(_post, request)
        except OSError as exc:
            print(f"receipt for {text.id} was not taken: {exc}", file=sys.stderr)


def _post(request: urllib.request.Request) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=5) as response:
        response.read()


async def _run(options: argparse.Namespace) -> None:
    provider = Provider(
        port=options.port,
        receipts=options.receipts,
        secret=options.secret,
        mode=options.mode,
        receipt_after_s=options.receipt_after,
        loud=not options.quiet,
    )
    async with provider:
        print(f"SMS provider on {provider.url}", flush=True)
        await asyncio.Event().wait()


def main() -> None:
    """Run as a process until it is told to end."""
    parser = argparse.ArgumentParser(description="A local SMS provider for demo and tests.")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--receipts", default="", help="URL that receipts are posted to")
    parser.add_argument("--secret", default="", help="bearer token expected, and secret sent with receipts")
    parser.add_argument("--mode", choices=MODES, default="ok")
    parser.add_argument("--receipt-after", type=float, default=0.5, help="seconds until a receipt is posted")
    parser.add_argument("--quiet", action="store_true", help="do not print messages")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
