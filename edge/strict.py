"""Turns parsed TOML into frozen Structs and names every bad key at once, each with its place and a remedy."""

import difflib
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

import msgspec

_S = TypeVar("_S", bound=msgspec.Struct)


class Problem(msgspec.Struct, frozen=True):
    """One thing wrong in a configuration: where it stands, what is wrong, and what would be right."""

    file: str
    place: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        """Show it on one line, as a person reads it."""
        return f"{self.file}: {self.place}: {self.problem}; {self.remedy}"


class Problems:
    """Collects the problems of one reading; `file` is prefixed to each."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Problem] = []

    def add(self, place: str, problem: str, remedy: str, file: str | None = None) -> None:
        """Note a problem at `place` (`$.buses[0].units[1]`)."""
        found = Problem(file or self.file, place, problem, remedy)
        if found not in self.found:
            self.found.append(found)


Variants = Mapping[type, Callable[[dict[str, Any], str, Problems], type[msgspec.Struct] | None]]


def read(
    kind: type[_S], raw: object, place: str, problems: Problems, variants: Variants | None = None
) -> _S | None:
    """Build one Struct from a parsed table; nested Structs and lists of Structs likewise.

    Args:
        kind: a msgspec Struct whose annotations may carry `msgspec.Meta` limits.
        raw: what the TOML parser gave for this place.
        place: where it stands, `$` for the whole file.
        problems: takes every unknown, missing and unusable key.
        variants: for a Struct that stands for several, what chooses one of them by the table's content.

    Returns:
        The Struct, or None when anything below `place` was wrong.
    """
    if not isinstance(raw, dict):
        problems.add(
            place, f"{_shown(raw)} is not a table", f"write a table with the keys {_names(_keys(kind))}"
        )
        return None
    before = len(problems.found)
    if variants is not None and kind in variants:
        chosen = variants[kind](raw, place, problems)
        return None if chosen is None else cast("_S | None", read(chosen, raw, place, problems, variants))
    hints = typing.get_type_hints(kind, include_extras=True)
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    for key in raw:
        if key not in fields:
            problems.add(f"{place}.{key}", "unknown key", _suggestion(key, fields))
    values: dict[str, Any] = {}
    for key, field in fields.items():
        if key in raw:
            values[field.name] = _value(hints[field.name], raw[key], f"{place}.{key}", problems, variants)
        elif field.required:
            problems.add(f"{place}.{key}", "missing", f"add it: {_wanted(hints[field.name])}")
    if len(problems.found) > before:
        return None
    return kind(**values)


def _value(hint: Any, raw: object, place: str, problems: Problems, variants: Variants | None) -> Any:
    inner = _unwrapped(hint)
    if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
        return read(inner, raw, place, problems, variants)
    origin, args = typing.get_origin(inner), typing.get_args(inner)
    if origin in (list, tuple) and args and _is_struct(args[0]) and isinstance(raw, list):
        items = [_value(args[0], item, f"{place}[{i}]", problems, variants) for i, item in enumerate(raw)]
        return tuple(items) if origin is tuple else items
    if origin is dict and _is_struct(args[1]) and isinstance(raw, dict):
        known = typing.get_args(args[0])  # the choices of a Literal; () when any text is a key
        for key in raw:
            if known and key not in known:
                problems.add(f"{place}.{key}", "unknown key", _suggestion(key, known))
        return {key: _value(args[1], item, f"{place}.{key}", problems, variants) for key, item in raw.items()}
    try:
        return msgspec.convert(raw, hint)
    except msgspec.ValidationError as exc:
        wanted = str(exc).replace("`", "").replace(" - at $", ", at item ")
        if typing.get_origin(_unwrapped(hint)) is typing.Literal:
            wanted = _wanted(hint)
        elif isinstance(raw, str) and (described := _described(hint)):
            wanted = f"write {described}"
        problems.add(place, f"{_shown(raw)} cannot be used", wanted[:1].lower() + wanted[1:] or _wanted(hint))
        return None


def _unwrapped(hint: Any) -> Any:
    """Take `Annotated` and `| None` off."""
    if typing.get_origin(hint) is typing.Annotated:
        return _unwrapped(typing.get_args(hint)[0])
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        rest = [arg for arg in typing.get_args(hint) if arg is not type(None)]
        if len(rest) == 1:
            return _unwrapped(rest[0])
    return hint


def _described(hint: Any) -> str:
    """Return what a text has to look like in words, where its `Meta` says it: a pattern is for machines."""
    if typing.get_origin(hint) is typing.Annotated:
        return next((m.description for m in hint.__metadata__ if getattr(m, "description", None)), "")
    return next((words for arg in typing.get_args(hint) if (words := _described(arg))), "")


def _is_struct(hint: Any) -> bool:
    inner = _unwrapped(hint)
    return isinstance(inner, type) and issubclass(inner, msgspec.Struct)


def _keys(kind: type[msgspec.Struct]) -> list[str]:
    return [field.encode_name for field in msgspec.structs.fields(kind)]


def _wanted(hint: Any) -> str:
    inner = _unwrapped(hint)
    if typing.get_origin(inner) is typing.Literal:
        return "one of " + _names([repr(choice) for choice in typing.get_args(inner)])
    if _is_struct(inner):
        return f"a table with the keys {_names(_keys(inner))}"
    words = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
    return words.get(inner, "a list" if typing.get_origin(inner) in (list, tuple) else "a value")


def _suggestion(key: str, known: Sequence[str] | dict[str, Any]) -> str:
    close = difflib.get_close_matches(key, list(known), n=1)
    if close:
        return f"did you mean {close[0]!r}? Known here: {_names(known)}"
    return f"remove it; known here: {_names(known)}"


def _names(names: Sequence[str] | dict[str, Any]) -> str:
    return ", ".join(names)


def _shown(raw: object) -> str:
    text = repr(raw)
    return text if len(text) <= 60 else text[:57] + "..."
