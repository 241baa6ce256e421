"""law-warning 4: one dead gateway or instrument is one case; what it explains waits under it, unlost."""

from typing import Any
from uuid import UUID

from central.db.pool import Database, DatabaseUrls
from central.db.scope import acting, scoped
from central.warning import holds_worker, reading, service, worker
from central.warning.models import ConditionFact, Judgement, PresenceFact
from central.warning.store_lists import Narrowing
from protocol.messages import CLEAR, RAISE
from protocol.quality import COMM_FAILURE
from tests.central.warning.county import PLACE, PLANT, County, in_county

PLANT_PHONE = "13900000004"
SETTLE_S = 120  # of a finding of the patrol, in the table of the migration


async def presence(c: County, state: str, **changes: Any) -> Judgement | None:
    values: dict[str, Any] = {
        "gateway_id": "gw-chlorine",
        "gateway_name": "氯库网关",
        "place": PLACE,
        "enterprise_id": PLANT,
        "state": state,
        "at": c.now,
        "received_at": c.now,
    }
    async with acting(c.db.worker) as conn:
        return await service.judge_presence(conn, PresenceFact(**(values | changes)))


async def stale(c: County, point_id: int, *, holds: bool = True, **changes: Any) -> UUID | None:
    """What the patrol finds of a point: no fresh value."""
    values: dict[str, Any] = {
        "kind": "patrol",
        "subject_type": "point",
        "subject_id": str(point_id),
        "place": PLACE,
        "subject_name": f"测点 {point_id}",
        "title": f"测点 {point_id} 数据停更",
        "holds": holds,
        "reference": f"stale/{point_id}",
        "at": c.now,
        "received_at": c.now,
        "enterprise_id": PLANT,
        "gateway_id": "gw-chlorine",
        "point_id": point_id,
        "level": 1,
        "level_reason": "数据停更",
    }
    async with acting(c.db.worker) as conn:
        judged = await service.judge_condition(conn, ConditionFact(**(values | changes)))
    return None if judged is None else judged.warning_id


async def dead_gateway(c: County) -> UUID:
    judged = await presence(c, "offline")
    assert judged is not None
    return judged.warning_id


async def quality(c: County, transition: int, point_id: int, **changes: Any) -> Judgement | None:
    return await c.judge(
        transition,
        limit_name="Q",
        alarm=f"{point_id}/Q",
        point_id=point_id,
        occurrence=f"0000002a-{point_id}",
        quality=COMM_FAILURE if transition == RAISE else 192,
        **changes,
    )


