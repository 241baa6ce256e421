"""Who asks: finds the person behind a request, refuses strangers and forged forms, guards operations."""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from litestar.middleware.authentication import AbstractAuthenticationMiddleware, AuthenticationResult

from central.db.errors import DomainError, ForbiddenError
from central.identity import operations, rules, service

if TYPE_CHECKING:
    from collections.abc import Callable

    from litestar import Request
    from litestar.connection import ASGIConnection
    from litestar.handlers import BaseRouteHandler

    from central.identity.models import Person

SESSION_COOKIE = "fengsui_session"
CSRF_COOKIE = "fengsui_csrf"
CSRF_HEADER = "x-csrf-token"
_SAFE = {"GET", "HEAD", "OPTIONS"}


class SignedInOnly(AbstractAuthenticationMiddleware):
    """Everything needs a session but handlers with `opt={"public": True}`."""

    async def authenticate_request(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> AuthenticationResult:
        token = connection.cookies.get(SESSION_COOKIE, "")
        if not token:
            raise DomainError("signed-out", "请先登录。", 401)
        if connection.scope.get("method", "GET") not in _SAFE:
            sent = connection.headers.get(CSRF_HEADER, "")
            if not hmac.compare_digest(sent.encode(), rules.csrf_token(token).encode()):
                raise DomainError("csrf", "请求未通过安全校验，请刷新页面后再试。", 403)
        state = connection.app.state
        person = await service.person_of(
            state.database,
            token,
            timedelta(seconds=state.settings.idle_s),
            connection.headers.get("fengsui-request", ""),
        )
        if not rules.may_write(person.device_kind) and not _is_harmless(connection):
            raise DomainError("wall-reads-only", "大屏登录只能查看；处置请用电脑或手机登录。", 403)
        return AuthenticationResult(user=person, auth=token)


def _is_harmless(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Reading, and signing out."""
    method = connection.scope.get("method", "GET")
    return method in _SAFE or (method == "DELETE" and connection.url.path.endswith("/session"))


async def provide_person(request: Request[Any, Any, Any]) -> Any:
    """The handler's `person`.

    Raises:
        DomainError: 401 on a public address without a session.
    """
    person = request.scope.get("user")
    if person is None:
        raise DomainError("signed-out", "请先登录。", 401)
    return person


def may(*words: str) -> Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], None]:
    """A guard: `guards=[may("acknowledge")]`; of several words one is enough.

    Args:
        words: of `operations.CATALOGUE`.
    """
    assert words, "a guard asks for something"
    assert set(words) <= set(operations.BY_WORD), words

    def guard(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
        person: Person = connection.scope["user"]
        if person.may.isdisjoint(words):
            raise ForbiddenError

    return guard
