"""Who asks: finds the person behind a request, refuses strangers and forged forms, guards operations."""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from litestar.middleware.authentication import AbstractAuthenticationMiddleware, AuthenticationResult

from central import clock
from central.db.errors import DomainError, ForbiddenError
from central.http import origin
from central.identity import api_keys, operations, rules, service

if TYPE_CHECKING:
    from collections.abc import Callable

    from litestar import Request
    from litestar.connection import ASGIConnection
    from litestar.handlers import BaseRouteHandler

    from central.db.pool import Database
    from central.identity.models import Person
    from central.settings import Settings

SESSION_COOKIE = "fengsui_session"
CSRF_COOKIE = "fengsui_csrf"
DEVICE_COOKIE = "fengsui_device"
CSRF_HEADER = "x-csrf-token"
_SAFE = {"GET", "HEAD", "OPTIONS"}
_BEARER = "bearer "
_API = "/api/v1/"
# What is open while a person still owes a first step, and what each step needs to be taken.
_FIRST = ("session", "profile")
_FOR_STEP = {
    "registration": ("agencies", "sectors", "regions", "industries"),
    "organisation": ("departments", "posts", "staff", "accounts", "roles", "operations"),
}
# A key acts for a machine: it never changes who may come in.
_NOT_FOR_KEYS = ("session", "profile", "api-keys", "recovery-requests", "accounts", "roles")


class SignedInOnly(AbstractAuthenticationMiddleware):
    """Everything needs a session or a key but handlers with `opt={"public": True}`."""

    async def authenticate_request(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> AuthenticationResult:
        person, token = await person_behind(connection)
        part = connection.url.path.removeprefix(_API).split("/", 1)[0]
        if person.steps and part not in _FIRST and part not in _FOR_STEP.get(person.steps[0], ()):
            raise DomainError(
                "first-steps", "请先完成首次登录的步骤。", 403, data={"steps": list(person.steps)}
            )
        return AuthenticationResult(user=person, auth=token)


async def person_behind(connection: ASGIConnection[Any, Any, Any, Any]) -> tuple[Person, str]:
    """Who asks, by the key in `Authorization` or else by the session's cookie, and whether that may be asked.

    Raises:
        DomainError: 401 nobody, 403 a forged form, a wall or a key that may not, 429 too often.
    """
    state = connection.app.state
    request = connection.headers.get("fengsui-request", "")
    method = str(connection.scope.get("method", "GET"))
    given = connection.headers.get("authorization", "")
    if given[: len(_BEARER)].lower() == _BEARER:
        return await _with_key(connection, given[len(_BEARER) :].strip(), method, request)
    token = connection.cookies.get(cookie_name(SESSION_COOKIE, state.settings), "")
    if not token:
        raise DomainError("signed-out", "请先登录。", 401)
    if method not in _SAFE:
        sent = connection.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(sent.encode(), rules.csrf_token(token).encode()):
            raise DomainError("csrf", "请求未通过安全校验，请刷新页面后再试。", 403)
    person = await service.person_of(state.database, token, timedelta(seconds=state.settings.idle_s), request)
    if not rules.may_write(person.device_kind) and not _is_harmless(connection):
        raise DomainError("wall-reads-only", "大屏登录只能查看；处置请用电脑或手机登录。", 403)
    return person, token


async def _with_key(
    connection: ASGIConnection[Any, Any, Any, Any], key: str, method: str, request: str
) -> tuple[Person, str]:
    state, now_s = connection.app.state, clock.monotonic_s()
    address = address_of(connection, state.settings)
    try:
        person = await api_keys.person_of(state.database, key, address, request)
    except DomainError:
        refuse_hurry(state.guess_rate.wait_s(address, now_s))
        raise
    refuse_hurry(state.key_rate.wait_s(person.key_prefix, now_s))
    part = connection.url.path.removeprefix(_API).split("/", 1)[0]
    asks_who = part == "session" and method in _SAFE
    if part in _NOT_FOR_KEYS and not asks_who:
        raise ForbiddenError("接口密钥不能用于此操作，请登录后办理。")
    if method not in _SAFE and person.may <= {"see"}:
        raise ForbiddenError("此接口密钥只能读取。")
    return person, ""


def refuse_hurry(wait_s: float) -> None:
    """Raises when somebody has to wait.

    Raises:
        DomainError: 429 with the seconds.
    """
    if wait_s > 0:
        raise DomainError("too-many", f"操作过于频繁，请 {int(wait_s) + 1} 秒后再试。", 429)


async def still_allowed(database: Database, person: Person, idle: timedelta) -> bool:
    """Whether the session or key of an open stream is still good and has the same rights."""
    if not person.key_prefix:
        return await service.still_signed_in(database, person, idle)
    async with database.worker.acquire() as conn:
        return await api_keys.still_good(conn, person)


def cookie_name(name: str, settings: Settings) -> str:
    """The name of a cookie here: over HTTPS it is bound to this host, so that no neighbour plants one."""
    return f"__Host-{name}" if settings.cookie_secure else name


def address_of(connection: ASGIConnection[Any, Any, Any, Any], settings: Settings) -> str:
    """From where somebody asks; a proxy is believed only where the operator said that there is one."""
    return origin.address_of(connection.scope, trust_proxy=settings.trust_proxy)


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
