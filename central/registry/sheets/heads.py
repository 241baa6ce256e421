"""Finds the columns of a sheet by their heads, in whichever order somebody has put them."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from msgspec import Struct

from central.registry.sheets import layout, limits
from central.registry.sheets.cells import Cell, is_empty, plain
from central.registry.sheets.layout import normal, without_unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from central.registry.sheets.layout import Leaf, Sheet

_LOOK = 10  # rows from the top among which the heads stand
_INFO = (
    layout.NUMBER, layout.PARENT, layout.RECORD, layout.VERSION, layout.OWNER_CODE, layout.AGENCY,
    *layout.SHOWN_ONLY,
)  # fmt: skip


class Heads(Struct, frozen=True):
    """Where each column of a sheet is.

    Attributes:
        fields: column of each part of each leaf that is there: {leaf number: {part: column}}.
        info: column of what is no field, by its head.
        width: of the sheet; cells beyond are refused.
    """

    fields: dict[int, dict[str, int]]
    info: dict[str, int]
    width: int

    def leaves(self, sheet: Sheet) -> list[Leaf]:
        """The fields that are there and taken."""
        return [sheet.leaves[number] for number in sorted(self.fields) if sheet.leaves[number].taken]

    def cell(self, cells: list[Cell], name: str) -> Cell:
        """The cell of an information column; None where there is none."""
        place = self.info.get(name)
        return cells[place] if place is not None and place < len(cells) else None


def find(sheet: Sheet, rows: Iterator[tuple[int, list[Cell]]]) -> Heads | None:
    """Reads rows up to the heads; what follows are records.

    Returns:
        None for a sheet without any content.

    Raises:
        DomainError: no row of heads, or heads that are not of this register, each with the remedy.
    """
    known = _known(sheet)
    looked = 0
    for _number, cells in rows:
        names = [normal(plain(cell)) for cell in cells]
        named = [name for name in names if name]
        right = sum(name in known or without_unit(name) in known for name in named)
        if right and right * 2 >= len(named):
            return _heads(sheet, cells, known)
        looked += 1
        if looked >= _LOOK:
            break
    if not looked:
        return None
    first = "、".join(f"“{column.heading}”" for column in sheet.columns[:3])
    raise limits.refused(f"工作表“{sheet.title}”中没有找到表头（应有{first}等列），请使用下载的模板。")


def _known(sheet: Sheet) -> dict[str, tuple[int, str] | str]:
    known: dict[str, tuple[int, str] | str] = {normal(name): name for name in _INFO}
    bare: dict[str, list[tuple[int, str]]] = {}
    for number, leaf in enumerate(sheet.leaves):
        for column in leaf.columns:
            known[normal(column.heading)] = (number, column.part)
            bare.setdefault(without_unit(column.heading), []).append((number, column.part))
    for name, found in bare.items():
        # A head without its unit still names its column where no other is meant.
        if len(found) == 1:
            known.setdefault(name, found[0])
    return known


def _heads(sheet: Sheet, cells: list[Cell], known: dict[str, tuple[int, str] | str]) -> Heads:
    fields: dict[int, dict[str, int]] = {}
    info: dict[str, int] = {}
    wrong: list[str] = []
    for place, cell in enumerate(cells):
        if is_empty(cell):
            continue
        meant = known.get(normal(plain(cell)))
        if meant is None:
            wrong.append(_stranger(sheet, plain(cell)))
        elif isinstance(meant, str):
            if meant in info:
                wrong.append(f"“{meant}”出现两次，请只保留一列")
            info[meant] = place
        else:
            number, part = meant
            if part in fields.get(number, {}):
                wrong.append(f"“{plain(cell)}”出现两次，请只保留一列")
            fields.setdefault(number, {})[part] = place
    for number, parts in fields.items():
        for column in sheet.leaves[number].columns:
            if column.part not in parts and column.part != "other":
                wrong.append(f"缺少“{column.heading}”一列")  # noqa: PERF401 a plain loop reads better
    if wrong:
        raise limits.refused(f"工作表“{sheet.title}”的表头有误：{'；'.join(wrong[:20])}。")
    if not fields:
        raise limits.refused(f"工作表“{sheet.title}”没有可以导入的列，请使用下载的模板。")
    return Heads(fields, info, len(cells))


def _stranger(sheet: Sheet, heading: str) -> str:
    headings = [column.heading for column in sheet.columns]
    bare = without_unit(heading)
    for column in headings:
        if without_unit(column) == bare:
            return f"“{heading}”应为“{column}”，请核对单位"
    near = difflib.get_close_matches(heading, headings, 1, 0.6)
    return f"没有“{heading}”这一栏" + (f"，是否为“{near[0]}”" if near else "，请删去")
