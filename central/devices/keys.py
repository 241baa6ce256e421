"""The centre's signing key in its state folder, and what a gateway is given so that both believe each other.

Keeps law-never-lose 3. Keys are raw 32-byte Ed25519 seeds, base64 in JSON files of mode 0600.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from central.db.errors import ConfigurationError
from protocol import codec, messages

KEY_FILE: Final = "centre-key.json"


class CentreKey:
    """The key with which receipts and commands are signed.

    Args:
        seed: 32 bytes.
    """

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public(self) -> bytes:
        """What gateways check our signature with, 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def seal(self, message: messages.Message) -> bytes:
        """Encode and sign a message in the centre's name."""
        return codec.seal(messages.CENTRE, message, self._key.sign)

    def sign(self, content: bytes) -> bytes:
        """Sign what is no frame; its first words say what it is, so that no signature serves twice."""
        return self._key.sign(content)

    @classmethod
    def load(cls, state: Path) -> CentreKey:
        """Read the key of a state folder, and make one the first time.

        Args:
            state: the centre's state folder; the file there is `centre-key.json`, mode 0600.

        Raises:
            ConfigurationError: the file is not readable as a key; it is never replaced, because every gateway
                knows the old one.
        """
        path = state / KEY_FILE
        if not path.exists():
            state.mkdir(parents=True, exist_ok=True)
            text = json.dumps({"seed": base64.b64encode(secrets.token_bytes(32)).decode()})
            # Two processes may begin at once: whoever links first wins, and both read what stands there.
            draft = state / f".{KEY_FILE}.{os.getpid()}.{secrets.token_hex(4)}"
            write_secret(draft, text)
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        try:
            seed = base64.b64decode(json.loads(path.read_text(encoding="utf-8"))["seed"], validate=True)
            return cls(seed)
        except (ValueError, KeyError, TypeError) as exc:
            raise ConfigurationError(
                f"{path} holds no signing key ({exc}): restore it from a backup, every gateway knows it"
            ) from exc


def write_secret(path: Path, text: str) -> None:
    """Write a file that only we may read; it must not exist yet.

    Raises:
        FileExistsError: it does.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


def credentials(gateway: str, centre: CentreKey, router: str, broker: str = "") -> tuple[str, bytes]:
    """Make what a gateway needs to be believed.

    Args:
        gateway: its id.
        centre: our key, whose public half the gateway learns.
        router: Zenoh endpoint that it connects to.
        broker: MQTT endpoint that it connects to; empty for none.

    Returns:
        (text of the credential file, the gateway's public key): the seed is in the text only.
    """
    seed = secrets.token_bytes(32)
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    text = json.dumps(
        {
            "gateway": gateway,
            "seed": base64.b64encode(seed).decode(),
            "centre_public_key": base64.b64encode(centre.public).decode(),
            "router": router,
            **({"broker": broker} if broker else {}),
        },
        indent=2,
    )
    return text, public


class Verifier:
    """Checks signatures of one gateway.

    Args:
        public: its public key, 32 bytes.
    """

    def __init__(self, public: bytes) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(public)

    def __call__(self, signature: bytes, signed: bytes) -> bool:
        """Whether they belong together."""
        try:
            self._key.verify(signature, signed)
        except InvalidSignature:
            return False
        return True
