"""The list of warnings as lines to take away: what the requester sees, filtered as on the screen."""

import csv
import io
from collections.abc import Sequence
from typing import Final

from central.db.errors import DomainError
from central.db.pool import Connection
from central.identity import service as identity
from central.registry.sheets.cells import guarded
from central.warning import reading, store_lists, views, wording
from central.warning.models import LEVEL_NUMBERS
from central.warning.store_lists import Narrowing
from central.warning.views import WarningRow

MOST: Final = 50_000
_PAGE: Final = 2_000
_HEAD: Final = (
    "编号", "级别", "预警", "类型", "企业或机构", "所在地", "状态", "现场", "发生时间", "接收时间",
    "确认人", "确认时间", "交办", "处置时间", "关闭时间", "演练",
)  # fmt: skip
_STATES: Final = {
    "open": "待接警",
    "acknowledged": "处理中",
    "handled": "待核验",
    "closed": "已关闭",
    "cleared": "自行消除",
    "false_alarm": "误报",
}


async def lines(
    conn: Connection,
    *,
    state: str,
    levels: list[int] | None,
    enterprise_id: int | None,
    tests: bool,
    narrowing: Narrowing,
) -> bytes:
    """Give the list as CSV (UTF-8 with a mark, as spreadsheets read it), newest first; the audit remembers.

    Args:
        conn: the person's scoped transaction.
        state: a key of `reading.STATES`.
        levels: only these.
        enterprise_id: only of this plant.
        tests: TEST cases too.
        narrowing: by kind, time, words, person.

    Raises:
        DomainError: 413 more than `MOST`.
    """
    found: list[WarningRow] = []
    after = None
    while True:
        rows = await store_lists.list_cases(
            conn,
            states=reading.STATES[state],
            levels=levels,
            enterprise_id=enterprise_id,
            after=after,
            limit=_PAGE,
            tests=tests,
            worst_first=False,
            narrowing=narrowing,
        )
        found += [views.row_of(row) for row in rows]
        if len(found) > MOST:
            raise DomainError("too-many-rows", f"超过 {MOST} 条，请缩小时间或范围后再导出。", 413)
        if len(rows) < _PAGE:
            break
        last = found[-1]
        after = (LEVEL_NUMBERS[last.level], 0, last.raised_at, last.id)
    await identity.audit(conn, "exported", "warning", state, after={"count": len(found)})
    return written(found)


def written(rows: Sequence[WarningRow]) -> bytes:
    """Give rows as the bytes of a CSV file."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(_HEAD)
    for row in rows:
        cells = (
            row.number,
            wording.LEVEL_WORDS[LEVEL_NUMBERS[row.level]],
            row.title,
            wording.kind_word(row.kind),
            row.enterprise_name,
            row.region_name,
            _STATES[row.state],
            "仍在持续" if row.condition == "active" else "已恢复",
            wording.clock(row.raised_at),
            wording.clock(row.received_at),
            row.acknowledged_by or "",
            wording.clock(row.acknowledged_at) if row.acknowledged_at else "",
            row.assignee or "",
            wording.clock(row.handled_at) if row.handled_at else "",
            wording.clock(row.closed_at) if row.closed_at else "",
            "是" if row.is_test else "",
        )
        writer.writerow([guarded(cell) or "" for cell in cells])
    return ("\ufeff" + buffer.getvalue()).encode()
