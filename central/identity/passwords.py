"""Passwords: argon2id, off the event loop, few at a time."""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# RFC 9106, second recommended option: 64 MiB, 3 passes, 4 lanes; what argon2-cffi takes as its default.
_HASHER = PasswordHasher()
# Verified when the account does not exist, so that the answer takes as long as for one that does.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
_AT_ONCE = 2  # each takes 64 MiB and a core


class Passwords:
    """Hashes and verifies; one per process."""

    def __init__(self) -> None:
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def hashed(self, password: str) -> str:
        """The argon2id hash of a password, about 50 ms of a core."""
        async with self._gate:
            return await asyncio.to_thread(_HASHER.hash, password)

    async def fits(self, password: str, password_hash: str | None) -> bool:
        """Whether a password is the one of a hash; None takes as long and never fits."""
        async with self._gate:
            return await asyncio.to_thread(_verify, password, password_hash)


def _verify(password: str, password_hash: str | None) -> bool:
    try:
        return _HASHER.verify(password_hash or _NOBODY, password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False
