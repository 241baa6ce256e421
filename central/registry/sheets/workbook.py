"""Reads the rows of a workbook: values by calamine, and beside them what a value alone does not tell.

One pass over the XML of each sheet comes first. It counts rows and cells against the limits before anything
is kept, and notes formulas without a result, percentages, errors and merged cells.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any, Final
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from central.registry.sheets import limits
from central.registry.sheets.cells import Cell, Odd, is_empty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PIECE: Final = 1 << 18
_PLACE: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_PERCENTS: Final = {9, 10}  # ECMA-376 part 1, 18.8.30: 0% and 0.00%
_MOST_MERGED: Final = 500
_BROKEN: Final = (
    expat.ExpatError,
    CalamineError,
    zipfile.BadZipFile,
    KeyError,
    OSError,
    ValueError,
    EOFError,
)


class _Marks:
    """What one pass over a sheet found: its size, and cells whose value is not all; places count from 0."""

    def __init__(self) -> None:
        self.rows = 0
        self.columns = 0
        self.cells = 0
        self.formulas = 0
        self.odd: dict[tuple[int, int], str] = {}
        self.merged: list[tuple[int, int, int, int]] = []  # top, bottom, left, right


class Workbook:
    """A workbook whose archive was judged by `limits.form_of`.

    Attributes:
        titles: its sheets from left to right.
        formulas: cells with a formula in the sheets that were read.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            self._parts = _parts(self._archive)
            self._percents = _percent_styles(self._archive)
            self._book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        except _BROKEN as exc:
            raise limits.refused("文件不完整或已损坏，请用表格软件打开并另存为 .xlsx 后再上传。") from exc
        self.titles = [title for title in self._book.sheet_names if title in self._parts]
        self.formulas = 0
        self._cells = 0

    def rows(self, title: str) -> Iterator[tuple[int, list[Cell]]]:
        """Rows that hold anything, with their numbers as people see them.

        Raises:
            DomainError: more rows or cells than the limits, or a broken file.
        """
        try:
            marks = _scan(self._archive, self._parts[title], self._percents)
            self._judge(title, marks)
            sheet = self._book.get_sheet_by_name(title)
            left = sheet.start[1] if sheet.start else 0
            for row, values in enumerate(sheet.iter_rows()):
                cells = _cells([None] * left + values, row, marks)
                if any(not is_empty(cell) for cell in cells):
                    yield row + 1, cells
        except _BROKEN as exc:
            raise limits.refused(f"工作表“{title}”无法读取，请用表格软件打开并另存后再上传。") from exc

    def _judge(self, title: str, marks: _Marks) -> None:
        self.formulas += marks.formulas
        self._cells += marks.cells
        if marks.rows > limits.MOST_ROWS + 20:
            raise limits.refused(
                f"工作表“{title}”有内容的最后一行是第 {marks.rows} 行，一次最多导入 {limits.MOST_ROWS} 行；"
                "请拆分为几个文件，或删去末尾多余的内容。"
            )
        if marks.columns > limits.MOST_COLUMNS:
            raise limits.refused(f"工作表“{title}”超过 {limits.MOST_COLUMNS} 列，请使用下载的模板。")
        if marks.rows * marks.columns > limits.MOST_AREA:
            raise limits.refused(
                f"工作表“{title}”有内容的范围是 {marks.rows} 行 × {marks.columns} 列，过大；"
                "请删去远处多余的内容，或拆分为几个文件。"
            )
        if self._cells > limits.MOST_CELLS:
            raise limits.refused(f"文件的单元格超过 {limits.MOST_CELLS} 个，请拆分为几个文件。")


def _cells(values: list[Any], row: int, marks: _Marks) -> list[Cell]:
    cells: list[Cell] = values
    for column in range(len(cells)) if marks.odd or marks.merged else ():
        kind = marks.odd.get((row, column))
        value = cells[column]
        if kind == "percent" and isinstance(value, int | float) and not isinstance(value, bool):
            cells[column] = Odd("percent", value)
        elif kind and kind != "percent":
            cells[column] = Odd(kind)
        if any(
            top <= row <= bottom and left <= column <= right and (row, column) != (top, left)
            for top, bottom, left, right in marks.merged
        ):
            cells[column] = Odd("merged")
    return cells


# -- the XML of a workbook ---


