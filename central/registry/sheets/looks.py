"""How our workbooks look: heads, widths, colours, and text that no reader takes for something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

from central.registry.sheets.cells import Cell

if TYPE_CHECKING:
    from collections.abc import Sequence

_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LINE = Border(*(Side(style="thin", color="FFBFBFBF") for _ in range(4)))
HEAD = {
    "font": Font(bold=True),
    "fill": PatternFill("solid", fgColor="FFDCE6F1"),
    "alignment": Alignment(wrap_text=True, vertical="center"),
    "border": _LINE,
}
REQUIRED = {**HEAD, "fill": PatternFill("solid", fgColor="FFFCE4D6")}
BLOCK = {
    **HEAD,
    "alignment": Alignment(horizontal="center", vertical="center"),
    "fill": PatternFill("solid", fgColor="FFEDEDED"),
}
WRAPPED = {"alignment": Alignment(wrap_text=True, vertical="top")}


def safe(cell: Cell) -> Any:
    """A cell as XML may hold it: `_x0041_` in a text would come back as the sign of that number."""
    return _ESCAPE.sub("_x005F_", cell) if isinstance(cell, str) else cell


def styled(worksheet: Any, value: Cell, style: dict[str, Any]) -> Any:
    """A cell of a sheet that is written row by row."""
    cell = WriteOnlyCell(worksheet, value=safe(value))
    for name, what in style.items():
        setattr(cell, name, what)
    return cell


def widths(worksheet: Any, headings: Sequence[str]) -> None:
    """Columns as wide as their heads need in two lines, within reason."""
    for number, heading in enumerate(headings, 1):
        signs = sum(2 if sign > "\u2e7f" else 1 for sign in heading)
        worksheet.column_dimensions[get_column_letter(number)].width = min(max(10, signs * 0.7), 36)