def test_what_is_told_anew_after_the_return_is_called_without_waiting(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.more_points(1)
        await dead_gateway(c)
        case = await stale(c, c.point_id)
        assert case is not None
        await c.settle()
        await presence(c, "online")
        await c.settle()
        assert (await c.row(case))["held_by"] == "settle"
        c.advance(seconds=10)
        await stale(c, c.point_id, holds=False)
        c.advance(seconds=10)
        await stale(c, c.point_id, reference="stale/again")
        await c.settle()
        assert (await c.row(case))["step"] == 0

    in_county(database, scenario)


async def called(c: County) -> set[UUID]:
    """The cases for which anybody was called, by whatever way."""
    rows = await c.fetch("SELECT DISTINCT warning_id FROM notification")
    return {row["warning_id"] for row in rows}


def test_a_gateway_with_forty_points_dies_and_three_stay_broken(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.more_points(39)
        points = [row["id"] for row in await c.fetch("SELECT id FROM point ORDER BY id")]
        # Half is found before the centre misses the gateway, half after.
        early = [await stale(c, point) for point in points[:5]]
        parent = await dead_gateway(c)
        c.advance(seconds=30)
        late = [await stale(c, point) for point in points[5:]]
        await c.pass_time(600, 60)
        assert await called(c) == {parent}, "one case was called"
        person = c.person("county")
        async with scoped(c.db.web, person.scope, person.actor) as conn:
            folded = await reading.listed(conn, person, narrowing=Narrowing(folded=True), limit=100)
            whole = await reading.listed(conn, person, limit=100)
            page = await reading.opened(conn, person, parent)
        assert [(row.id, row.children) for row in folded] == [(parent, 40)]
        assert len(whole) == 41
        assert len(page.under) == 40
        assert {row.id for row in page.under} == {*early, *late}
        assert {row.held_by for row in page.under} == {"parent"}

        await presence(c, "online")
        await c.pass_time(60, 30)
        for point in points[3:]:
            await stale(c, point, holds=False)
        await c.pass_time(SETTLE_S, 10)
        assert await called(c) - {parent} == set(early[:3]), "three ladders"
        await c.pass_time(2400, 100)
        ended = await c.fetch("SELECT count(*) FROM warning WHERE state = 'cleared' AND kind = 'patrol'")
        assert ended[0]["count"] == 37

    in_county(database, scenario)


def test_an_alarm_of_the_process_is_never_explained_away(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await dead_gateway(c)
        case = await c.open("H")
        await c.settle()
        row = await c.row(case)
        assert (row["parent_id"], row["held_by"], row["step"]) == (None, None, 0)

    in_county(database, scenario)


def test_what_is_worse_than_its_gateway_is_shown_under_it_and_called_itself(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        parent = await dead_gateway(c)
        case = await stale(c, c.point_id, level=2)
        assert case is not None
        await c.settle()
        row = await c.row(case)
        assert (row["parent_id"], row["held_by"]) == (parent, None)
        assert case in await called(c)

    in_county(database, scenario)


def test_a_child_that_was_called_waits_and_a_short_death_continues_its_ladder(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await quality(c, RAISE, c.point_id)
        assert case is not None
        await c.settle()
        assert (await c.row(case.warning_id))["step"] == 0
        c.advance(seconds=100)
        parent = await dead_gateway(c)
        await c.settle()
        held = await c.row(case.warning_id)
        assert (held["held_by"], held["parent_id"]) == ("parent", parent)
        await c.pass_time(300, 60)
        await presence(c, "online")
        await c.settle()
        assert (await c.row(case.warning_id))["held_by"] == "settle"
        await c.pass_time(30)
        row = await c.row(case.warning_id)
        assert (row["held_by"], row["round"], row["step"]) == (None, 0, 0)
        assert row["due_at"] == held["due_at"] > c.now

    in_county(database, scenario)


def test_a_parent_called_false_explains_nothing_and_one_that_is_handled_does(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        parent = await dead_gateway(c)
        case = await stale(c, c.point_id)
        assert case is not None
        await c.act("township", "handle", parent, "停电", "已报修")
        await c.settle()
        assert (await c.row(case))["held_by"] == "parent"
        await presence(c, "online")
        await c.settle()
        await c.pass_time(SETTLE_S, 30)
        assert (await c.row(case))["held_by"] is None
        again = await dead_gateway(c)
        await c.settle()
        row = await c.row(case)
        assert (row["held_by"], row["parent_id"]) == ("parent", again)
        await c.act("township", "mark_false", again, "网关在线，误判")
        await c.settle()
        assert (await c.row(case))["held_by"] is None

    in_county(database, scenario)


def test_a_dead_instrument_is_one_case_over_its_points(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.more_points(9)
        points = [row["id"] for row in await c.fetch("SELECT id FROM point ORDER BY id")]
        for point in points:
            await quality(c, RAISE, point)
        await c.pass_time(60, 10)
        (instrument,) = await c.fetch("SELECT * FROM warning WHERE kind = 'presence'")
        assert (instrument["subject_type"], instrument["subject_id"]) == ("instrument", "gw-chlorine/s")
        assert instrument["title"] == "仪表「s」无应答"
        assert instrument["level_reason"].startswith("仪表无应答")
        assert await called(c) == {instrument["id"]}
        held = await c.fetch(
            "SELECT * FROM warning WHERE kind = 'quality' AND parent_id = $1", instrument["id"]
        )
        assert len(held) == 10

        # The gateway dies over it: now that explains the instrument, and the instrument its points.
        gateway = await dead_gateway(c)
        await c.settle()
        assert (await c.row(instrument["id"]))["parent_id"] == gateway
        await presence(c, "online")
        await c.pass_time(31)
        for point in points[2:]:
            await quality(c, CLEAR, point)
        assert not (await c.row(instrument["id"]))["active"], "it answers"
        await c.pass_time(31)
        broken = {row["id"] for row in held if row["point_id"] in points[:2]}
        assert await called(c) - {gateway} == broken | {instrument["id"]}

    in_county(database, scenario)


def test_whoever_dies_after_the_return_leaves_what_starts_the_ladders(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await dead_gateway(c)
        case = await stale(c, c.point_id)
        assert case is not None
        await c.settle()
        await presence(c, "online")
        # Nobody followed it up: this centre is gone, and another one starts with what is committed.
        async with Database.open(c.urls, web_size=1, worker_size=2) as other:
            while await holds_worker.step(other, c.clock):
                pass
            c.advance(seconds=SETTLE_S)
            while await worker.fire_due(other, c.clock):
                pass
        assert (await c.row(case))["step"] == 0

    in_county(database, scenario)


def test_a_child_that_read_the_death_before_the_return_is_called_all_the_same(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.more_points(1)
        await dead_gateway(c)
        await c.settle()
        async with acting(c.db.worker) as conn:
            judged = await service.judge_alarm(
                conn, c.fact(RAISE, limit_name="Q", alarm="x/Q", side="quality", quality=16)
            )
            await presence(c, "online")
            await c.follow()  # what the return left sees no case: that is not committed yet
        assert judged is not None
        assert (await c.row(judged.warning_id))["held_by"] == "parent"
        await c.pass_time(36, 1)
        assert (await c.row(judged.warning_id))["step"] == 0

    in_county(database, scenario)
