"""Lapsed papers delay, silence and end no alarm, however many there are and whatever is wrong with them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import msgspec
import pytest

from central.db.pool import DatabaseUrls
from central.db.scope import acting
from central.registry import reminding, reminding_worker
from central.warning import firing, papers, store, worker
from central.warning.escalation import Call, Case
from central.warning.models import Policy, Step
from central.warning.notify import worker as notify
from tests.central.warning.county import PLACE, County, in_county

ZONE = ZoneInfo("Asia/Shanghai")
MANY = 5_000
CHANGED = 200 if os.environ.get("FENGSUI_SOAK") else 60  # more than are looked at in one transaction
NIGHT = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)  # half past eleven at night in China

_PAPERS = """
WITH papers AS (
    INSERT INTO warning (id, kind, subject_type, subject_id, side, is_test, enterprise_id, title,
                         subject_name, state, active, level, policy, due_at, level_reason, occurrence,
                         raised_at, received_at, updated_at, place)
    SELECT gen_random_uuid(), 'management', 'record', 'licences/' || n, 'other', false, 1, 'x', 'x',
           'open', true, 2, $2, $1, '', 'reminder/' || n, $1, $1, $1, ''
    FROM generate_series(1, $3::int) AS n
    RETURNING id, kind, level
),
timers AS (
    INSERT INTO timer (warning_id, kind, due_at, urgency)
    SELECT id, 'ladder', $1, urgency_of(kind, level) FROM papers
)
INSERT INTO notification (id, warning_id, level, round, step, person, channel, person_name, address, text,
                          state, due_at, created_at, urgency)
SELECT gen_random_uuid(), id, level, 0, 9, 'account:4', 'sms', 'x', '13900000009', 'x', 'pending', $1, $1,
       urgency_of(kind, level) FROM papers
"""
_CERTIFICATES = """
INSERT INTO reg_certificates (enterprise_id, place, state, payload, counted, title, created_at, changed_at)
SELECT 1, '', 'valid', p.v, p.v, '孟建国', $1, $1
FROM generate_series(1, $2::int) AS n
CROSS JOIN LATERAL (SELECT jsonb_build_object('number', n::text, 'valid',
    jsonb_build_object('from', '2020-01-01', 'to', '2026-11-20')) AS v) AS p
