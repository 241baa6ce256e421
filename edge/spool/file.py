"""One SQLite file of batches: opened, checked, quarantined when damaged, written in single transactions.

Keeps law-never-lose 5 (an epoch is durable before its first record) and 11 (`synchronous=FULL` in both files:
the event file commits at once, the measurement file once a commit interval). Blocks on the disk: each file is
used from one thread of its own, never from the event loop.
"""

import contextlib
import logging
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from edge.spool.damage import SpoolDamaged, SpoolFull, named, quarantine, reading
from edge.spool.records import AlarmRow, Commit, Cursor, Doomed, Epoch, Gap, StoredBatch
from protocol.messages import EVENT

log = logging.getLogger(__name__)

VERSION: Final = 2
PAGE: Final = 4096
MEMORY: Final = Path(":memory:")
KEEP_GAPS: Final = 20_000  # what is older is declared anew should a restored centre ask for it
BEFORE_COVERS: Final = 1
_ADD_COVERS: Final = "ALTER TABLE alarm ADD COLUMN cover TEXT NOT NULL DEFAULT '';"
_SCHEMA: Final = """
CREATE TABLE epoch (
  ordinal INTEGER PRIMARY KEY, epoch INTEGER NOT NULL UNIQUE, follows INTEGER NOT NULL,
  opened_ms INTEGER NOT NULL, head INTEGER NOT NULL, cursor INTEGER NOT NULL,
  committed_ms INTEGER NOT NULL, closed INTEGER NOT NULL);
CREATE TABLE birth (hash BLOB PRIMARY KEY, description BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE batch (
  id INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  birth BLOB NOT NULL, boot INTEGER NOT NULL, thinned INTEGER NOT NULL DEFAULT 0,
  hash BLOB NOT NULL, body BLOB NOT NULL);
CREATE UNIQUE INDEX batch_range ON batch (epoch, first);
CREATE TABLE alarm (
  alarm TEXT PRIMARY KEY, state TEXT NOT NULL, occurrence TEXT NOT NULL,
  since_ms INTEGER NOT NULL, cover TEXT NOT NULL DEFAULT '') WITHOUT ROWID;
CREATE TABLE gap (
  stream INTEGER NOT NULL, epoch INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  reason TEXT NOT NULL, time_ms INTEGER NOT NULL, by_epoch INTEGER NOT NULL, by_seq INTEGER NOT NULL,
  birth BLOB NOT NULL, boot INTEGER NOT NULL);
CREATE TABLE doomed (
  epoch INTEGER NOT NULL, first INTEGER NOT NULL, PRIMARY KEY (epoch, first)) WITHOUT ROWID;
"""


