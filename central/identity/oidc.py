"""Coming in by a provincial identity: OpenID Connect, code flow with PKCE.

The provider says who somebody is, never what somebody may: an identity opens the account that it is linked
with, an enterprise's legal person that of the enterprise's unified social credit code (REG-25). Whoever is
unknown gets no account by it, but a request that the agency above decides.

Sources: OpenID Connect Core 1.0 sections 3.1.2 and 3.1.3.7, RFC 7636, RFC 9207, RFC 9700 (from memory).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import logging
import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode, urlsplit

import httpx
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from msgspec import Struct

from central import clock
from central.db.errors import DomainError
from central.db.queries import load
from central.db.scope import Actor, acting
from central.identity import recovery, rules, service, signing
from central.identity import signing_store as store
from central.identity.signing_models import SignedIn
from central.settings import is_loopback

if TYPE_CHECKING:
    from datetime import datetime

    from central.db.pool import Connection, Database
    from central.identity.signing_models import Attempt
    from central.settings import Settings

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
Q = load(__file__, "queries_signing.sql")

# Signatures with a public key only: "none" and keys that we share would let others write the token.
_ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "Ed25519",
    "EdDSA",
)
_JOURNEY = timedelta(minutes=10)
_LEEWAY_S = 60
_PATIENCE_S = 10.0
_KEEP_DISCOVERED_S = 3600.0
_REFETCH_KEYS_S = 30.0  # an unknown key id may not make us ask the provider for every request
_MOST_BYTES = 1 << 20
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")


class Metadata(Struct, frozen=True):
    """What we need of a provider's discovery document."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class Claims(Struct, frozen=True):
    """Who came."""

    subject: str
    name: str
    credit_code: str


class Journey(Struct, frozen=True):
    """Where a browser is sent, and the token by which it is known when it comes back."""

    address: str
    browser_token: str


def refused(code: str, detail: str) -> DomainError:
    """A sign-in by a foreign identity that does not go through."""
    return DomainError(f"oidc-{code}", detail, 401)


