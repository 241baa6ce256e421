"""Industries by GB/T 4754: the upper levels that we carry, the rest from a customer's file.

An enterprise may say its industry in words or by a code that nobody knows: it is kept as it is and told.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Final

import asyncpg
from msgspec import Struct, field

from central.db.errors import DomainError, FieldProblem
from central.db.queries import load as named
from central.organisation.initials import initials

if TYPE_CHECKING:
    from collections.abc import Iterable

    from central.db.pool import Connection

Q = named(__file__, "queries_industries.sql")

SHIPPED: Final = Path(__file__).with_name("industries_2017.csv")
LEVELS: Final = {1: "门类", 2: "大类", 3: "中类", 4: "小类"}
_MOST_PROBLEMS = 20
_SOME = 50


class IndustryItem(Struct, frozen=True, kw_only=True):
    """An industry in a list; `source`: who says so ("from memory": not checked against the standard)."""

    code: str
    name: str
    level: int
    level_name: str
    parent_code: str | None
    standard: str
    edition: str
    source: str
    children: bool


class IndustryPage(Struct, frozen=True):
    items: list[IndustryItem]
    next: str | None


class Unrecognised(Struct, frozen=True):
    """What enterprises name as their industry and the classification does not hold."""

    industry: str
    enterprises: int


class UnrecognisedList(Struct, frozen=True):
    items: list[Unrecognised]


class ImportReport(Struct, frozen=True, kw_only=True):
    """What an import did, or would do."""

    source: str
    dry_run: bool
    read: int
    added: int
    renamed: int
    renamed_some: list[str] = field(default_factory=list)
    by_level: dict[str, int] = field(default_factory=dict)


class _Row(Struct, frozen=True):
    code: str
    name: str
    section: str
    source: str
    line: int


def plain_code(text: str) -> tuple[str, str]:
    """A code and the letter before it: "C26" and "26" are one industry; a letter alone is a section (门类).

    Returns:
        The code as we keep it and the section's letter, "" where none was written.

    Raises:
        ValueError: no such code.
    """
    code = text.strip().upper()
    letter = code[:1] if "A" <= code[:1] <= "Z" else ""
    digits = code[len(letter) :]
    if not letter and not digits:
        raise ValueError("缺少代码")
    if digits and not (digits.isascii() and digits.isdigit() and 2 <= len(digits) <= 4):
        raise ValueError(f"代码“{text}”应为一个字母（门类）或 2 至 4 位数字（大类、中类、小类）")
    return digits or letter, letter


def _rows(lines: Iterable[str], name: str) -> list[_Row]:
    rows, problems = [], []
    for line, cells in enumerate(csv.reader(lines), 1):
        if (
            not cells
            or not cells[0].strip()
            or cells[0].startswith("#")
            or cells[0].strip().lower() == "code"
        ):
            continue
        try:
            code, letter = plain_code(cells[0])
            if len(cells) < 2 or not cells[1].strip():
                raise ValueError("缺少名称")
        except ValueError as exc:
            problems.append(FieldProblem(f"{name}:{line}", str(exc), "行业代码,行业名称"))
            continue
        source = cells[2].strip() if len(cells) > 2 and cells[2].strip() else name
        rows.append(_Row(code, cells[1].strip(), letter, source, line))
    _refuse(name, problems)
    return rows


def _refuse(name: str, problems: list[FieldProblem]) -> None:
    if problems:
        told = "；".join(
            f"第 {p.place.rpartition(':')[2]} 行：{p.problem}" for p in problems[:_MOST_PROBLEMS]
        )
        raise DomainError("industry-form", f"{name}：{told}", 400, problems[:_MOST_PROBLEMS])


async def load(
    conn: Connection, lines: Iterable[str], name: str, *, edition: str = "2017", dry_run: bool = False
) -> ImportReport:
    """Adds and renames industries from CSV lines `code,name[,source]`; nothing is ever removed.

    Args:
        conn: a worker transaction (`acting`).
        lines: in any order; a division (大类) that is new names its section by a letter before the code.
        name: of the file, kept with each row.
        edition: of GB/T 4754.
        dry_run: tell, change nothing.

    Raises:
        DomainError: every bad line, and every one whose upper level nobody knows.
    """
    rows = _rows(lines, name)
    before = {r["code"]: r["name"] for r in await conn.fetch(Q.known)}
    known = set(before) | {row.code for row in rows}
    sections = {r.code: r.section for r in rows if r.section}
    parents: dict[str, str | None] = {}
    problems = []
    held = {r["code"]: r["parent_code"] for r in await conn.fetch("SELECT code, parent_code FROM industry")}
    for row in rows:
        if len(row.code) == 1:
            parents[row.code] = None
            continue
        parent = row.code[:-1] if len(row.code) > 2 else sections.get(row.code) or held.get(row.code) or ""
        parents[row.code] = parent
        if parent not in known:
            what = f"缺少上一级 {parent}" if parent else "大类应写明门类字母，例如 C26"
            problems.append(FieldProblem(f"{name}:{row.line}", f"{row.code} {row.name}：{what}"))
    _refuse(name, problems)
    renamed = [f"{r.code} {before[r.code]} → {r.name}" for r in rows if before.get(r.code, r.name) != r.name]
    if not dry_run:
        for row in sorted(rows, key=lambda r: len(r.code)):
            await conn.execute(
                Q.put_industry, row.code, row.name, parents[row.code], initials(row.name), edition, row.source
            )
    return ImportReport(
        source=name,
        dry_run=dry_run,
        read=len(rows),
        added=len({r.code for r in rows} - set(before)),
        renamed=len(renamed),
        renamed_some=renamed[:_SOME],
        by_level={word: sum(len(r.code) == level for r in rows) for level, word in LEVELS.items()},
    )


async def load_shipped(conn: Connection, *, dry_run: bool = False) -> ImportReport:
    """The sections and divisions of GB/T 4754-2017 that we carry, and a few below them."""
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    return await load(conn, lines, "GB/T 4754-2017", dry_run=dry_run)


async def listed(
    conn: Connection, text: str, parent: str | None, after: str, limit: int
) -> list[IndustryItem]:
    """Industries by code, part of a name or first letters of pinyin; without a text those below `parent`."""
    code = text.strip().upper()
    digits = code[1:] if len(code) > 1 and "A" <= code[0] <= "Z" and code[1:].isdigit() else code
    rows = await conn.fetch(Q.industries, text.strip(), digits, parent, after, limit)
    return [_item(row) for row in rows]


def _item(row: asyncpg.Record) -> IndustryItem:
    return IndustryItem(**dict(row), level_name=LEVELS[row["level"]])


def recognised(text: str, known: dict[str, str]) -> str | None:
    """The code that an entry means, by code ("C26", "2614") or by exact name; None when nobody knows it.

    Args:
        text: as entered; codes and names may be parted by a blank ("C26 化学原料和化学制品制造业").
        known: codes and names.
    """
    names = {name: code for code, name in known.items()}
    for part in (text.strip(), *text.split()):
        if part in names:
            return names[part]
        try:
            code, _ = plain_code(part)
        except ValueError:
            continue
        if code in known:
            return code
    return None


async def unrecognised(conn: Connection) -> list[Unrecognised]:
    """What the enterprises of this jurisdiction name as industry and nobody knows: to be told, never lost."""
    known = {r["code"]: r["name"] for r in await conn.fetch(Q.known)}
    return [
        Unrecognised(r["industry"], r["enterprises"])
        for r in await conn.fetch(Q.used)
        if recognised(r["industry"], known) is None
    ]


async def note(conn: Connection, text: str) -> str | None:
    """A sentence when an enterprise's industry is not known here; None when it is, or nothing was said."""
    known = {r["code"]: r["name"] for r in await conn.fetch(Q.known)}
    if not text.strip() or not known or recognised(text, known):
        return None
    return f"行业“{text}”不在 GB/T 4754 表中，已按原文保存，请核对。"
