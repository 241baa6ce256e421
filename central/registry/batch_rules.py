"""Judges one row of the market registration: what is kept of it, and every bad field with its remedy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from central.db.errors import FieldProblem
from central.registry import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# What registration authorities say of a firm, and which of our statuses it is.
_STATES: Final = {
    "存续": "working", "在营": "working", "开业": "working", "正常": "working", "在业": "working",
    "在产": "working", "停业": "stopped", "歇业": "stopped", "停产": "stopped",
    "注销": "cancelled", "吊销": "revoked", "撤销": "cancelled", "关闭": "closed",
    "在建": "building", "迁出": "cancelled",
}  # fmt: skip
_CLASSES: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_PHONE: Final = re.compile(r"\+?[0-9-]{5,20}")
_NONE: Final = frozenset(("", "无", "-", "/", "不涉及", "未构成"))


class Known(Struct, frozen=True, kw_only=True):
    """What rows are judged against.

    `region`: from a text of the file to the code of a region in the person's scope, or None.
    """

    region: Callable[[str], str | None]
    default_region: str
    sectors: Mapping[str, str]
    default_sector: str


def judge(row: Mapping[str, str], known: Known) -> tuple[dict[str, Any], list[FieldProblem]]:
    """What is kept of a row, and what is wrong with it.

    Args:
        row: texts by field.
        known: regions, sectors and what stands for an empty cell.

    Returns:
        The facts of an enterprise (good or not), and every bad field.
    """
    found: list[FieldProblem] = []
    credit_code = rules.normal_credit_code(row.get("credit_code", ""))
    wrong = "没有统一社会信用代码。" if not credit_code else rules.credit_code_problem(credit_code)
    if wrong is not None:
        found.append(FieldProblem("credit_code", wrong, "对照营业执照核对；表格中请设为文本格式。"))
    name = row.get("name", "").strip()
    if not 2 <= len(name) <= 100:
        found.append(FieldProblem("name", "企业名称应为 2 至 100 个字。", "填写营业执照上的全称。"))
    text = row.get("region", "")
    region = known.region(text) if text else known.default_region
    if not region:
        what = f"“{text}”不是本辖区的区划。" if text else "没有所在区划。"
        found.append(FieldProblem("region", what, "填写本辖区的区划代码或乡镇名称，或在导入时选择默认区划。"))
    said = row.get("sector", "")
    sector = known.sectors.get(said) if said else known.default_sector
    if sector is None:
        names = "、".join(name for name in known.sectors if not name.isascii())
        found.append(FieldProblem("sector", f"没有“{said}”这种监管领域。", f"应为：{names}。"))
    status, bad = _status(row.get("status", ""))
    found += bad
    phone = "".join(row.get("contact_phone", "").split())
    if phone and not _PHONE.fullmatch(phone):
        found.append(FieldProblem("contact_phone", f"“{phone}”不是电话号码。", "填写一个号码，或留空。"))
    hazard = row.get("hazard_class", "").strip()
    level = None if hazard in _NONE else _CLASSES.get(hazard.removesuffix("级"))
    if hazard not in _NONE and level is None:
        found.append(
            FieldProblem("hazard_class", f"“{hazard}”不是重大危险源等级。", "填写一级至四级，没有则留空。")
        )
    return {
        "credit_code": credit_code[:18],
        "name": name[:100],
        "region_code": region or "",
        "sector": sector or "other",
        "industry": row.get("industry", "")[:100],
        "address": row.get("address", "")[:200],
        "contact_name": row.get("contact_name", "")[:60],
        "contact_phone": phone[:20],
        "status": status,
        "hazard_class": level,
    }, found


def _status(said: str) -> tuple[str, list[FieldProblem]]:
    if said.strip() in _NONE:
        return "working", []
    for word, code in _STATES.items():
        if word in said:
            return code, []
    words = "、".join(dict.fromkeys(_STATES))
    return "working", [FieldProblem("status", f"不认识企业状态“{said}”。", f"应含：{words}；或留空。")]
