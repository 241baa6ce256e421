"""One value of a field in cells of a table, there and back.

Text that a spreadsheet would take for a formula gets an apostrophe in front, and loses it again here. What
people type is read generously where it can mean one thing only, and refused in words where it cannot.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from central.registry.forms.fields import OTHER, Choice, Field
from central.registry.forms.values import degrees

if TYPE_CHECKING:
    from collections.abc import Mapping


class Odd(Struct, frozen=True, tag=True):
    """A cell whose number alone would mislead.

    `kind`: percent (the value is a hundredth of what is shown), formula (it has no calculated value), error
    (#DIV/0! …), merged (it lies under a merged one).
    """

    kind: str
    value: float | str | None = None


Cell: TypeAlias = "str | int | float | bool | date | datetime | time | timedelta | Odd | None"

_BLANKS = " \t\r\n\f\v\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"
_RISKY = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
# XML knows none of these signs, so that no workbook holds them.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SEPARATORS = re.compile(r"[;；|\n]+")
_MORE_SEPARATORS = re.compile(r"[,，、]+")
_LINK = re.compile(r"(?P<label>.*?)\s*〔(?P<id>[^〔〕]+)〕", re.DOTALL)
_DAY = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?"
    r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_PLAIN_DAY = re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})")
_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:[,，]\d{3})+)?(?:\.\d+)?(?:[eE][+-]?\d+)?")
_ENDLESS = {"长期", "长期有效", "永久", "无固定期限", "无期限"}
_YES = {"是", "有", "y", "yes", "true", "1", "√", "对"}
_NO = {"否", "无", "n", "no", "false", "0", "×", "x", "错"}
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 80_000  # 1927 to 2119; below may be a year, a count, anything
_EXACT = 10**15  # Excel keeps fifteen digits
_ODD = {
    "formula": "公式没有计算结果，请用表格软件打开并保存后再导入，或直接填写数值。",
    "error": "公式出错，请改为正确的内容。",
    "merged": "单元格被合并，请取消合并，逐行填写。",
    "percent": "单元格是百分比格式，请改为普通格式后填写。",
}


class Unreadable(Exception):
    """A cell that means nothing here; the words say why and what would be right."""


# -- out ---


def write(field: Field, value: Any, part: str, words: Mapping[str, str] | None = None) -> Cell:
    """What stands in the cell of one part of a value.

    Args:
        field: of the value.
        value: as stored; None leaves the cell empty.
        part: of a value in two columns.
        words: of a link to a dictionary, what each code is called today.
    """
    if value is None:
        return None
    try:
        return _written(field, value, part, words or {})
    except (KeyError, TypeError, ValueError, AttributeError):
        # What an older declaration kept is shown as it is; it is refused when it comes back.
        return None if part else guarded(str(value))


def _written(  # noqa: PLR0911 one kind a line
    field: Field, value: Any, part: str, words: Mapping[str, str]
) -> Cell:
    match field.kind:
        case "text" | "long-text":
            return guarded(value)
        case "number" | "whole":
            return float(value) if field.kind == "number" else int(value)
        case "day":
            return date.fromisoformat(value)
        case "span" | "spot" | "mark":
            found = value.get(part)
            return date.fromisoformat(found) if field.kind == "span" and found else found
        case "yes-no":
            return "是" if value else "否"
        case "choice":
            return guarded(value.get("other", "")) if part else shown(field)[value["choice"]]
        case "choices":
            names = shown(field)
            chosen = "；".join(names[code] for code in value["choices"])
            return guarded(value.get("other", "")) if part else chosen
        case "link":
            return _written_link(field, value, words)
        case _:
            return guarded("；".join(one["name"] for one in value))


def _written_link(field: Field, value: Mapping[str, str], words: Mapping[str, str]) -> str | None:
    number, label = value["id"], value.get("label", "")
    if field.to.startswith("dictionary/") and words.get(number):
        return guarded(words[number])
    return guarded(f"{label}〔{number}〕")


def shown(field: Field) -> dict[str, str]:
    """The choices of a field by code, as the drop-down names them: each differently."""
    names = [choice.zh for choice in field.choices]
    return {
        choice.code: choice.zh if names.count(choice.zh) == 1 else f"{choice.zh}（{choice.code}）"
        for choice in field.choices
    }


def guarded(text: str) -> str | None:
    """A text that no spreadsheet runs: an apostrophe in front of = + - @, which `unguarded` takes off."""
    kept = _NO_XML.sub("", text.replace("\r\n", "\n"))
    if not kept:
        return None
    return f"'{kept}" if _RISKY.match(kept) else kept


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text


# -- in ---


def read(field: Field, cells: Mapping[str, Cell], words: Mapping[str, str] | None = None) -> Any:  # noqa: PLR0911 one kind a line
    """The value of a field from its cells.

    Args:
        field: what is asked for.
        cells: by part.
        words: of a link to a dictionary, the code of each word.

    Returns:
        The value as `check` takes it; None when every cell is empty. A link that was named without its number
        has the id "".

    Raises:
        Unreadable: with what is wrong.
    """
    if all(is_empty(cell) for cell in cells.values()):
        return None
    first = cells.get("", None)
    match field.kind:
        case "text" | "long-text":
            return _text(first, one_line=field.kind == "text")
        case "number" | "whole":
            return _number(first, field)
        case "day":
            return _day(first)
        case "span":
            return _span(cells)
        case "spot":
            return {part: _coordinate(cells[part]) for part in ("longitude", "latitude")}
        case "mark":
            return {part: _number(cells[part], None) for part in ("x", "y")}
        case "yes-no":
            return _yes_no(first)
        case "choice" | "choices":
            return _chosen(field, cells)
        case "link":
            return _link(first, words or {})
        case _:
            return None


def is_empty(cell: Cell) -> bool:
    """Whether a cell holds nothing that can be seen."""
    return cell is None or (isinstance(cell, str) and not cell.strip(_BLANKS))


def plain(cell: Cell) -> str:
    """A cell as a text of one line, for people to recognise it."""
    match cell:
        case None:
            return ""
        case Odd(value=value):
            return "" if value is None else str(value)
        case bool():
            return "是" if cell else "否"
        case float() if cell.is_integer() and abs(cell) < _EXACT:
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case date() | time():
            return cell.isoformat()
        case _:
            return str(cell).strip(_BLANKS)


def _text(cell: Cell, *, one_line: bool) -> str:
    _refuse_odd(cell)
    if isinstance(cell, float) and not math.isfinite(cell):
        raise Unreadable("应为文字。")
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= _EXACT:
        raise Unreadable("数字超过 15 位，表格软件已丢失末尾几位，请把单元格设为文本格式后重新填写。")
    if not isinstance(cell, str):
        return plain(cell)
    lines = unguarded(cell.strip(_BLANKS)).replace("\r\n", "\n").replace("\r", "\n")
    lines = re.sub("[\u200b\u200c\u200d\u2060\ufeff]", "", lines).replace("\u00a0", " ")
    return re.sub(r"\s*\n\s*", " ", lines).strip(_BLANKS) if one_line else lines.strip(_BLANKS)


def _number(cell: Cell, field: Field | None) -> float | int:
    unit = field.unit if field else ""
    if isinstance(cell, Odd) and cell.kind == "percent" and isinstance(cell.value, int | float):
        if unit not in {"%", "％"}:
            raise Unreadable(f"{_ODD['percent']}单位是“{unit}”。" if unit else _ODD["percent"])
        return round(cell.value * 100, 10)
    _refuse_odd(cell)
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        raise Unreadable("应为数字。")
    value = _number_in_words(cell, unit) if isinstance(cell, str) else cell
    if not math.isfinite(value):
        raise Unreadable("应为数字。")
    return int(value) if float(value).is_integer() and abs(value) < _EXACT else value


def _number_in_words(text: str, unit: str) -> float:
    written = unicodedata.normalize("NFKC", text.strip(_BLANKS).lstrip("'")).replace(" ", "")
    folded = unicodedata.normalize("NFKC", unit).replace(" ", "")
    if folded and written.endswith(folded):
        written = written[: -len(folded)]
    if not written or not _NUMBER.fullmatch(written) or not re.search(r"\d", written):
        raise Unreadable(f"“{_cut(text)}”不是数字，应只填数字，例如 1234.5。")
    return float(written.replace(",", ""))


def _coordinate(cell: Cell) -> float | int | str:
    if isinstance(cell, str):
        found = degrees(unguarded(cell.strip(_BLANKS)))
        if isinstance(found, float):
            return found
    if is_empty(cell):
        raise Unreadable("经度和纬度须同时填写。")
    return _number(cell, None)


def _day(cell: Cell) -> str:
    _refuse_odd(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if float(cell).is_integer() and 19_000_000 < cell < 21_000_000:
            return _day(str(int(cell)))
        # Days since 1899-12-30, as spreadsheets count them where a cell lost its date format.
        if _FIRST_SERIAL <= cell <= _LAST_SERIAL:
            return (date(1899, 12, 30) + timedelta(days=int(cell))).isoformat()
    elif isinstance(cell, str):
        written = unicodedata.normalize("NFKC", unguarded(cell.strip(_BLANKS)))
        found = _DAY.fullmatch(written) or _PLAIN_DAY.fullmatch(written)
        if found:
            try:
                return date(int(found["year"]), int(found["month"]), int(found["day"])).isoformat()
            except ValueError:
                raise Unreadable(f"“{_cut(cell)}”没有这一天。") from None
        if re.fullmatch(r"\d{5}(\.0+)?", written):
            return _day(float(written))
    raise Unreadable(f"“{_cut(plain(cell))}”不是日期，应写作 2026-01-31。")


def _span(cells: Mapping[str, Cell]) -> dict[str, str | None]:
    start, end = cells.get("from"), cells.get("to")
    if is_empty(start):
        raise Unreadable("缺少起始日期。")
    endless = is_empty(end) or (isinstance(end, str) and end.strip(_BLANKS) in _ENDLESS)
    return {"from": _day(start), "to": None if endless else _day(end)}


def _yes_no(cell: Cell) -> bool:
    _refuse_odd(cell)
    if isinstance(cell, bool):
        return cell
    word = unicodedata.normalize("NFKC", plain(cell)).lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Unreadable(f"“{_cut(plain(cell))}”应为“是”或“否”。")


def _chosen(field: Field, cells: Mapping[str, Cell]) -> dict[str, Any]:
    named, other = cells.get(""), cells.get("other")
    words = _text(other, one_line=True) if not is_empty(other) else ""
    if is_empty(named):
        raise Unreadable("写明了“其他”的内容，但没有选择。")
    text = _text(named, one_line=False)
    more = {"other": words} if words else {}
    if field.kind == "choice":
        return {"choice": _code(field, text), **more}
    whole = _known(field, text)
    if whole is not None:
        return {"choices": [whole.code], **more}
    parts = [part.strip(_BLANKS) for part in _SEPARATORS.split(text) if part.strip(_BLANKS)]
    if len(parts) == 1 and _MORE_SEPARATORS.search(text):
        parts = [part.strip(_BLANKS) for part in _MORE_SEPARATORS.split(text) if part.strip(_BLANKS)]
    return {"choices": [_code(field, part) for part in parts], **more}


def _code(field: Field, text: str) -> str:
    found = _known(field, text)
    if found is None:
        offered = "、".join(list(shown(field).values())[:30])
        raise Unreadable(f"没有选项“{_cut(text)}”，可选：{offered}。")
    return found.code


def _known(field: Field, text: str) -> Choice | None:
    names = shown(field)
    wanted = _folded(text)
    for choice in field.choices:
        if wanted == _folded(names[choice.code]) or text == choice.code:
            return choice
    alike = [choice for choice in field.choices if wanted == _folded(choice.zh)]
    if len(alike) == 1:
        return alike[0]
    if wanted in {"其他", "其它"}:
        return next((choice for choice in field.choices if choice.code == OTHER), None)
    return None


def _folded(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


def _link(cell: Cell, words: Mapping[str, str]) -> dict[str, str]:
    text = _text(cell, one_line=True)
    found = _LINK.fullmatch(text)
    if found:
        return {"id": found["id"].strip(), "label": found["label"]}
    return {"id": words.get(text, ""), "label": text}


def _refuse_odd(cell: Cell) -> None:
    if isinstance(cell, Odd):
        raise Unreadable(_ODD[cell.kind])


def _cut(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= 40 else f"{one_line[:40]}…"
