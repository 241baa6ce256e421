"""Old entries leave the database for signed files that hang together; never before half a year has passed.

A file is read again from the disk and verified before the database lets go of anything, and the database
itself refuses whatever is younger than 180 days (网络安全法 art. 21: six months at least).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from central.audit import files, store
from central.audit.chain import Chain
from central.audit.roots import ARCHIVE
from central.db.errors import DomainError
from central.identity import service as identity

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from central.audit.statements import Signer
    from central.db.pool import Connection

AT_ONCE: Final = 50_000
# Files of a month or more, in place of one a day.
_GATHER_DAYS: Final = 30


async def archive_once(
    conn: Connection,
    folder: Path,
    signer: Signer,
    keep_days: int,
    now: datetime,
    *,
    gather_days: int = _GATHER_DAYS,
) -> int:
    """Moves the oldest entries to a file, if there are any that may go.

    Args:
        conn: a worker transaction, to be committed afterwards.
        folder: `<state>/audit`.
        signer: the centre's key.
        keep_days: how long entries stay in the database, at least 180.
        now: the database's time.
        gather_days: begins when the oldest is older than that by so much, and takes all that may go.

    Returns:
        How many entries went.

    Raises:
        DomainError: the chain does not verify: nothing is let go.
    """
    if (
        not await store.lock_upkeep(conn)
        or await store.archivable(conn, keep_days + gather_days, 1, now) is None
    ):
        return 0
    until = await store.archivable(conn, keep_days, AT_ONCE, now)
    if until is None:
        return 0
    archives = await store.archives(conn)
    start = (archives[-1]["position"], archives[-1]["hash"]) if archives else (0, b"")
    name = f"{ARCHIVE}/audit-{start[0] + 1:012d}-{until:012d}.jsonl.gz"
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    position, head, count = await files.write(conn, path, signer, "archive", now, start, until)
    chain = Chain(*start)
    files.check(path, chain, signer.public)
    chain.end()
    if chain.findings or chain.position != position:
        path.unlink()
        found = "; ".join(f"{f.kind} {f.position}: {f.detail}" for f in chain.findings[:5])
        raise DomainError(
            "audit-unsound", f"the audit is not archived, because it does not verify: {found}", 409
        )
    gone = await store.to_archive(conn, position, head, name, files.sha256(path), keep_days)
    await identity.audit(conn, "audit-archived", "audit", position, after={"file": name, "entries": count})
    return gone
