"""The patrol's tables: one function a query."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import asyncpg
import msgspec

from central.db.queries import load
from central.telemetry.patrol_rules import Hours, Pace, Rule
from central.telemetry.patrol_score import Away, DayScore, Held

if TYPE_CHECKING:
    from collections.abc import Sequence

    from central.db.pool import Connection

Q = load(__file__, "queries_patrol.sql")


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """Which hours of a point are looked at."""

    point_id: int
    flat_from: datetime
    swing_from: datetime
    swing_limit: float | None
    rare_from: datetime

    @property
    def oldest(self) -> datetime:
        """The first of all of them."""
        return min(self.flat_from, self.swing_from, self.rare_from)


class NewFinding(msgspec.Struct, frozen=True, kw_only=True):
    """What a point does not pass from now on."""

    point_id: int
    code: str
    rule_id: int
    since: datetime
    value: float | None
    limit: float | None
    unit: str
    words: str


class Standing(msgspec.Struct, frozen=True):
    """A finding that stands; `current`: its gateway still names its point."""

    id: int
    point_id: int
    code: str
    enterprise_id: int
    current: bool


class Round(msgspec.Struct, frozen=True):
    """How far the round is; see the table `patrol_round`."""

    cursor: int | None
    begun_at: datetime | None
    looked_at: datetime | None
    awake_since: datetime | None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the warnings are told of a finding, `failures` times in vain; `hazard_class`: of its plant."""

    id: int
    point_id: int
    enterprise_id: int
    gateway_id: str
    place: str
    code: str
    since: datetime
    value: float | None
    limit_value: float | None
    unit: str
    words: str
    end_words: str
    failures: int
    name: str
    quantity: str
    hazard_class: int | None


async def take_round(conn: Connection) -> Round | None:
    """Take the turn until the transaction ends; None while another process has it."""
    row = await conn.fetchrow(Q.take_round)
    return Round(**dict(row)) if row is not None else None


async def keep_round(conn: Connection, state: Round) -> None:
    """Keep how far the round is."""
    await conn.execute(Q.keep_round, *msgspec.structs.astuple(state))


async def pace(conn: Connection, now: datetime) -> Pace:
    """How the round goes now.

    Raises:
        LookupError: the table has no valid row.
    """
    row = await conn.fetchrow(Q.pace, now)
    if row is None:
        raise LookupError("patrol_pace has no row that is valid now")
    return Pace(**dict(row))


async def rules(conn: Connection, now: datetime) -> list[Rule]:
    """The rules that are valid now."""
    return [Rule(**dict(row)) for row in await conn.fetch(Q.rules, now)]


async def weights(conn: Connection) -> dict[str, float]:
    """What each check costs."""
    return {row["code"]: row["weight"] for row in await conn.fetch(Q.checks)}


async def next_enterprises(conn: Connection, after: int, limit: int) -> list[int]:
    """The next enterprises that have a gateway."""
    return [row["id"] for row in await conn.fetch(Q.next_enterprises, after, limit)]


async def points(conn: Connection, enterprises: Sequence[int]) -> list[asyncpg.Record]:
    """Points of some enterprises as they stand."""
    return await conn.fetch(Q.patrolled_points, enterprises)


async def hours(conn: Connection, until: datetime, windows: Sequence[Window]) -> dict[int, Hours]:
    """What the windows of some points hold, by point."""
    rows = await conn.fetch(
        Q.hours_of_points,
        [w.point_id for w in windows],
        until,
        [w.flat_from for w in windows],
        [w.swing_from for w in windows],
        [w.swing_limit for w in windows],
        [w.rare_from for w in windows],
        [w.oldest for w in windows],
    )
    return {
        row["point_id"]: Hours(
            flat_n=row["flat_n"],
            flat_from=row["flat_first"],
            flat_low=row["flat_low"],
            flat_high=row["flat_high"],
            last_n=row["last_n"],
            low=row["low"],
            high=row["high"],
            swing_n=row["swing_n"],
            swings=row["swings"],
            swing_most=row["swing_most"],
            rare_count=row["rare_count"],
        )
        for row in rows
    }


async def counted_values(
    conn: Connection, enterprises: Sequence[int], begin: datetime, end: datetime
) -> dict[int, tuple[int, int]]:
    """Good and all values of some enterprises, by enterprise."""
    rows = await conn.fetch(Q.counted_values, enterprises, begin, end)
    return {row["enterprise_id"]: (row["good"], row["every"]) for row in rows}


async def unreckoned(conn: Connection, gateways: Sequence[int], begin: datetime, end: datetime) -> set[int]:
    """Numbers of those gateways of whose hours some are still to be reckoned."""
    return {row["n"] for row in await conn.fetch(Q.unreckoned, gateways, begin, end)}


