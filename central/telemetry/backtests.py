"""Back-tests of a point's alarms over what is stored of it: read in chunks, judged by the gateway's core.

Rows and packed days are read quarter of a day by quarter; how many rows there are and how many of them the
core has to look at is bounded, and an answer says how far it came. Reckoned beside the event loop, two at a
time.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.db.queries import load
from central.devices import service as devices
from central.telemetry import packing, rules, spans, store, store_history, tuning
from central.telemetry.backtest import SIDES, Raised, Replay, Setting, lasted_ms, missed, refused
from central.telemetry.backtest_models import (
    AlarmSetting,
    BackTest,
    BackTestDay,
    BackTestRequest,
    LimitOutcome,
    TrialSetting,
    Tuning,
    WouldBe,
)
from protocol.messages import AlarmInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from central.db.pool import Connection
    from central.telemetry.columns import F64, I16, I64

Q = load(__file__, "queries_backtest.sql")

LONGEST: Final = timedelta(days=92)
USUAL: Final = timedelta(days=30)
MOST_ROWS: Final = 8_000_000
"""Three months of a value a second."""
MOST_STEPS: Final = 1_000_000
"""Rows that the core itself looks at: some seconds of one processor."""
MOST_SHOWN: Final = 500
_CHUNK: Final = timedelta(hours=6)
_SIDE_BY_SIDE: Final = 2
_MS: Final = 1000
_NOW: Final = "now/"
_TRIED: Final = "try/"

Columns = tuple["I64", "F64", "I16"]


class Turns:
    """How many back-tests run in this process: each takes a processor for some seconds."""

    def __init__(self) -> None:
        self._running = 0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Take one of the turns.

        Raises:
            DomainError: 429 none is free.
        """
        if self._running >= _SIDE_BY_SIDE:
            raise DomainError("busy", "正在进行的回测较多，请稍后再试。", 429)
        self._running += 1
        try:
            yield
        finally:
            self._running -= 1


async def settings(conn: Connection, point_id: int) -> list[AlarmSetting]:
    """The alarms of a point as its gateway has them.

    Raises:
        NotFoundError: no such point within the scope.
    """
    row = await _point(conn, point_id)
    return [_setting(info) for info in await devices.described_alarms(conn, row["gateway_id"], row["key"])]


async def run(conn: Connection, point_id: int, request: BackTestRequest, now: datetime) -> BackTest:
    """Try settings at what is stored of a point.

    Args:
        conn: a scoped transaction.
        point_id: whose.
        request: what to try, and over which time.
        now: the database's time.

    Raises:
        NotFoundError: no such point within the scope.
        DomainError: with every field that cannot be meant.
    """
    row = await _point(conn, point_id)
    infos = [
        info
        for info in await devices.described_alarms(conn, row["gateway_id"], row["key"])
        if info.limit_name in SIDES and info.limit is not None
    ]
    end = min(request.to or now, now)
    begin = request.from_ or end - USUAL
    current = {info.limit_name: _of_info(info) for info in infos}
    latches = {info.limit_name: info.latch for info in infos}
    tried: dict[str, TrialSetting] = {**current, **{one.limit_name: one for one in request.trials}}
    _check(request, tried, begin, end, row)
    replay = Replay(
        [
            *(_as_setting(_NOW, one, latches) for one in current.values()),
            *(_as_setting(_TRIED, one, latches) for one in tried.values()),
        ],
        _hold_ms(row),
    )
    until = await _replay(conn, point_id, begin, end, replay)
    actual = await conn.fetch(Q.raised_between, point_id, begin, until)
    return _told(row, begin, end, until, replay, infos, current, tried, actual)


