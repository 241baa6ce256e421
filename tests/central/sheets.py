"""Workbooks as people fill them in."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook  # type: ignore[import-untyped]

from tests.central import county

if TYPE_CHECKING:
    from collections.abc import Callable

OWNER = "所属企业（统一社会信用代码）"
HEADS = [
    OWNER, "*姓名", "*工种", "*证书类型", "证书类型：其他请写明", "*证书编号",
    "*有效期（起）", "有效期（止）",
]  # fmt: skip


def certificate(number: str, serial: int) -> list[Any]:
    """A row of the register of certificates, of the enterprise E1."""
    start = dt.date(2026, 1, 1)
    return [county.credit_code(1), f"人员{serial}", "电工", "特种作业", None, number, start, "长期"]


def sheet_of(*rows: list[Any], title: str = "人员证书", change: Callable[[Any], None] | None = None) -> bytes:
    """A workbook with one sheet of these rows."""
    book = Workbook()
    page = book.active
    page.title = title
    for row in rows:
        page.append(row)
    if change is not None:
        change(page)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
