"""Reads the rows of a CSV file in whichever encoding Chinese spreadsheets write: UTF-8, GBK, UTF-16."""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING

from central.registry.sheets import limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from central.registry.sheets.cells import Cell

_LONGEST_CELL = 32_767


def decoded(content: bytes) -> tuple[str, str]:
    """The text of a file and the encoding that it was in.

    Raises:
        DomainError: it is in none of them; the first bad line is named.
    """
    if content.startswith(codecs.BOM_UTF8):
        return _strict(content[3:], "utf-8"), "UTF-8"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strict(content, "utf-16"), "UTF-16"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        # GBK is a part of GB 18030.
        return _strict(content, "gb18030"), "GBK"


def _strict(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as exc:
        line = content[: exc.start].count(b"\n") + 1
        raise limits.refused(
            f"第 {line} 行的文字编码无法识别，请另存为 UTF-8 或 GBK 编码的 CSV，或使用 .xlsx。"
        ) from exc


def rows(text: str) -> Iterator[tuple[int, list[Cell]]]:
    """Rows that hold anything, with the number of the row.

    Raises:
        DomainError: more rows than the limit, or a cell that never ends.
    """
    first = text[: text.find("\n") + 1] or text
    delimiter = max(",\t;", key=lambda sign: (first.count(sign), sign == ","))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    csv.field_size_limit(_LONGEST_CELL * 4)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if number > limits.MOST_ROWS + 20:
                raise limits.refused(f"文件超过 {limits.MOST_ROWS} 行，请拆分为几个文件后分别导入。")
            if len(cells) > limits.MOST_COLUMNS:
                raise limits.refused(f"第 {number} 行超过 {limits.MOST_COLUMNS} 列，请使用下载的模板。")
            if any(cell.strip() for cell in cells):
                yield number, list(cells)
    except csv.Error as exc:
        raise limits.refused(f"第 {number + 1} 行附近的引号不成对或内容过长，请检查后再导入。") from exc
