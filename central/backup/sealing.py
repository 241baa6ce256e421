"""Encrypts the parts of a backup, because the centre's keys are inside: a passphrase or a recipient's key.

The key of the parts is random and wrapped for its reader. A part is a row of chunks, each encrypted with
AES-256-GCM under a key of that part, the nonce being the chunk's number and whether it is the last: a chunk
that is changed, left out, moved or cut off is refused (the STREAM construction, Hoang et al. 2015).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from central.backup.models import BackupError, Envelope
from central.db.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

CHUNK: Final = 1 << 20
_TAG: Final = 16
_N, _R, _P = 1 << 16, 8, 1  # 64 MiB and about a fifth of a second a guess
_MOST_MEMORY: Final = 1 << 28
SHORTEST: Final = 12
RECIPIENT: Final = "fengsui-recipient-"
IDENTITY: Final = "fengsui-identity-"


def new_identity() -> tuple[str, str]:
    """Make a key pair for encrypted backups: (public text, secret text)."""
    key = X25519PrivateKey.generate()
    return RECIPIENT + _text(key.public_key().public_bytes_raw()), IDENTITY + _text(key.private_bytes_raw())


def wrap(key: bytes, *, passphrase: str = "", recipient: str = "") -> Envelope:
    """Wrap the key of the parts for its reader.

    Args:
        key: 32 bytes.
        passphrase: at least twelve characters; or
        recipient: public text of `new_identity`.

    Raises:
        ConfigurationError: neither, or not such a text.
    """
    if recipient:
        public = _key_of(recipient, RECIPIENT, "FENGSUI_BACKUP_RECIPIENT")
        pair = X25519PrivateKey.generate()
        mine = pair.public_key().public_bytes_raw()
        shared = _derived(pair.exchange(X25519PublicKey.from_public_bytes(public)), mine + public)
        return Envelope("recipient", _shut(shared, key), recipient=_text(public), ephemeral=_text(mine))
    if len(passphrase) < SHORTEST:
        raise ConfigurationError(f"the passphrase of a backup must have at least {SHORTEST} characters")
    salt = secrets.token_bytes(16)
    return Envelope(
        "passphrase", _shut(_stretched(passphrase, salt, _N, _R, _P), key), salt=_text(salt), n=_N, r=_R, p=_P
    )


def unwrap(envelope: Envelope, *, passphrase: str = "", identity: str = "") -> bytes:
    """Give the key of the parts.

    Raises:
        BackupError: the secret is missing or another one.
    """
    try:
        if envelope.kind == "recipient":
            if not identity:
                raise BackupError("backup-locked", "此备份已用公钥加密：请用 --identity 指定私钥文件。")
            pair = X25519PrivateKey.from_private_bytes(_key_of(identity, IDENTITY, "--identity"))
            theirs, ours = _bytes(envelope.ephemeral), pair.public_key().public_bytes_raw()
            shared = _derived(pair.exchange(X25519PublicKey.from_public_bytes(theirs)), theirs + ours)
            return _opened(shared, envelope.wrapped)
        if envelope.kind != "passphrase":
            raise BackupError("backup-unknown", f"不认识的加密方式 {envelope.kind!r}：请升级软件后再试。")
        if not passphrase:
            raise BackupError("backup-locked", "此备份已用口令加密：请用 --passphrase-file 指定口令文件。")
        # What the manifest says of scrypt is bounded: a forged one must not eat the machine's memory.
        if envelope.n * envelope.r * 128 > _MOST_MEMORY or envelope.p > 4:
            raise BackupError("backup-broken", "备份清单中的加密参数超出范围，清单可能被改动过。")
        stretched = _stretched(passphrase, _bytes(envelope.salt), envelope.n, envelope.r, envelope.p)
        return _opened(stretched, envelope.wrapped)
    except InvalidTag:
        raise BackupError("backup-secret", "口令或私钥不正确，备份无法解密。", 403) from None
    except ValueError as exc:
        raise BackupError("backup-broken", f"备份清单中的加密信息无法使用：{exc}") from exc


class Sealer:
    """Encrypts one part.

    Args:
        key: of the backup.
        part: its name, so that no part passes for another.
    """

    def __init__(self, key: bytes, part: str) -> None:
        self._cipher = AESGCM(_of_part(key, part))
        self._number = 0
        self._held = bytearray()

    def take(self, data: bytes) -> bytes:
        """Encrypt what is full; the last chunk waits for `end`."""
        self._held += data
        out = bytearray()
        while len(self._held) > CHUNK:
            out += self._chunk(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]
        return bytes(out)

    def end(self) -> bytes:
        """Encrypt the rest."""
        return self._chunk(bytes(self._held), last=True)

    def _chunk(self, data: bytes, *, last: bool) -> bytes:
        sealed = self._cipher.encrypt(_nonce(self._number, last), data, None)
        self._number += 1
        return sealed


def unsealed(source: IO[bytes], key: bytes, part: str) -> Iterator[bytes]:
    """Decrypt one part, chunk by chunk.

    Raises:
        BackupError: it was changed or cut off.
    """
    cipher = AESGCM(_of_part(key, part))
    number = 0
    chunk = source.read(CHUNK + _TAG)
    while True:
        following = source.read(CHUNK + _TAG)
        try:
            yield cipher.decrypt(_nonce(number, not following), chunk, None)
        except InvalidTag:
            raise BackupError(
                "backup-broken", f"{part} 第 {number + 1} 段无法解密：文件被改动或不完整。"
            ) from None
        if not following:
            return
        chunk, number = following, number + 1


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _of_part(key: bytes, part: str) -> bytes:
    return _derived(key, b"part " + part.encode())


def _derived(secret: bytes, bound: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"fengsui backup " + bound).derive(secret)


def _stretched(passphrase: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=n, r=r, p=p, maxmem=_MOST_MEMORY * 2, dklen=32)


# Each wrapping key is used once, so its nonce may be constant.
def _shut(wrapping: bytes, key: bytes) -> str:
    return _text(AESGCM(wrapping).encrypt(bytes(12), key, b"fengsui backup key"))


def _opened(wrapping: bytes, wrapped: str) -> bytes:
    return AESGCM(wrapping).decrypt(bytes(12), _bytes(wrapped), b"fengsui backup key")


def _key_of(text: str, prefix: str, where: str) -> bytes:
    try:
        key = _bytes(text.strip().removeprefix(prefix))
    except ValueError:
        key = b""
    if not text.strip().startswith(prefix) or len(key) != 32:
        raise ConfigurationError(
            f"{where}: must be a text that begins with {prefix} (fengsui central backup key)"
        )
    return key


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode("ascii"))
