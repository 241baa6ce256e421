"""From where a request comes and why its person does it: kept for the audit before anything else looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from litestar.enums import ScopeType

from central.db.scope import ORIGIN, Origin

if TYPE_CHECKING:
    from litestar.types import ASGIApp, Receive, Scope, Send

REASON_HEADER = "fengsui-reason"
_LONGEST = 500
_LONGEST_ADDRESS = 64


class WithOrigin:
    """Wraps the application.

    Args:
        app: the application.
        trust_proxy: whether X-Forwarded-For is that of our own proxy.
    """

    def __init__(self, app: ASGIApp, *, trust_proxy: bool) -> None:
        self._app = app
        self._trust_proxy = trust_proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        origin = Origin(
            address_of(scope, trust_proxy=self._trust_proxy),
            headers.get(b"fengsui-request", b"").decode("ascii", "replace"),
            _reason(headers.get(REASON_HEADER.encode(), b"")),
        )
        token = ORIGIN.set(origin)
        try:
            await self._app(scope, receive, send)
        finally:
            ORIGIN.reset(token)


def address_of(scope: Any, *, trust_proxy: bool) -> str:
    """The address of the peer or, behind a proxy of ours, the one that the proxy saw.

    Args:
        scope: of ASGI.
        trust_proxy: whether X-Forwarded-For is that of our own proxy.
    """
    if trust_proxy:
        for name, value in scope["headers"]:
            if name.lower() == b"x-forwarded-for":
                # The last entry is the one that our own proxy wrote; those before it are the client's claims.
                return str(value.decode("latin-1")).rsplit(",", 1)[-1].strip()[:_LONGEST_ADDRESS]
    client = scope.get("client")
    return str(client[0]) if client else ""


def _reason(raw: bytes) -> str:
    """A header carries ASCII: the reason is percent-encoded UTF-8."""
    text = unquote(raw.decode("latin-1"), errors="replace")
    return "".join(letter for letter in text if letter.isprintable()).strip()[:_LONGEST]
