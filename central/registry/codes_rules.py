"""The text of a subject's code: what it names, and a seal that only this centre can make; pure.

    kind (2 bytes) | number (5) | issue (2) | seal (12)      → 28 characters of base64url (RFC 4648 §5)

The kind is the beginning of the SHA-256 of the register's name, so that a new register needs no number. The
seal is a keyed hash cut to 96 bits: it is only ever tried against this centre, some tries a minute.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable
from typing import Final

from msgspec import Struct

ENTERPRISE: Final = "enterprise"
SEAL_BYTES: Final = 12
_FORM: Final = re.compile(r"[A-Za-z0-9_-]{28}")
LAST_ISSUE: Final = 65535

Seal = Callable[[bytes], bytes]
"""From what is sealed to at least 12 bytes that only the holder of the key can make."""


class Subject(Struct, frozen=True):
    """What a code stands for: an enterprise, or a record of a register; and the issue of its code."""

    register: str
    record_id: int
    issue: int


def kind_of(register: str) -> bytes:
    """The two bytes by which a code names a register."""
    return hashlib.sha256(register.encode()).digest()[:2]


def write(subject: Subject, seal: Seal) -> str:
    """The code of a subject.

    Raises:
        OverflowError: a number beyond 40 bits, or an issue beyond 16.
    """
    body = kind_of(subject.register) + subject.record_id.to_bytes(5) + subject.issue.to_bytes(2)
    return base64.urlsafe_b64encode(body + seal(body)[:SEAL_BYTES]).decode()


def read(token: str, registers: frozenset[str], seal: Seal) -> Subject | None:
    """What a code stands for; None where this centre did not write it.

    Args:
        token: as it was scanned.
        registers: that may be coded.
        seal: of this centre.
    """
    if not _FORM.fullmatch(token):
        return None
    whole = base64.urlsafe_b64decode(token)
    body, found = whole[:-SEAL_BYTES], whole[-SEAL_BYTES:]
    if not hmac.compare_digest(found, seal(body)[:SEAL_BYTES]):
        return None
    named = [register for register in registers if kind_of(register) == body[:2]]
    return Subject(named[0], int.from_bytes(body[2:7]), int.from_bytes(body[7:])) if named else None
