"""Faults of devices: found, being repaired, done; with what caused them and what was done (EDGE-28)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import msgspec

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.db.queries import load
from central.devices.connection_models import KIND_WORDS, Kind, State
from central.http.tags import changed, write_tag
from central.registry import dictionaries

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.identity.models import Person

Q = load(__file__, "queries_faults.sql")
CAUSES: Final = "equipment-cause"
STATE_WORDS: Final = {"open": "待维修", "repairing": "维修中", "done": "已修复"}
FaultState = Literal["open", "repairing", "done"]
Code = Annotated[str, msgspec.Meta(max_length=48)]


class NewFault(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A device is broken: what was seen, when, and what may have caused it."""

    device_id: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    words: Annotated[str, msgspec.Meta(max_length=1000)]
    found_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    cause_code: Code = ""


class Repair(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Who repairs it."""

    repairer: Annotated[str, msgspec.Meta(max_length=100)]
    cause_code: Code = ""


class Repaired(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What was done, and what had caused it."""

    result: Annotated[str, msgspec.Meta(max_length=1000)]
    cause_code: Code


class FaultRow(msgspec.Struct, frozen=True, kw_only=True):
    """One fault and its device as that is now."""

    id: int
    device_id: int
    kind: Kind
    name: str
    key: str
    scene: str
    position: str
    gateway_id: str
    device_state: State
    enterprise_id: int
    enterprise_name: str
    found_at: datetime
    words: str
    cause_code: str
    cause_name: str
    state: FaultState
    made_name: str
    repairer: str
    repair_at: datetime | None
    done_at: datetime | None
    done_name: str
    result: str
    etag: str


class FaultCount(msgspec.Struct, frozen=True, kw_only=True):
    """Faults of one kind of device and one cause; `repair_h`: how long one that is done took, on average."""

    kind: Kind
    cause_code: str
    cause_name: str
    open: int
    repairing: int
    done: int
    repair_h: float | None


async def listing(
    conn: Connection,
    *,
    state: str | None = None,
    enterprise_id: int | None = None,
    device_id: int | None = None,
    kind: str | None = None,
    q: str = "",
    after: int | None = None,
    only: int | None = None,
    limit: int = 50,
) -> list[FaultRow]:
    """Faults in the reader's scope, newest first."""
    rows = await conn.fetch(Q.page, state, enterprise_id, device_id, kind, q, after, only, limit)
    return [
        FaultRow(
            **{key: value for key, value in row.items() if key != "version"}, etag=write_tag(row["version"])
        )
        for row in rows
    ]


async def one(conn: Connection, number: int) -> FaultRow:
    """One fault.

    Raises:
        NotFoundError: none within the scope.
    """
    rows = await listing(conn, only=min(number, 2**31 - 1), limit=1)
    if not rows:
        raise NotFoundError("没有找到这条故障记录，或不在您的管辖范围内。")
    return rows[0]


async def add(conn: Connection, person: Person, data: NewFault, now: datetime) -> int:
    """Note a fault; gives its number.

    Raises:
        NotFoundError: no such device within the scope.
        DomainError: 400 with every field that is wrong; 409, the device has an open fault already.
    """
    device = await conn.fetchrow(Q.device, data.device_id)
    if device is None:
        raise NotFoundError("没有找到这台设备，或不在您的管辖范围内。")
    wrong = await _wrong_cause(conn, data.cause_code, required=False)
    if not data.words.strip():
        wrong.append(FieldProblem("words", "请写明故障现象。"))
    if data.found_at is not None and data.found_at > now:
        wrong.append(FieldProblem("found_at", "发现时间不能晚于现在。"))
    _refuse(wrong)
    number: int | None = await conn.fetchval(
        Q.add,
        device["id"],
        device["enterprise_id"],
        data.found_at or now,
        data.words.strip(),
        data.cause_code,
        now,
        person.account_id,
        person.display_name,
    )
    if number is None:
        raise DomainError("fault-open", "这台设备已有一条未修复的故障记录，请在原记录上处理。", 409)
    return number


async def repair(conn: Connection, number: int, version: int, data: Repair, now: datetime) -> None:
    """Somebody is on it.

    Raises:
        NotFoundError: no such fault within the scope.
        DomainError: 400 with every field that is wrong; 412, somebody was faster.
    """
    await one(conn, number)
    wrong = await _wrong_cause(conn, data.cause_code, required=False)
    if not data.repairer.strip():
        wrong.append(FieldProblem("repairer", "请写明由谁维修。"))
    _refuse(wrong)
    if (await conn.fetchval(Q.repair, number, version, data.repairer.strip(), now, data.cause_code)) is None:
        raise changed()


async def finish(
    conn: Connection, person: Person, number: int, version: int, data: Repaired, now: datetime
) -> None:
    """It works again.

    Raises:
        NotFoundError: no such fault within the scope.
        DomainError: 400 with every field that is wrong; 412, somebody was faster.
    """
    await one(conn, number)
    wrong = await _wrong_cause(conn, data.cause_code, required=True)
    if not data.result.strip():
        wrong.append(FieldProblem("result", "请写明维修结果。"))
    _refuse(wrong)
    values = (data.result.strip(), now, person.display_name, data.cause_code)
    if await conn.fetchval(Q.finish, number, version, *values) is None:
        raise changed()


async def analysis(
    conn: Connection, since: datetime, until: datetime, enterprise_id: int | None
) -> list[FaultCount]:
    """Counts of faults that were found in a time, the most frequent first."""
    return [_count(row) for row in await conn.fetch(Q.analysis, since, until, enterprise_id)]


def _count(row: Any) -> FaultCount:
    values = {key: value for key, value in row.items() if key != "repair_s"}
    mean = float(row["repair_s"]) / row["done"] / 3600 if row["done"] else None
    return FaultCount(**values, repair_h=None if mean is None else round(mean, 1))


async def _wrong_cause(conn: Connection, code: str, *, required: bool) -> list[FieldProblem]:
    if not code:
        return [FieldProblem("cause_code", "请选择故障原因。")] if required else []
    offered = {entry.code for entry in (await dictionaries.entries(conn, CAUSES)).items}
    return [] if code in offered else [FieldProblem("cause_code", "不在原因清单中，请重新选择。")]


def _refuse(wrong: list[FieldProblem]) -> None:
    if wrong:
        raise DomainError("invalid", "有内容填写不正确，请逐项修改。", 400, wrong)


def head_of() -> tuple[str, ...]:
    """The columns of the list to take away."""
    return (
        "企业", "设备类型", "设备名称", "设备编号", "监测场景", "安装位置", "故障现象", "故障原因", "状态",
        "发现时间", "登记人", "维修人", "开始维修", "修复时间", "维修结果",
    )  # fmt: skip


def cells_of(row: FaultRow, local: Any) -> tuple[str, ...]:
    """One fault as cells; `local` words a moment."""
    return (
        row.enterprise_name,
        KIND_WORDS[row.kind],
        row.name,
        row.key or row.gateway_id,
        row.scene,
        row.position,
        row.words,
        row.cause_name,
        STATE_WORDS[row.state],
        local(row.found_at),
        row.made_name,
        row.repairer,
        local(row.repair_at),
        local(row.done_at),
        row.result,
    )
