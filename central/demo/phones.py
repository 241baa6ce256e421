"""The demo's SMS provider: takes messages over HTTP as a real one does, and shows them as the phones would.

Speaks the interface that `central/warning/notify/sms_http.py` describes, receipts by look-up included.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import uvicorn
from litestar import Litestar, Request, get, post
from litestar.exceptions import NotFoundException

from central.demo.county import ACCOUNTS
from central.demo.story import say

_NAMES = {account.phone: account.name for account in ACCOUNTS if account.phone}
_KEPT = 10_000


class Phones:
    """All phones of the county behind one provider on 127.0.0.1:`port`."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._port = port
        self._ids: dict[str, str] = {}

    async def run(self) -> None:
        """Serve until cancelled."""
        sent: dict[str, str] = {}
        ids = self._ids

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
            return {"id": ids[key]}

        @get("/messages/{message_id:str}")
        async def look_up(message_id: str) -> dict[str, str]:
            if message_id not in sent:
                raise NotFoundException
            return {"status": sent[message_id], "reason": ""}

        app = Litestar([send, look_up], openapi_config=None, logging_config=None)
        server = _Server(uvicorn.Config(app, log_config=None, access_log=False))
        with socket.create_server(("127.0.0.1", self._port)) as listener:
            await server.serve(sockets=[listener])


class _Server(uvicorn.Server):
    """uvicorn without signal handlers of its own: Ctrl-C belongs to the demo."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