def _parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of the archive that holds each sheet, by title."""
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            target = attributes["Target"]
            targets[attributes["Id"]] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            relation_id = next(value for key, value in attributes.items() if key.endswith(":id"))
            sheets[attributes["name"]] = relation_id
        elif name == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
            raise limits.refused(
                "文件使用 1904 日期系统，日期会相差四年；请在表格软件的选项中改为 1900 日期系统后另存。"
            )

    _parse(archive, "xl/_rels/workbook.xml.rels", relation)
    _parse(archive, "xl/workbook.xml", sheet)
    known = set(archive.namelist())
    return {title: targets[number] for title, number in sheets.items() if targets.get(number) in known}


def _percent_styles(archive: zipfile.ZipFile) -> set[str]:
    """Numbers of the cell styles that show a percentage."""
    if "xl/styles.xml" not in archive.namelist():
        return set()
    formats = set(_PERCENTS)
    found: set[str] = set()
    count, inside = 0, False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count, inside
        if name == "numFmt" and "%" in attributes.get("formatCode", ""):
            formats.add(int(attributes["numFmtId"]))
        elif name in {"cellXfs", "cellStyleXfs", "cellStyles"}:
            inside = name == "cellXfs"
        elif name == "xf" and inside:
            if int(attributes.get("numFmtId", "0")) in formats:
                found.add(str(count))
            count += 1

    _parse(archive, "xl/styles.xml", start)
    return found


def _parse(archive: zipfile.ZipFile, part: str, start: Callable[[str, dict[str, str]], None]) -> None:
    parser = _parser()

    def named(name: str, attributes: dict[str, str]) -> None:
        start(name.rpartition(":")[2], attributes)

    parser.StartElementHandler = named
    _feed(archive, part, parser)


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    # A workbook declares no entities; one that does wants to be unfolded.
    parser.EntityDeclHandler = _refuse_entity
    return parser


def _refuse_entity(*_declared: object) -> None:
    raise limits.refused("文件含有不允许的内容，请用表格软件打开并另存为 .xlsx 后再上传。")


def _feed(archive: zipfile.ZipFile, part: str, parser: expat.XMLParserType) -> None:
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            parser.Parse(piece, False)
    parser.Parse(b"", True)


def _scan(archive: zipfile.ZipFile, part: str, percents: set[str]) -> _Marks:  # noqa: C901 one kind of element a line
    marks = _Marks()
    row, column, odd, formula, value, style, inside = -1, -1, "", False, False, "", False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, odd, formula, value, style, inside
        name = name.rpartition(":")[2]
        if name == "c":
            place = _PLACE.fullmatch(attributes["r"]) if "r" in attributes else None
            column = _column(place[1]) if place else column + 1
            row = int(place[2]) - 1 if place else row
            style = attributes.get("s", "")
            odd = "error" if attributes.get("t") == "e" else "percent" if style in percents else ""
            formula = value = False
        elif name == "v":
            inside = True
        elif name == "is":
            value = True
        elif name == "f":
            formula = True
            marks.formulas += 1
        elif name == "row":
            row, column = int(attributes["r"]) - 1 if "r" in attributes else row + 1, -1
        elif name == "mergeCell":
            if len(marks.merged) >= _MOST_MERGED:
                raise limits.refused("合并的单元格过多，请取消合并，逐行填写后再上传。")
            first, _, last = attributes["ref"].partition(":")
            a, b = _PLACE.fullmatch(first), _PLACE.fullmatch(last or first)
            if a and b:
                marks.merged.append((int(a[2]) - 1, int(b[2]) - 1, _column(a[1]), _column(b[1])))

    def text(_words: str) -> None:
        nonlocal value
        value = value or inside

    def end(name: str) -> None:
        nonlocal inside
        name = name.rpartition(":")[2]
        if name == "v":
            inside = False
        elif name == "c" and (value or formula):
            marks.cells += 1
            marks.rows = max(marks.rows, row + 1)
            marks.columns = max(marks.columns, column + 1)
            if formula and not value:
                marks.odd[row, column] = "formula"
            elif odd:
                marks.odd[row, column] = odd
        elif name == "sheetData" and (marks.cells > limits.MOST_CELLS):
            raise limits.refused(f"文件的单元格超过 {limits.MOST_CELLS} 个，请拆分为几个文件。")

    parser = _parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    _feed(archive, part, parser)
    return marks


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
