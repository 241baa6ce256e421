"""Numbers and the description of the API are for this machine and for people and programs that signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType

from central.db.errors import ForbiddenError
from central.identity import access
from central.settings import is_loopback

if TYPE_CHECKING:
    from litestar.types import ASGIApp, Receive, Scope, Send

    from central.settings import Settings

_CLOSED = ("/metrics", "/schema")
_FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")


class ClosedToStrangers:
    """Guards `/metrics` and `/schema` unless FENGSUI_OPEN_METRICS opens them; elsewhere it does nothing.

    Args:
        app: what it guards.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and scope["path"].rstrip("/").startswith(_CLOSED):
            connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
            settings: Settings = connection.app.state.settings
            if not settings.open_metrics and not is_near(connection, settings):
                person, _ = await access.person_behind(connection)
                if "see" not in person.may or person.steps:
                    raise ForbiddenError
        await self._app(scope, receive, send)


def is_near(connection: ASGIConnection[Any, Any, Any, Any], settings: Settings) -> bool:
    """Whether this machine itself asks.

    Behind a proxy on this machine everybody comes from here: what was forwarded is near only when the
    operator told us to believe the proxy, and the proxy says so.
    """
    forwarded = any(name in connection.headers for name in _FORWARDED)
    if forwarded and not (settings.trust_proxy and "x-forwarded-for" in connection.headers):
        return False
    return is_loopback(access.address_of(connection, settings))
