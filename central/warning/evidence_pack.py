"""Writes an evidence pack: each file compressed as it comes, its numbers noted, all of it signed at the end.

Blocking: the caller writes from threads. Memory holds a block at a time, however large the pack becomes.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from contextlib import contextmanager
from dataclasses import asdict
from typing import IO, TYPE_CHECKING, Any, Final, Protocol

from central.db.errors import DomainError
from central.warning.evidence_file import (
    DOMAIN,
    FORMAT,
    MANIFEST,
    MOST_BYTES,
    SIGNATURE,
    Member,
    directory,
    local_header,
    plain,
    signature_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_FILES: Final = 60_000


class Signer(Protocol):
    """The centre's key, as a pack needs it."""

    @property
    def public(self) -> bytes:
        """The Ed25519 public key, 32 bytes."""
        ...

    def sign(self, content: bytes) -> bytes:
        """The signature, 64 bytes."""
        ...


class Pack:
    """A pack on its way onto the disk.

    Args:
        file: writable and seekable, empty.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._placed: list[tuple[int, Member]] = []

    @property
    def members(self) -> list[Member]:
        """What is in it so far."""
        return [member for _, member in self._placed]

    @contextmanager
    def member(self, path: str, title: str, *, packed: bool = True) -> Iterator[PackedFile]:
        """A file of the pack; it is whole when the block ends.

        Args:
            path: its name in the pack.
            title: what it is, for people.
            packed: compress it.

        Raises:
            DomainError: 413 the pack is larger than a zip file may be.
        """
        begin = self._file.tell()
        blank = Member(path, title, 0, "", 0, packed, 0, "")
        self._file.write(bytes(len(local_header(blank))))
        one = PackedFile(self._file, packed=packed)
        yield one
        member = one.end(path, title)
        end = self._file.tell()
        if end + 4096 > MOST_BYTES or len(self._placed) >= MOST_FILES:
            raise DomainError("evidence-too-large", "证据包超过 4 GB，请联系管理员从数据库导出。", 413)
        self._file.seek(begin)
        self._file.write(local_header(member))
        self._file.seek(end)
        self._placed.append((begin, member))

    def add(self, path: str, title: str, content: bytes) -> None:
        """A small file at once."""
        with self.member(path, title) as one:
            one.write(content)

    def close(self, facts: dict[str, Any], signer: Signer) -> str:
        """Sign what is in it and end it.

        Args:
            facts: what the manifest says besides: whose evidence, made when and by whom.
            signer: the centre's key.

        Returns:
            SHA-256 of the manifest.
        """
        said = {"format": FORMAT, **facts, "files": [asdict(member) for member in self.members]}
        manifest = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        signature = signature_text(signer.public, signer.sign(DOMAIN + manifest))
        for path, content in ((MANIFEST, manifest), (SIGNATURE, signature)):
            member = plain(path, content)
            self._placed.append((self._file.tell(), member))
            self._file.write(local_header(member) + content)
        self._file.write(directory(self._placed, self._file.tell()))
        return hashlib.sha256(manifest).hexdigest()


class PackedFile:
    """One file on its way into a pack."""

    def __init__(self, file: IO[bytes], *, packed: bool) -> None:
        self._file = file
        self._deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS) if packed else None
        self._size = self._packed_size = self._crc = 0
        self._sha256, self._packed_sha256 = hashlib.sha256(), hashlib.sha256()

    def write(self, block: bytes) -> None:
        """The next bytes of its content."""
        self._size += len(block)
        self._crc = zlib.crc32(block, self._crc)
        self._sha256.update(block)
        self._out(self._deflate.compress(block) if self._deflate else block)

    def end(self, path: str, title: str) -> Member:
        """No more comes."""
        if self._deflate:
            self._out(self._deflate.flush())
        return Member(
            path=path,
            title=title,
            size=self._size,
            sha256=self._sha256.hexdigest(),
            crc32=self._crc,
            packed=self._deflate is not None,
            packed_size=self._packed_size,
            packed_sha256=self._packed_sha256.hexdigest(),
        )

    def _out(self, block: bytes) -> None:
        self._packed_size += len(block)
        self._packed_sha256.update(block)
        self._file.write(block)


def written(path: Path) -> IO[bytes]:
    """A new file for a pack, which only we may read."""
    path.touch(mode=0o600)
    return path.open("r+b")
