"""Reads a file of the market registration, CSV (UTF-8, GBK) or xlsx, bounded; columns by their heads.

Runs in the process that reads files (`sheets/child.py`), never in the one that serves alarms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import Struct

from central.registry.sheets import delimited, limits
from central.registry.sheets.cells import Odd, plain
from central.registry.sheets.workbook import Workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from central.db.errors import DomainError
    from central.registry.sheets.cells import Cell

MOST_ROWS: Final = 20_000
_MOST_COLUMNS: Final = 60
_LOOK_FOR_HEAD: Final = 10  # rows of title before the heads
_LONGEST: Final = 500

# How the files of the registration authorities call the same thing; spaces and brackets do not count.
HEADS: Final = {
    "credit_code": ("统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码"),
    "name": ("企业名称", "市场主体名称", "主体名称", "单位名称", "名称"),
    "region": ("区划代码", "行政区划代码", "行政区划", "所在区划", "所属乡镇", "所属区域"),
    "address": ("生产经营地址", "经营场所", "住所", "地址", "注册地址"),
    "industry": ("行业类别", "行业代码", "行业", "国民经济行业", "所属行业"),
    "sector": ("监管领域", "监管类型", "监管行业"),
    "contact_name": ("联系人", "法定代表人", "负责人", "法人"),
    "contact_phone": ("联系电话", "电话", "手机", "联系方式"),
    "status": ("企业状态", "经营状态", "登记状态", "状态"),
    "hazard_class": ("重大危险源等级", "重大危险源级别"),
}
_ODD: Final = {
    "formula": "单元格是没有结果的公式。",
    "error": "单元格是公式错误（如 #N/A）。",
    "merged": "单元格被合并，没有自己的内容。",
}


class Line(Struct):
    """One row: its number as the person counts, texts by the fields of `HEADS`, and cells without a text."""

    number: int
    texts: dict[str, str]
    odd: dict[str, str] = {}


def lines_of(content: bytes) -> Iterator[Line]:
    """The rows of a file below its heads.

    Args:
        content: its bytes.

    Raises:
        DomainError: it cannot be read, is too big, or has no column of credit codes and names.
    """
    columns: dict[int, str] = {}
    looked = count = 0
    for number, cells in _table(content):
        if not columns:
            looked += 1
            columns = _columns(cells)
            if not columns and looked >= _LOOK_FOR_HEAD:
                break
            continue
        line = _line(number, cells, columns)
        if not any(line.texts.values()) and not line.odd:
            continue
        count += 1
        if count > MOST_ROWS:
            raise limits.refused(f"一个文件最多 {MOST_ROWS:,} 行，请拆成几个文件分别导入。")
        yield line
    if not columns:
        raise _headless()
    if not count:
        raise limits.refused("表头下面没有数据，请从表头的下一行起每行填写一家企业。")


def _headless() -> DomainError:
    return limits.refused(
        f"前 {_LOOK_FOR_HEAD} 行中没有找到表头；须有“统一社会信用代码”和“企业名称”两列，请补上表头。"
    )


def _table(content: bytes) -> Iterator[tuple[int, list[Cell]]]:
    if limits.form_of(content) == "csv":
        return delimited.rows(delimited.decoded(content)[0])
    book = Workbook(content)
    if not book.titles:
        raise limits.refused("文件中没有工作表，请用表格软件打开并另存为 .xlsx 后再上传。")
    return book.rows(book.titles[0])


def _line(number: int, cells: list[Cell], columns: dict[int, str]) -> Line:
    found = Line(number, {}, {})
    for place, cell in enumerate(cells[:_MOST_COLUMNS]):
        field = columns.get(place)
        if field is None:
            continue
        found.texts[field] = _text(cell)
        if isinstance(cell, Odd) and cell.kind in _ODD:
            found.odd[field] = _ODD[cell.kind]
    return found


def _columns(cells: list[Cell]) -> dict[int, str]:
    texts = [_text(cell) for cell in cells[:_MOST_COLUMNS]]
    heads = {_head(text): i for i, text in reversed(list(enumerate(texts)))}
    known: dict[int, str] = {}
    for field, words in HEADS.items():
        place = next((heads[word] for word in words if word in heads), None)
        if place is not None and place not in known:
            known[place] = field
    return known if {"credit_code", "name"} <= set(known.values()) else {}


def _head(cell: str) -> str:
    for opening in ("(", "（"):
        cell = cell.partition(opening)[0]
    return "".join(cell.split()).strip("*")


def _text(cell: Cell) -> str:
    return plain(cell).strip().lstrip("'").replace("\0", "")[:_LONGEST]