class Provider:
    """The provincial identity as configured; knows its addresses and keys for a while.

    Args:
        settings: FENGSUI_OIDC_… and `public_url`.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._metadata: Metadata | None = None
        self._discovered_s = 0.0
        self._keys: KeySet | None = None
        self._fetched_s = 0.0
        self._gate = asyncio.Lock()

    @property
    def issuer(self) -> str:
        return self._settings.oidc_issuer

    @property
    def return_address(self) -> str:
        return f"{self._settings.public_url.rstrip('/')}/api/v1/session/oidc/return"

    async def metadata(self) -> Metadata:
        """The provider's addresses.

        Raises:
            DomainError: 401 not configured, 503 it does not answer or answers what it must not.
        """
        if not (self.issuer and self._settings.oidc_client_id and self._settings.public_url):
            raise refused("off", "本系统没有接入统一身份认证。")
        async with self._gate:
            now_s = clock.monotonic_s()
            if self._metadata is None or now_s - self._discovered_s > _KEEP_DISCOVERED_S:
                where = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
                found = await _ask("GET", where, Metadata)
                if found.issuer != self.issuer:
                    raise _away(f"the provider at {self.issuer} calls itself {found.issuer}")
                for address in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
                    _must_be_safe(address)
                self._metadata, self._discovered_s, self._keys = found, now_s, None
            return self._metadata

    async def claims(self, code: str, verifier: str, nonce: str, now: datetime) -> Claims:
        """Takes a code to the provider and judges the token that it gives for it.

        Args:
            code: what the browser brought.
            verifier: of PKCE (RFC 7636), ours alone.
            nonce: what the token must repeat.
            now: of the database.

        Raises:
            DomainError: 401 the code or the token is not good, 503 the provider does not answer.
        """
        metadata = await self.metadata()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.return_address,
            "code_verifier": verifier,
            "client_id": self._settings.oidc_client_id,
        }
        secret, basic = self._settings.oidc_client_secret, None
        if secret and "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
            basic = httpx.BasicAuth(self._settings.oidc_client_id, secret)
        elif secret:
            form["client_secret"] = secret
        answer = await _ask("POST", metadata.token_endpoint, dict[str, Any], form=form, auth=basic)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise refused("refused", "统一身份认证没有确认您的身份，请重新登录。")
        return self._judge(await self._decoded(token, metadata), nonce, now)

    async def _decoded(self, token: str, metadata: Metadata) -> dict[str, Any]:
        wanted = [a for a in metadata.id_token_signing_alg_values_supported if a in _ALGORITHMS]
        for again in (False, True):
            keys = await self._keyset(metadata, again=again)
            try:
                return dict(jwt.decode(token, keys, algorithms=wanted).claims)
            except (JoseError, ValueError) as exc:
                if again:
                    _log.warning("a token of %s is not good: %s", self.issuer, exc)
        raise refused("token", "统一身份认证返回的凭证无效，请重新登录。")

    async def _keyset(self, metadata: Metadata, *, again: bool) -> KeySet:
        """The provider's keys; `again` because none fitted: it may have changed them since."""
        async with self._gate:
            now_s = clock.monotonic_s()
            if self._keys is None or (again and now_s - self._fetched_s > _REFETCH_KEYS_S):
                found = await _ask("GET", metadata.jwks_uri, dict[str, Any])
                try:
                    self._keys = KeySet.import_key_set(found)  # type: ignore[arg-type]
                except (JoseError, ValueError, KeyError, TypeError) as exc:
                    raise _away(f"the keys of {self.issuer} are not readable: {exc}") from exc
                self._fetched_s = now_s
            return self._keys

    def _judge(self, claims: dict[str, Any], nonce: str, now: datetime) -> Claims:
        """OpenID Connect Core 3.1.3.7: issuer, audience, authorised party, time, nonce."""
        ours, now_s = self._settings.oidc_client_id, now.timestamp()
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        expires, issued, subject = claims.get("exp"), claims.get("iat"), claims.get("sub")
        given = claims.get("nonce")
        good = (
            claims.get("iss") == self.issuer
            and ours in audiences
            and (len(audiences) == 1 or claims.get("azp") == ours)
            and claims.get("azp", ours) == ours
            and _is_time(expires)
            and float(expires or 0) > now_s - _LEEWAY_S
            and _is_time(issued)
            and float(issued or 0) < now_s + _LEEWAY_S
            and isinstance(given, str)
            and hmac.compare_digest(given.encode(), nonce.encode())
            and isinstance(subject, str)
            and 0 < len(subject) <= 255
        )
        if not good:
            _log.warning(
                "a token of %s is for somebody else, of another time or another sign-in", self.issuer
            )
            raise refused("token", "统一身份认证返回的凭证无效，请重新登录。")
        claim = self._settings.oidc_credit_code_claim
        code = str(claims.get(claim, "")).strip().upper() if claim else ""
        return Claims(
            str(subject), str(claims.get("name", ""))[:60], code if _CREDIT_CODE.fullmatch(code) else ""
        )


