"""Serves the page: static files of our own, the state as JSON, and what an operator does.

Starlette under uvicorn, in the gateway's loop; imported only where a page is configured. Nothing of it stands
between an alarm and its horn.
"""

import asyncio
import contextlib
import logging
import os
import socket
import stat
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, Protocol, TypeVar

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from edge.config_models import PageTable
from edge.local.door import LEAST_CODE, Door, Session, Shut

log = logging.getLogger(__name__)

_T = TypeVar("_T")

FOLDER: Final = Path(__file__).parent
FILES: Final = {
    "/": ("page.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
}
COOKIE: Final = "fengsui_page"
HEADER: Final = "x-fengsui-page"  # another site's form cannot send it: no forged request is obeyed
BODY: Final = 4096
NAME_LONGEST: Final = 40
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class BadCode(Exception):
    """The file with the page's code cannot be used; says why and what would be right."""


class Act(msgspec.Struct, forbid_unknown_fields=True):
    """What an operator wants: the action, the alarm ("" for all), why, and for how long."""

    action: str
    alarm: str = ""
    reason: str = ""
    minutes: float = 0


class SignIn(msgspec.Struct, forbid_unknown_fields=True):
    """A name, with the code or, without one, by the button."""

    name: str
    code: str = ""


class Behind(Protocol):
    """What the page shows and moves."""

    def state(self) -> dict[str, Any]:
        """The present state for people."""
        ...

    def act(self, act: Act, by: str) -> str:
        """Carry out an action; returns what came of it in words.

        Raises:
            ValueError: it makes no sense here; says why.
        """
        ...


class QuietServer(uvicorn.Server):
    """uvicorn without its signal handlers: the gateway's own decide when it ends."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


class Page:
    """The web server of one gateway."""

    def __init__(self, table: PageTable, door: Door, behind: Behind, mono_ms: Callable[[], int]) -> None:
        self._table = table
        self._door = door
        self._behind = behind
        self._mono_ms = mono_ms
        self.app = Starlette(
            routes=[
                *(Route(path, _file(name, kind)) for path, (name, kind) in FILES.items()),
                Route("/favicon.ico", _nothing),
                Route("/api/state", self._state),
                Route("/api/sign-in", self._sign_in, methods=["POST"]),
                Route("/api/sign-in/{request}", self._claim),
                Route("/api/sign-out", self._sign_out, methods=["POST"]),
                Route("/api/act", self._act, methods=["POST"]),
            ]
        )

    async def run(self) -> None:
        """Serve until cancelled; a port that is taken is told, and the gateway runs on without a page."""
        host, _, port = self._table.listen.rpartition(":")
        try:
            listening = socket.create_server(
                (host.strip("[]"), int(port)), family=socket.AF_INET6 if "[" in host else socket.AF_INET
            )
            # asyncio leaves it off for a socket that it did not make; each answer would come 40 ms late.
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server = self._server()
        except OSError as exc:  # also a certificate that cannot be read
            log.error("NO PAGE at %s: %s", self._table.listen, exc)
            await asyncio.Event().wait()
            return
        with listening:
            async with asyncio.TaskGroup() as group:
                serving = group.create_task(server.serve(sockets=[listening]))
                try:
                    await asyncio.shield(serving)
                except asyncio.CancelledError:
                    server.should_exit = True
                    with contextlib.suppress(asyncio.CancelledError):
                        await asyncio.shield(serving)
                    raise

    def _server(self) -> uvicorn.Server:
        config = uvicorn.Config(
            self.app,
            log_config=None,
            access_log=False,
            lifespan="off",
            limit_concurrency=32,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=1,
            server_header=False,
            ssl_certfile=self._table.certificate or None,
            ssl_keyfile=self._table.key or None,
        )
        config.load()
        return QuietServer(config)

    async def _state(self, request: Request) -> Response:
        session = self._session(request)
        if session is None:
            ways = {"code": self._door.code, "button": self._door.button}
            return _json({"sign_in": ways}, HTTPStatus.UNAUTHORIZED)
        return _json({**self._behind.state(), "you": session.name})

    async def _sign_in(self, request: Request) -> Response:
        wanted = await _body(request, SignIn)
        if isinstance(wanted, Response):
            return wanted
        name = wanted.name.strip()[:NAME_LONGEST]
        if not name:
            return _problem("say who you are: your name goes into the record", HTTPStatus.BAD_REQUEST)
        now = self._mono_ms()
        try:
            if wanted.code:
                return self._inside(self._door.by_code(name, wanted.code, now))
            return _json({"request": self._door.wait(name, now)}, HTTPStatus.ACCEPTED)
        except Shut as exc:
            return _problem(str(exc), HTTPStatus.FORBIDDEN)

    async def _claim(self, request: Request) -> Response:
        try:
            token = self._door.claim(request.path_params["request"], self._mono_ms())
        except Shut as exc:
            return _problem(str(exc), HTTPStatus.FORBIDDEN)
        return _json({}, HTTPStatus.ACCEPTED) if token is None else self._inside(token)

    async def _sign_out(self, request: Request) -> Response:
        self._door.leave(request.cookies.get(COOKIE, ""))
        response = _json({})
        response.delete_cookie(COOKIE)
        return response

    async def _act(self, request: Request) -> Response:
        session = self._session(request)
        if session is None:
            return _problem("sign in first", HTTPStatus.UNAUTHORIZED)
        act = await _body(request, Act)
        if isinstance(act, Response):
            return act
        try:
            return _json({"done": self._behind.act(act, f"{session.name} ({session.by})")})
        except ValueError as exc:
            return _problem(str(exc), HTTPStatus.CONFLICT)

    def _session(self, request: Request) -> Session | None:
        return self._door.who(request.cookies.get(COOKIE, ""), self._mono_ms())

    def _inside(self, token: str) -> Response:
        response = _json({"inside": True})
        response.set_cookie(
            COOKIE, token, httponly=True, samesite="strict", secure=bool(self._table.certificate)
        )
        return response


def read_code(path: Path) -> str:
    """Read the page's code.

    Raises:
        BadCode: missing, readable by others, or too short.
    """
    try:
        mode = path.stat().st_mode
        code = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as exc:
        raise BadCode(f"{path} cannot be read: {exc}") from exc
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadCode(f"{path} can be read by others; chmod 600 {path.name}")
    if len(code) < LEAST_CODE:
        raise BadCode(f"{path} holds a code of {len(code)} characters; write at least {LEAST_CODE}")
    return code


async def _nothing(request: Request) -> Response:
    del request
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=HEADERS)


def _file(name: str, kind: str) -> Callable[[Request], Any]:
    async def answer(request: Request) -> Response:
        del request
        return FileResponse(FOLDER / name, media_type=kind, headers=HEADERS)

    return answer


async def _body(request: Request, kind: type[_T]) -> _T | Response:
    """Decode a request's body; a Response says what is wrong with it."""
    if HEADER not in request.headers:
        return _problem(f"the header {HEADER} is missing", HTTPStatus.FORBIDDEN)
    data = b""
    async for chunk in request.stream():
        data += chunk
        if len(data) > BODY:
            return _problem("too long", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        return msgspec.json.decode(data, type=kind)
    except msgspec.MsgspecError as exc:
        return _problem(str(exc), HTTPStatus.BAD_REQUEST)


def _json(body: object, status: int = HTTPStatus.OK) -> Response:
    return Response(msgspec.json.encode(body), status, HEADERS, "application/json")


def _problem(detail: str, status: int) -> Response:
    return _json({"detail": detail}, status)
