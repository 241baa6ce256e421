"""Reads a file of the market registration, CSV (UTF-8, GB 18030) or xlsx, bounded; columns by their heads."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import TYPE_CHECKING, Final

from python_calamine import CalamineError, CalamineWorkbook

from central.db.errors import DomainError, FieldProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_ROWS: Final = 20_000
MOST_BYTES: Final = 20 << 20
_MOST_UNPACKED: Final = 400 << 20
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


def rows_of(name: str, content: bytes) -> list[tuple[int, dict[str, str]]]:
    """The rows of a file: line number as the person counts, and the texts by the fields of `HEADS`.

    Args:
        name: of the file, for its ending.
        content: its bytes.

    Raises:
        DomainError: 400, it cannot be read, is too big, or has no column of credit codes.
    """
    if len(content) > MOST_BYTES:
        raise _bad(f"文件超过 {MOST_BYTES >> 20} MB。", "拆成几个文件分别导入。")
    try:
        lines = list(_sheet(content) if content[:2] == b"PK" else _csv(name, content))
    except csv.Error as exc:
        raise _bad("文件不是规范的 CSV。", "用 Excel 或 WPS 打开后另存为 xlsx 再导入。") from exc
    found: list[tuple[int, dict[str, str]]] = []
    columns: dict[int, str] = {}
    for number, cells in enumerate(lines, 1):
        if not columns:
            columns = _columns(cells)
            if not columns and number >= _LOOK_FOR_HEAD:
                break
            continue
        row = {columns[i]: cell for i, cell in enumerate(cells) if i in columns}
        if any(row.values()):
            found.append((number, row))
        if len(found) > MOST_ROWS:
            raise _bad(f"一个文件最多 {MOST_ROWS:,} 行。", "拆成几个文件分别导入。")
    if not columns:
        raise _bad("没有找到表头。", "第一行须有“统一社会信用代码”和“企业名称”两列。")
    if not found:
        raise _bad("表头下面没有数据。", "从表头的下一行起每行填写一家企业。")
    return found


def _columns(cells: list[str]) -> dict[int, str]:
    heads = {_head(cell): i for i, cell in reversed(list(enumerate(cells[:_MOST_COLUMNS])))}
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


def _csv(name: str, content: bytes) -> Iterator[list[str]]:
    if b"\0" in content[:4096]:
        raise _bad(f"“{name}”不是表格文件。", "另存为 xlsx 或 CSV 后再导入。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _texts(csv.reader(io.StringIO(text, newline="")))
    raise _bad("文字编码无法识别。", "另存为 UTF-8 的 CSV，或 xlsx。")


def _sheet(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > _MOST_UNPACKED:
            raise _bad("表格展开后过大。", "删去空行和格式，或拆成几个文件。")
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            rows = list(_texts(book.get_sheet_by_index(0).iter_rows()))
    except (zipfile.BadZipFile, CalamineError, ValueError, OSError) as exc:
        raise _bad("表格文件已损坏或不是 xlsx。", "用 Excel 或 WPS 打开后另存为 xlsx。") from exc
    return iter(rows)


def _texts(rows: Iterable[Iterable[object]]) -> Iterator[list[str]]:
    for count, row in enumerate(rows):
        if count > MOST_ROWS + _LOOK_FOR_HEAD + 1:
            return
        yield [_text(cell) for cell in row]


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip().lstrip("'").replace("\0", "")[:_LONGEST]


def _bad(problem: str, remedy: str) -> DomainError:
    return DomainError("file-unreadable", problem, 400, [FieldProblem("file", problem, remedy)])
