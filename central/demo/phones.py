"""The demo's SMS provider: takes messages over HTTP as a real one does, and shows them as the phones would.

Speaks the interface that `central/warning/notify/sms_http.py` describes; receipts are posted.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import uvicorn
from litestar import Litestar, Request, get, post
from litestar.exceptions import NotFoundException

from central.demo.county import ACCOUNTS
from central.demo.story import say

_NAMES = {account.phone: account.name for account in ACCOUNTS if account.phone}
_KEPT = 10_000
_DELIVERY_S = 0.3


class Phones:
    """All phones of the county behind one provider on 127.0.0.1:`port`."""

    def __init__(self, port: int, receipts: str, secret: str) -> None:
        """Listen on `port`, post receipts to `receipts`; `secret` is shared with the centre."""
        self.url = f"http://127.0.0.1:{port}"
        self._port = port
        self._receipts = receipts
        self._secret = secret
        self._ids: dict[str, str] = {}

    async def run(self) -> None:
        """Serve until cancelled."""
        sent: dict[str, str] = {}
        ids = self._ids
        delivered = asyncio.Queue[tuple[str, str]](maxsize=1000)

        @post("/messages", status_code=202)
        async def send(request: Request[Any, Any, Any]) -> dict[str, str]:
            body = await request.json()
            key = str(body["key"])
            if key not in ids:
                if len(ids) > _KEPT:
                    ids.clear()
                    sent.clear()
                ids[key] = uuid4().hex
                sent[ids[key]] = "delivered"
                number = str(body["to"])
                say(f"短信  → {_NAMES.get(number, '?')} {number}：{body['text']} / SMS")
            if not delivered.full():
                delivered.put_nowait((key, ids[key]))
            return {"id": ids[key]}

        @get("/messages/{message_id:str}")
        async def look_up(message_id: str) -> dict[str, str]:
            if message_id not in sent:
                raise NotFoundException
            return {"status": sent[message_id], "reason": ""}

        app = Litestar([send, look_up], openapi_config=None, logging_config=None)
        server = _Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
        with socket.create_server(("127.0.0.1", self._port)) as listener:
            async with asyncio.TaskGroup() as tasks:
                posting = tasks.create_task(self._post_receipts(delivered))
                try:
                    await server.serve(sockets=[listener])
                finally:
                    posting.cancel()

    async def _post_receipts(self, delivered: asyncio.Queue[tuple[str, str]]) -> None:
        async with httpx.AsyncClient(timeout=5.0, trust_env=False) as client:
            while True:
                key, message_id = await delivered.get()
                await asyncio.sleep(_DELIVERY_S)
                with contextlib.suppress(httpx.HTTPError):
                    await client.post(
                        self._receipts,
                        json={"key": key, "id": message_id, "status": "delivered", "reason": ""},
                        headers={"x-fengsui-secret": self._secret},
                    )


class _Server(uvicorn.Server):
    """uvicorn without signal handlers of its own: Ctrl-C belongs to the demo."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
