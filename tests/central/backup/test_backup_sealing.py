"""Encrypted parts: read by whoever has the secret, refused when anything was changed, moved or cut off."""

from __future__ import annotations

import io
import secrets

import msgspec
import pytest

from central.backup import sealing
from central.backup.models import BackupError
from central.backup.sealing import CHUNK, Sealer, unsealed, unwrap, wrap
from central.db.errors import ConfigurationError

KEY = bytes(range(32))


def sealed(data: bytes, part: str = "p") -> bytes:
    sealer = Sealer(KEY, part)
    return b"".join([sealer.take(data[:777]), sealer.take(data[777:]), sealer.end()])


def read(content: bytes, part: str = "p") -> bytes:
    return b"".join(unsealed(io.BytesIO(content), KEY, part))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5])
def test_what_was_sealed_is_read_back(size: int) -> None:
    data = bytes(size)
    assert read(sealed(data)) == data


def test_a_changed_moved_repeated_or_missing_chunk_is_refused() -> None:
    good = sealed(bytes(3 * CHUNK))
    step = CHUNK + 16
    chunks = [good[at : at + step] for at in range(0, len(good), step)]
    changed = bytearray(good)
    changed[step + 5] ^= 1
    for bad in (
        bytes(changed),
        good[:-1],
        b"".join(chunks[:-1]),
        b"".join([chunks[1], chunks[0], chunks[2]]),
        b"".join([*chunks, chunks[-1]]),
        b"",
    ):
        with pytest.raises(BackupError, match="无法解密"):
            read(bad)
    with pytest.raises(BackupError, match="无法解密"):
        read(good, "another part")


def test_the_key_comes_back_with_the_passphrase_or_the_secret_half_alone() -> None:
    key = secrets.token_bytes(32)
    envelope = wrap(key, passphrase="烽火连三月，家书抵万金也")
    assert unwrap(envelope, passphrase="烽火连三月，家书抵万金也") == key
    with pytest.raises(BackupError, match="不正确"):
        unwrap(envelope, passphrase="烽火连三月，家书抵万金")
    with pytest.raises(BackupError, match="--passphrase-file"):
        unwrap(envelope)
    public, secret = sealing.new_identity()
    for_one = wrap(key, recipient=public)
    assert unwrap(for_one, identity=secret) == key
    with pytest.raises(BackupError, match="不正确"):
        unwrap(for_one, identity=sealing.new_identity()[1])
    with pytest.raises(BackupError, match="--identity"):
        unwrap(for_one, passphrase="x")


def test_secrets_that_are_none_are_refused_by_name() -> None:
    with pytest.raises(ConfigurationError, match="12 characters"):
        wrap(KEY, passphrase="short")
    for wrong in ("fengsui-recipient-", "abc", sealing.new_identity()[1]):
        with pytest.raises(ConfigurationError, match="FENGSUI_BACKUP_RECIPIENT"):
            wrap(KEY, recipient=wrong)


def test_a_forged_manifest_cannot_make_the_reader_eat_its_memory() -> None:
    envelope = wrap(KEY, passphrase="a passphrase of some length")
    for forged in ({"n": 1 << 30}, {"r": 1 << 20}, {"p": 100}):
        with pytest.raises(BackupError, match="超出范围"):
            unwrap(msgspec.structs.replace(envelope, **forged), passphrase="a passphrase of some length")
    for odd in ({"n": 3}, {"salt": "***"}, {"wrapped": "é"}):
        with pytest.raises(BackupError):
            unwrap(msgspec.structs.replace(envelope, **odd), passphrase="a passphrase of some length")
