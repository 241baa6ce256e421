"""Keeps what must be read again but never lie open: second factors, under a key of the state folder."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
import os
import secrets
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from central.db.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

KEY_FILE: Final = "sign-in-key.json"
_NONCE = 12


class Vault:
    """Encrypts and recognises secrets; one per process. The key is made when it is first needed.

    Args:
        state: the centre's state folder; the key lies there as `sign-in-key.json`, mode 0600. Processes on
            one database share it.
        file: another name for the key of something else, so that one may be replaced without the other.
    """

    def __init__(self, state: Path, file: str = KEY_FILE) -> None:
        self._state = state
        self._file = file
        self._key = b""

    def shut(self, secret: bytes, owner: str) -> bytes:
        """Encrypts (AES-256-GCM); bound to `owner`, so that a row copied to another account stays shut."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + AESGCM(self._load()).encrypt(nonce, secret, owner.encode())

    def open(self, closed: bytes, owner: str) -> bytes:
        """Decrypts.

        Raises:
            ConfigurationError: the key of the state folder is not the one that shut it.
        """
        try:
            return AESGCM(self._load()).decrypt(closed[:_NONCE], closed[_NONCE:], owner.encode())
        except InvalidTag as exc:
            raise ConfigurationError(
                f"{self._state / self._file} is not the key with which second factors of this database were "
                "kept: bring back the file that belongs to it"
            ) from exc

    def mark(self, secret: str, owner: str) -> bytes:
        """A keyed hash: by it a short secret is recognised, and not guessed from a stolen table."""
        return hmac.new(self._load(), f"{owner}:{secret}".encode(), hashlib.sha256).digest()

    def _load(self) -> bytes:
        if self._key:
            return self._key
        path = self._state / self._file
        if not path.exists():
            self._state.mkdir(parents=True, exist_ok=True)
            draft = self._state / f".{self._file}.{os.getpid()}.{secrets.token_hex(4)}"
            text = json.dumps({"key": base64.b64encode(secrets.token_bytes(32)).decode()})
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            # Two processes may begin at once: whoever links first wins, and both read what stands there.
            with contextlib.suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
        try:
            key = base64.b64decode(json.loads(path.read_text(encoding="utf-8"))["key"], validate=True)
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise ConfigurationError(
                f"{path} is not readable as a key ({exc}): bring back its backup"
            ) from exc
        if len(key) != 32:
            raise ConfigurationError(f"{path} holds {len(key)} bytes, must be 32: bring back its backup")
        self._key = key
        return key
