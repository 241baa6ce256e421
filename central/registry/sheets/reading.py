"""From a file to records: each row with its values, or with everything that is wrong with it.

Rows come one after another; of what was read before only the keys are kept, and the rows of repeated groups,
which wait for the row that they belong to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from central.registry.sheets import delimited, heads, layout, limits
from central.registry.sheets.cells import Cell, Unreadable, is_empty, plain, read
from central.registry.sheets.heads import Heads
from central.registry.sheets.workbook import Workbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from central.registry.forms.register import Register
    from central.registry.sheets.layout import Leaf, Sheet

_MOST_GROUP_ROWS = 200_000


class Problem(Struct, frozen=True):
    """What is wrong in a row: the head of the column, the words, what would be right."""

    column: str
    problem: str
    remedy: str = ""


class Row(Struct):
    """One row of a file, with the rows of its groups.

    Attributes:
        number: as people see it.
        sheet: title of its sheet; other than the records' own for a group's row that belongs to nobody.
        record: number of the record that it is meant for; empty where the key decides.
        version: of that record when it was taken away; empty where the file does not say.
        owner_code: credit code of the enterprise; empty: that of whoever imports.
        agency: name of the owning agency; empty as above.
        values: for `check`, without what could not be read.
        groups: rows of the sheet for each entry of a group, by "transport.trucks".
        problems: all that was found so far.
        cells: the row as it was sent, by title of the sheet.
    """

    number: int
    sheet: str
    record: str = ""
    version: str = ""
    owner_code: str = ""
    agency: str = ""
    values: dict[str, Any] = {}
    groups: dict[str, list[int]] = {}
    problems: list[Problem] = []
    cells: dict[str, list[list[Any]]] = {}


class Head(Struct):
    """What is known of a file before its rows.

    Attributes:
        total: rows that will come.
        present: fields that the file has, as paths; what it does not have stays as it is.
        notices: what people should know, such as formulas that were read as their results.
        headings: of the columns of each sheet, in the order of `Row.cells`.
    """

    total: int
    present: list[list[str]]
    notices: list[str]
    headings: dict[str, list[str]]


def read_file(
    register: Register, content: bytes, words: Mapping[str, Mapping[str, str]]
) -> Iterator[Head | Row]:
    """Reads a file: first its head, then its rows.

    Args:
        register: whose records they are.
        content: of the file.
        words: code of each word of the dictionaries that links lead to, by `Field.to`.

    Raises:
        DomainError: the file as a whole cannot be read, with the remedy.
    """
    sheets = layout.laid_out(register)
    notices: list[str] = []
    if limits.form_of(content) == "csv":
        text, encoding = delimited.decoded(content)
        if encoding != "UTF-8":
            notices.append(f"文件按 {encoding} 编码读取。")
        left_out = [group.title for group in sheets.groups]
        if left_out:
            notices.append(f"CSV 文件不含“{'”“'.join(left_out)}”，这些内容保持不变。")
        yield from _Reading(register, sheets, words, notices).run({"": delimited.rows(text)})
        return
    book = Workbook(content)
    named = {sheet.title: sheet for sheet in sheets.walk()}
    chosen = _records_sheet(sheets, book, named)
    tables = {"": book.rows(chosen)}
    tables |= {title: book.rows(title) for title in named if title in book.titles and title != chosen}
    unread = [title for title in book.titles if title not in {*tables, chosen, "填写说明", "选项"}]
    if unread:
        notices.append(f"工作表“{'”“'.join(unread[:5])}”没有读取。")
    yield from _Reading(register, sheets, words, notices, book).run(tables)


def _records_sheet(sheets: Sheet, book: Workbook, named: Mapping[str, Sheet]) -> str:
    if sheets.title in book.titles:
        return sheets.title
    for title in book.titles:
        if title not in named and title not in {"填写说明", "选项"}:
            return title
    raise limits.refused(f"文件中没有工作表“{sheets.title}”，请使用下载的模板。")


class _Group(Struct):
    """Rows of a group that wait, by the number of the row above them."""

    sheet: Sheet
    heads: Heads
    waiting: dict[str, list[Row]]
    numbers: dict[int, str]


class _Reading:
    """The state of reading one file."""

    def __init__(
        self,
        register: Register,
        sheets: Sheet,
        words: Mapping[str, Mapping[str, str]],
        notices: list[str],
        book: Workbook | None = None,
    ) -> None:
        self._register = register
        self._sheets = sheets
        self._words = words
        self._notices = notices
        self._book = book
        self._groups: dict[str, _Group] = {}
        self._seen: dict[bytes, int] = {}
        self._numbers: dict[str, int] = {}

    def run(self, tables: dict[str, Iterator[tuple[int, list[Cell]]]]) -> Iterator[Head | Row]:
        waiting = 0
        for sheet in self._sheets.walk():
            if sheet.place and sheet.title in tables:
                waiting += self._read_group(sheet, tables[sheet.title], waiting)
        rows = tables[""]
        found = heads.find(self._sheets, rows)
        if found is None:
            raise limits.refused(f"工作表“{self._sheets.title}”是空的，请从第 3 行起填写后再上传。")
        self._demand_key(found)
        records = list(rows)
        if not records:
            raise limits.refused(f"工作表“{self._sheets.title}”没有填写任何一行。")
        parents = {plain(found.cell(cells, layout.NUMBER)) for _, cells in records}
        orphans = list(self._orphans(parents))
        if self._book and self._book.formulas:
            self._notices.append(
                f"有 {self._book.formulas} 个单元格是公式，按其计算结果读取，公式本身不保存。"
            )
        yield Head(len(records) + len(orphans), self._present(found), self._notices, self._headings())
        # Popped, so that a row is forgotten once it is told.
        records.reverse()
        while records:
            number, cells = records.pop()
            yield self._record(number, cells, found)
        yield from orphans

    def _demand_key(self, found: Heads) -> None:
        if layout.RECORD in found.info or self._register.single:
            return
        there = {leaf.path[0] for leaf in found.leaves(self._sheets)}
        lacking = [
            leaf.columns[0].heading
            for leaf in self._sheets.leaves
            if leaf.path[0] in self._register.key and leaf.path[0] not in there
        ]
        if lacking:
            raise limits.refused(f"缺少“{'”“'.join(lacking)}”一列：没有它无法判断是新增还是修改。")

    def _present(self, found: Heads) -> list[list[str]]:
        paths = [list(leaf.path) for leaf in found.leaves(self._sheets)]
        return paths + [list(sheet.place) for sheet in self._sheets.groups if sheet.title in self._groups]

    def _headings(self) -> dict[str, list[str]]:
        return {sheet.title: [column.heading for column in sheet.columns] for sheet in self._sheets.walk()}

    # -- one row ---

    def _record(self, number: int, cells: list[Cell], found: Heads) -> Row:
        row = Row(number, self._sheets.title)
        row.values, row.problems = self._values(self._sheets, found, cells)
        row.problems = list(row.problems)
        for name, field in (
            (layout.RECORD, "record"), (layout.VERSION, "version"), (layout.OWNER_CODE, "owner_code"),
            (layout.AGENCY, "agency"),
        ):  # fmt: skip
            setattr(row, field, plain(found.cell(cells, name)).lstrip("'"))
        row.owner_code = row.owner_code.upper()
        info = [row.record, row.owner_code, row.agency]
        own = plain(found.cell(cells, layout.NUMBER))
        row.cells = {self._sheets.title: [[own, *info, *_as_sent(self._sheets, found, cells)]]}
        if own and self._groups:
            first = self._numbers.setdefault(own, number)
            if first != number:
                row.problems.append(
                    Problem(layout.NUMBER, f"行号 {own} 与第 {first} 行相同。", "请改为不同的行号。")
                )
            else:
                self._gather(self._sheets, own, row, row.values, "")
        for place in range(found.width, len(cells)):
            if not is_empty(cells[place]):
                row.problems.append(
                    Problem(
                        "",
                        f"表头以外的第 {place + 1} 列有内容“{plain(cells[place])[:20]}”。",
                        "请删去，或移到有表头的列。",
                    )
                )
        self._refuse_twice(row)
        return row

    def _values(self, sheet: Sheet, found: Heads, cells: list[Cell]) -> tuple[dict[str, Any], list[Problem]]:
        values: dict[str, Any] = {}
        problems: list[Problem] = []
        for number, places in found.fields.items():
            leaf = sheet.leaves[number]
            if not leaf.taken:
                continue
            parts = {part: cells[place] if place < len(cells) else None for part, place in places.items()}
            try:
                value = read(leaf.field, parts, self._words.get(leaf.field.to))
            except Unreadable as exc:
                problems.append(Problem(leaf.columns[0].heading.lstrip("*"), str(exc)))
                continue
            if value is not None:
                put(values, leaf.path, value)
        return values, problems

    def _refuse_twice(self, row: Row) -> None:
        """A record occurs once in a file: twice would be made twice, or the later one would win unseen."""
        register = self._register
        key: Any
        if row.record:
            key = row.record
        elif register.single:
            key = "single"
        elif register.key:
            key = [row.values.get(name) for name in register.key]
            if any(value is None for value in key):
                return
        elif row.problems:
            return
        else:
            key = row.values
        mark = msgspec.json.encode([row.owner_code, row.agency, key], order="sorted")
        first = self._seen.setdefault(mark, row.number)
        if first != row.number:
            names = [leaf for leaf in self._sheets.leaves if leaf.path[0] in register.key]
            column = names[0].columns[0].heading.lstrip("*") if names else ""
            row.problems.append(Problem(column, f"与第 {first} 行重复。", "请只保留一行。"))

    # -- repeated groups ---

    def _read_group(self, sheet: Sheet, rows: Iterator[tuple[int, list[Cell]]], before: int) -> int:
        found = heads.find(sheet, rows)
        if found is None:
            return 0
        group = _Group(sheet, found, {}, {})
        count = 0
        for number, cells in rows:
            count += 1
            if before + count > _MOST_GROUP_ROWS:
                raise limits.refused(f"分表的行数超过 {_MOST_GROUP_ROWS} 行，请拆分为几个文件。")
            row = Row(number, sheet.title)
            row.values, row.problems = self._values(sheet, found, cells)
            parent = plain(found.cell(cells, layout.PARENT))
            own = plain(found.cell(cells, layout.NUMBER))
            row.cells = {sheet.title: [[parent, own, *_as_sent(sheet, found, cells)]]}
            group.waiting.setdefault(parent, []).append(row)
            group.numbers[number] = own
        if count:
            # A sheet without any row says nothing: what is stored stays.
            if layout.PARENT not in found.info:
                raise limits.refused(f"工作表“{sheet.title}”缺少“{layout.PARENT}”一列。")
            self._groups[sheet.title] = group
        return count

    def _gather(self, sheet: Sheet, own: str, row: Row, values: dict[str, Any], where: str) -> None:
        """Puts the rows of the groups below a row into its values."""
        for below in sheet.groups:
            group = self._groups.get(below.title)
            entries = group.waiting.pop(own, []) if group and own else []
            if group is None or not entries:
                continue
            name = where + ".".join(below.place)
            put(values, below.place, [entry.values for entry in entries])
            row.groups[name] = [entry.number for entry in entries]
            for index, entry in enumerate(entries):
                row.cells.setdefault(below.title, []).extend(entry.cells[below.title])
                row.problems += [
                    Problem(f"{below.title}·第 {entry.number} 行·{p.column}", p.problem, p.remedy)
                    for p in entry.problems
                ]
                self._gather(below, group.numbers[entry.number], row, entry.values, f"{name}[{index}].")

    def _orphans(self, parents: set[str]) -> Iterator[Row]:
        top = {sheet.title for sheet in self._sheets.groups}
        for title, group in self._groups.items():
            above = parents if title in top else self._numbers_above(title)
            for parent in [parent for parent in group.waiting if not parent or parent not in above]:
                for row in group.waiting.pop(parent):
                    words = f"没有行号为“{parent}”的一行。" if parent else "没有填写所属行号。"
                    row.problems = [*row.problems, Problem(layout.PARENT, words, "请填写它所属的行的行号。")]
                    yield row

    def _numbers_above(self, title: str) -> set[str]:
        for group in self._groups.values():
            if any(below.title == title for below in group.sheet.groups):
                return set(group.numbers.values())
        return set()


def put(values: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Puts a value at its place, making the blocks above it."""
    for name in path[:-1]:
        values = values.setdefault(name, {})
    values[path[-1]] = value