async def leave(conn: Connection, provider: Provider, settings: Settings, onward: str) -> Journey:
    """Sends a browser to the provider.

    Args:
        conn: a worker transaction.
        provider: the provincial identity.
        settings: ours.
        onward: where the person wanted to go; anything but a page of ours is forgotten.
    """
    metadata = await provider.metadata()
    state, nonce, browser = (secrets.token_urlsafe(32) for _ in range(3))
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    until = await clock.database_now(conn) + _JOURNEY
    await conn.execute(
        Q.new_journey,
        rules.token_hash(state),
        rules.token_hash(browser),
        nonce,
        verifier,
        own_page(onward),
        until,
    )
    query = urlencode(
        {
            "response_type": "code",
            "client_id": settings.oidc_client_id,
            "redirect_uri": provider.return_address,
            "scope": settings.oidc_scopes,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
    )
    joint = "&" if urlsplit(metadata.authorization_endpoint).query else "?"
    return Journey(f"{metadata.authorization_endpoint}{joint}{query}", browser)


async def come_back(
    database: Database, provider: Provider, *, code: str, state: str, browser_token: str, attempt: Attempt
) -> tuple[SignedIn, str]:
    """A browser comes back with a code: a session, if the identity has an account.

    Returns:
        The session and the page that the person wanted.

    Raises:
        DomainError: 401 the journey is not this browser's, over or used; the token is not good; nobody here.
    """
    async with acting(database.worker) as conn:
        journey = await conn.fetchrow(Q.end_journey, rules.token_hash(state))
        now = await clock.database_now(conn)
    ours = journey is not None and hmac.compare_digest(
        journey["browser_hash"], rules.token_hash(browser_token)
    )
    if journey is None or not ours or journey["expires_at"] <= now or not code:
        raise refused("journey", "登录已过期或不是由此浏览器发起，请重新登录。")
    claims = await provider.claims(code, journey["verifier"], journey["nonce"], now)
    async with acting(database.worker) as conn:
        account_id = await _account_of(conn, provider.issuer, claims, attempt.address)
        found = await store.signer(conn, account_id=account_id) if account_id is not None else None
    if found is None:
        raise refused("pending", "您的企业尚无账号，开通申请已提交属地监管部门，核准后即可登录。")
    async with acting(database.worker, Actor(found.id, found.role, found.display_name)) as conn:
        device_hash = rules.token_hash(attempt.device_token) if attempt.device_token else None
        await store.lock_signer(conn, found.id)
        signer = await store.signer(conn, account_id=found.id, device_hash=device_hash)
        if signer is None or not signer.active:
            raise refused("inactive", "您的账号已停用，请联系管理员。")
        rule = await store.rule(conn)
        now = await clock.database_now(conn)
        token, device_token = await signing.enter(conn, rule, signer, attempt, now, way="oidc")
    person = await service.person_of(database, token, timedelta(days=1))
    return SignedIn(token, device_token, person), str(journey["next"])


async def _account_of(conn: Connection, issuer: str, claims: Claims, address: str) -> int | None:
    """The account of an identity; None when a request was made for one."""
    number: int | None = await conn.fetchval(Q.account_of_identity, issuer, claims.subject)
    if number is not None:
        return number
    company = (
        await conn.fetchrow(Q.enterprise_by_credit_code, claims.credit_code) if claims.credit_code else None
    )
    if company is None:
        raise refused("unknown", "您的身份尚未在本系统登记，请联系属地监管部门。")
    number = await conn.fetchval(Q.enterprise_account, company["id"], claims.credit_code.lower())
    if number is None:
        await recovery.ask_registration(conn, company, issuer, claims.subject, claims.name, address)
        return None
    if await conn.fetchval(Q.identity_of_account, issuer, number) is not None:
        raise refused("taken", "该企业账号已与另一身份绑定；如法定代表人已变更，请提交账号申诉。")
    await recovery.link(conn, issuer, claims.subject, number)
    return number


def own_page(onward: str) -> str:
    """A page of ours, or the home page: never an address of somebody else."""
    parts = urlsplit(onward)
    plain = onward.startswith("/") and not onward.startswith(("//", "/\\", "/api/"))
    printable = all(" " < letter < "\x7f" and letter != "\\" for letter in onward)
    return (
        onward if plain and printable and not parts.scheme and not parts.netloc and len(onward) < 300 else "/"
    )


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _must_be_safe(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise _away(f"{address} is not https")


def _away(why: str) -> DomainError:
    _log.warning("sign-in by the provincial identity fails: %s", why)
    return DomainError("oidc-away", "统一身份认证暂时无法使用，请稍后再试或用本系统密码登录。", 503)


async def _ask(
    method: str, address: str, kind: type[_T], *, form: dict[str, str] | None = None, auth: Any = None
) -> _T:
    _must_be_safe(address)
    try:
        async with httpx.AsyncClient(timeout=_PATIENCE_S, follow_redirects=False, trust_env=False) as client:
            answer = await client.request(
                method, address, data=form, auth=auth, headers={"accept": "application/json"}
            )
    except httpx.HTTPError as exc:
        raise _away(f"{address}: {type(exc).__name__} {exc}") from exc
    if 400 <= answer.status_code < 500 and form is not None:
        raise refused("refused", "统一身份认证没有确认您的身份，请重新登录。")
    if answer.status_code != 200 or len(answer.content) > _MOST_BYTES:
        raise _away(f"{address} answered {answer.status_code}")
    try:
        return msgspec.json.decode(answer.content, type=kind)
    except msgspec.DecodeError as exc:
        raise _away(f"{address} answered what we cannot read: {exc}") from exc
