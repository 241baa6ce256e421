"""How a register lies in a table: its sheets, their columns and the heads by which they are found again.

A field is one column, or two: a span has a beginning and an end, a place two degrees, a choice that knows
"other" one for the words. A block is a run of columns under one head; a repeated group is a sheet of its own,
whose rows name the row that they belong to.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

from central.registry.forms.fields import OTHER, Field
from central.registry.forms.register import Register, fields_of

if TYPE_CHECKING:
    from collections.abc import Iterator

NUMBER, PARENT = "行号", "所属行号"
RECORD, STATE = "记录编号", "状态（仅供查看）"
# Which state of the record a row was taken from; an import compares it.
VERSION = "版本（请勿改动）"
OWNER_CODE, OWNER_NAME = "所属企业（统一社会信用代码）", "所属单位名称（仅供查看）"
AGENCY = "所属机构（名称）"
PROBLEMS, FORMER_ROW = "错误说明", "原行号"
# Columns that say something to people and nothing to the import.
SHOWN_ONLY = (STATE, OWNER_NAME, PROBLEMS, FORMER_ROW)
_LONGEST_TITLE = 28  # Excel allows 31; a number may follow
_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\']")

_PARTS = {
    "span": (("from", "（起）"), ("to", "（止）")),
    "spot": (("longitude", "（经度，°）"), ("latitude", "（纬度，°）")),
    "mark": (("x", "（图上横向位置，0 至 1）"), ("y", "（图上纵向位置，0 至 1）")),
}


class Column(Struct, frozen=True):
    """One column of a field.

    Attributes:
        heading: as it stands in the head, with the blocks above it, the unit, and a star when required.
        block: the outermost block, as the line above the heads names it; empty outside of blocks.
        part: "", "other", "from", "to", "longitude", "latitude", "x" or "y".
    """

    heading: str
    block: str
    part: str


class Leaf(Struct, frozen=True):
    """A field with its place inside a row of the sheet: ("permits", "mining", "number")."""

    path: tuple[str, ...]
    field: Field
    columns: tuple[Column, ...]

    @property
    def taken(self) -> bool:
        """Whether an import takes it: files do not travel in a table."""
        return self.field.kind not in {"file", "picture"}


class Sheet(Struct, frozen=True):
    """One table.

    Attributes:
        title: its name in the workbook.
        place: where its rows stand in a row of the sheet above; empty for the records themselves.
        leaves: its fields in the order of the document.
        groups: the sheets whose rows belong to rows of this one.
    """

    title: str
    place: tuple[str, ...]
    leaves: tuple[Leaf, ...]
    groups: tuple[Sheet, ...]

    @property
    def columns(self) -> list[Column]:
        """The columns of its fields from left to right."""
        return [column for leaf in self.leaves for column in leaf.columns]

    def walk(self) -> Iterator[Sheet]:
        """This sheet and all below it, as they lie in the workbook."""
        yield self
        for group in self.groups:
            yield from group.walk()


@cache
def laid_out(register: Register) -> Sheet:
    """The sheets of a register; the records themselves come first."""
    return _sheet(register.record, register.zh, (), set(), ("填写说明", "选项"))


def _sheet(
    record: type[Struct], title: str, place: tuple[str, ...], titles: set[str], reserved: tuple[str, ...]
) -> Sheet:
    own_title = _free(_NOT_IN_TITLES.sub(" ", title).strip()[:_LONGEST_TITLE], titles | set(reserved))
    titles.add(own_title)
    heads = {normal(word) for word in (NUMBER, PARENT, RECORD, VERSION, OWNER_CODE, AGENCY, *SHOWN_ONLY)}
    leaves: list[Leaf] = []
    groups: list[Sheet] = []

    def walk(inside: type[Struct], path: tuple[str, ...], blocks: tuple[str, ...]) -> None:
        for bound in fields_of(inside):
            at = (*path, bound.name)
            if bound.field.kind == "block":
                assert bound.inside is not None
                walk(bound.inside, at, (*blocks, bound.field.zh))
            elif bound.field.kind == "group":
                assert bound.inside is not None
                groups.append(_sheet(bound.inside, bound.field.zh, at, titles, reserved))
            else:
                leaves.append(Leaf(at, bound.field, tuple(_columns(bound.field, blocks, heads))))

    walk(record, (), ())
    return Sheet(own_title, place, tuple(leaves), tuple(groups))


def _columns(field: Field, blocks: tuple[str, ...], heads: set[str]) -> Iterator[Column]:
    name = "·".join((*blocks, field.zh))
    star = "*" if field.required and field.when is None else ""
    block = blocks[0] if blocks else ""

    def column(heading: str, part: str, mark: str = star) -> Column:
        free = _free(heading, heads, normal)
        heads.add(normal(free))
        return Column(mark + free, block, part)

    if field.kind in _PARTS:
        for part, words in _PARTS[field.kind]:
            yield column(name + words, part, "" if part == "to" else star)
    elif field.kind in {"file", "picture"}:
        yield column(f"{name}（仅供查看，附件在页面上传）", "", "")
    else:
        yield column(f"{name}（{field.unit}）" if field.unit else name, "")
        if any(choice.code == OTHER for choice in field.choices):
            yield column(f"{name}：其他请写明", "other", "")


def _free(word: str, taken: set[str], key: object = None) -> str:
    """The word, or the word with the first number that is free."""
    norm = normal if key is normal else str
    found, number = word, 2
    while norm(found) in taken:
        found, number = f"{word} {number}", number + 1
    return found


def normal(heading: str) -> str:
    """A head as it is compared: without star and blanks, full-width signs as half-width ones."""
    folded = unicodedata.normalize("NFKC", heading)
    return re.sub(r"[\s\u200b-\u200d\ufeff]+", "", folded).lstrip("*★").lower()


def without_unit(heading: str) -> str:
    """A compared head without what stands in brackets at its end."""
    return re.sub(r"\([^()]*\)$", "", normal(heading))
