"""Devices, their times and how enterprises are connected, as lines for a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from litestar import Response

from central import clock
from central.db.errors import DomainError
from central.devices.connection_models import CAUSE_WORDS, KIND_WORDS, STATE_WORDS, WHOLE_WORDS
from central.devices.connections import ZONE
from central.registry.sheets.cells import guarded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from central.devices.connection_models import DeviceRow, EnterpriseConnection, PeriodRow

MOST: Final = 50_000
PART: Final = 2_000
TYPE: Final = "text/csv; charset=utf-8"


def too_many() -> DomainError:
    """413: nobody reads so many lines."""
    return DomainError("too-many-rows", f"超过 {MOST} 条，请缩小时间或范围后再导出。", 413)


def local(moment: datetime | None) -> str:
    """A moment in the jurisdiction's zone, as spreadsheets read it."""
    return "" if moment is None else f"{moment.astimezone(ZONE):%Y-%m-%d %H:%M:%S}"


def lasted(seconds: float) -> str:
    """A duration in people's words, as 2天3小时 or 5分钟."""
    whole = timedelta(seconds=int(seconds))
    hours, rest = divmod(whole.seconds, 3600)
    parts = ((whole.days, "天"), (hours, "小时"), (rest // 60, "分钟"))
    said = "".join(f"{number}{unit}" for number, unit in parts if number)
    return said or f"{int(seconds)}秒"


def devices(rows: Iterable[DeviceRow], now: datetime) -> bytes:
    """The list of devices; EDGE-08 and EDGE-17 name the columns."""
    head = (
        "企业", "重大危险源等级", "设备类型", "设备名称", "设备编号", "监测场景", "安装位置", "所属网关",
        "运行状态", "状态起始时间", "离线时长", "原因", "报备至",
    )  # fmt: skip
    return written(
        head,
        (
            (
                row.enterprise_name,
                "" if row.hazard_class is None else f"{row.hazard_class}级",
                KIND_WORDS[row.kind],
                row.name,
                row.key or row.gateway_id,
                row.scene,
                row.position,
                row.gateway_name,
                STATE_WORDS[row.state] if row.since else "从未接入",
                local(row.since),
                lasted((now - row.since).total_seconds()) if row.state == "offline" and row.since else "",
                CAUSE_WORDS.get(row.cause or "", ""),
                local(row.reported_until),
            )
            for row in rows
        ),
    )


def periods(rows: Iterable[PeriodRow]) -> bytes:
    """The device abnormal records; EDGE-16 names the columns."""
    head = (
        "企业", "设备类型", "设备名称", "设备编号", "监测场景", "安装位置", "异常状态", "原因",
        "开始时间", "结束时间", "持续时长",
    )  # fmt: skip
    return written(
        head,
        (
            (
                row.enterprise_name,
                KIND_WORDS[row.kind],
                row.name,
                row.key or row.gateway_id,
                row.scene,
                row.position,
                STATE_WORDS[row.state],
                CAUSE_WORDS[row.cause],
                local(row.began_at),
                local(row.ended_at) or "尚未恢复",
                lasted(row.lasted_s),
            )
            for row in rows
        ),
    )


def enterprises(rows: Iterable[EnterpriseConnection]) -> bytes:
    """Enterprises and how they are connected (EDGE-19)."""
    head = (
        "企业", "所在地", "重大危险源等级", "联网状态", "状态起始时间", "在线设备", "异常设备",
        "离线设备", "今日在线率", "报备至",
    )  # fmt: skip
    return written(
        head,
        (
            (
                row.name,
                row.region_name,
                "" if row.hazard_class is None else f"{row.hazard_class}级",
                WHOLE_WORDS[row.state],
                local(row.since),
                str(row.online),
                str(row.abnormal),
                str(row.offline),
                "" if row.rate_today is None else f"{row.rate_today:.2%}",
                local(row.reported_until),
            )
            for row in rows
        ),
    )


def written(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Lines as the bytes of a CSV file, with the mark by which spreadsheets know UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([guarded(cell) or "" for cell in row])
    return ("\ufeff" + buffer.getvalue()).encode()


def file(content: bytes, name: str) -> Response[Any]:
    """The answer that a browser saves under a name and today's date."""
    title = quote(f"{name}-{clock.wall_now():%Y%m%d-%H%M%S}.csv", safe="")
    head = {
        "content-disposition": f"attachment; filename*=UTF-8''{title}",
        "cache-control": "private, no-store",
    }
    return Response(content, media_type=TYPE, headers=head)
