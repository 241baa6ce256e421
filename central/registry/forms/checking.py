"""Checks what somebody filled in against a declaration, and names every bad field at once."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import msgspec

from central.db.errors import FieldProblem
from central.registry.forms.fields import NONE, OTHER, Field
from central.registry.forms.register import Bound, fields_of
from central.registry.forms.values import OTHER_LONGEST, Chosen, File, Several, Span, degrees

if TYPE_CHECKING:
    from msgspec import Struct

_DEPTH = 4  # a block of groups of choices is not deeper; what is deeper is not empty but wrong


def check(
    record: type[Struct], given: object, *, submitted: bool
) -> tuple[dict[str, Any], list[FieldProblem]]:
    """Reads a form.

    Args:
        record: the Struct of the register.
        given: what came, as JSON builtins.
        submitted: whether everything that is required must be there; a draft may lack it.

    Returns:
        The clean values as builtins, without empty ones, fit for the store; and every problem, each with its
        place as "teams[2].name". Values are to be kept only when there is no problem.
    """
    problems: list[FieldProblem] = []
    clean = _block(record, given, "", submitted, problems)
    return clean, problems


def _block(
    record: type[Struct], given: object, where: str, submitted: bool, problems: list[FieldProblem]
) -> dict[str, Any]:
    if not isinstance(given, dict):
        problems.append(FieldProblem(where.rstrip("."), "应是一组栏目。", "请按栏目填写。"))
        return {}
    bounds = fields_of(record)
    known = {bound.name for bound in bounds}
    problems += [
        FieldProblem(f"{where}{name}", "没有这一栏。", "请删去，或核对模板。")
        for name in given
        if name not in known
    ]
    clean: dict[str, Any] = {}
    for bound in bounds:
        value = given.get(bound.name)
        asked = _asked(bound.field, bounds, given)
        if _is_empty(value):
            if submitted and asked and bound.field.required:
                problems.append(FieldProblem(f"{where}{bound.name}", f"“{bound.field.zh}”必须填写。"))
            continue
        if asked is False:
            on = _on(bound.field, bounds)
            words = f"仅当“{on.field.zh}”为“{_names(on.field, bound.field)}”时填写。"
            problems.append(FieldProblem(f"{where}{bound.name}", words, "请删去，或改正前面的选择。"))
            continue
        read = _value(bound, value, f"{where}{bound.name}", submitted, problems)
        if not _is_empty(read):
            clean[bound.name] = read
    return clean


def _is_empty(value: object, depth: int = _DEPTH) -> bool:
    """Whether nothing was filled in: forms send rows, blocks and choices of empty boxes too."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return True
    if isinstance(value, dict):
        return not value or (depth > 0 and all(_is_empty(part, depth - 1) for part in value.values()))
    if isinstance(value, list):
        return not value or (depth > 0 and all(_is_empty(part, depth - 1) for part in value))
    return False


def _on(field: Field, bounds: tuple[Bound, ...]) -> Bound:
    """The field on which this one depends."""
    return next(other for other in bounds if field.when and other.name == field.when.field)


def _asked(field: Field, bounds: tuple[Bound, ...], given: dict[str, Any]) -> bool | None:
    """Whether a field is asked; None when what it depends on cannot be read and has its own problem."""
    if field.when is None:
        return True
    on = _on(field, bounds)
    value = given.get(on.name)
    if _is_empty(value):
        return False
    try:
        read = msgspec.convert(_tidy(on.field, value), on.type, strict=False)
    except (msgspec.ValidationError, ValueError):
        return None
    match read:
        case bool():
            codes = {"yes" if read else "no"}
        case Chosen(choice=code):
            codes = {code}
        case Several(choices=found):
            codes = set(found)
        case _:
            codes = set()
    return not codes.isdisjoint(field.when.values)


def _names(on: Field, field: Field) -> str:
    assert field.when is not None
    words = {"yes": "是", "no": "否", **{choice.code: choice.zh for choice in on.choices}}
    return "、".join(words[code] for code in field.when.values)


def _value(bound: Bound, value: object, where: str, submitted: bool, problems: list[FieldProblem]) -> Any:
    field = bound.field
    if field.kind == "block":
        assert bound.inside is not None
        return _block(bound.inside, value, f"{where}.", submitted, problems)
    if field.kind == "group":
        return _group(bound, value, where, submitted, problems)
    try:
        read = msgspec.convert(_tidy(field, value), bound.type, strict=False)
    except (msgspec.ValidationError, ValueError):  # ValueError: more digits than Python reads
        problems.append(FieldProblem(where, f"“{field.zh}”{_EXPECTED[field.kind]}"))
        return None
    wrong = _problem(field, read)
    kept = msgspec.to_builtins(_rounded(field, read))
    if wrong is None and _unkept(kept):
        wrong = f"“{field.zh}”含有不能保存的字符。"
    if wrong:
        problems.append(FieldProblem(where, wrong))
        return None
    return kept


