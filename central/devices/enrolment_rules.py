"""Who is let in: decisions about codes, proofs and certificates, without clock or database."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from central.devices.enrolment_models import (
    CodeExpired,
    CodeRecord,
    CodeRefused,
    CodeState,
    CodeUsed,
    Enrolment,
    Kept,
    ProofWrong,
    Renewal,
    TrustState,
)
from protocol import enrolment

MOST_TRIES: Final = 10
GRACE: Final = timedelta(
    days=90
)  # after its end a certificate is still renewed for a gateway that was offline
EXPIRING: Final = timedelta(days=21)  # gateways renew with 30 days left: from here on a person should look


def code_hash(code: str) -> bytes:
    """What is kept of a code.

    Raises:
        protocol.enrolment.BadCode: it cannot be one.
    """
    return hashlib.sha256(b"fengsui-code:" + enrolment.plain_code(code).encode()).digest()


def state_of(code: CodeRecord, now: datetime) -> CodeState:
    """How a code stands."""
    if code.used_at is not None:
        return "used"
    if code.withdrawn_at is not None:
        return "withdrawn"
    if code.tries >= MOST_TRIES:
        return "locked"
    return "expired" if now >= code.expires_at else "open"


def request_hash(asked: Enrolment | Renewal) -> bytes:
    """Tells one request from another: the same box asking the same again gets the same answer."""
    return hashlib.sha256(f"{asked.gateway}\n{asked.csr}\n{asked.proof}".encode()).digest()


def choose_code(codes: Iterable[CodeRecord], asked: Enrolment, now: datetime) -> tuple[CodeRecord, bool]:
    """The code that opens.

    Args:
        codes: all of the gateway.
        asked: the request.
        now: UTC.

    Returns:
        The code, and whether it was used by this very request before (the answer was lost on the way).

    Raises:
        CodeRefused, CodeUsed, CodeExpired: none does.
    """
    try:
        given = code_hash(asked.code)
    except enrolment.BadCode as exc:
        raise CodeRefused from exc
    found = [code for code in codes if hmac.compare_digest(code.hash, given)]
    if not found:
        raise CodeRefused
    state = state_of(found[0], now)
    if state == "used":
        if found[0].used_by == request_hash(asked) and now < found[0].expires_at:
            return found[0], True
        raise CodeUsed
    if state == "locked":
        raise CodeRefused
    if state != "open":
        raise CodeExpired
    return found[0], False


def proven_key(asked: Enrolment) -> bytes:
    """The gateway's public key, after it was seen to hold the private one.

    Raises:
        ProofWrong: it does not.
    """
    try:
        public = base64.b64decode(asked.public_key, validate=True)
        said = enrolment.statement(asked.gateway, asked.code, asked.csr, public)
        _verify(public, asked.proof, said)
    except (binascii.Error, ValueError, InvalidSignature) as exc:
        raise ProofWrong("签名与公钥、注册码或证书请求不符") from exc
    return public


def check_renewal(asked: Renewal, public_key: bytes) -> None:
    """See that a renewal is asked by who signs the gateway's frames.

    Raises:
        ProofWrong: it is not.
    """
    try:
        _verify(public_key, asked.proof, enrolment.renewal_statement(asked.gateway, asked.csr))
    except (binascii.Error, ValueError, InvalidSignature) as exc:
        raise ProofWrong("续期请求不是由该网关的密钥签名") from exc


def _verify(public: bytes, proof: str, said: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(proof, validate=True), said)


def may_renew(certificates: Iterable[Kept], now: datetime) -> bool:
    """Whether a gateway with these certificates, newest first, gets another: in time, and not without one."""
    newest = next(iter(certificates), None)
    return newest is not None and newest.revoked_at is None and now < newest.not_after + GRACE


def certificate_state(not_after: datetime, revoked_at: datetime | None, now: datetime) -> TrustState:
    """How a certificate stands."""
    if revoked_at is not None:
        return "revoked"
    if now >= not_after:
        return "expired"
    return "expiring" if not_after - now < EXPIRING else "valid"
