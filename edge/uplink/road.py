"""The Zenoh road: one client session, used from a thread of its own so that no network can hold up the horn.

zenoh-python calls back in foreign threads: callbacks only hand over to the event loop. A session needs its
router once to open; afterwards it reconnects by itself.
"""

import asyncio
import contextlib
import ipaddress
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import zenoh

from protocol import keys

log = logging.getLogger(__name__)

OPEN_TIMEOUT_MS: Final = 2000
COMMANDS_WAITING: Final = 32


class RoadBlocked(Exception):
    """Nobody answered: no router, no centre, or not in time."""


class CentreBusy(Exception):
    """The centre answered that it cannot take this now."""


class EndpointRefused(ValueError):
    """This endpoint would carry alarms over a network without protection."""


def check_endpoint(endpoint: str) -> str:
    """Return the endpoint if a gateway may use it.

    Raises:
        EndpointRefused: not an endpoint, or one beyond this machine; mutual TLS comes with enrolment.
    """
    protocol, slash, address = endpoint.partition("/")
    host = address.rsplit(":", 1)[0].strip("[]")
    if not slash or protocol not in {"tcp", "tls", "quic", "ws", "udp"} or ":" not in address:
        raise EndpointRefused(f"{endpoint!r} is no endpoint; write for example tcp/127.0.0.1:7447")
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback or protocol != "tcp":
        raise EndpointRefused(
            f"{endpoint!r} leaves this machine: without mutual TLS a gateway and its router talk on loopback"
            " only (tcp/127.0.0.1:7447)"
        )
    return endpoint


class Question:
    """A command of the centre that waits for its answer."""

    def __init__(self, payload: bytes, query: zenoh.Query) -> None:
        self.payload = payload
        self.query = query


class Road:
    """A session with the router for one gateway."""

    def __init__(self, gateway: str, endpoint: str) -> None:
        """Prepare; `open` connects.

        Raises:
            EndpointRefused: see `check_endpoint`.
        """
        self._gateway = gateway
        self._endpoint = check_endpoint(endpoint)
        self._session: zenoh.Session | None = None
        self._held: list[Any] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="uplink")
        self.commands: asyncio.Queue[Question] = asyncio.Queue(COMMANDS_WAITING)

    async def open(self) -> None:
        """Connect, declare the presence token and the command queryable.

        Raises:
            RoadBlocked: the router is not there.
        """
        loop = asyncio.get_running_loop()

        def asked(query: zenoh.Query) -> None:
            payload = b"" if query.payload is None else query.payload.to_bytes()
            _hand_over(loop, self._asked, Question(payload, query))

        def connect() -> tuple[zenoh.Session, list[Any]]:
            session = zenoh.open(zenoh.Config.from_json5(json.dumps(_session_config(self._endpoint))))
            command = keys.build(self._gateway, keys.COMMAND)
            queryable = session.declare_queryable(
                command, zenoh.handlers.Callback(asked, indirect=False), complete=True
            )
            token = session.liveliness().declare_token(keys.build(self._gateway, keys.PRESENCE))
            return session, [queryable, token]

        try:
            self._session, self._held = await loop.run_in_executor(self._thread, connect)
        except zenoh.ZError as exc:
            raise RoadBlocked(f"no router at {self._endpoint}") from exc

    def _asked(self, question: Question) -> None:
        try:
            self.commands.put_nowait(question)
        except asyncio.QueueFull:
            log.warning("uplink: a command was dropped, %d are waiting", COMMANDS_WAITING)
            question.query.drop()  # type: ignore[no-untyped-call]

    @property
    def is_open(self) -> bool:
        """Whether a session exists (it may be looking for its router)."""
        return self._session is not None

    async def ask(self, leaf: str, payload: bytes, timeout_s: float) -> bytes:
        """Send a frame as a query and wait for the answer.

        Raises:
            RoadBlocked: nobody answered in time.
            CentreBusy: the answer was an error reply.
        """
        session = self._session
        if session is None:
            raise RoadBlocked("no session yet")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[tuple[bool, bytes]] = loop.create_future()

        def settle(result: tuple[bool, bytes] | None) -> None:
            if not answer.done():
                if result is None:
                    answer.set_exception(RoadBlocked("nobody answered"))
                else:
                    answer.set_result(result)

        def replied(reply: zenoh.Reply) -> None:
            sample = reply.ok
            if sample is not None:
                _hand_over(loop, settle, (True, sample.payload.to_bytes()))
            elif reply.err is not None:
                _hand_over(loop, settle, (False, reply.err.payload.to_bytes()))

        def ended() -> None:
            _hand_over(loop, settle, None)

        def send() -> None:
            session.get(
                keys.build(self._gateway, leaf),
                zenoh.handlers.Callback(replied, ended, indirect=False),
                payload=payload,
                timeout=timeout_s,
                consolidation=zenoh.ConsolidationMode.NONE,
            )

        try:
            await loop.run_in_executor(self._thread, send)
            async with asyncio.timeout(timeout_s + 1):
                good, data = await answer
        except zenoh.ZError as exc:
            raise RoadBlocked(str(exc)) from exc
        except TimeoutError as exc:
            raise RoadBlocked("no answer in time") from exc
        finally:
            answer.cancel()  # what comes later is nobody's
        if not good:
            raise CentreBusy(data.decode(errors="replace"))
        return data

    async def put(self, leaf: str, payload: bytes) -> None:
        """Send a frame that nobody answers; it is dropped rather than waited for."""
        session = self._session
        if session is None:
            return

        def send() -> None:
            with contextlib.suppress(zenoh.ZError):
                session.put(
                    keys.build(self._gateway, leaf),
                    payload,
                    congestion_control=zenoh.CongestionControl.DROP,
                )

        await asyncio.get_running_loop().run_in_executor(self._thread, send)

    async def answer(self, question: Question, payload: bytes | None) -> None:
        """Answer a command, or let it go unanswered."""

        def send() -> None:
            with contextlib.suppress(zenoh.ZError), question.query as query:
                if payload is not None:
                    query.reply(query.key_expr, payload)

        await asyncio.get_running_loop().run_in_executor(self._thread, send)

    async def close(self) -> None:
        """Leave: the presence token goes, pending queries end."""
        session, self._session = self._session, None

        def leave() -> None:
            if session is not None:
                with contextlib.suppress(zenoh.ZError):
                    session.close()  # type: ignore[no-untyped-call]

        await asyncio.get_running_loop().run_in_executor(self._thread, leave)
        self._thread.shutdown(wait=False)


def _hand_over(loop: asyncio.AbstractEventLoop, function: Callable[[Any], None], value: Any) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: the process is on its way out
        loop.call_soon_threadsafe(function, value)


def _session_config(endpoint: str) -> dict[str, Any]:
    return {
        "mode": "client",
        "connect": {
            "endpoints": [endpoint],
            "timeout_ms": OPEN_TIMEOUT_MS,
            "retry": {"period_init_ms": 500, "period_max_ms": 4000, "period_increase_factor": 2},
        },
        "scouting": {"multicast": {"enabled": False}, "gossip": {"enabled": False}},
    }
