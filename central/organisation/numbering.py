"""How the number of a document is made: a pattern, a serial of fixed length, and when it begins anew."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from central.db.errors import FieldProblem

if TYPE_CHECKING:
    import datetime as dt

    from central.organisation.numbers_models import NumberForm

FIELDS: Final = ("agency", "year", "yy", "month", "day", "serial")
_FIELD: Final = re.compile(r"\{([^{}]*)\}")


def pattern_problems(form: NumberForm) -> list[FieldProblem]:
    """Every reason why a format would give wrong, unreadable or repeated numbers."""
    names = _FIELD.findall(form.pattern)
    rest = _FIELD.sub("", form.pattern)
    problems = [f"没有字段 {{{name}}}。" for name in dict.fromkeys(names) if name not in FIELDS]
    if "{" in rest or "}" in rest:
        problems.append("大括号须成对，里面是字段名。")
    if names.count("serial") != 1:
        problems.append("须有且只有一个流水号 {serial}。")
    dated = {"year", "yy"} & set(names)
    if form.resets == "yearly" and not dated:
        problems.append("每年重新编号时须含年份 {year} 或 {yy}，否则编号会重复。")
    if form.resets == "monthly" and not (dated and "month" in names):
        problems.append("每月重新编号时须含年份和月份，否则编号会重复。")
    if form.for_below and "agency" not in names:
        problems.append("下级机构共用时须含机构代码 {agency}，否则各机构的编号会重复。")
    remedy = "例如：应急罚〔{year}〕{serial}号"
    return [FieldProblem("pattern", problem, remedy) for problem in problems]


def period(resets: str, day: dt.date) -> str:
    """The stretch of time in which a serial counts on: "" for ever, "2026", "2026-11"."""
    if resets == "yearly":
        return f"{day.year:04d}"
    return f"{day.year:04d}-{day.month:02d}" if resets == "monthly" else ""


def number(pattern: str, serial_length: int, serial: int, agency_code: str, day: dt.date) -> str:
    """The number of a document.

    Args:
        pattern: as `pattern_problems` found good.
        serial_length: digits of the serial, with leading zeros; a longer serial is written out whole.
        serial: which one.
        agency_code: of the issuing agency.
        day: on which it is issued, in the installation's zone.
    """
    values = {
        "agency": agency_code,
        "year": f"{day.year:04d}",
        "yy": f"{day.year % 100:02d}",
        "month": f"{day.month:02d}",
        "day": f"{day.day:02d}",
        "serial": f"{serial:0{serial_length}d}",
    }
    return _FIELD.sub(lambda found: values[found[1]], pattern)