async def suggest(conn: Connection, point_id: int, limit_name: str, now: datetime) -> Tuning:
    """Look for quieter settings of one alarm by the last 30 days.

    Raises:
        NotFoundError: no such point within the scope, or no such alarm there.
    """
    row = await _point(conn, point_id)
    infos = await devices.described_alarms(conn, row["gateway_id"], row["key"])
    info = next((i for i in infos if i.limit_name == limit_name and limit_name in SIDES), None)
    if info is None or info.limit is None:
        raise NotFoundError("没有找到该报警，或该类报警不支持优化建议。")
    rule = await conn.fetchrow(Q.tuning_rule, row["quantity"])
    if rule is None:
        raise NotFoundError("没有适用于该参数的优化起点，请联系管理员维护。")
    start = tuning.Start(
        rule["deadband_share"], round(rule["on_delay_s"] * _MS), round(rule["off_delay_s"] * _MS)
    )
    current = _of_info(info)
    tried = tuning.candidates(
        _as_setting("", current, {limit_name: info.latch}), start, row["low"], row["high"]
    )
    replay = Replay(tried, _hold_ms(row))
    begin = now - USUAL
    until = await _replay(conn, point_id, begin, now, replay)
    return Tuning(
        point_id=point_id,
        point_key=row["key"],
        gateway_id=row["gateway_id"],
        alarm=info.alarm,
        limit_name=limit_name,
        unit=row["unit"],
        from_=begin,
        until=until,
        rows=replay.rows,
        current=current,
        raises=sum(one.name == tuning.IN_FORCE for one in replay.raised),
        source=rule["source"],
        items=tuning.suggestions(tried, replay.raised, rules.to_ms(until)),
    )


async def _point(conn: Connection, point_id: int) -> Any:
    row = await store.point_row(conn, point_id)
    if row is None:
        raise NotFoundError
    return row


def _hold_ms(row: Any) -> int:
    return int(rules.HELD_PERIODS * row["period_ms"])


def _setting(info: AlarmInfo) -> AlarmSetting:
    return AlarmSetting(
        alarm=info.alarm,
        limit_name=info.limit_name,
        side=info.side,
        limit=info.limit,
        deadband=info.deadband,
        on_delay_s=info.on_delay_ms / _MS,
        off_delay_s=info.off_delay_ms / _MS,
        latch=info.latch,
        priority=info.priority,
        tryable=info.limit_name in SIDES and info.limit is not None,
    )


def _of_info(info: AlarmInfo) -> TrialSetting:
    assert info.limit is not None
    return TrialSetting(
        limit_name=info.limit_name,  # type: ignore[arg-type]  # one of SIDES: asked before
        limit=info.limit,
        deadband=info.deadband,
        on_delay_s=info.on_delay_ms / _MS,
        off_delay_s=info.off_delay_ms / _MS,
    )


def _as_setting(of: str, one: TrialSetting, latches: dict[str, bool]) -> Setting:
    return Setting(
        of + one.limit_name,
        one.limit_name,
        one.limit,
        one.deadband,
        round(one.on_delay_s * _MS),
        round(one.off_delay_s * _MS),
        latches.get(one.limit_name, False),
    )


def _check(
    request: BackTestRequest, tried: dict[str, TrialSetting], begin: datetime, end: datetime, row: Any
) -> None:
    problems = []
    if not timedelta(0) < end - begin <= LONGEST:
        problems.append(FieldProblem("from", "时间范围为空或过长", f"from 早于 to，最多 {LONGEST.days} 天"))
    if len({one.limit_name for one in request.trials}) < len(request.trials):
        problems.append(FieldProblem("trials", "同一限值出现了两次", "每个限值最多一组设置"))
    if not tried:
        problems.append(FieldProblem("trials", "该测点没有限值报警", "请填写至少一个要试算的限值"))
    ordered = [tried[name].limit for name in ("LL", "L", "H", "HH") if name in tried]
    if ordered != sorted(ordered):
        problems.append(FieldProblem("trials", "限值顺序有误", "应满足 低低 ≤ 低 < 高 ≤ 高高"))
    asked = [_as_setting("", one, {}) for one in request.trials]
    problems += [
        FieldProblem(f"trials.{name}", "网关不会接受该设置", "死区过大、限值超出量程或数值无效")
        for name in refused(asked, row["low"], row["high"])
    ]
    if problems:
        raise DomainError("bad-back-test", "回测条件有误。", 400, problems)


async def _replay(
    conn: Connection, point_id: int, begin: datetime, end: datetime, replay: Replay
) -> datetime:
    """Judge what is stored; returns how far that came."""
    await conn.execute(store.Q.prefer_block_ranges, "off")
    until = begin
    async for reached, columns in _chunks(conn, point_id, begin, end):
        await asyncio.to_thread(replay.take, *columns)
        until = reached
        if replay.rows >= MOST_ROWS or replay.steps >= MOST_STEPS:
            break
    replay.finish(rules.to_ms(until))
    await conn.execute(store.Q.prefer_block_ranges, "on")
    return until


