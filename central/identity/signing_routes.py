"""HTTP of the session: signing in and out, the question for people, the rules."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from litestar import Controller, Request, Response, delete, get, post, put
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromQuery, HeaderParameter, JSONBody
from msgspec import Struct

from central import clock
from central.db.errors import DomainError
from central.db.pool import Database
from central.db.scope import acting
from central.http.tags import changed, read_tag, write_tag
from central.identity import access, captcha, rules, service, signing
from central.identity.models import Credentials, Me, Person
from central.identity.passwords import Passwords
from central.identity.signing_models import Attempt, Captcha, SignedIn, SignInRule
from central.identity.vault import Vault
from central.settings import Settings

_DEVICE_FOR_S = 180 * 86400
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", required=False)]


class Ways(Struct, frozen=True):
    """How one may come in here, for the sign-in page."""

    oidc: str


class SessionController(Controller):
    """Signing in, asking who one is, signing out."""

    path = "/session"
    tags = ("session",)

    @post("/", operation_id="signIn", opt={"public": True}, status_code=201)
    async def sign_in(
        self,
        request: Request[Any, Any, Any],
        data: JSONBody[Credentials],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        passwords: NamedDependency[Passwords],
        vault: NamedDependency[Vault],
        login_rate: NamedDependency[rules.LoginRate],
    ) -> Response[Me]:
        """Opens a session and sets its cookies."""
        refuse_form(request)
        attempt = coming(request, settings, data)
        access.refuse_hurry(login_rate.wait_s(attempt.address, clock.monotonic_s()))
        done = await signing.sign_in(database, passwords, vault, attempt)
        return Response(service.me(done.person), status_code=201, cookies=cookies(done, settings))

    @get("/", operation_id="whoAmI")
    async def who_am_i(self, person: NamedDependency[Person]) -> Me:
        """The signed-in person."""
        return service.me(person)

    @delete("/", operation_id="signOut", status_code=204)
    async def sign_out(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
    ) -> Response[None]:
        """Ends this session."""
        await service.sign_out(database, person)
        gone = [
            Cookie(key=access.cookie_name(name, settings), path="/", max_age=0, secure=settings.cookie_secure)
            for name in (access.SESSION_COOKIE, access.CSRF_COOKIE)
        ]
        return Response(None, status_code=204, cookies=gone)

    @get("/ways", operation_id="signInWays", opt={"public": True})
    async def ways(self, settings: NamedDependency[Settings]) -> Ways:
        """How one may come in; `oidc` is the name of the provider, empty without one."""
        return Ways(settings.oidc_name if settings.oidc_issuer else "")

    @get("/captcha", operation_id="askCaptcha", opt={"public": True})
    async def captcha(
        self,
        request: Request[Any, Any, Any],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        captcha_rate: NamedDependency[rules.LoginRate],
        form: FromQuery[Literal["picture", "words"]] = "picture",
    ) -> Captcha:
        """A question that people answer more easily than programs; good once, for five minutes."""
        address = access.address_of(request, settings)
        access.refuse_hurry(captcha_rate.wait_s(address, clock.monotonic_s()))
        async with acting(database.worker) as conn:
            return await captcha.ask(conn, in_words=form == "words")

    @get("/rules", operation_id="readSignInRules", guards=[access.may("role")])
    async def read_rules(
        self, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Response[SignInRule]:
        """The rules of signing in of this installation."""
        async with acting(database.worker, person.actor) as conn:
            rule = await signing.read_rule(conn)
        return Response(rule, headers={"etag": write_tag(rule.version)})

    @put("/rules", operation_id="changeSignInRules", guards=[access.may("role")])
    async def change_rules(
        self,
        data: JSONBody[SignInRule],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        if_match: IfMatch = None,
    ) -> Response[SignInRule]:
        """Changes the rules; passwords are judged by them from their next change on, ages at once."""
        seen = read_tag(if_match)
        async with acting(database.worker, person.actor) as conn:
            rule = await signing.change_rule(conn, int(seen), data) if seen.isdigit() else None
            if rule is None:
                raise changed()
        return Response(rule, headers={"etag": write_tag(rule.version)})


def refuse_form(request: Request[Any, Any, Any]) -> None:
    """Raises for what a form of another site can send without asking: nobody is signed in by such.

    Raises:
        DomainError: 415 no JSON, 403 another site.
    """
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise DomainError("not-json", "请以 JSON 提交。", 415)
    if request.headers.get("sec-fetch-site", "") in {"cross-site", "same-site"}:
        raise DomainError("csrf", "请求来自其他网站，已拒绝。", 403)


def coming(request: Request[Any, Any, Any], settings: Settings, data: Credentials | None = None) -> Attempt:
    """Who comes from where: what was typed, the address, what this browser was given before."""

    def cookie(name: str) -> str:
        return request.cookies.get(access.cookie_name(name, settings), "")

    return Attempt(
        login=data.account if data else "",
        password=data.password if data else "",
        device_kind=rules.device_kind(data.device if data else "", request.headers.get("user-agent", "")),
        address=access.address_of(request, settings),
        device_token=cookie(access.DEVICE_COOKIE),
        former_token=cookie(access.SESSION_COOKIE),
        captcha_id=data.captcha_id if data else "",
        captcha=data.captcha if data else "",
        code=data.code if data else "",
    )


def cookies(done: SignedIn, settings: Settings) -> list[Cookie]:
    """The cookies of a new session."""
    return [
        Cookie(
            key=access.cookie_name(name, settings),
            value=value,
            path="/",
            httponly=hidden,
            samesite="strict",
            secure=settings.cookie_secure,
            max_age=lives_s,
        )
        for name, value, hidden, lives_s in (
            (access.SESSION_COOKIE, done.token, True, None),
            (access.CSRF_COOKIE, rules.csrf_token(done.token), False, None),
            (access.DEVICE_COOKIE, done.device_token, True, _DEVICE_FOR_S),
        )
    ]


routes: list[Any] = [SessionController]