class BatchFile:
    """The batches of one stream, with the epochs, descriptions and states that belong to them."""

    def __init__(self, path: Path, now_ms: int) -> None:
        """Open the file, or put a damaged one aside and begin a new one.

        Args:
            path: the SQLite file; made when missing.
            now_ms: UTC, for the name of a quarantined file.

        Raises:
            SpoolFull: not even an empty file can be made.
        """
        self.path = path
        self.quarantined: Path | None = None
        self._inode = 0
        try:
            self._db = self._open()
        except (sqlite3.DatabaseError, ValueError) as exc:
            if isinstance(named(exc, path.name), SpoolFull):
                raise SpoolFull(str(exc)) from exc
            self.quarantined = quarantine(path, now_ms)
            log.error("%s is damaged (%s): kept as %s, a new one begins", path, exc, self.quarantined.name)
            try:
                self._db = self._open()
            except sqlite3.DatabaseError as again:
                raise SpoolFull(str(again)) from again

    def _open(self) -> sqlite3.Connection:
        if self.path != MEMORY:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False, timeout=5)
        try:
            db.execute(f"PRAGMA page_size={PAGE}")
            db.execute("PRAGMA auto_vacuum=INCREMENTAL")
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA wal_autocheckpoint=256")
            db.execute(f"PRAGMA journal_size_limit={1024 * PAGE}")
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version == 0:
                db.executescript(f"BEGIN;{_SCHEMA}PRAGMA user_version={VERSION};COMMIT;")
            elif version > VERSION:
                raise sqlite3.DatabaseError(f"written by a newer version ({version})")
            else:
                (sound,) = db.execute("PRAGMA integrity_check(1)").fetchone()
                if sound != "ok":
                    raise sqlite3.DatabaseError(sound)
                if version == BEFORE_COVERS:
                    db.executescript(f"BEGIN;{_ADD_COVERS}PRAGMA user_version={VERSION};COMMIT;")
            self._inode = 0 if self.path == MEMORY else self.path.stat().st_ino
        except (sqlite3.DatabaseError, OSError, ValueError):
            db.close()
            raise
        return db

    # --- opening an epoch ---

    @reading
    def epochs(self) -> list[Epoch]:
        """List the epochs, oldest first."""
        rows = self._db.execute(
            "SELECT epoch, follows, opened_ms, head, cursor, committed_ms, closed FROM epoch ORDER BY ordinal"
        )
        return [Epoch(e, f, o, h, c, m, bool(x)) for e, f, o, h, c, m, x in rows]

    def begin(
        self,
        epoch: Epoch,
        birth: bytes,
        description: bytes,
        *,
        older: Sequence[Epoch] = (),
        births: Mapping[bytes, bytes] | None = None,
        keep_epochs: int = 64,
    ) -> None:
        """Make a new epoch and the description of its records durable; forget what nothing refers to.

        Args:
            epoch: of this opening.
            birth: hash of the description of its records.
            description: encoded.
            older: epochs before it that this file does not know, oldest first, in the same transaction: those
                not closed are still to be declared.
            births: descriptions to be kept besides, by their hashes.
            keep_epochs: so many stay, whatever became of them.

        Raises:
            SpoolFull, SpoolDamaged: nothing was written.
        """
        with self._transaction() as db:
            db.executemany(
                "INSERT INTO epoch (epoch, follows, opened_ms, head, cursor, committed_ms, closed)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [msgspec.structs.astuple(each) for each in (*older, epoch)],
            )
            db.execute("INSERT OR IGNORE INTO birth VALUES (?, ?)", (birth, description))
            db.execute(
                "DELETE FROM birth WHERE hash <> ? AND hash NOT IN"
                # a lost event's stand-in is sent under the description of whoever declared it
                " (SELECT birth FROM batch UNION SELECT birth FROM gap WHERE stream = ?)",
                (birth, EVENT),
            )
            db.executemany("INSERT OR IGNORE INTO birth VALUES (?, ?)", (births or {}).items())
            db.execute(
                "DELETE FROM epoch WHERE ordinal <= (SELECT max(ordinal) FROM epoch) - ?"
                " AND cursor >= head AND epoch NOT IN (SELECT epoch FROM batch)",
                (keep_epochs,),
            )
            db.execute("DELETE FROM gap WHERE rowid <= (SELECT max(rowid) FROM gap) - ?", (KEEP_GAPS,))

    @reading
    def description(self, birth: bytes) -> bytes | None:
        """Find a description by its hash."""
        row = self._db.execute("SELECT description FROM birth WHERE hash = ?", (birth,)).fetchone()
        return None if row is None else bytes(row[0])

    @reading
    def alarms(self) -> list[AlarmRow]:
        """List the alarms that were not normal at the last commit."""
        rows = self._db.execute(
            "SELECT alarm, state, occurrence, since_ms, cover FROM alarm ORDER BY since_ms, alarm"
        )
        return [AlarmRow(*row) for row in rows]

    @reading
    def gaps(self) -> list[Gap]:
        """List the declared gaps that are still needed."""
        return [
            Gap(*row)
            for row in self._db.execute(
                "SELECT stream, epoch, first, last, reason, time_ms, by_epoch, by_seq, birth, boot"
                " FROM gap ORDER BY rowid"
            )
        ]

    @reading
    def doomed(self) -> list[Doomed]:
        """List the measurement batches whose loss was declared but not yet carried out."""
        return [Doomed(*row) for row in self._db.execute("SELECT epoch, first FROM doomed")]

    # --- writing ---

    def commit(self, what: Commit) -> int:
        """Write everything in one durable transaction.

        Returns:
            Bytes of the file in use.

        Raises:
            SpoolFull, SpoolDamaged: nothing was written.
        """
        with self._transaction() as db:
            batch = what.batch
            if batch is not None:
                db.execute(
                    "INSERT INTO batch (epoch, first, last, birth, boot, hash, body)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (
                        batch.epoch,
                        batch.first,
                        batch.last,
                        batch.birth,
                        batch.boot,
                        batch.hash,
                        batch.body,
                    ),
                )
                db.execute(
                    "UPDATE epoch SET head = ?, committed_ms = ? WHERE epoch = ?",
                    (batch.last, what.now_ms, batch.epoch),
                )
            self._put_cursors(db, what.cursors)
            for alarm, row in what.alarms.items():
                if row is None:
                    db.execute("DELETE FROM alarm WHERE alarm = ?", (alarm,))
                else:
                    db.execute(
                        "INSERT OR REPLACE INTO alarm VALUES (?, ?, ?, ?, ?)", msgspec.structs.astuple(row)
                    )
            db.executemany(
                "INSERT INTO gap VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [msgspec.structs.astuple(gap) for gap in what.gaps],
            )
            db.executemany(
                "INSERT OR IGNORE INTO doomed VALUES (?, ?)", [(d.epoch, d.first) for d in what.doomed]
            )
            db.executemany(
                "DELETE FROM doomed WHERE epoch = ? AND first = ?",
                [(d.epoch, d.first) for d in what.executed],
            )
            self._close_epochs(db, what.ended)
        return self.used_bytes()

    def delete(self, rows: list[Doomed], cursors: list[Cursor], thin: list[Doomed] | None = None) -> None:
        """Remove batches; cursors go with them, so that a trimmed row is never taken for a lost one.

        Args:
            rows: to remove.
            cursors: (epoch, last receipted) as known now.
            thin: rows that stay, to be marked as thinned once more.

        Raises:
            SpoolFull, SpoolDamaged: nothing was removed.
        """
        with self._transaction() as db:
            self._put_cursors(db, cursors)
            db.executemany(
                "DELETE FROM batch WHERE epoch = ? AND first = ?", [(d.epoch, d.first) for d in rows]
            )
            db.executemany(
                "UPDATE batch SET thinned = thinned + 1 WHERE epoch = ? AND first = ?",
                [(d.epoch, d.first) for d in thin or []],
            )

    def mark_closed(self, epochs: list[int]) -> None:
        """Note that what an earlier run lost at its end is on record."""
        with self._transaction() as db:
            self._close_epochs(db, epochs)

    def close(self, epoch: int, cursors: list[Cursor]) -> None:
        """Note a clean end and close the file; without space the end stays unclean."""
        try:
            with self._transaction() as db:
                self._put_cursors(db, cursors)
                self._close_epochs(db, [epoch])
        finally:
            self._db.close()

    def abandon(self) -> None:
        """Close the file without a word, as a power cut would."""
        self._db.close()

    # --- reading ---

    @reading
    def after(self, epoch: int, cursor: int, limit: int, limit_bytes: int) -> list[StoredBatch]:
        """Read the batches of one epoch behind a cursor, in order, at least one if there is one."""
        rows = self._db.execute(
            "SELECT epoch, first, last, birth, boot, body, hash FROM batch"
            " WHERE epoch = ? AND first > ? ORDER BY first LIMIT ?",
            (epoch, cursor, limit),
        )
        found: list[StoredBatch] = []
        size = 0
        for row in rows:
            size += len(row[5])
            if found and size > limit_bytes:
                break
            found.append(StoredBatch(*row))
        return found

    @reading
    def first_after(self, epoch: int, first: int) -> int | None:
        """Find where the batch behind another one begins; None when there is none."""
        row = self._db.execute(
            "SELECT min(first) FROM batch WHERE epoch = ? AND first > ?", (epoch, first)
        ).fetchone()
        return None if row[0] is None else int(row[0])

    @reading
    def total(self) -> int:
        """Count all batches."""
        (count,) = self._db.execute("SELECT count(*) FROM batch").fetchone()
        return int(count)

    @reading
    def waiting(self, epoch: int, cursor: int) -> int:
        """Count the batches of one epoch behind a cursor."""
        (count,) = self._db.execute(
            "SELECT count(*) FROM batch WHERE epoch = ? AND first > ?", (epoch, cursor)
        ).fetchone()
        return int(count)

    @reading
    def oldest(self, limit: int) -> list[tuple[int, int, int, int, int]]:
        """List the oldest batches as (epoch, first, last, thinned, bytes)."""
        return self._db.execute(
            "SELECT epoch, first, last, thinned, length(body) FROM batch ORDER BY id LIMIT ?", (limit,)
        ).fetchall()

    @reading
    def used_bytes(self) -> int:
        """How much of the file is in use; free pages inside it do not count."""
        (pages,) = self._db.execute("PRAGMA page_count").fetchone()
        (free,) = self._db.execute("PRAGMA freelist_count").fetchone()
        return int(pages - free) * PAGE

    @reading
    def give_back(self) -> None:
        """Return free pages and the write-ahead log to the file system.

        Raises:
            SpoolFull, SpoolDamaged: it could not.
        """
        self._db.execute("PRAGMA incremental_vacuum").fetchall()
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    # --- inside ---

    @staticmethod
    def _put_cursors(db: sqlite3.Connection, cursors: list[Cursor]) -> None:
        db.executemany(
            "UPDATE epoch SET cursor = ? WHERE epoch = ?", [(last, epoch) for epoch, last in cursors]
        )

    @staticmethod
    def _close_epochs(db: sqlite3.Connection, epochs: list[int]) -> None:
        db.executemany("UPDATE epoch SET closed = 1 WHERE epoch = ?", [(epoch,) for epoch in epochs])

    def _stand(self) -> None:
        """Look whether the open file is still the one at its path: into one that is gone nothing is kept."""
        if self._inode:
            try:
                there = self.path.stat().st_ino
            except FileNotFoundError:
                there = 0
            except OSError as exc:
                raise SpoolFull(f"{self.path}: {exc}") from exc
            if there != self._inode:
                raise SpoolDamaged(f"{self.path}: the file is gone from its place")

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._stand()
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                if self._db.in_transaction:  # SQLite rolls back by itself when the disk is full
                    self._db.execute("ROLLBACK")
                raise
            try:
                self._db.execute("COMMIT")
            except sqlite3.DatabaseError:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
        except (sqlite3.DatabaseError, ValueError) as exc:
            raise named(exc, str(self.path)) from exc
