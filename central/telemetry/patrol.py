"""The patrol's round: points judged by `patrol_rules`, enterprises scored by `patrol_score`.

A round begins every so often and takes some enterprises a transaction, so that no statement grows with the
number of points: newest values by their key, hours by their index, never rows of the history. The cursor is a
row: who begins again goes on where the round was. What was found is a row as well, of which
`central.warning.patrolled` makes a warning.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from central.clock import database_now
from central.db.pool import DATABASE_AWAY
from central.db.scope import acting
from central.devices import service as devices
from central.telemetry import patrol_rules as rules
from central.telemetry import patrol_score, patrol_words, spans
from central.telemetry import patrol_store as store
from central.telemetry.patrol_rules import FOUND, UNKNOWN, WELL, Hours, Pace, Point, Rule, Verdict
from central.telemetry.patrol_store import NewFinding, Round, Window

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import asyncpg

    from central.db.pool import Connection, Database
    from central.settings import Settings

    Clock = Callable[[Connection], Awaitable[datetime]]

_log = logging.getLogger(__name__)
_LOOK_EVERY_S: Final = 30.0
_AGAIN_S: Final = 10.0
_MOST_PATIENCE_S: Final = 600.0
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
# After its end an hour rests until its minutes and it itself are reckoned; a day until its last hour is.
_RESTS: Final = timedelta(minutes=10)
_DAY_RESTS: Final = timedelta(hours=2)


async def run(database: Database, settings: Settings) -> None:
    """Patrol until cancelled; wait out whatever fails, longer each time."""
    zone = ZoneInfo(settings.zone)
    failures = 0
    while True:
        try:
            wait_s = 0.0 if await step(database, zone) else _LOOK_EVERY_S
        except Exception as exc:  # noqa: BLE001 -- supervised: no patrol ends the process that watches the gases
            if not failures:
                unexpected = not isinstance(exc, DATABASE_AWAY)
                _log.warning("stored values are not patrolled for now: %r", exc, exc_info=unexpected)
            wait_s = min(_AGAIN_S * 2.0**failures, _MOST_PATIENCE_S)
            failures = min(failures + 1, 16)
        else:
            if failures:
                _log.info("stored values are patrolled again")
            failures = 0
        await asyncio.sleep(wait_s)


async def step(database: Database, zone: ZoneInfo, clock: Clock = database_now) -> bool:
    """Patrol the next enterprises in one transaction.

    Args:
        database: the worker's pool is used.
        zone: whose days are scored.
        clock: gives the time; tests move it by hand.

    Returns:
        Whether the round goes on at once.
    """
    async with acting(database.worker) as conn:
        state = await store.take_round(conn)
        if state is None:
            return False
        now = await clock(conn)
        pace = await store.pace(conn, now)
        awake = rules.listening_since(state.looked_at, state.awake_since, now, pace.away_s)
        begun, cursor = state.begun_at, state.cursor
        due = begun is None or now - begun >= timedelta(seconds=pace.every_s)
        if cursor is None and not due:
            await store.keep_round(conn, Round(None, begun, now, awake))
            return False
        if cursor is None or begun is None:
            begun, cursor = now, 0
        enterprises = await store.next_enterprises(conn, cursor, pace.enterprises)
        if enterprises:
            await _patrol(conn, enterprises, now, awake, pace, zone)
        last = enterprises[-1] if len(enterprises) == pace.enterprises else None
        await store.keep_round(conn, Round(last, begun, now, awake))
        return last is not None


async def _patrol(
    conn: Connection, enterprises: list[int], now: datetime, awake: datetime, pace: Pace, zone: ZoneInfo
) -> None:
    """Judge every point of some enterprises, keep what changed, and score their day."""
    rows = await store.points(conn, enterprises)
    verdicts = await _judged(conn, rows, now, awake, pace)
    names = {row["id"]: row for row in rows}
    await _keep(conn, enterprises, names, verdicts, now)
    await _score(conn, enterprises, rows, now, zone)


async def _judged(
    conn: Connection, rows: list[asyncpg.Record], now: datetime, awake: datetime, pace: Pace
) -> dict[int, tuple[Rule, dict[str, Verdict]]]:
    until = spans.down(now - _RESTS, _HOUR)
    table = await store.rules(conn, now)
    asked: list[tuple[asyncpg.Record, Rule, Point]] = []
    for row in rows:
        rule = rules.rule_for(table, row["place"], row["quantity"], row["unit"])
        if rule is not None:
            asked.append((row, rule, _point(row, awake)))
    if not asked:
        return {}
    windows = [_window(rule, point, until) for _, rule, point in asked]
    hours = await store.hours(conn, until, windows)
    rare_from = {w.point_id: w.rare_from for w in windows}
    begin = min(rare_from.values())
    away = {
        a.gateway_id
        for a in await store.absences(conn, sorted({row["gateway_id"] for row in rows}), begin, now)
    }
    numbers = sorted({row["gateway_number"] for row in rows})
    late = await store.unreckoned(conn, numbers, begin, until)
    steps = await _steps(conn, asked, hours, pace)
    return {
        point.id: (
            rule,
            rules.judge(
                rule,
                point,
                hours.get(point.id, Hours()),
                now,
                until,
                pace.cover_share,
                pace.backlog,
                away=row["gateway_id"] in away or awake > rare_from[point.id],
                unreckoned=row["gateway_number"] in late,
                step=steps.get(point.id, 0.0),
            ),
        )
        for row, rule, point in asked
    }


def _point(row: asyncpg.Record, awake: datetime) -> Point:
    newest: datetime | None = row["newest_at"]
    # What nobody could have heard is nobody's silence: ours, or that of its gateway.
    listened = [newest or row["created_at"], awake]
    if row["back_at"] is not None:
        listened.append(row["back_at"])
    return Point(
        id=row["id"],
        period_s=row["period_ms"] / 1000,
        low=row["low"],
        high=row["high"],
        newest_at=newest,
        silent_since=max(listened),
        present=row["present"],
        backlog=row["backlog"],
        runs=row["runs"],
    )


def _window(rule: Rule, point: Point, until: datetime) -> Window:
    span = rules.span_of(rule, point)
    return Window(
        point_id=point.id,
        flat_from=until - (rule.stuck_h or 1) * _HOUR,
        swing_from=until - rule.swing_h * _HOUR,
        swing_limit=rule.swing_share * span if rule.swing_share is not None and span is not None else None,
        rare_from=until - rule.rare_h * _HOUR,
    )


async def _steps(
    conn: Connection, asked: list[tuple[asyncpg.Record, Rule, Point]], hours: dict[int, Hours], pace: Pace
) -> dict[int, float]:
    """One step of each instrument whose value did not move: only there it matters."""
    flat = [
        (row, found.flat_low)
        for row, rule, point in asked
        if (found := hours.get(point.id)) is not None
        and rules.flat(rule, found, pace.cover_share)
        and found.flat_low is not None
    ]
    steps: dict[int, float] = {}
    for gateway in sorted({row["gateway_id"] for row, _ in flat}):
        scales = await devices.described_scales(conn, gateway)
        for row, value in flat:
            if row["gateway_id"] == gateway and row["key"] in scales:
                scale, offset = scales[row["key"]]
                steps[row["id"]] = rules.step_of(scale, offset, [value])
    return steps


async def _keep(
    conn: Connection,
    enterprises: list[int],
    points: dict[int, Any],
    verdicts: dict[int, tuple[Rule, dict[str, Verdict]]],
    now: datetime,
) -> None:
    """Begin, go on with and end findings; what nobody can say stays as it is."""
    standing = {(s.point_id, s.code): s for s in await store.standing(conn, enterprises)}
    new: list[NewFinding] = []
    again: list[tuple[int, float | None, float | None, str]] = []
    ended: list[tuple[int, str]] = []
    for point_id, (rule, by_check) in verdicts.items():
        row = points[point_id]
        for code, verdict in by_check.items():
            known = standing.get((point_id, code))
            words = patrol_words.found(code, verdict, row["unit"])
            if verdict.state == FOUND and known is not None:
                again.append((known.id, verdict.value, verdict.limit, words))
            elif verdict.state == FOUND:
                new.append(
                    NewFinding(
                        point_id=point_id, code=code, rule_id=rule.id, since=verdict.since or now,
                        value=verdict.value, limit=verdict.limit, unit=row["unit"], words=words,
                    )
                )  # fmt: skip
            elif verdict.state == WELL and known is not None:
                ended.append((known.id, patrol_words.ended(code)))
            else:
                assert verdict.state in {WELL, UNKNOWN}
    for (point_id, _), known in standing.items():
        if not known.current or point_id not in points:
            ended.append((known.id, patrol_words.RETIRED))
        elif point_id not in verdicts:
            ended.append((known.id, patrol_words.UNASKED))
    if new:
        await store.find(conn, now, new)
    if again:
        await store.see_again(conn, now, again)
    if ended:
        await store.end(conn, now, ended)


async def _score(
    conn: Connection, enterprises: list[int], rows: list[asyncpg.Record], now: datetime, zone: ZoneInfo
) -> None:
    """The day so far of each enterprise, and whole what went before."""
    points: dict[int, dict[int, str]] = {}
    for row in rows:
        points.setdefault(row["enterprise_id"], {})[row["id"]] = row["gateway_id"]
    if not points:
        return
    today = now.astimezone(zone).date()
    before = [(e, d) for e, d in await store.unfinished_days(conn, enterprises, today) if e in points]
    days: dict[date, list[int]] = {}
    for enterprise, day in before:
        days.setdefault(day, []).append(enterprise)
    days[today] = sorted(points)
    gateways = sorted({row["gateway_id"] for row in rows})
    weights = await store.weights(conn)
    for day, concerned in days.items():
        begin = datetime.combine(day, datetime.min.time(), zone)
        end = min(begin + _DAY, now)
        held = await store.held(conn, concerned, begin, end)
        away = await store.absences(conn, gateways, begin, end)
        values = await store.counted_values(conn, concerned, begin, end)
        for enterprise in concerned:
            counted = values.get(enterprise, (0, 0))
            score = patrol_score.reckon(
                (begin, end), points[enterprise], held.get(enterprise, []), away, weights, *counted
            )
            whole = now >= begin + _DAY + _DAY_RESTS
            many = len(points[enterprise])
            await store.keep_day(conn, enterprise, day, many, score, counted, now, whole=whole)
