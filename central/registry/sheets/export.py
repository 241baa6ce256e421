"""Writes records into a workbook row by row, or as lines of CSV; what is written can be read again.

A workbook of a million rows takes no more memory than one of a hundred: openpyxl's write-only sheets put each
row to the disk, and the archive is made from there.
"""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from openpyxl import Workbook  # type: ignore[import-untyped]

from central.registry.sheets import cells, columns, layout, looks, template

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from central.registry.forms.register import Register
    from central.registry.sheets.cells import Cell
    from central.registry.sheets.columns import Owners
    from central.registry.sheets.layout import Sheet

STATES: Final = {"draft": "草稿", "submitted": "待审核", "valid": "已生效", "returned": "已退回"}
MOST_ROWS: Final = 1_000_000  # a sheet of Excel ends at 1,048,576
_BOM = "\ufeff"


class Line(Struct, frozen=True, kw_only=True):
    """One record with its owner as a table names it."""

    record_id: int
    version: int
    state: str
    owner_code: str
    agency: str
    owner_name: str
    values: dict[str, Any]


class BookWriter:
    """A workbook that grows by `add`; `save` ends it."""

    def __init__(self, register: Register, whose: Owners, words: Mapping[str, Mapping[str, str]]) -> None:
        self._sheets = layout.laid_out(register)
        self._whose = whose
        self._names = names_of(words)
        self._book = Workbook(write_only=True)
        self._pages: dict[str, Any] = {}
        self._numbers: dict[str, int] = {}
        for sheet in self._sheets.walk():
            self._pages[sheet.title] = page = self._book.create_sheet(sheet.title)
            self._numbers[sheet.title] = 0
            before = columns.before_fields(sheet, whose, exported=True)
            heads_of(page, before, columns.of_fields(sheet, exported=True))

    def add(self, lines: Iterable[Line]) -> None:
        """Adds records below the ones before."""
        for line in lines:
            self._row(self._sheets, line.values, None, line)

    def _row(self, sheet: Sheet, values: dict[str, Any], parent: int | None, line: Line | None) -> None:
        self._numbers[sheet.title] += 1
        number = self._numbers[sheet.title]
        before: list[Cell] = [parent] if sheet.place else []
        before += [number] if sheet.groups else []
        if line is not None:
            before += _about(line, self._whose)
        fields = _fields(sheet, values, self._names)
        self._pages[sheet.title].append([looks.safe(cell) for cell in (*before, *fields)])
        for group in sheet.groups:
            for row in at(values, group.place) or ():
                self._row(group, row, number, None)

    def save(self, path: Path) -> None:
        """Ends the workbook and writes it."""
        self._book.save(path)

    def discard(self) -> None:
        """Leaves nothing of a workbook that will not be saved."""
        for page in self._pages.values():
            page.close()
            page._writer.cleanup()  # noqa: SLF001 openpyxl has no other way


def csv_head(register: Register, whose: Owners) -> str:
    """The first line, with the mark by which Excel knows UTF-8."""
    sheet = layout.laid_out(register)
    before = [head for head in columns.before_fields(sheet, whose, exported=True) if head != layout.NUMBER]
    return _BOM + _csv(
        [[*before, *(column.heading for _, column in columns.of_fields(sheet, exported=True))]]
    )


def csv_lines(
    register: Register, whose: Owners, words: Mapping[str, Mapping[str, str]], lines: Iterable[Line]
) -> str:
    """Records as lines; repeated groups have no place in them and stay as they are on import."""
    sheet = layout.laid_out(register)
    names = names_of(words)
    return _csv([[*_about(line, whose), *_fields(sheet, line.values, names)] for line in lines])


def _csv(rows: list[list[Any]]) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows([[_csv_cell(cell) for cell in row] for row in rows])
    return buffer.getvalue()


def _csv_cell(cell: Cell) -> Any:
    return cell.isoformat() if isinstance(cell, date) else repr(cell) if isinstance(cell, float) else cell


def _about(line: Line, whose: Owners) -> list[Cell]:
    about: list[Cell] = [line.record_id, line.version, STATES.get(line.state, line.state)]
    about += [line.owner_code] if whose.enterprise else []
    about += [cells.guarded(line.agency)] if whose.agency else []
    return about + ([cells.guarded(line.owner_name)] if whose.enterprise or whose.agency else [])


def _fields(sheet: Sheet, values: dict[str, Any], names: Mapping[str, Mapping[str, str]]) -> list[Cell]:
    return [
        cells.write(leaf.field, at(values, leaf.path), column.part, names.get(leaf.field.to))
        for leaf, column in columns.of_fields(sheet, exported=True)
    ]


def heads_of(page: Any, before: list[str], fields: list[tuple[Any, Any]]) -> None:
    """Widths, the line of blocks, and the heads of a page that is written row by row."""
    headings = [*before, *(column.heading for _, column in fields)]
    looks.widths(page, headings)
    page.freeze_panes = "A3"
    line: list[Any] = [None] * len(headings)
    for start, _end, block in template.blocks(fields, len(before)):
        line[start - 1] = looks.styled(page, block, looks.BLOCK)
    page.append(line)
    page.append(
        [
            looks.styled(page, heading, looks.REQUIRED if heading.startswith("*") else looks.HEAD)
            for heading in headings
        ]
    )


def names_of(words: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """What each code of the dictionaries is called, by `Field.to`."""
    return {to: {code: word for word, code in found.items()} for to, found in words.items()}


def at(values: Any, path: tuple[str, ...]) -> Any:
    """The value at a path; None where there is none."""
    for name in path:
        values = values.get(name) if isinstance(values, dict) else None
    return values
