"""One-time codes by time (RFC 6238): six digits, thirty seconds, and none of them twice."""

from __future__ import annotations

import base64
import hmac
import io
import secrets
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

if TYPE_CHECKING:
    from datetime import datetime

STEP_S = 30
DIGITS = 6
_WINDOW = 1  # steps: a telephone's clock may be half a minute off, and people type slowly
_RECOVERY_CODES = 10
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is mistaken for another


def new_secret() -> bytes:
    """160 random bits, as RFC 4226 section 4 recommends."""
    return secrets.token_bytes(20)


def step_at(now: datetime) -> int:
    """The time step of RFC 6238 section 4.2."""
    return int(now.timestamp()) // STEP_S


def code_of(secret: bytes, step: int) -> str:
    """The code of a time step. SHA-1 is what every authenticator app speaks; HMAC-SHA-1 is not broken."""
    return HOTP(secret, DIGITS, SHA1()).generate(step).decode()  # noqa: S303 - RFC 6238 and every app


def fitting_step(secret: bytes, code: str, now: datetime) -> int | None:
    """The time step to which a code belongs, one step early or late allowed; None when it fits none."""
    current = step_at(now)
    found = None
    for step in range(current - _WINDOW, current + _WINDOW + 1):
        if hmac.compare_digest(code_of(secret, step).encode(), code.encode()):
            found = step
    return found


def address(secret: bytes, login: str, issuer: str = "烽燧") -> str:
    """The otpauth address that authenticator apps read from a QR code."""
    label = quote(f"{issuer}:{login}", safe="")
    query = urlencode({"secret": written(secret), "issuer": issuer, "digits": DIGITS, "period": STEP_S})
    return f"otpauth://totp/{label}?{query}"


def written(secret: bytes) -> str:
    """The secret for typing."""
    return base64.b32encode(secret).decode().rstrip("=")


def picture(text: str) -> str:
    """A QR code as a data URL (SVG)."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", scale=4, border=2)
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode()


def recovery_codes() -> list[str]:
    """Codes for the day the telephone is lost: ten of about fifty bits."""
    return [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(2))
        for _ in range(_RECOVERY_CODES)
    ]


def plain_code(code: str) -> str:
    """A code as people type it, without blanks and in one case."""
    return "".join(code.split()).lower()
