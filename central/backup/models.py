"""What a backup says of itself, and what is remembered of the backups that were made."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from central.db.errors import DomainError

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
PHYSICAL, LOGICAL = "physical", "logical"
STATE_PART: Final = "state.tar.gz"
DATABASE_PARTS: Final = {PHYSICAL: "database.tar.gz", LOGICAL: "database.dump.gz"}
FILES_PART: Final = "files.tar.gz"
"""Attached files, where they lie in the state folder; backups from before there were any lack it."""
SEALED: Final = ".sealed"


class BackupError(DomainError):
    """A backup cannot be made, read or restored; the sentence says what would be right."""

    def __init__(self, code: str, detail: str, http_status: int = 409) -> None:
        super().__init__(code, detail, http_status)


class Part(msgspec.Struct, frozen=True):
    """One file of a backup.

    Attributes:
        name: file name inside the backup's folder.
        bytes: its size.
        raw_bytes: size of what it unpacks to.
        sha256: of the file as it lies there, hexadecimal.
    """

    name: str
    bytes: int
    raw_bytes: int
    sha256: str


class Envelope(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the key of the parts is wrapped; all values but numbers are base64.

    Attributes:
        kind: "passphrase" (scrypt, RFC 7914) or "recipient" (X25519, RFC 7748).
        wrapped: the key of the parts, AES-256-GCM.
        salt: of scrypt.
        n: cost of scrypt.
        r: its block size.
        p: its parallel lanes.
        recipient: public key that it was made for.
        ephemeral: public half of the key pair that was made for this backup alone.
    """

    kind: str
    wrapped: str
    salt: str = ""
    n: int = 0
    r: int = 0
    p: int = 0
    recipient: str = ""
    ephemeral: str = ""


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds; signed with the centre's key.

    Attributes:
        format: version of this document.
        name: of the backup's folder.
        centre: the centre's public key, base64: who made it.
        made_at: the database's time when it began.
        kind: "physical" (the embedded server's files) or "logical" (a dump of one database).
        program: version of the program.
        schema: number of the newest migration in it.
        server: version of PostgreSQL, for example 180006.
        parts: its files.
        counts: rows that were committed before it began: it holds at least so many.
        envelope: how its parts are encrypted; None: they are not.
    """

    format: int
    name: str
    centre: str
    made_at: datetime
    kind: str
    program: str
    schema: int
    server: int
    parts: tuple[Part, ...]
    counts: dict[str, int]
    envelope: Envelope | None = None

    @property
    def holds_files(self) -> bool:
        """Whether attached files are in it; those in a bucket are not."""
        return any(part.name.removesuffix(SEALED) == FILES_PART for part in self.parts)

    @property
    def bytes(self) -> int:
        """What it takes on its disk."""
        return sum(part.bytes for part in self.parts)

    @property
    def raw_bytes(self) -> int:
        """What it takes when restored."""
        return sum(part.raw_bytes for part in self.parts)


class Finding(msgspec.Struct, frozen=True):
    """One thing that a verification looked at."""

    part: str
    good: bool
    words: str


class BackupRow(msgspec.Struct, frozen=True):
    """One backup as the list shows it.

    Attributes:
        id: its number.
        name: of its folder; empty until it begins.
        target: the folder in which it lies.
        state: "wanted", "running", "good" or "failed".
        kind: "physical" or "logical".
        asked_by: who or what wanted it.
        asked_at: when.
        began_at: when it was begun.
        ended_at: when it was done.
        bytes: size on its disk.
        raw_bytes: size of what it unpacks to.
        schema: newest migration in it.
        encrypted: whether a passphrase or a key is needed to read it.
        error: why it failed.
        checked_at: when it was restored on trial, or tried to be.
        check_good: whether that went well.
        check_words: what was found.
        gone_at: since when it is no longer there (removed by rule, or found missing).
    """

    id: int
    name: str
    target: str
    state: str
    kind: str
    asked_by: str
    asked_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    bytes: int | None
    raw_bytes: int | None
    schema: int | None
    encrypted: bool
    error: str
    checked_at: datetime | None
    check_good: bool | None
    check_words: str
    gone_at: datetime | None


class RecoveryState(msgspec.Struct, frozen=True):
    """A restored centre whose people should know it."""

    began_at: datetime
    begun_by: str
    held: int
    unconfirmed: int


class BackupState(msgspec.Struct, frozen=True):
    """How the backups stand.

    Attributes:
        target: the folder in which they are made.
        same_disk: whether that is on the disk of the database: both go together.
        free_bytes: room there; None when it cannot be reached.
        encrypted: whether new ones are.
        every_hours: how often one is made by itself; 0: never.
        keep: the rule, days/weeks/months.
        next_at: when the next is due.
        running: whether one is being made or waits.
        last_good_at: when the newest good one was begun.
        last_checked_at: when one was restored on trial with success last.
        attention: what a person should be told; "" when all is well.
    """

    target: str
    same_disk: bool
    free_bytes: int | None
    encrypted: bool
    every_hours: int
    keep: str
    next_at: datetime | None
    running: bool
    last_good_at: datetime | None
    last_checked_at: datetime | None
    attention: str


class BackupPage(msgspec.Struct, frozen=True):
    """A page of backups and how they stand."""

    items: list[BackupRow]
    next: str | None
    state: BackupState
