"""A small provincial identity provider of our own: OpenID Connect with PKCE, and its bad days."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import socket
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from central.app import QuietServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

CLIENT, SECRET = "fengsui", "client-secret"


class Province:
    """The provider: who comes is `claims`; `spoil` changes the claims, `sign` how they are signed."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.key = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"}, private=True)
        self.claims: dict[str, Any] = {"sub": "person-1", "name": "王法人"}
        self.spoil: dict[str, Any] = {}
        self.sign = "RS256"
        self.journeys: dict[str, dict[str, str]] = {}
        self.redeemed: set[str] = set()

    def authorize(self, address: str) -> tuple[str, str]:
        """The person says yes: the code and the state that go back."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.journeys[code] = query
        return code, query["state"]

    def token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.url, "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": nonce,
            **self.claims, **self.spoil,
        }  # fmt: skip
        if self.sign in {"none", "HS256"}:
            parts = [{"alg": self.sign, "kid": "k1"}, claims]
            text = ".".join(_written(json.dumps(part).encode()) for part in parts)
            # The old trick: the public key, which everybody knows, taken for a shared secret.
            mac = hmac.digest(self.key.as_pem(private=False), text.encode(), "sha256")
            return f"{text}.{_written(mac) * (self.sign == 'HS256')}"
        if self.sign == "foreign":
            foreign = RSAKey.generate_key(2048, {"kid": "k1"}, private=True)
            return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, foreign)
        return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.key)

    async def discovery(self, _request: Request) -> JSONResponse:
        return JSONResponse(
            {
                "issuer": self.url, "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token", "jwks_uri": f"{self.url}/keys",
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            }
        )  # fmt: skip

    async def keys(self, _request: Request) -> JSONResponse:
        return JSONResponse(KeySet([self.key]).as_dict(private=False))

    async def redeem(self, request: Request) -> JSONResponse:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        journey = self.journeys.get(form.get("code", ""))
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        good = (
            request.headers.get("authorization") == expected
            and journey is not None
            and form["code"] not in self.redeemed
            and form["redirect_uri"] == journey["redirect_uri"]
            and challenge.decode().rstrip("=") == journey["code_challenge"]
        )
        if not good or journey is None:
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        self.redeemed.add(form["code"])
        return JSONResponse(
            {"access_token": "x", "token_type": "Bearer", "id_token": self.token(journey["nonce"])}
        )


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@asynccontextmanager
async def province() -> AsyncIterator[Province]:
    """The provider, for as long as it is entered."""
    listener = socket.create_server(("127.0.0.1", 0))
    provider = Province(f"http://127.0.0.1:{listener.getsockname()[1]}")
    app = Starlette(
        routes=[
            Route("/.well-known/openid-configuration", provider.discovery),
            Route("/keys", provider.keys),
            Route("/token", provider.redeem, methods=["POST"]),
        ]
    )
    server = QuietServer(uvicorn.Config(app, log_config=None, access_log=False))
    running = asyncio.ensure_future(server.serve(sockets=[listener]))
    try:
        yield provider
    finally:
        server.should_exit = True
        await running
