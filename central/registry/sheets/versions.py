"""What a row of a file says beside what its record has become since the file was taken away.

Compared field by field: as it was taken away, as it is now, as the row has it. Who changed nothing undoes
nothing, and two who changed different rows never meet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct

from central.registry.sheets import cells, merging
from central.registry.sheets.export import at, names_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from central.registry.sheets.layout import Leaf, Sheet

_TOLD = 6  # fields that a report names
_LONGEST = 40


class Difference(Struct, frozen=True):
    """Paths of what the row changes, of what was changed meanwhile, and a line for each that differs now."""

    yours: list[list[str]]
    theirs: list[list[str]]
    lines: list[str]


def compared(
    sheet: Sheet,
    present: Sequence[Sequence[str]],
    base: dict[str, Any] | None,
    now: dict[str, Any],
    given: dict[str, Any],
    words: Mapping[str, Mapping[str, str]],
) -> Difference:
    """Compares a row with its record.

    Args:
        sheet: of the records.
        present: paths of the fields and groups that the file has.
        base: the values when the file was taken away, as the person saw them; None where nobody knows.
        now: the values of today, as the person sees them.
        given: the values of the row.
        words: code of each word of the dictionaries, by `Field.to`.
    """
    there = {tuple(path) for path in present}
    image_now = merging.image(sheet, now, words)
    image_base = None if base is None else merging.image(sheet, base, words)
    names = names_of(words)
    yours: list[list[str]] = []
    theirs: list[list[str]] = []
    lines: list[str] = []

    def look(path: tuple[str, ...], title: str, told: tuple[str, str]) -> None:
        mine, today = at(given, path), at(image_now, path)
        # Of a file whose beginning nobody knows everything that differs is the row's doing and somebody's.
        mine_changed = mine != today and (image_base is None or mine != at(image_base, path))
        if mine_changed:
            yours.append(list(path))
        if mine != today if image_base is None else today != at(image_base, path):
            theirs.append(list(path))
        if mine_changed:
            lines.append(f"{title}：您填“{told[0]}”，现为“{told[1]}”")

    for leaf in sheet.leaves:
        if leaf.path in there and leaf.taken:
            told = (_text(leaf, at(given, leaf.path), names), _text(leaf, at(now, leaf.path), names))
            look(leaf.path, leaf.columns[0].heading.lstrip("*"), told)
    for group in sheet.groups:
        if group.place in there:
            counts = (len(at(given, group.place) or ()), len(at(now, group.place) or ()))
            look(group.place, group.title, (f"{counts[0]} 行", f"{counts[1]} 行"))
    more = [f"另有 {len(lines) - _TOLD} 项不同"] if len(lines) > _TOLD else []
    return Difference(yours, theirs, [*lines[:_TOLD], *more])


def titles(sheet: Sheet, paths: Sequence[Sequence[str]]) -> str:
    """What some paths are called in the head of the table."""
    wanted = {tuple(path) for path in paths}
    found = [leaf.columns[0].heading.lstrip("*") for leaf in sheet.leaves if leaf.path in wanted]
    found += [group.title for group in sheet.groups if group.place in wanted]
    more = f"等 {len(found)} 项" if len(found) > _TOLD else ""
    return "、".join(found[:_TOLD]) + more


def _text(leaf: Leaf, value: Any, names: Mapping[str, Mapping[str, str]]) -> str:
    parts = [
        cells.plain(cells.write(leaf.field, value, column.part, names.get(leaf.field.to))).lstrip("'")
        for column in leaf.columns
    ]
    text = " ".join(part for part in parts if part)
    return text[:_LONGEST] + ("…" if len(text) > _LONGEST else "") if text else "空"