"""
_OTHER_DAY = """
UPDATE reg_certificates SET payload = payload || p.v, counted = counted || p.v
FROM (SELECT '{"valid": {"from": "2020-01-01", "to": "2026-11-21"}}'::jsonb AS v) AS p
"""
_POLICY = (
    "INSERT INTO policy (region, version, name, handling_s, repeat_s, retry_s, clear_after_s, suppress_s,"
    " source, valid_from, kind, level, hour_from, hour_to, look_s)"
    " VALUES ('42', 1, 'x', 1, 1, 1, 1, 1, 'x', now(), "
)
_OVERDUE = """
INSERT INTO reminder (register, cause, enterprise_id, place, register_title, words, due_on, warn_on, found_at)
VALUES ($1, 'update', 1, '', $1, 'x', '2026-11-01', '2026-11-02', $2)
"""


async def papers_due(c: County, count: int) -> None:
    """So many papers whose ladder and whose call are due now."""
    async with acting(c.db.worker) as conn:
        policy = await store.policy(conn, PLACE, 2, c.now, "management")
        await conn.execute(_PAPERS, c.now, msgspec.to_builtins(policy), count)


async def claimed(c: County) -> UUID | None:
    async with c.db.worker.acquire() as conn, conn.transaction():
        return await firing.claim(conn, c.now)


def test_a_red_alarm_is_claimed_before_five_thousand_papers_that_were_due_before_it(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        await papers_due(c, MANY)
        assert await claimed(c) is not None
        c.advance(seconds=5)
        await c.more_points(1)
        yellow = await c.open("H", point_id=c.point_id + 1, alarm="N-1/H")
        assert await claimed(c) == yellow
        c.advance(seconds=5)
        red = await c.open("HH")
        assert await claimed(c) == red
        # The next claim is the red one's, and the next sending begins with its call.
        assert await worker.fire_due(c.db, c.clock)
        await c.send()
        assert c.phone.numbers[0] == "13900000004"
        assert c.phone.numbers.count("13900000009") == len(c.phone.numbers) - 1
        assert await claimed(c) == yellow
        # A sender of its own: those of alarms do not even see the calls about papers.
        alarms = await notify.send_due(c.db, {"sms": c.phone}, c.clock, urgencies=(0, 1, 2, 3))
        assert alarms == 0

    in_county(database, scenario)


def test_what_waits_is_as_urgent_as_its_level_and_a_paper_comes_last(database: DatabaseUrls) -> None:
    async def urgencies(c: County, table: str) -> list[int]:
        rows = await c.fetch(f"SELECT DISTINCT urgency FROM {table} ORDER BY 1")
        return [row["urgency"] for row in rows]

    async def scenario(c: County) -> None:
        await c.open("H")
        assert await urgencies(c, "timer") == [2]
        await c.judge(limit_name="HH", occurrence="0000002a-2")
        assert await urgencies(c, "timer") == [0]
        await c.settle()
        await c.execute("TRUNCATE warning CASCADE")
        await c.execute(_OVERDUE, "rules-and-regulations", c.now)
        assert await papers.step(c.db, ZONE, c.clock)
        await c.execute(_OVERDUE, "standards", c.now)
        assert await papers.step(c.db, ZONE, c.clock)
        await c.settle()
        assert await urgencies(c, "timer") == await urgencies(c, "notification") == [7]
        # They are one message, which names nobody; each alarm has its own.
        told = await c.fetch(
            "SELECT title FROM message WHERE account_id = 4 AND kind = 'warning' ORDER BY id"
        )
        assert [row["title"] for row in told] == ["氯库泄漏探测器 高高报", "管理预警"]

    in_county(database, scenario)


def test_no_paper_loses_its_warning_when_many_change_their_day_at_once(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.execute("UPDATE reminder_rule SET expected = false")
        await c.fetch(_CERTIFICATES, c.now, CHANGED)
        await reminding_worker.once(c.db, ZONE, c.clock)
        while await papers.step(c.db, ZONE, c.clock):
            pass
        # All get another day that has passed as well: so many rows end, so many begin, of the same cases.
        await c.fetch(_OTHER_DAY)
        await reminding_worker.once(c.db, ZONE, c.clock)
        assert await papers.step(c.db, ZONE, c.clock)  # and the process is started again in between
        while await papers.step(c.db, ZONE, c.clock):
            pass
        (cases,) = await c.fetch(
            "SELECT count(*) AS n, count(*) FILTER (WHERE active AND clear_due_at IS NULL) AS active"
            " FROM warning WHERE state = 'open'"
        )
        assert (cases["n"], cases["active"]) == (CHANGED, CHANGED)
        (rows,) = await c.fetch(
            "SELECT count(DISTINCT warning_id) AS n FROM reminder"
            " WHERE settled_at IS NULL AND warned_at IS NOT NULL"
        )
        assert rows["n"] == CHANGED

    in_county(database, scenario)


def test_a_paper_that_cannot_be_judged_is_set_aside_and_counted_and_the_others_go_on(
    database: DatabaseUrls, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(c: County) -> None:
        await c.execute("UPDATE level_rule SET quantity = 'licences' WHERE kind = 'management' AND level = 1")
        await c.execute(_OVERDUE, "rules-and-regulations", c.now)  # no level rule fits this one
        await c.execute(_OVERDUE, "licences", c.now)
        assert await papers.step(c.db, ZONE, c.clock) == 2
        assert await papers.step(c.db, ZONE, c.clock) == 0
        assert [row["subject_id"] for row in await c.cases()] == ["licences/1"]
        waits = []
        for _ in range(4):
            (row,) = await c.fetch("SELECT * FROM reminder WHERE failing_since IS NOT NULL")
            waits.append((row["try_at"] - c.now).total_seconds())
            async with acting(c.db.worker) as conn:
                assert await reminding.count_set_aside(conn) == 1
            c.now = row["try_at"]
            assert await papers.step(c.db, ZONE, c.clock) == 1
        assert waits == [60, 120, 240, 480]
        said = [record for record in caplog.records if "set aside" in record.message]
        assert len(said) == 1
        await c.execute("UPDATE level_rule SET quantity = '' WHERE kind = 'management' AND level = 1")
        c.advance(hours=1)
        assert await papers.step(c.db, ZONE, c.clock) == 1
        async with acting(c.db.worker) as conn:
            assert await reminding.count_set_aside(conn) == 0
        assert len(await c.cases()) == 2

    in_county(database, scenario)


def test_the_database_holds_no_ladder_that_would_silence_an_alarm(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        for quiet in (
            "'', 4, 8, 18, 600",
            "'', 1, 0, 23, 600",
            "'', 4, 0, 24, 86400",
            "'management', 4, 8, 18, 600",
        ):
            with pytest.raises(asyncpg.CheckViolationError, match="policy_quiet_papers_only"):
                await c.execute(_POLICY + quiet + ")")
        await c.execute(_POLICY + "'management', 3, 8, 18, 86400)")
        # Whatever it is about, a ladder ends where its level does (law-warning 5), half an hour clear (13).
        ends = await c.fetch(
            "SELECT DISTINCT p.level, p.clear_after_s, (SELECT s.rank FROM policy_step AS s"
            " WHERE s.policy_id = p.id ORDER BY s.index DESC LIMIT 1) AS rank"
            " FROM policy AS p WHERE p.region = '' ORDER BY p.level"
        )
        assert [tuple(end) for end in ends] == [(1, 1800, 2), (2, 1800, 3), (3, 1800, 4), (4, 1800, 9)]

    in_county(database, scenario)


@pytest.mark.parametrize(("kind", "level"), [("", 4), ("", 1), ("management", 4)])
def test_quiet_hours_that_are_stored_all_the_same_silence_no_alarm_and_nothing_red(
    kind: str, level: int
) -> None:
    quiet: dict[str, Any] = {"kind": kind, "hour_from": 8, "hour_to": 18}
    policy = Policy(
        name="x",
        level=level,
        version=1,
        region="",
        steps=(Step(delay_s=0, rank=0),),
        handling_s=60,
        repeat_s=60,
        **quiet,
    )
    case = Case(level=level, policy=policy, due_at=NIGHT)
    assert case.wakes() == {"ladder": NIGHT}
    assert [type(effect) for effect in case.tick(NIGHT)] == [Call]
