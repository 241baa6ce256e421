"""Verifies the whole audit, archives first, against everything that the centre ever signed about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from central.audit import files, roots, statements, store
from central.audit.chain import Chain
from central.audit.models import Finding, Report

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

    from asyncpg import Record

    from central.audit.statements import Signed
    from central.db.pool import Connection, Database

_MOST_NAMED = 200


class Anchors:
    """Signed statements by position, and what is wrong with statements themselves."""

    def __init__(self, public: bytes | None) -> None:
        self.by_position: dict[int, list[tuple[bytes, str]]] = {}
        self.findings: list[Finding] = []
        self.days: dict[date, Signed] = {}
        self._public = public

    def add(self, signed: Signed, where: str) -> None:
        """Believes a statement, or says why not."""
        problem = signed.problem(self._public)
        if problem is not None:
            self._wrong(None, f"a line of {where}: {problem}")
            return
        said = signed.said
        if said.day is not None:
            held = self.days.get(said.day)
            if held is not None and held.digest == signed.digest:
                return
            if held is not None:
                self._wrong(said.position, f"{where} has another root of {said.day} than the database")
            self.days.setdefault(said.day, signed)
        name = (
            f"the signed root of {said.day}" if said.day else f"a head signed {said.at:%Y-%m-%d %H:%M:%S} UTC"
        )
        if said.position > 0:
            self.by_position.setdefault(said.position, []).append(
                (bytes.fromhex(said.hash), f"{name} ({where})")
            )

    def in_a_row(self, signed: Iterable[Signed], where: str) -> None:
        """Each root names the one before it: one that was taken out leaves a hole."""
        previous: Signed | None = None
        for one in signed:
            if one.said.purpose != "root":
                continue
            if previous is not None and one.said.previous != previous.digest:
                self._wrong(
                    one.said.position,
                    f"{where}: the root of {one.said.day} does not follow the one before it",
                )
            previous = one

    def _wrong(self, position: int | None, detail: str) -> None:
        self.findings.append(Finding(kind="root", position=position, audit_id=None, detail=detail))


def anchors_of_file(path: Path, public: bytes | None) -> Anchors:
    """The signed statements of a file of roots.

    Raises:
        ValueError: the file does not exist or is none of ours.
    """
    if not path.exists():
        raise ValueError(f"{path} does not exist")
    anchors = Anchors(public)
    lines = roots.read_file(path)
    for line in lines:
        anchors.add(line, path.name)
    anchors.in_a_row((line for line in lines if line.problem(public) is None), path.name)
    return anchors


async def verify(
    database: Database,
    folder: Path,
    public: bytes | None,
    *,
    roots_file: Path | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Report:
    """Verifies the audit.

    Args:
        database: its worker role reads everything; one snapshot, in windows.
        folder: `<state>/audit`: the file of roots, the newest head, the archives.
        public: the centre's key; None believes the keys beside the signatures.
        roots_file: another copy of the file of roots, kept elsewhere.
        since: the first day looked at; begins at the signed root before it.
        until: the last day looked at; ends at its signed root.
    """
    # Files first: a running centre writes them after the database, which then holds at least what they say.
    kept_files = _read_files(folder, roots_file)
    async with (
        database.worker.acquire() as conn,
        conn.transaction(isolation="repeatable_read", readonly=True),
    ):
        anchors = Anchors(public)
        rows = await store.roots(conn)
        _judge_rows(anchors, rows)
        _judge_files(anchors, kept_files, expected=bool(rows))
        start = _start(rows, since, await store.archives(conn))
        end = next((row["position"] for row in rows if until is not None and row["day"] >= until), None)
        kept = {
            position: said
            for position, said in anchors.by_position.items()
            if position > start[0] and (end is None or position <= end)
        }
        chain = Chain(*start, kept)
        chain.findings += anchors.findings
        archived = await _walk_archives(conn, chain, folder, public, end)
        async for window in store.links(conn, chain.position, end):
            chain.take(tuple(link) for link in window)
        numbers = await store.numbers(conn)
        if end is None:
            for row in await store.unchained(conn, _MOST_NAMED):
                chain.find("inserted", None, row["id"], "the audit holds this entry, the chain does not")
            for number in await store.pending_without_entry(conn, _MOST_NAMED):
                chain.find("deleted", None, number, "removed before it was sealed")
        chain.end()
    return Report(
        entries=chain.entries,
        archived=archived,
        roots=len(anchors.days),
        unsealed=numbers["unsealed"],
        skipped_ids=numbers["highest"] - numbers["lowest"] + 1 - numbers["entries"]
        if numbers["entries"]
        else 0,
        head=chain.position,
        findings=chain.findings,
        unlisted=chain.unlisted,
    )


def _judge_rows(anchors: Anchors, rows: list[Record]) -> None:
    believed = []
    for row in rows:
        signed = roots.signed_of(row)
        anchors.add(signed, "the database")
        try:
            said = signed.said
        except msgspec.MsgspecError:
            continue  # named by `add` already
        believed.append(signed)
        told = (row["day"], row["position"], row["hash"].hex(), row["count"], row["sound"])
        if told != (said.day, said.position, said.hash, said.count, said.sound):
            anchors.findings.append(
                Finding(
                    kind="root",
                    position=row["position"],
                    audit_id=None,
                    detail=f"the root of {row['day']} in the database is not what was signed",
                )
            )
    anchors.in_a_row(believed, "the database")


def _read_files(folder: Path, roots_file: Path | None) -> list[tuple[Path, list[Signed] | str]]:
    """The signed lines of each file, or why it cannot be read; the newest head comes first."""
    found: list[tuple[Path, list[Signed] | str]] = []
    head = folder / roots.HEAD
    for path in dict.fromkeys(filter(None, (head, folder / roots.ROOTS, roots_file))):
        if not path.exists():
            if path != head:
                found.append((path, f"{path} is missing"))
            continue
        try:
            found.append(
                (path, [statements.read(path.read_bytes())] if path == head else roots.read_file(path))
            )
        except ValueError as exc:
            found.append((path, f"{path}: {exc}" if path == head else str(exc)))
    return found


def _judge_files(
    anchors: Anchors, kept_files: list[tuple[Path, list[Signed] | str]], *, expected: bool
) -> None:
    known = set(anchors.days)
    for path, lines in kept_files:
        if isinstance(lines, str):
            if expected or path.exists():
                anchors.findings.append(Finding(kind="root", position=None, audit_id=None, detail=lines))
            continue
        for line in lines:
            anchors.add(line, path.name)
        anchors.in_a_row((line for line in lines if line.problem(None) is None), path.name)
        days = {line.said.day for line in lines if line.problem(None) is None}
        for day in sorted(day for day in days - known if day is not None):
            anchors.findings.append(
                Finding(
                    kind="root",
                    position=anchors.days[day].said.position if day in anchors.days else None,
                    audit_id=None,
                    detail=f"the database lacks the root of {day}, which {path.name} has",
                )
            )


def _start(rows: list[Record], since: date | None, archives: list[Record]) -> tuple[int, bytes]:
    before = [row for row in rows if since is not None and row["day"] < since]
    if not before:
        return (0, b"")
    position = before[-1]["position"]
    # A file is read from its beginning: a day in the middle of one begins with it.
    ends = [(0, b""), *((row["position"], row["hash"]) for row in archives)]
    if position < ends[-1][0]:
        return max(end for end in ends if end[0] <= position)
    return (position, before[-1]["hash"])


async def _walk_archives(
    conn: Connection, chain: Chain, folder: Path, public: bytes | None, end: int | None
) -> int:
    walked = 0
    for row in await store.archives(conn):
        if row["position"] <= chain.position or (end is not None and row["first_position"] > end):
            continue
        path = folder / row["file"]
        before = chain.entries
        if not path.exists():
            chain.find("archive", row["first_position"], None, f"{row['file']} is missing")
        else:
            if files.sha256(path) != row["sha256"]:
                chain.find(
                    "archive", row["first_position"], None, f"{row['file']} was changed after it was closed"
                )
            files.check(path, chain, public)
            if (chain.position, chain.head) != (row["position"], row["hash"]):
                chain.find(
                    "archive", row["position"], None, f"{row['file']} does not end where the chain goes on"
                )
        chain.go_on_from(row["position"], row["hash"])
        walked += chain.entries - before
    return walked
