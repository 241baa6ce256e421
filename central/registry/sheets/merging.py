"""What a row of a file makes of a record that is there: what the file does not carry stays as it is kept.

A value that comes back as the table shows it is the kept one, to the letter: files, words of a link, blanks
that no cell holds, and numbers that were masked for whoever took them away.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from central.registry.sheets.cells import Unreadable, read, write
from central.registry.sheets.reading import put

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from central.registry.sheets.layout import Leaf, Sheet


def merged(
    sheet: Sheet,
    present: Sequence[Sequence[str]],
    kept: dict[str, Any],
    shown: dict[str, Any],
    given: dict[str, Any],
    words: Mapping[str, Mapping[str, str]],
) -> dict[str, Any]:
    """The values that a record shall have.

    Args:
        sheet: of the records.
        present: paths of the fields and groups that the file has.
        kept: the values as they are stored.
        shown: the same as whoever imports sees them, with personal numbers masked perhaps.
        given: the values of the row.
        words: code of each word of the dictionaries, by `Field.to`.
    """
    there = {tuple(path) for path in present}
    result = copy.deepcopy(kept)
    for leaf in sheet.leaves:
        if leaf.path in there and leaf.taken:
            _take(result, leaf, shown, given, words)
    for group in sheet.groups:
        if group.place in there:
            rows = _rows(
                group, _at(kept, group.place), _at(shown, group.place), _at(given, group.place), words
            )
            _set(result, group.place, rows)
    return result


def image(sheet: Sheet, values: dict[str, Any], words: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The values as they would come back from a table."""
    result: dict[str, Any] = {}
    for leaf in sheet.leaves:
        value = _image(leaf, _at(values, leaf.path), words)
        if value is not None:
            put(result, leaf.path, value)
    for group in sheet.groups:
        rows = _at(values, group.place)
        if isinstance(rows, list) and rows:
            put(result, group.place, [image(group, row, words) for row in rows])
    return result


def _take(
    result: dict[str, Any],
    leaf: Leaf,
    shown: dict[str, Any],
    given: dict[str, Any],
    words: Mapping[str, Mapping[str, str]],
) -> None:
    value = _at(given, leaf.path)
    if value != _image(leaf, _at(shown, leaf.path), words):
        _set(result, leaf.path, value)


def _rows(
    group: Sheet, kept: Any, shown: Any, given: Any, words: Mapping[str, Mapping[str, str]]
) -> list[dict[str, Any]] | None:
    """Rows of a group: each given one with the kept one that looks the same, or stands at its place."""
    kept, shown, given = kept or [], shown or [], given or []
    looks = [image(group, row, words) for row in shown]
    free = set(range(len(kept)))
    chosen: list[int | None] = []
    for row in given:
        same = next((place for place in sorted(free) if looks[place] == row), None)
        free.discard(-1 if same is None else same)
        chosen.append(same)
    result = []
    everything = [list(leaf.path) for leaf in group.leaves] + [list(below.place) for below in group.groups]
    for place, row in enumerate(given):
        same = chosen[place]
        if same is not None:
            result.append(kept[same])
        elif place in free:
            result.append(merged(group, everything, kept[place], shown[place], row, words))
        else:
            result.append(row)
    return result or None


def _image(leaf: Leaf, value: Any, words: Mapping[str, Mapping[str, str]]) -> Any:
    if value is None or not leaf.taken:
        return None
    codes = words.get(leaf.field.to, {})
    names = {code: word for word, code in codes.items()}
    cells = {column.part: write(leaf.field, value, column.part, names) for column in leaf.columns}
    try:
        return read(leaf.field, cells, codes)
    except Unreadable:
        return None


def _at(values: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        values = values.get(name) if isinstance(values, dict) else None
    return values


def _set(values: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    if value is not None:
        put(values, path, value)
        return
    inside: Any = values
    for name in path[:-1]:
        inside = inside.get(name) if isinstance(inside, dict) else None
    if isinstance(inside, dict):
        inside.pop(path[-1], None)