async def _chunks(
    conn: Connection, point_id: int, begin: datetime, end: datetime
) -> AsyncIterator[tuple[datetime, Columns]]:
    at = begin
    while at < end:
        to = min(end, spans.down(at, _CHUNK) + _CHUNK)
        found = await conn.fetch(Q.rows_of_point, point_id, at, to, at.date(), to.date())
        yield to, await asyncio.to_thread(_columns, found, at, to)
        at = to


def _columns(found: Sequence[Any], begin: datetime, end: datetime) -> Columns:
    """Rows and bodies of one stretch as columns, in the order of time."""
    plain = [row for row in found if row["body"] is None]
    at = [np.fromiter((row["at_ms"] for row in plain), np.int64, len(plain))]
    value = [
        np.fromiter(
            (np.nan if row["value"] is None else row["value"] for row in plain), np.float64, len(plain)
        )
    ]
    quality = [np.fromiter((row["quality"] for row in plain), np.int16, len(plain))]
    for row in found:
        if row["body"] is not None:
            rows = store_history.within(packing.unpack(row["body"]), begin, end)
            at.append(rows.at_us // _MS)
            value.append(rows.value)
            quality.append(rows.quality)
    whole = np.concatenate(at)
    # Bodies that were packed at different times overlap; rows of one moment stay as they were stored.
    order = np.argsort(whole, kind="stable")
    return whole[order], np.concatenate(value)[order], np.concatenate(quality)[order]


def _told(
    row: Any,
    begin: datetime,
    end: datetime,
    until: datetime,
    replay: Replay,
    infos: Sequence[AlarmInfo],
    current: dict[str, TrialSetting],
    tried: dict[str, TrialSetting],
    actual: Sequence[Any],
) -> BackTest:
    until_ms = rules.to_ms(until)
    by_name: dict[str, list[Raised]] = {}
    for one in replay.raised:
        by_name.setdefault(one.name, []).append(one)
    names = {info.alarm: info.limit_name for info in infos}
    told: Counter[str] = Counter()
    days: dict[date, list[int]] = {}
    for event in actual:
        if event["alarm"] in names:
            told[names[event["alarm"]]] += event["many"]
            days.setdefault(event["day"], [0, 0, 0])[0] += event["many"]
    for one in replay.raised:
        place = 1 if one.name.startswith(_NOW) else 2
        days.setdefault(_day(one.raised_ms), [0, 0, 0])[place] += 1
    shown = [one for one in replay.raised if one.name.startswith(_TRIED)]
    return BackTest(
        point_id=row["id"],
        name=row["name"],
        unit=row["unit"],
        from_=begin,
        to=end,
        until=until,
        complete=until >= end,
        rows=replay.rows,
        limits=[
            _outcome(name, told[name], current.get(name), tried.get(name), by_name, until_ms)
            for name in SIDES
            if name in tried
        ],
        days=[BackTestDay(day, *counts) for day, counts in sorted(days.items())],
        raised=[_would_be(one) for one in reversed(shown[-MOST_SHOWN:])],
        more_raised=len(shown) > MOST_SHOWN,
    )


def _outcome(
    name: str,
    actual: int,
    current: TrialSetting | None,
    trial: TrialSetting | None,
    by_name: dict[str, list[Raised]],
    until_ms: int,
) -> LimitOutcome:
    before, after = by_name.get(_NOW + name, []), by_name.get(_TRIED + name, [])
    return LimitOutcome(
        limit_name=name,
        actual=actual,
        current=current,
        current_raises=None if current is None else len(before),
        current_lasted_s=None if current is None else lasted_ms(before, until_ms) / _MS,
        trial=trial,
        trial_raises=None if trial is None else len(after),
        trial_lasted_s=None if trial is None else lasted_ms(after, until_ms) / _MS,
        missed=None if current is None or trial is None else missed(before, after),
    )


def _would_be(one: Raised) -> WouldBe:
    cleared = None if one.cleared_ms is None else rules.from_ms(one.cleared_ms)
    return WouldBe(one.name.removeprefix(_TRIED), rules.from_ms(one.raised_ms), cleared, one.value)


def _day(ms: int) -> date:
    # Asia/Shanghai knows no summer time.
    return (rules.from_ms(ms) + timedelta(hours=8)).date()
