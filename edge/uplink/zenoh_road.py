"""The Zenoh road: one client session, used from a thread of its own so that no network can hold up the horn.

zenoh-python calls back in foreign threads: callbacks only hand over to the event loop. A session needs its
router once to open; afterwards it reconnects by itself.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import zenoh

from edge.identity import TlsFiles
from edge.uplink.road import ASKED, CentreBusy, Commands, Question, RoadBlocked
from protocol import keys
from protocol.endpoints import check_router

log = logging.getLogger(__name__)

OPEN_TIMEOUT_MS: Final = 2000
TIMED_OUT: Final = b"Timeout"  # seen in Zenoh 1.x: our own session's error reply, of nobody at the centre


class ZenohRoad:
    """A session with the router for one gateway."""

    name = "zenoh"

    def __init__(self, gateway: str, endpoint: str, tls: TlsFiles | None, commands: Commands) -> None:
        """Prepare; `open` connects.

        Args:
            gateway: our id.
            endpoint: of the router.
            tls: for a router beyond this machine.
            commands: takes what the centre commands.

        Raises:
            EndpointRefused: see `protocol.endpoints.check_router`.
        """
        check_router(endpoint, certified=tls is not None)
        self._gateway = gateway
        self._endpoint = endpoint
        self._tls = tls
        self._session: zenoh.Session | None = None
        self._held: list[Any] = []
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="uplink")
        self._commands = commands

    async def open(self) -> None:
        """Connect, declare the presence token and the command queryable.

        Raises:
            RoadBlocked: the router is not there.
        """
        loop = asyncio.get_running_loop()

        def asked(query: zenoh.Query) -> None:
            payload = b"" if query.payload is None else query.payload.to_bytes()
            _hand_over(loop, self._asked, (payload, query))

        def connect() -> tuple[zenoh.Session, list[Any]]:
            session = zenoh.open(
                zenoh.Config.from_json5(json.dumps(_session_config(self._endpoint, self._tls)))
            )
            queryables = [
                session.declare_queryable(
                    keys.build(self._gateway, leaf),
                    zenoh.handlers.Callback(asked, indirect=False),
                    complete=True,
                )
                for leaf in ASKED
            ]
            token = session.liveliness().declare_token(keys.build(self._gateway, keys.PRESENCE))
            return session, [*queryables, token]

        try:
            self._session, self._held = await loop.run_in_executor(self._thread, connect)
        except zenoh.ZError as exc:
            raise RoadBlocked(f"no router at {self._endpoint}") from exc

    def _asked(self, came: tuple[bytes, zenoh.Query]) -> None:
        payload, query = came

        async def reply(answer: bytes | None) -> None:
            def send() -> None:
                with contextlib.suppress(zenoh.ZError), query:
                    if answer is not None:
                        query.reply(query.key_expr, answer)

            await asyncio.get_running_loop().run_in_executor(self._thread, send)

        try:
            self._commands.put_nowait(Question(payload, reply))
        except asyncio.QueueFull:
            log.warning("uplink: a command was dropped, %d are waiting", self._commands.qsize())
            query.drop()  # type: ignore[no-untyped-call]

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
        if not good and data == TIMED_OUT:
            raise RoadBlocked("nobody answered in time")
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


def _session_config(endpoint: str, tls: TlsFiles | None) -> dict[str, Any]:
    config: dict[str, Any] = {
        "mode": "client",
        "connect": {
            "endpoints": [endpoint],
            "timeout_ms": OPEN_TIMEOUT_MS,
            "retry": {"period_init_ms": 500, "period_max_ms": 4000, "period_increase_factor": 2},
        },
        "scouting": {"multicast": {"enabled": False}, "gossip": {"enabled": False}},
    }
    if tls is not None:
        config["transport"] = {
            "link": {
                "tls": {
                    "root_ca_certificate": str(tls.ca),
                    "connect_certificate": str(tls.certificate),
                    "connect_private_key": str(tls.key),
                    "enable_mtls": True,  # on both sides, or the other lets in who has no certificate
                }
            }
        }
    return config
