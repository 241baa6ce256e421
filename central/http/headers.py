"""Headers of every answer: what browsers must not do with our pages, and the number of the request."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from litestar.enums import ScopeType

if TYPE_CHECKING:
    from litestar.types import ASGIApp, Message, Receive, Scope, Send

# Ant Design writes its styles at run time; everything else comes from ourselves or not at all.
# A tile source of the customer's is the one stranger that a page may ask, by name.
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:{tiles}; font-src 'self' data:; connect-src 'self'{tiles}; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_FIXED = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(self), camera=(self), microphone=()"),
]
_STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")


class WithHeaders:
    """Wraps the application; outermost, so that refusals carry the headers too.

    Args:
        app: the application.
        https: whether people reach it over HTTPS.
        tiles: hosts of the map's tile source, with spaces between; "" for none.
    """

    def __init__(self, app: ASGIApp, *, https: bool, tiles: str = "") -> None:
        self._app = app
        policy = _POLICY.format(tiles=f" {tiles}" if tiles else "")
        self._fixed = [(b"content-security-policy", policy.encode()), *_FIXED]
        if https:
            self._fixed.append(_STRICT_TRANSPORT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        number = secrets.token_hex(8)
        # The number goes into the audit: one that a client sent is not believed.
        theirs = [pair for pair in scope["headers"] if pair[0].lower() != b"fengsui-request"]
        scope["headers"] = [*theirs, (b"fengsui-request", number.encode())]
        private = scope["path"].startswith("/api/")

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                extra = [*self._fixed, (b"x-request-id", number.encode())]
                if private:
                    extra.append((b"cache-control", b"no-store"))
                message["headers"] = [
                    *message["headers"],
                    *(pair for pair in extra if pair[0] not in present),
                ]
            await send(message)

        await self._app(scope, receive, with_headers)
