"""A stretch of the chain as a file of JSON lines that proves itself: exports, and archives (gzip).

First line `{"fengsui":"audit","form":1,"after":…,"hash":…}`, then one line an entry
`{"position":…,"id":…,"previous":…,"hash":…,"entry":[…]}` whose `entry` holds the very bytes that were hashed,
last a signed statement of the end.
"""

from __future__ import annotations

import gzip
import hashlib
import os
from contextlib import AbstractContextManager, nullcontext
from typing import IO, TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct

from central.audit import statements, store
from central.audit.chain import Chain
from central.audit.statements import Signed, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from central.audit.chain import Link
    from central.audit.statements import Signer
    from central.db.pool import Connection

_MOST_A_STEP = 10_000


class Head(Struct, frozen=True):
    """The first line: where the stretch begins."""

    fengsui: Literal["audit"]
    form: Literal[1]
    after: int
    hash: str


class Line(Struct, frozen=True):
    """One entry."""

    position: int
    id: int
    previous: str
    hash: str
    entry: msgspec.Raw


async def write(
    conn: Connection,
    path: Path,
    signer: Signer,
    purpose: Literal["archive", "export"],
    now: datetime,
    after: tuple[int, bytes],
    until: int | None = None,
) -> tuple[int, bytes, int]:
    """Writes the chain after a position, and is on the disk when it returns.

    Args:
        conn: any connection that reads the chain.
        path: the file; one that ends in .gz is compressed. It appears whole or not at all.
        signer: the centre's key.
        purpose: what the closing statement says.
        now: the time.
        after: position and hash before the first entry.
        until: the last position; None for all.

    Returns:
        The last position, its hash, and how many entries there are.
    """
    position, head = after
    count = 0
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as raw:
            with _packed(raw, path) as file:
                file.write(msgspec.json.encode(Head("audit", 1, position, head.hex())) + b"\n")
                async for window in store.links(conn, position, until):
                    for link in window:
                        position, head = link["position"], link["hash"]
                        file.write(
                            b'{"position":%d,"id":%d,"previous":"%s","hash":"%s","entry":%s}\n'
                            % (
                                position,
                                link["audit_id"],
                                link["prev_hash"].hex().encode(),
                                head.hex().encode(),
                                link["text"] or b"null",
                            )
                        )
                        count += 1
                said = Statement(purpose=purpose, position=position, hash=head.hex(), count=count, at=now)
                file.write(statements.sign(signer, said).line())
            raw.flush()
            os.fsync(raw.fileno())
        draft.replace(path)
        _sync_folder(path)
    finally:
        draft.unlink(missing_ok=True)
    return position, head, count


def check(
    path: Path,
    chain: Chain,
    public: bytes | None,
) -> Signed | None:
    """Walks a file with a chain that stands where the file begins.

    Args:
        path: the file.
        chain: takes the entries and the findings.
        public: the centre's key; None believes the key in the file.

    Returns:
        Its closing statement, None when it has none.
    """
    closing: Signed | None = None
    entries = 0
    try:
        with path.open("rb") as raw, _unpacked(raw, path) as file:
            head = msgspec.json.decode(file.readline(), type=Head)
            if (head.after, head.hash) != (chain.position, chain.head.hex()):
                chain.find(
                    "archive",
                    head.after,
                    None,
                    f"{path.name} begins after {head.after}, not {chain.position}, or with another hash",
                )
            for links, end in _links(file):
                chain.take(links)
                entries += len(links)
                closing = end or closing
    except (OSError, EOFError, ValueError, msgspec.MsgspecError) as exc:
        chain.find("archive", chain.position, None, f"{path.name} cannot be read: {exc}")
        return None
    if closing is None:
        chain.find("cut", chain.position, None, f"{path.name} ends without its signed statement")
        return None
    problem = closing.problem(public)
    if problem is not None:
        chain.find("root", chain.position, None, f"the closing statement of {path.name}: {problem}")
    elif (closing.said.position, closing.said.hash) != (chain.position, chain.head.hex()):
        chain.find(
            "cut",
            closing.said.position,
            None,
            f"{path.name} was closed at {closing.said.position} with another hash than it has now",
        )
    elif closing.said.count != entries:
        chain.find(
            "deleted", chain.position, None, f"{path.name} had {closing.said.count} entries, not {entries}"
        )
    return closing


def start_of(path: Path) -> tuple[int, bytes]:
    """Where a file begins: the position and the hash before its first entry.

    Raises:
        ValueError: it is no such file.
    """
    try:
        with path.open("rb") as raw, _unpacked(raw, path) as file:
            head = msgspec.json.decode(file.readline(), type=Head)
    except (OSError, EOFError, msgspec.MsgspecError) as exc:
        raise ValueError(f"{path} is no exported audit: {exc}") from exc
    return head.after, bytes.fromhex(head.hash)


def offline(path: Path, public: bytes | None, anchors: Mapping[int, Sequence[tuple[bytes, str]]]) -> Chain:
    """Verifies an exported file without any database.

    Args:
        path: the file.
        public: the centre's key; None believes the key in the file.
        anchors: what signed roots say.

    Raises:
        ValueError: it is no such file.
    """
    after, head = start_of(path)
    chain = Chain(after, head, {position: said for position, said in anchors.items() if position > after})
    closing = check(path, chain, public)
    if closing is not None and closing.said.purpose == "export":
        # An export ends where it ends: a later root is no sign of a cut.
        chain.leave_out_beyond(chain.position)
    chain.end()
    return chain


def sha256(path: Path) -> bytes:
    """The digest of a whole file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _links(file: IO[bytes] | gzip.GzipFile) -> Iterator[tuple[list[Link], Signed | None]]:
    found: list[Link] = []
    decode = msgspec.json.Decoder(Line).decode
    for line in file:
        if line.startswith(b'{"statement"'):
            yield found, statements.read(line)
            found = []
            continue
        entry = decode(line)
        found.append(
            (
                entry.position,
                entry.id,
                bytes.fromhex(entry.previous),
                bytes.fromhex(entry.hash),
                None if bytes(entry.entry) == b"null" else bytes(entry.entry),
            )
        )
        if len(found) == _MOST_A_STEP:
            yield found, None
            found = []
    yield found, None


def _packed(raw: IO[bytes], path: Path) -> AbstractContextManager[IO[bytes] | gzip.GzipFile]:
    if path.suffix == ".gz":
        return gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=6)
    return nullcontext(raw)


def _unpacked(raw: IO[bytes], path: Path) -> AbstractContextManager[IO[bytes] | gzip.GzipFile]:
    return gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else nullcontext(raw)


def _sync_folder(path: Path) -> None:
    """A new name is on the disk only when its folder is."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
