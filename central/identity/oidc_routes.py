"""HTTP of the provincial identity: the way there and the way back, as a browser walks them."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Request, Response, get
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from central import clock
from central.db.errors import DomainError
from central.db.pool import Database
from central.db.scope import acting
from central.identity import access, oidc, rules
from central.identity.oidc import Provider
from central.identity.signing_routes import coming, cookies
from central.settings import Settings

BROWSER_COOKIE = "fengsui_oidc"


class OidcController(Controller):
    """There and back."""

    path = "/session/oidc"
    tags = ("session",)

    @get("/start", operation_id="startOidc", opt={"public": True}, status_code=303)
    async def start(
        self,
        request: Request[Any, Any, Any],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        provider: NamedDependency[Provider],
        login_rate: NamedDependency[rules.LoginRate],
        next: FromQuery[str] = "/",  # noqa: A002 - the name that the page gives
    ) -> Response[None]:
        """Sends the browser to the provincial identity; `next` is the page that the person wanted."""
        try:
            access.refuse_hurry(login_rate.wait_s(access.address_of(request, settings), clock.monotonic_s()))
            async with acting(database.worker) as conn:
                journey = await oidc.leave(conn, provider, settings, next)
        except DomainError as exc:
            return _home(exc)
        # Lax: the provider's page sends the browser back to us, and the cookie has to come along.
        known = Cookie(
            key=access.cookie_name(BROWSER_COOKIE, settings),
            value=journey.browser_token,
            path="/",
            httponly=True,
            samesite="lax",
            secure=settings.cookie_secure,
            max_age=600,
        )
        return _to(journey.address, [known])

    @get("/return", operation_id="returnOidc", opt={"public": True}, status_code=303)
    async def back(
        self,
        request: Request[Any, Any, Any],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        provider: NamedDependency[Provider],
        code: FromQuery[str] = "",
        journey: Annotated[str, QueryParameter(name="state")] = "",
        iss: FromQuery[str] = "",
    ) -> Response[None]:
        """Takes the browser back: to the page that was wanted, or to the sign-in page with the reason."""
        browser = request.cookies.get(access.cookie_name(BROWSER_COOKIE, settings), "")
        try:
            if iss and iss != provider.issuer:
                raise oidc.refused("journey", "登录已过期或不是由此浏览器发起，请重新登录。")
            done, onward = await oidc.come_back(
                database,
                provider,
                code=code,
                state=journey,
                browser_token=browser,
                attempt=coming(request, settings),
            )
        except DomainError as exc:
            return _home(exc)
        used = Cookie(
            key=access.cookie_name(BROWSER_COOKIE, settings),
            path="/",
            max_age=0,
            secure=settings.cookie_secure,
        )
        return _to(onward, [*cookies(done, settings), used])


def _to(address: str, set_cookies: list[Cookie]) -> Response[None]:
    return Response(None, status_code=303, headers={"location": address}, cookies=set_cookies)


def _home(exc: DomainError) -> Response[None]:
    """The sign-in page, which says in words what the code means."""
    return _to(f"/?problem={exc.code}", [])


routes: list[Any] = [OidcController]
