"""Closes the audit's days: the chain's head, signed by the centre, in the database and in a file beside it.

Whoever rules the database alone can compute the chain anew, but not the signatures, nor change the file.
"""

from __future__ import annotations

import base64
import logging
import os
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from central.audit import statements, store
from central.audit.chain import Chain
from central.audit.models import Day
from central.audit.statements import Signed, Statement
from central.identity import service as identity

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from pathlib import Path

    import asyncpg

    from central.audit.statements import Signer
    from central.db.pool import Connection

_log = logging.getLogger(__name__)

FOLDER: Final = "audit"
ROOTS: Final = "roots.jsonl"
HEAD: Final = "head.json"
ARCHIVE: Final = "archive"
# A clock that jumped by years must not make a row for each of their days.
_MOST_DAYS: Final = 1000


def read_file(path: Path) -> list[Signed]:
    """The signed lines of a file; none when it does not exist.

    Raises:
        ValueError: a line is none of ours; a last line that a power cut left half is passed over.
    """
    if not path.exists():
        return []
    text = path.read_bytes()
    lines = text.split(b"\n")
    found = []
    for number, line in enumerate(lines[:-1], 1):
        try:
            found.append(statements.read(line))
        except ValueError as exc:
            raise ValueError(f"{path}, line {number}: {exc}") from exc
    return found


def append(path: Path, signed: Iterable[Signed]) -> None:
    """Adds lines to a file, on the disk when it returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        if file.tell() and not _ends_whole(path):
            file.write(b"\n")
        for one in signed:
            file.write(one.line())
        file.flush()
        os.fsync(file.fileno())


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def write_head(folder: Path, signed: Signed) -> None:
    """Keeps the newest signed head: what was sealed since the last root cannot be cut off unseen."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{HEAD}.{os.getpid()}"
    draft.write_bytes(signed.line())
    draft.replace(folder / HEAD)


def signed_of(row: asyncpg.Record) -> Signed:
    """A row of `audit_root` as a line of the file."""
    return Signed(
        msgspec.Raw(row["statement"].encode()),
        base64.b64encode(row["key"]).decode(),
        base64.b64encode(row["signature"]).decode(),
    )


def day_of(row: asyncpg.Record) -> Day:
    """A row of `audit_root` as people see it."""
    return Day(
        day=row["day"],
        count=row["count"],
        position=row["position"],
        hash=row["hash"].hex(),
        sound=row["sound"],
        problem=row["problem"],
        key=base64.b64encode(row["key"]).decode(),
        signature=base64.b64encode(row["signature"]).decode(),
    )


async def close_days(conn: Connection, signer: Signer, zone: str, now: datetime) -> list[Signed]:
    """Signs the root of every day that is over; what it holds is looked at first.

    The root of a day is the chain's head when the day was closed, some seconds after midnight.

    Args:
        conn: a worker transaction; several processes may try, one does.
        signer: the centre's key.
        zone: whose midnights count, for example "Asia/Shanghai".
        now: the database's time.

    Returns:
        The new roots, for the file.
    """
    if not await store.lock_upkeep(conn):
        return []
    today, first_day = await store.today(conn, zone, now)
    last = await store.last_root(conn)
    begin = last["day"] + timedelta(days=1) if last else first_day
    if begin is None or begin >= today or await store.pending_before(conn, zone, today):
        return []
    start = (last["position"], last["hash"]) if last else (0, b"")
    chain = await _walked(conn, *start)
    problem = "; ".join(f"{f.kind} {f.position}: {f.detail}" for f in chain.findings[:5])
    if problem:
        _log.error("the audit is not as it was sealed: %s", problem)
    previous = signed_of(last).digest if last else ""
    made: list[Signed] = []
    for day in _days(begin, today):
        statement = Statement(
            purpose="root",
            position=chain.position,
            hash=chain.head.hex(),
            # Days on which no centre ran are closed with the one on which it runs again.
            count=chain.position - start[0] if not made else 0,
            at=now,
            day=day,
            previous=previous,
            sound=not problem,
        )
        signed = statements.sign(signer, statement)
        await store.insert_root(
            conn,
            day,
            chain.position,
            chain.head,
            statement.count,
            not problem,
            problem,
            bytes(signed.statement).decode(),
            signer.public,
            base64.b64decode(signed.signature),
        )
        previous = signed.digest
        made.append(signed)
    return made


async def _walked(conn: Connection, position: int, head: bytes) -> Chain:
    chain = Chain(position, head)
    if position and await store.hash_at(conn, position) != head:
        chain.find("rewritten", position, None, "the chain has another hash than the root before")
    async for window in store.links(conn, position):
        chain.take(tuple(link) for link in window)
    chain.end()
    return chain


def _days(begin: date, today: date) -> list[date]:
    count = (today - begin).days
    return [begin + timedelta(days=n) for n in range(max(0, count - _MOST_DAYS), count)]


async def complete_file(conn: Connection, folder: Path, public: bytes) -> None:
    """Adds to the file what the database has more: another process closed a day, or ours died in between.

    Only roots that our key signed; the file is never made shorter.
    """
    path = folder / ROOTS
    held = {line.digest for line in read_file(path)}
    lacking = [
        signed
        for signed in map(signed_of, await store.roots(conn))
        if signed.digest not in held and signed.problem(public) is None
    ]
    if lacking:
        append(path, lacking)


async def remember_lost_head(conn: Connection, folder: Path, signer: Signer, now: datetime) -> bool:
    """Looks whether the chain still holds the head that was signed last; if not, keeps the proof for ever.

    A restored backup looks like this, and so does a tail that somebody cut off.

    Returns:
        Whether the chain has lost it.
    """
    path = folder / HEAD
    if not path.exists():
        return False
    try:
        signed = statements.read(path.read_bytes())
    except ValueError:
        _log.error("%s is not readable; it is written anew", path)
        return False
    if signed.problem(signer.public) is not None:
        return False
    said = signed.said
    last, head = await store.head(conn)
    archived = [row["position"] for row in await store.archives(conn)]
    if archived and said.position < archived[-1]:
        return False
    held = await store.hash_at(conn, said.position)
    if said.position == 0 or (held is not None and held.hex() == said.hash):
        return False
    lost = Statement(purpose="lost", position=said.position, hash=said.hash, at=now)
    append(folder / ROOTS, [statements.sign(signer, lost)])
    await identity.audit(
        conn,
        "audit-cut",
        "audit",
        said.position,
        before={"position": said.position, "hash": said.hash},
        after={"position": last, "hash": head.hex()},
    )
    path.unlink()
    _log.error("the audit ended at position %s, now at %s: restored, or cut off", said.position, last)
    return True
