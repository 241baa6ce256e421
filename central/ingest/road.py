"""The centre's Zenoh session: what gateways ask and tell, handed to the inbox; and what we ask of them.

Keeps law-never-lose 7: the queryable is complete, so one central process of several answers each frame, and
another takes over when it leaves; a router mesh may deliver to all, which the locked cursors make harmless.
zenoh-python calls back in threads of its own: callbacks do nothing but enqueue.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import zenoh

from central.db.errors import ConfigurationError
from central.ingest.inbox import Inbox
from central.ingest.roads import Believed, GatewayDidNotAnswer, leaf_of
from central.ingest.router import TlsFiles
from protocol import codec, keys
from protocol.endpoints import EndpointRefused, check_router

_log = logging.getLogger(__name__)
_OPEN_AGAIN_S: Final = 0.5
_GRACE_S: Final = 1.0


class Answer:
    """Answers one query once; releasing it is what ends the asker's waiting."""

    def __init__(self, query: zenoh.Query) -> None:
        self._query: zenoh.Query | None = query

    def __call__(self, payload: bytes) -> None:
        query, self._query = self._query, None
        if query is None:
            return
        try:
            with query:
                query.reply(query.key_expr, payload)
        except zenoh.ZError as exc:
            _log.warning("a receipt could not be sent: %s", exc)

    def refuse(self, reason: bytes) -> None:
        """Answer with an error: the gateway backs off."""
        query, self._query = self._query, None
        if query is not None:
            with contextlib.suppress(zenoh.ZError), query:
                query.reply_err(reason)


def client_config(router: str, tls: TlsFiles | None = None) -> zenoh.Config:
    """A session that is a client of one router and comes back to it by itself.

    Args:
        router: Zenoh endpoint, "tcp/127.0.0.1:7447" or "tls/router.example:7447".
        tls: our certificate.

    Raises:
        ConfigurationError: it leads beyond this machine without mutual TLS, or is none.
    """
    try:
        secured = check_router(router, certified=tls is not None).secured
    except EndpointRefused as exc:
        raise ConfigurationError(f"FENGSUI_ROUTER: {exc}") from exc
    config: dict[str, Any] = {
        "mode": "client",
        "connect": {
            "endpoints": [router],
            "timeout_ms": 2000,
            "retry": {"period_init_ms": 200, "period_max_ms": 2000, "period_increase_factor": 2},
        },
        "scouting": {"multicast": {"enabled": False}, "gossip": {"enabled": False}},
    }
    if secured and tls is not None:
        config["transport"] = {
            "link": {
                "tls": {
                    "root_ca_certificate": str(tls.ca),
                    "connect_certificate": str(tls.certificate),
                    "connect_private_key": str(tls.key),
                    "enable_mtls": True,
                }
            }
        }
    return zenoh.Config.from_json5(json.dumps(config))


class Road:
    """An open session with everything that the centre listens to.

    Args:
        session: open.
        inbox: takes what comes.
    """

    name = "zenoh"

    def __init__(self, session: zenoh.Session, inbox: Inbox) -> None:
        self._session = session
        self._inbox = inbox
        self._held: list[Any] = []

    def declare(self) -> None:
        """Begin to listen; called in a thread, since declarations wait for the router."""
        callback = zenoh.handlers.Callback
        self._held = [
            self._session.declare_subscriber(
                keys.every(keys.HEARTBEAT), callback(self._told, indirect=False)
            ),
            self._session.declare_subscriber(keys.every(keys.LIVE), callback(self._told, indirect=False)),
            self._session.declare_queryable(
                keys.every(keys.UPLINK), callback(self._asked, indirect=False), complete=True
            ),
        ]

    def _asked(self, query: zenoh.Query) -> None:
        answer = Answer(query)
        payload = b"" if query.payload is None else query.payload.to_bytes()
        if not self._inbox.offer(str(query.key_expr), payload, answer):
            answer.refuse(b"busy")

    def _told(self, sample: zenoh.Sample) -> None:
        # A live copy that finds no room is dropped: the batch itself comes by the uplink.
        self._inbox.offer(str(sample.key_expr), sample.payload.to_bytes())

    async def ask(self, gateway: str, payload: bytes, timeout_s: float, believed: Believed) -> bytes:
        """Send a command to all who listen under the gateway's key; wait for the first answer believed.

        A box that was replaced may still be connected with its old certificate: the nearest listener alone,
        which is what Zenoh asks where nothing else is said, could be that one.

        Args:
            gateway: its id.
            payload: a sealed command.
            timeout_s: how long to wait.
            believed: says whether an answer is the gateway's.

        Raises:
            GatewayDidNotAnswer: nobody gave such an answer.
        """
        leaf = leaf_of(codec.decode(codec.open_frame(payload)))
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[bytes] = loop.create_future()

        def settle(data: bytes | None) -> None:
            if answer.done():
                return
            if data is None:
                answer.set_exception(GatewayDidNotAnswer(f"gateway {gateway} did not answer"))
            elif believed(data):
                answer.set_result(data)

        def replied(reply: zenoh.Reply) -> None:
            if reply.ok is not None:
                _hand_over(loop, settle, reply.ok.payload.to_bytes())

        def ended() -> None:
            _hand_over(loop, settle, None)

        def send() -> None:
            self._session.get(
                keys.build(gateway, leaf),
                zenoh.handlers.Callback(replied, ended, indirect=False),
                payload=payload,
                target=zenoh.QueryTarget.ALL,
                timeout=timeout_s,
                consolidation=zenoh.ConsolidationMode.NONE,
            )

        try:
            await asyncio.to_thread(send)
            async with asyncio.timeout(timeout_s + _GRACE_S):
                return await answer
        except (zenoh.ZError, TimeoutError) as exc:
            raise GatewayDidNotAnswer(f"gateway {gateway}: {exc}") from exc


def _hand_over(loop: asyncio.AbstractEventLoop, function: Any, value: bytes | None) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: the process is on its way out
        loop.call_soon_threadsafe(function, value)


@asynccontextmanager
async def opened(router: str, inbox: Inbox, tls: TlsFiles | None = None) -> AsyncIterator[Road]:
    """Connect to the router, waiting for it as long as it takes, and listen.

    Args:
        router: Zenoh endpoint, for example "tcp/127.0.0.1:7447".
        inbox: takes what comes.
        tls: our certificate, for a router beyond this machine.

    Raises:
        ConfigurationError: see `client_config`.
    """
    session = await _connect(router, tls)
    road = Road(session, inbox)
    try:
        await asyncio.to_thread(road.declare)
        _log.info("gateways are heard at %s", router)
        yield road
    finally:
        await asyncio.shield(asyncio.to_thread(_close, session))


async def _connect(router: str, tls: TlsFiles | None) -> zenoh.Session:
    said = False
    while True:
        try:
            return await asyncio.to_thread(zenoh.open, client_config(router, tls))
        except zenoh.ZError as exc:
            if not said:
                said = True
                _log.warning("no router at %s yet: %s", router, exc)
            await asyncio.sleep(_OPEN_AGAIN_S)


def _close(session: zenoh.Session) -> None:
    with contextlib.suppress(zenoh.ZError):
        session.close()  # type: ignore[no-untyped-call]
