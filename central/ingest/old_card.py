"""Takes in the spool of a card that came out of a broken gateway, under the name of whoever vouches for it.

Keeps law-never-lose 13. What is on the card was never signed (a gateway signs what it sends), so a person
vouches for it, and the audit keeps the name. The records go the way of any other: the same cursors, ledger
and history, the same receipts; what the centre has already is a repetition. An epoch that the centre never
heard of is older than all that it knows, so nothing on the card is taken for the newest. The card is only
read: a copy is opened.

The two files are `edge/spool/file.py`'s; of its tables `epoch`, `birth` and `batch` are read.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from central import clock
from central.db.errors import DomainError, NotFoundError
from central.db.scope import acting
from central.identity import service as identity
from central.ingest import births, store
from central.ingest.committer import Committer
from central.ingest.directory import Directory
from central.ingest.lanes import GROUP
from central.ingest.models import Work
from central.telemetry.latest import LatestValues
from central.telemetry.models import Anchor
from central.telemetry.rules import to_ms
from central.telemetry.service import History
from protocol import codec
from protocol.messages import EVENT, MEASUREMENT, STORED, UNSYNCHRONISED, Batch, Birth, Receipt

if TYPE_CHECKING:
    from central.db.pool import Connection, Database
    from central.devices.keys import CentreKey
    from central.devices.models import Gateway

FILES: Final = {EVENT: "events.db", MEASUREMENT: "measurements.db"}
_EPOCHS: Final = "SELECT epoch, follows, head FROM epoch ORDER BY ordinal"
_BATCHES: Final = (
    "SELECT b.epoch, b.first, b.last, b.birth, b.boot, b.body, b.hash FROM batch AS b"
    " JOIN epoch AS e USING (epoch) ORDER BY e.ordinal, b.first"
)


class Imported(msgspec.Struct, frozen=True):
    """Batches that the centre has now, records in them, batches that it did not take, and rotten ones."""

    batches: int
    records: int
    left: int
    rotten: int


async def take_in(
    database: Database, key: CentreKey, folder: Path, gateway: str, by: str, note: str = ""
) -> Imported:
    """Take in what a card holds and the centre lacks.

    Args:
        database: a worker writes.
        key: the centre's; answers are sealed as any other.
        folder: with events.db and measurements.db, as the gateway's `state` folder is.
        gateway: whose card it was.
        by: who vouches for it.
        note: where it came from.

    Raises:
        NotFoundError: no such gateway.
        DomainError: the folder holds no spool that can be read.
    """
    directory = Directory(database)
    known = await directory.gateway(gateway, clock.monotonic_s())
    if known is None:
        raise NotFoundError(f"没有登记网关 {gateway}。")
    committer = Committer(database, directory, History(database), LatestValues(), key)
    taken = Imported(0, 0, 0, 0)
    for stream, name in FILES.items():
        with _opened(folder / name) as db:
            async with acting(database.worker) as conn:
                await _introduce(conn, known[0], stream, db)
            part = await _batches(committer, known[0], stream, db)
        sums = [a + b for a, b in zip(msgspec.structs.astuple(taken), part, strict=True)]
        taken = Imported(*sums)
    async with acting(database.worker) as conn:
        told = {"folder": folder.name, **msgspec.structs.asdict(taken)}
        await identity.audit(
            conn, "import-spool", "gateway", gateway, after=told, reason=f"{by} {note}".strip()
        )
    return taken


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.exists():
        raise DomainError("no-spool", f"{path} 不存在：请给出网关的 state 文件夹。", 404)
    with tempfile.TemporaryDirectory(prefix="fengsui-card-") as folder:
        for suffix in ("", "-wal"):
            if (part := path.with_name(path.name + suffix)).exists():
                shutil.copy(part, folder)
        try:
            with closing(sqlite3.connect(Path(folder) / path.name)) as db:
                yield db
        except sqlite3.DatabaseError as exc:
            raise DomainError("card-damaged", f"{path} 无法读取：{exc}", 422) from exc


async def _introduce(conn: Connection, gateway: Gateway, stream: int, db: sqlite3.Connection) -> None:
    """Make the card's epochs and descriptions known, without touching what is current."""
    now = await clock.database_now(conn)
    for _, description in db.execute("SELECT hash, description FROM birth").fetchall():
        birth = Birth(0, 0, 0, UNSYNCHRONISED, description, False, [], (0, 0), [])
        await births.take(conn, gateway, birth, now, Anchor(to_ms(now), 0))
    ordinals = await store.epochs_of(conn, gateway.id)
    heads = {}
    for epoch, follows, head in reversed(db.execute(_EPOCHS).fetchall()):
        if epoch not in ordinals:
            ordinals[epoch] = min(ordinals.values(), default=1) - 1
            await store.add_epoch(conn, gateway.id, epoch, ordinals[epoch], follows, now)
        for each in FILES:
            await store.add_cursor(conn, (gateway.id, each, epoch), now)
        heads[gateway.id, stream, epoch] = head
    await store.claim_heads(conn, heads, now)


async def _batches(
    committer: Committer, gateway: Gateway, stream: int, db: sqlite3.Connection
) -> tuple[int, int, int, int]:
    taken = records = left = rotten = 0
    rows = db.execute(_BATCHES)
    while group := rows.fetchmany(GROUP):
        answers: list[bytes] = []
        works = []
        for epoch, first, last, birth, boot, body, digest in group:
            batch = Batch(stream, epoch, first, last, birth, boot, body, 0, 0, 0, UNSYNCHRONISED)
            if codec.hash_of(batch) != digest:
                rotten += 1
                continue
            works.append(Work(gateway, batch, clock.monotonic_s(), len(body), answers.append))
        await committer.commit(works)
        for answer in answers:
            receipt = codec.decode(codec.open_frame(answer))
            assert isinstance(receipt, Receipt)
            stored = receipt.status == STORED
            taken += stored
            records += (receipt.last - receipt.first + 1) if stored else 0
            left += not stored
    return taken, records, left, rotten
