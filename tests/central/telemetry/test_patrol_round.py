"""The patrol over stored hours: what it finds of each point, the score, what people are shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from central.db.errors import DomainError, NotFoundError
from central.db.scope import scoped
from central.telemetry import patrol, patrol_pages
from central.telemetry.patrol_models import RuleForm
from protocol import codec
from protocol import messages as m
from tests.central.warning.county import County, in_county

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 6, 20, tzinfo=UTC)
UNTIL = datetime(2026, 11, 22, 6, tzinfo=UTC)
TODAY = date(2026, 11, 22)
KEYS = ("GT-101", "well", "stuck", "coarse", "wild", "outside", "few", "state")
_POINTS = """
INSERT INTO point (gateway_id, enterprise_id, key, place, name, quantity, unit, source, period_ms, low, high,
                   current, created_at)
SELECT 'gw-chlorine', 1, k.key, '', k.key, '压力', CASE k.key WHEN 'state' THEN '' ELSE 'MPa' END, 's', 60000,
       0, 100, true, $1::timestamptz
FROM unnest($2::text[]) AS k (key)
"""
_HOURS = """
INSERT INTO rollup_hour (point_id, at, min, max, total, count, bad)
SELECT p.id, $2::timestamptz - make_interval(hours => n), $3::float8, $4::float8, 0, $5::int, $6::int
FROM point AS p, generate_series(1, 30) AS n WHERE p.key = $1
"""


async def furnish(c: County) -> None:
    """Eight points of one gateway, thirty hours each, heard until now; the patrol has listened for long."""
    c.now = NOW
    await c.execute("DELETE FROM gateway_state")
    description = m.Description(
        gateway="gw-chlorine", config_hash="c", config_version=1, software="1",
        blocks=[m.BlockInfo(0, "s", "b", 1, 3, 0, 1, 60000)],
        points=[
            m.PointInfo(key, key, 0, 0, "压力", "MPa", 0.5 if key == "coarse" else 0.001, 0.0) for key in KEYS
        ],
        alarms=[],
    )  # fmt: skip
    encoded = codec.encode_description(description)
    await c.fetch(
        "INSERT INTO birth (gateway_id, hash, place, description, config_version, config_hash, software,"
        " received_at) VALUES ('gw-chlorine', '\\x01', '', $1, 1, 'c', '1', now())", encoded,
    )  # fmt: skip
    await c.fetch(
        "INSERT INTO gateway_state (gateway_id, place, presence, heard_at, birth_hash)"
        " VALUES ('gw-chlorine', '', 'online', $1, '\\x01')", NOW,
    )  # fmt: skip
    await c.fetch(_POINTS, NOW - timedelta(days=3), list(KEYS[1:]))
    await c.execute("UPDATE point SET period_ms = 60000, low = 0, high = 100 WHERE key = 'GT-101'")
    for key, low, high, good, bad in (
        ("GT-101", 0.0, 0.0, 60, 0),  # a gas detector where there is no gas
        ("well", 40.0, 44.0, 57, 3),
        ("stuck", 41.37, 41.37, 60, 0),
        ("coarse", 41.5, 41.5, 60, 0),
        ("wild", 5.0, 95.0, 60, 0),
        ("outside", 98.0, 104.0, 60, 0),
        ("few", 40.0, 44.0, 12, 0),
        ("state", 1.0, 1.0, 60, 0),
    ):
        await c.fetch(_HOURS, key, UNTIL, low, high, good, bad)
    await c.fetch(
        "INSERT INTO latest (point_id, place, at, value, quality, ordinal, seq, received_at)"
        " SELECT id, '', $1, 1, 192, 1, 1, $1 FROM point", NOW,
    )  # fmt: skip
    await c.fetch("UPDATE patrol_round SET looked_at = $1, awake_since = $2", NOW, NOW - timedelta(days=9))


async def a_round(c: County, minutes: int = 16) -> None:
    """The next round; who listened until then goes on listening."""
    c.advance(minutes=minutes)
    await c.fetch("UPDATE patrol_round SET looked_at = $1", c.now)
    await c.fetch("UPDATE latest SET at = $1, received_at = $1", c.now)
    while await patrol.step(c.db, ZONE, c.clock):
        pass


async def found(c: County) -> list[tuple[Any, ...]]:
    rows = await c.fetch(
        "SELECT p.key, f.code, f.words FROM patrol_finding AS f JOIN point AS p ON p.id = f.point_id"
        " WHERE f.ended_at IS NULL ORDER BY p.key"
    )
    return [tuple(row) for row in rows]


def test_a_round_finds_what_the_hours_show_and_scores_the_day(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await furnish(c)
        await a_round(c)
        assert await found(c) == [
            ("few", "rare", "近几小时只收到 36 个数据，应不少于 90 个"),
            ("outside", "range", "出现 104 MPa，合理范围的界限为 100 MPa"),
            ("stuck", "stuck", "24 小时以来始终为 41.37 MPa"),
            ("wild", "swing", "一小时内波动达 90 MPa，合理值不超过 60 MPa"),
        ]
        await a_round(c)
        assert len(await found(c)) == 4
        person = c.person("township")
        async with scoped(c.db.web, person.scope, person.actor) as conn:
            (row,) = await patrol_pages.enterprises(
                conn, TODAY, q="", hazard_class=None, region="", check="", after=(None, None), limit=9
            )
            one = await patrol_pages.enterprise(conn, 1, None, TODAY, 30)
            listed = await patrol_pages.findings(
                conn, check="stuck", enterprise_id=None, point_id=None, ended=False, after=None, limit=9
            )
            counted = {count.check: count.many for count in await patrol_pages.counts(conn)}
        assert (row.points, row.standing, row.run_state.reliability_grade) == (8, 4, "fair")
        assert 70 < row.score < 100
        assert abs(sum(loss.lost for loss in one.losses) + row.score - 100) < 1e-9
        # Stuck since yesterday, it lost of today since midnight: all of it at six tenths of its worth.
        assert (one.losses[0].point_key, one.losses[0].check) == ("stuck", "stuck")
        assert one.losses[0].lost == pytest.approx(12.5 * 0.6)
        assert one.days[0].values_all == 14 * (7 * 60 + 12)
        assert row.run_state.effectiveness == pytest.approx(1 - 3 / (7 * 60 + 12))
        assert [finding.point_key for finding in listed] == ["stuck"]
        assert counted == {"stale": 0, "range": 1, "stuck": 1, "swing": 1, "rare": 1}
        elsewhere = c.person("elsewhere")
        async with scoped(c.db.web, elsewhere.scope, elsewhere.actor) as conn:
            with pytest.raises(NotFoundError):
                await patrol_pages.enterprise(conn, 1, None, TODAY, 30)
            assert await patrol_pages.newest_day(conn) is None

    in_county(database, scenario)


def test_what_moves_again_or_is_asked_no_more_ends_with_the_reason(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await furnish(c)
        await a_round(c)
        await c.execute(
            "UPDATE rollup_hour SET max = 42 WHERE point_id = (SELECT id FROM point WHERE key = 'stuck')"
        )
        await c.execute("UPDATE point SET current = false WHERE key = 'wild'")
        await c.fetch(
            "UPDATE rollup_hour SET max = 99 WHERE point_id = (SELECT id FROM point WHERE key = 'outside')"
        )
        # Hours of which data are still on their way say nothing: what stands there stays.
        await c.fetch(
            "INSERT INTO rollup_due (level, gateway, from_at, to_at)"
            " SELECT 0, number, $1::timestamptz - interval '10 minutes', $1 FROM gateway", UNTIL,
        )  # fmt: skip
        await c.fetch("DELETE FROM rollup_hour WHERE point_id = (SELECT id FROM point WHERE key = 'well')")
        await a_round(c)
        assert [key for key, *_ in await found(c)] == ["few"]
        ended = await c.fetch("SELECT end_words FROM patrol_finding WHERE ended_at IS NOT NULL ORDER BY code")
        assert [row["end_words"] for row in ended] == [
            "数值回到合理范围", "数值恢复变化，或处于正常的静止状态", "测点已不在网关配置中",
        ]  # fmt: skip

    in_county(database, scenario)


def test_yesterday_is_final_after_its_last_hour_and_history_stays(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await furnish(c)
        await a_round(c)
        await a_round(c, minutes=60 * 20)
        days = await c.fetch("SELECT day, whole, score FROM patrol_day ORDER BY day")
        assert [(d["day"], d["whole"]) for d in days] == [(TODAY, True), (TODAY + timedelta(days=1), False)]
        kept = await c.fetch("SELECT lost FROM patrol_loss WHERE day = $1 ORDER BY id", TODAY)
        await a_round(c)
        assert await c.fetch("SELECT lost FROM patrol_loss WHERE day = $1 ORDER BY id", TODAY) == kept

    in_county(database, scenario)


def test_a_countys_rule_takes_the_place_of_the_general_one_from_the_next_round_on(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        await furnish(c)
        await a_round(c)
        form = RuleForm(
            region="429981", quantity="压力", unit="MPa", high=120, stuck_h=None, source="县应急局"
        )

        async def write(who: str, rule: RuleForm) -> None:
            person = c.person(who)
            async with scoped(c.db.web, person.scope, person.actor) as conn:
                await patrol_pages.put_in_force(conn, person, rule, c.now, ZONE)

        await write("county", form)
        await write("county", form)
        await a_round(c)
        assert await found(c) == []  # of pressures this county asks nothing but their range
        with pytest.raises(DomainError) as refused:
            await write("township", form)
        assert refused.value.http_status == 403
        with pytest.raises(DomainError) as wrong:
            await write(
                "county", RuleForm(region="429981", low=9, high=9, last_day=date(2020, 1, 1), source="x")
            )
        assert [problem.place for problem in wrong.value.fields] == ["high", "last_day"]
        person = c.person("county")
        async with scoped(c.db.web, person.scope, person.actor) as conn:
            told = await patrol_pages.rules(conn, person, c.now, ended=False)
            (own,) = [rule for rule in told.items if rule.own]
            assert (own.version, own.region_name, own.quantity) == (2, "临江县", "压力")
            await patrol_pages.end_rule(conn, own.id, "按通用规则", c.now)
            with pytest.raises(NotFoundError):
                await patrol_pages.end_rule(conn, own.id, "再结束一次", c.now)
        await a_round(c)
        assert [key for key, *_ in await found(c)] == ["few", "outside", "stuck", "wild"]

    in_county(database, scenario)