def _as_sent(sheet: Sheet, found: Heads, cells: list[Cell]) -> list[Any]:
    sent: list[Any] = []
    for number, leaf in enumerate(sheet.leaves):
        for column in leaf.columns:
            place = found.fields.get(number, {}).get(column.part)
            sent.append(_kept(cells[place]) if place is not None and place < len(cells) else None)
    return sent


def _kept(cell: Cell) -> Any:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell
    return (cell if isinstance(cell, str) else plain(cell)) or None


def column_of(sheets: Sheet, row: Row, place: str) -> str:
    """The column of a place that a check named, "trucks[2].load", in the words of the sheet."""
    sheet, prefix, rest = sheets, "", place
    where = ""
    while True:
        group = _group_in(sheet, rest)
        if group is None:
            break
        head, _, rest = rest.partition("]")
        name, _, index = head.partition("[")
        rest = rest.lstrip(".")
        numbers = row.groups.get(prefix + name, [])
        at = int(index) if index.isdigit() else -1
        line = f"第 {numbers[at]} 行·" if 0 <= at < len(numbers) else ""
        where, prefix, sheet = f"{group.title}·{line}", f"{prefix}{name}[{index}].", group
    leaf = _leaf_at(sheet, rest)
    return where + (leaf.columns[0].heading.lstrip("*") if leaf else "") if leaf or where else ""


def _group_in(sheet: Sheet, place: str) -> Sheet | None:
    name = place.partition("[")[0]
    return next((group for group in sheet.groups if ".".join(group.place) == name), None)


def _leaf_at(sheet: Sheet, place: str) -> Leaf | None:
    for leaf in sheet.leaves:
        path = ".".join(leaf.path)
        if place == path or place.startswith(f"{path}."):
            return leaf
    return (
        next((leaf for leaf in sheet.leaves if ".".join(leaf.path).startswith(f"{place}.")), None)
        if place
        else None
    )
