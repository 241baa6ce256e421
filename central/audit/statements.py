"""What the centre signs about its audit: the head of the chain at a moment, as JSON whose bytes are kept.

A line of a file and a row of `audit_root` hold the same: the signed bytes, the key, the signature.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import date, datetime
from typing import Final, Literal, Protocol

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec import Struct

# Keeps these signatures apart from frames and commands, which the same key signs.
_DOMAIN: Final = b"fengsui-audit-v1\n"


class Signer(Protocol):
    """The centre's key, as the audit needs it."""

    @property
    def public(self) -> bytes:
        """The Ed25519 public key, 32 bytes."""
        ...

    def sign(self, content: bytes) -> bytes:
        """The signature, 64 bytes."""
        ...


class Statement(Struct, frozen=True, kw_only=True):
    """The chain had this hash at this position.

    `purpose`: "root" (end of `day`), "head" (now and then), "lost" (a head that the chain no longer holds),
    "archive" and "export" (the last entry of a file). `previous`: SHA-256 of the signed bytes of the root
    before, so that no root can be taken out of their row.
    """

    purpose: Literal["root", "head", "lost", "archive", "export"]
    position: int
    hash: str
    count: int = 0
    at: datetime
    day: date | None = None
    previous: str = ""
    sound: bool = True


class Signed(Struct, frozen=True):
    """A statement with its proof, as one line of a file; `statement` holds the bytes that were signed."""

    statement: msgspec.Raw
    key: str
    signature: str

    @property
    def said(self) -> Statement:
        """The statement.

        Raises:
            msgspec.MsgspecError: it is none.
        """
        return msgspec.json.decode(self.statement, type=Statement)

    @property
    def digest(self) -> str:
        """SHA-256 of the signed bytes."""
        return hashlib.sha256(bytes(self.statement)).hexdigest()

    def problem(self, public: bytes | None) -> str | None:
        """Why nobody should believe it; None when the key signed it.

        Args:
            public: the centre's key; None takes the key that stands beside the signature.
        """
        try:
            key = base64.b64decode(self.key, validate=True)
            signature = base64.b64decode(self.signature, validate=True)
            if public is not None and key != public:
                return "signed by another key"
            Ed25519PublicKey.from_public_bytes(key).verify(signature, _DOMAIN + bytes(self.statement))
            _ = self.said
        except (InvalidSignature, ValueError, binascii.Error, msgspec.MsgspecError):
            return "its signature does not fit"
        return None

    def line(self) -> bytes:
        """The line of a file, with its end."""
        return msgspec.json.encode(self) + b"\n"


def sign(signer: Signer, statement: Statement) -> Signed:
    """Signs a statement in the centre's name."""
    raw = msgspec.json.encode(statement)
    return Signed(
        msgspec.Raw(raw),
        base64.b64encode(signer.public).decode(),
        base64.b64encode(signer.sign(_DOMAIN + raw)).decode(),
    )


def read(line: bytes) -> Signed:
    """A line of a file.

    Raises:
        ValueError: it is none of ours.
    """
    try:
        return msgspec.json.decode(line, type=Signed)
    except msgspec.MsgspecError as exc:
        raise ValueError(str(exc)) from exc
