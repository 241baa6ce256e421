"""The workbook of what could not be taken: the bad rows as they were sent, with the words of what is wrong.

It has the heads of the template, so that it can be mended and sent again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from openpyxl import Workbook  # type: ignore[import-untyped]

from central.registry.sheets import cells, columns, export, layout, looks
from central.registry.sheets.columns import Owners

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from central.registry.forms.register import Register
    from central.registry.sheets.layout import Sheet
    from central.registry.sheets.reading import Problem, Row


class ReportWriter:
    """A report that grows by `add`; `save` ends it."""

    def __init__(self, register: Register, whose: Owners) -> None:
        self._sheets = {sheet.title: sheet for sheet in layout.laid_out(register).walk()}
        self._whose = whose
        self._book = Workbook(write_only=True)
        self._pages: dict[str, Any] = {}
        for sheet in self._sheets.values():
            self._pages[sheet.title] = page = self._book.create_sheet(sheet.title)
            export.heads_of(page, self._before(sheet), columns.of_fields(sheet, exported=True))

    def _before(self, sheet: Sheet) -> list[str]:
        if sheet.place:
            return [layout.PROBLEMS, layout.PARENT, layout.NUMBER]
        owner = [layout.OWNER_CODE] if self._whose.enterprise else []
        owner += [layout.AGENCY] if self._whose.agency else []
        return [layout.PROBLEMS, layout.FORMER_ROW, layout.NUMBER, layout.RECORD, layout.VERSION, *owner]

    def add(self, rows: Iterable[Row]) -> None:
        """Adds bad rows with the rows of their groups."""
        for row in rows:
            for title, sent in row.cells.items():
                for number, values in enumerate(sent):
                    own = title == row.sheet and number == 0
                    self._append(title, values, row if own else None)

    def _append(self, title: str, sent: list[Any], row: Row | None) -> None:
        page, sheet = self._pages[title], self._sheets[title]
        words = looks.styled(page, in_words(row.problems), looks.WRAPPED) if row else None
        if sheet.place:
            page.append([words, *map(_cell, sent)])
            return
        number, record, code, agency, *fields = sent
        owner = [code] if self._whose.enterprise else []
        owner += [agency] if self._whose.agency else []
        version = row.version if row else ""
        page.append(
            [words, row.number if row else None, *map(_cell, (number, record, version, *owner, *fields))]
        )

    def save(self, path: Path) -> None:
        """Ends the workbook and writes it."""
        self._book.save(path)


def in_words(problems: Iterable[Problem]) -> str:
    """What is wrong with a row, a line each."""
    lines = []
    for one in problems:
        where = f"{one.column}：" if one.column and f"“{one.column}”" not in one.problem else ""
        lines.append(f"{where}{one.problem}{one.remedy}")
    return "\n".join(lines)[:32_000]


def _cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    # As it was sent: what had its apostrophe keeps it, what would run as a formula gets one.
    kept = value if value.startswith("'") else cells.guarded(value)
    return looks.safe((kept or "")[:32_000]) or None
