"""The net below every address: a change that left no entry gets one, and what was refused is written too.

Changes write their own entries, in their own transaction, by trigger or by word. This layer looks afterwards:
an address for which somebody forgot the audit is in it all the same, with who, when, from where and what.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from litestar.connection import ASGIConnection
from litestar.enums import ScopeType

from central import clock
from central.audit import service, store
from central.db.pool import DATABASE_AWAY
from central.db.scope import acting
from central.identity import service as identity

if TYPE_CHECKING:
    from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

    from central.db.pool import Database
    from central.identity.models import Person

_log = logging.getLogger(__name__)
_CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_REFUSED_AGAIN_S: Final = 60.0
_MOST_REMEMBERED: Final = 10_000
_LONGEST_PATH: Final = 200


class Refusals:
    """Remembers who was refused what: a person refused a thousand times in a minute fills no disk."""

    def __init__(self) -> None:
        self._at: dict[tuple[int, str], float] = {}

    def first(self, account_id: int, operation: str, now_s: float) -> bool:
        """Whether this is the first refusal of this kind within a minute."""
        key = (account_id, operation)
        last = self._at.pop(key, None)
        fresh = last is None or now_s - last > _REFUSED_AGAIN_S
        self._at[key] = now_s if last is None or fresh else last
        if len(self._at) > _MOST_REMEMBERED:
            del self._at[next(iter(self._at))]
        return fresh


class LeavesTrace:
    """Wraps an address behind the check of the session.

    Args:
        app: the address.
        refusals: what all addresses of one application remember together.
    """

    def __init__(self, app: ASGIApp, refusals: Refusals) -> None:
        self._app = app
        self._refusals = refusals

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        person = scope.get("user")
        if scope["type"] != ScopeType.HTTP or person is None:
            await self._app(scope, receive, send)
            return

        http: HTTPScope = scope

        async def watching(message: Message) -> None:
            if message["type"] == "http.response.start":
                await self._look(http, person, message["status"])
            await send(message)

        await self._app(scope, receive, watching)

    async def _look(self, scope: HTTPScope, person: Person, status: int) -> None:
        changed = scope["method"] in _CHANGING and 200 <= status < 400
        if not (changed or status == 403):
            return
        connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
        handler = connection.route_handler
        operation = str(getattr(handler, "operation_id", None) or handler.handler_name)
        if status == 403 and not self._refusals.first(person.account_id, operation, clock.monotonic_s()):
            return
        try:
            await self._write(connection.app.state.database, scope, person, operation, status)
        except DATABASE_AWAY as exc:
            # The change itself is committed, or the refusal told: neither is taken back for this.
            _log.error("no trace of %s by account %s: %s", operation, person.account_id, exc)

    async def _write(
        self, database: Database, scope: HTTPScope, person: Person, operation: str, status: int
    ) -> None:
        path = scope["path"][:_LONGEST_PATH]
        async with acting(database.worker, person.actor) as conn:
            if status == 403:
                await identity.audit(
                    conn,
                    service.REFUSED,
                    operation,
                    path,
                    after={"method": scope["method"], "status": status},
                )
            elif not await store.request_is_written(conn, person.request):
                await identity.audit(
                    conn, "request", operation, path, after={"method": scope["method"], "status": status}
                )