def _unkept(value: object) -> bool:
    """Whether PostgreSQL would refuse the value: it keeps neither NUL nor half a character."""
    match value:
        case str():
            return any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in value)
        case dict():
            return any(_unkept(part) for part in value.values())
        case list():
            return any(_unkept(part) for part in value)
        case _:
            return False


def _group(bound: Bound, value: object, where: str, submitted: bool, problems: list[FieldProblem]) -> Any:
    assert bound.inside is not None
    if not isinstance(value, list):
        problems.append(FieldProblem(where, f"“{bound.field.zh}”应是若干行。"))
        return None
    if len(value) > bound.field.longest:
        problems.append(FieldProblem(where, f"“{bound.field.zh}”最多 {bound.field.longest} 行。"))
        return None
    rows = [
        _block(bound.inside, row, f"{where}[{place}].", submitted, problems)
        for place, row in enumerate(value)
        if not _is_empty(row)
    ]
    return [row for row in rows if row]


def _tidy(field: Field, value: object) -> object:
    """What people write, as the kind has it: no blanks around words, degrees of a map as a number."""
    if isinstance(value, str):
        return value.strip()
    if field.kind == "spot" and isinstance(value, dict):
        return {name: degrees(part) if isinstance(part, str) else part for name, part in value.items()}
    return value


_EXPECTED = {
    "text": "应为文字。", "long-text": "应为文字。", "number": "应为数字。", "whole": "应为整数。",
    "day": "应为日期，例如 2026-01-31。", "span": "应为起止日期，例如 2026-01-01 至 2028-12-31。",
    "yes-no": "应为是或否。", "choice": "应从选项中选一项。", "choices": "应从选项中选择。",
    "spot": "应为地图上的位置：经度、纬度，例如 112.4536、34.6197，或 112°27′13″、34°37′11″。",
    "mark": "应为图上的一点。",
    "link": "应从列表中选择。", "file": "应为已上传的文件。", "picture": "应为已上传的图片。",
}  # fmt: skip


def _problem(field: Field, value: Any) -> str | None:
    """What is wrong with a value of the right type; None when nothing is."""
    match value:
        case str():
            wrong = _text_problem(field, value)
        case bool():
            wrong = None
        case int() | float():
            wrong = _number_problem(field, value)
        case Span(start=start, end=end) if end is not None and end < start:
            wrong = f"“{field.zh}”的结束日期早于开始日期。"
        case Chosen(choice=code, other=other):
            wrong = _choice_problem(field, [code], other)
        case Several(choices=codes, other=other):
            wrong = _choice_problem(field, codes, other)
        case [File(), *_] if len(value) > field.longest:
            wrong = f"“{field.zh}”最多 {field.longest} 个文件。"
        case _:
            wrong = None
    if wrong is None and field.check is not None:
        wrong = field.check(value)
    return wrong


def _text_problem(field: Field, value: str) -> str | None:
    if len(value) > field.longest:
        return f"“{field.zh}”最多 {field.longest} 个字，现有 {len(value)} 个。"
    if field.kind == "text" and ("\n" in value or "\r" in value):
        return f"“{field.zh}”只能写一行。"
    if field.pattern and not re.fullmatch(field.pattern, value):
        return f"“{field.zh}”{field.pattern_words or '格式不正确。'}"
    return None


def _number_problem(field: Field, value: float) -> str | None:
    if not math.isfinite(value):
        return f"“{field.zh}”应为数字。"
    unit = f" {field.unit}" if field.unit else ""
    if field.low is not None and value < field.low:
        return f"“{field.zh}”不能小于 {field.low:g}{unit}。"
    if field.high is not None and value > field.high:
        return f"“{field.zh}”不能大于 {field.high:g}{unit}。"
    return None


def _choice_problem(field: Field, codes: list[str], other: str) -> str | None:
    known = {choice.code: choice.zh for choice in field.choices}
    strange = [code for code in codes if code not in known]
    if strange:
        return f"“{field.zh}”没有选项“{strange[0]}”，可选：{'、'.join(known.values())}。"
    if len(set(codes)) < len(codes):
        return f"“{field.zh}”同一选项只能选一次。"
    if NONE in codes and len(codes) > 1:
        return f"“{field.zh}”选择“{known[NONE]}”时不能再选其他选项。"
    if OTHER in codes and not other.strip():
        return f"“{field.zh}”选择“{known[OTHER]}”时请写明。"
    if other and OTHER not in codes:
        return f"“{field.zh}”选择“其他”时才写明。"
    if len(other) > OTHER_LONGEST:
        return f"“{field.zh}”写明的内容最多 {OTHER_LONGEST} 个字，现有 {len(other)} 个。"
    return None


def _rounded(field: Field, value: Any) -> Any:
    return round(value, field.decimals) if field.kind == "number" else value