async def absences(conn: Connection, gateways: Sequence[str], begin: datetime, end: datetime) -> list[Away]:
    """When some gateways were not heard."""
    rows = await conn.fetch(Q.absences_between, gateways, begin, end)
    return [Away(row["gateway_id"], row["began_at"], row["ended_at"]) for row in rows]


async def standing(conn: Connection, enterprises: Sequence[int]) -> list[Standing]:
    """What stands at the points of some enterprises."""
    rows = await conn.fetch(Q.standing, enterprises)
    return [Standing(r["id"], r["point_id"], r["code"], r["enterprise_id"], r["current"]) for r in rows]


async def find(conn: Connection, now: datetime, new: Sequence[NewFinding]) -> None:
    """Keep what was found."""
    columns = ([getattr(n, name) for n in new] for name in NewFinding.__struct_fields__)
    await conn.execute(Q.find, now, *columns)


async def see_again(
    conn: Connection, now: datetime, seen: Sequence[tuple[int, float | None, float | None, str]]
) -> None:
    """Keep the newest figures of what still stands: (finding, value, limit, words)."""
    await conn.execute(Q.see_again, now, *([s[n] for s in seen] for n in range(4)))


async def end(conn: Connection, now: datetime, ended: Sequence[tuple[int, str]]) -> None:
    """End what stands no more: (finding, why)."""
    await conn.execute(Q.end_findings, now, [e[0] for e in ended], [e[1] for e in ended])


async def held(
    conn: Connection, enterprises: Sequence[int], begin: datetime, end_: datetime
) -> dict[int, list[Held]]:
    """Findings that stood in a stretch, by enterprise."""
    found: dict[int, list[Held]] = {}
    for row in await conn.fetch(Q.held_between, enterprises, begin, end_):
        one = Held(row["id"], row["point_id"], row["gateway_id"], row["code"], row["since"], row["ended_at"])
        found.setdefault(row["enterprise_id"], []).append(one)
    return found


async def unfinished_days(
    conn: Connection, enterprises: Sequence[int], today: date
) -> list[tuple[int, date]]:
    """(enterprise, day) whose score is not final."""
    rows = await conn.fetch(Q.unfinished_days, enterprises, today)
    return [(row["enterprise_id"], row["day"]) for row in rows]


async def keep_day(
    conn: Connection,
    enterprise_id: int,
    day: date,
    points_: int,
    score: DayScore,
    values: tuple[int, int],
    now: datetime,
    *,
    whole: bool,
) -> None:
    """Keep the score of an enterprise and day, and its reasons."""
    await conn.execute(
        Q.keep_day,
        enterprise_id,
        day,
        points_,
        score.score,
        score.stability,
        score.reliability,
        score.effectiveness,
        *values,
        now,
        whole,
    )
    await conn.execute(Q.drop_losses, enterprise_id, day)
    if score.losses:
        await conn.executemany(
            Q.keep_loss,
            [
                (
                    enterprise_id, day, loss.code, loss.gateway_id, loss.finding_id, loss.since, loss.held_s,
                    loss.points, loss.lost,
                )
                for loss in score.losses
            ],
        )  # fmt: skip


async def to_warn(conn: Connection, now: datetime, limit: int) -> list[Told]:
    """Findings that have stood long enough to be a warning, locked."""
    return [Told(**dict(row)) for row in await conn.fetch(Q.to_warn, now, limit)]


async def to_end(conn: Connection, now: datetime, limit: int) -> list[Told]:
    """Findings that are over while their warning is not told so, locked."""
    return [Told(**dict(row)) for row in await conn.fetch(Q.to_end, now, limit)]


async def warned(conn: Connection, finding_id: int, now: datetime, warning_id: object) -> None:
    """Keep that a finding became a warning."""
    await conn.execute(Q.warned, finding_id, now, warning_id)


async def warning_ended(conn: Connection, finding_id: int, now: datetime) -> None:
    """Keep that its warning was told that it is over."""
    await conn.execute(Q.warning_ended, finding_id, now)


async def set_aside(conn: Connection, finding_id: int, now: datetime) -> None:
    """Try it again later."""
    await conn.execute(Q.set_aside, finding_id, now)


async def recent_figures(
    conn: Connection, enterprises: Sequence[int], after: date
) -> dict[int, tuple[float, float]]:
    """Mean reliability and mean score of the days after a day, by enterprise."""
    rows = await conn.fetch(Q.recent_figures, enterprises, after)
    return {row["enterprise_id"]: (row["reliability"], row["score"]) for row in rows}
