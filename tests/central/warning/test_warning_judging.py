"""Facts become cases, in a real database."""

from datetime import timedelta

import pytest

from central.db.pool import DatabaseUrls
from central.db.scope import acting
from central.warning import service
from central.warning.models import TroubleFact
from protocol.messages import ACKNOWLEDGE, CLEAR, RAISE
from tests.central.warning.county import County, in_county


def test_an_alarm_opens_a_case_with_its_story_and_a_due_ladder(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.row(await c.open())
        assert (case["level"], case["state"], case["active"]) == (2, "open", True)
        assert case["title"] == "氯库泄漏探测器 高报"
        assert "三级重大危险源" in case["level_reason"]
        assert "本项目建议值" in case["level_reason"]
        assert case["place"] == "429981101/E0001"
        assert await c.kinds(case["id"]) == ["raised", "received", "opened"]
        timers = await c.fetch("SELECT kind, due_at FROM timer")
        assert [(timer["kind"], timer["due_at"]) for timer in timers] == [("ladder", c.now)]
        told = await c.fetch("SELECT * FROM live_event WHERE kind = 'warning'")
        assert [row["payload"]["change"] for row in told] == ["opened"]
        assert told[0]["payload"]["enterprise_name"] == "临江清源水务有限公司"

    in_county(database, scenario)


def test_the_same_raise_told_twice_changes_nothing(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        fact = {"occurrence": "0000002a-7"}
        await c.open(**fact)
        assert await c.judge(RAISE, **fact) is None
        assert len(await c.cases()) == 1

    in_county(database, scenario)


def test_an_alarm_that_returned_and_rose_again_under_its_occurrence_is_active_again(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        case = await c.open()
        await c.judge(CLEAR)
        assert not (await c.row(case))["active"]
        c.advance(seconds=10)
        await c.judge(RAISE)
        row = await c.row(case)
        assert row["active"]
        assert row["clear_due_at"] is None
        # handled in between: the next raise of the same occurrence is a new case, not a lost one
        await c.judge(CLEAR)
        await c.act("township", "handle", case, "阀门松动", "已紧固")
        c.advance(seconds=10)
        judged = await c.judge(RAISE)
        assert judged is not None
        assert judged.change == "opened"
        assert (await c.row(judged.warning_id))["previous_id"] == case

    in_county(database, scenario)


def test_a_gateway_that_is_offline_opens_a_case_and_online_clears_it(database: DatabaseUrls) -> None:
    from central.warning.models import PresenceFact

    async def scenario(c: County) -> None:
        def fact(state: str) -> PresenceFact:
            return PresenceFact(
                gateway_id="gw-chlorine", gateway_name="氯库网关", place="429981101/E0001", enterprise_id=1,
                state=state, at=c.now, received_at=c.now, hazard_class=3,
            )  # fmt: skip

        async with acting(c.db.worker) as conn:
            opened = await service.judge_presence(conn, fact("offline"))
            assert opened is not None
            assert await service.judge_presence(conn, fact("offline")) is None
            assert await service.judge_presence(conn, fact("late")) is None
        c.advance(minutes=1)
        async with acting(c.db.worker) as conn:
            assert await service.judge_presence(conn, fact("online")) is not None
        row = await c.row(opened.warning_id)
        assert (row["level"], row["active"], row["title"]) == (1, False, "网关「氯库网关」失联")
        # gone again within the 30 minutes: the same case and clock
        async with acting(c.db.worker) as conn:
            again = await service.judge_presence(conn, fact("offline"))
        assert again is not None
        assert again.warning_id == opened.warning_id

    in_county(database, scenario)


def test_trouble_with_an_event_opens_a_case_once_and_ends_with_its_cause(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        fact = TroubleFact(
            gateway_id="gw-chlorine", gateway_name="氯库网关", place="429981101/E0001", enterprise_id=1,
            reason="22P02 invalid text", reference="quarantine-7", at=c.now, received_at=c.now,
        )  # fmt: skip
        async with acting(c.db.worker) as conn:
            poison = await service.judge_poison(conn, fact)
            unjudged = await service.judge_unjudged(conn, fact)
            assert await service.judge_poison(conn, fact) is None
        assert poison is not None
        assert unjudged is not None
        assert (poison.level, unjudged.level) == (2, 3)
        async with acting(c.db.worker) as conn:
            await service.settle_trouble(conn, fact, poison=True, now=c.now, detail="已重放")
        assert not (await c.row(poison.warning_id))["active"]
        assert (await c.row(unjudged.warning_id))["active"]

    in_county(database, scenario)


def test_clearing_twice_or_an_unknown_occurrence_is_nothing(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open()
        assert await c.judge(CLEAR, occurrence="0000002a-99") is None
        assert await c.judge(CLEAR) is not None
        due = (await c.row(case))["clear_due_at"]
        c.advance(seconds=5)
        assert await c.judge(CLEAR) is None
        assert (
            (await c.row(case))["clear_due_at"] == due == c.now - timedelta(seconds=5) + timedelta(minutes=30)
        )

    in_county(database, scenario)


def test_a_newer_occurrence_says_that_the_older_one_is_over(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H", occurrence="0000002a-1")
        c.advance(seconds=60)
        await c.judge(RAISE, occurrence="0000002a-2")  # the clear of the first was lost on the way
        c.advance(seconds=60)
        await c.judge(CLEAR, occurrence="0000002a-2")
        assert not (await c.row(case))["active"]

    in_county(database, scenario)


def test_a_case_is_active_until_its_last_alarm_is_clear(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H")
        await c.judge(RAISE, limit_name="HH", occurrence="0000002a-2")
        await c.judge(CLEAR, limit_name="HH", occurrence="0000002a-2")
        assert (await c.row(case))["active"]
        await c.judge(ACKNOWLEDGE)
        await c.judge(CLEAR)
        row = await c.row(case)
        assert not row["active"]
        assert row["level"] == 4

    in_county(database, scenario)


def trouble(c: County, reference: str) -> TroubleFact:
    return TroubleFact(
        gateway_id="gw-chlorine", gateway_name="氯库网关", place="429981101/E0001", enterprise_id=1,
        reason="须有人查明", reference=reference, at=c.now, received_at=c.now,
    )  # fmt: skip


@pytest.mark.parametrize("reference", ["conflict/1/7/20", "interleaved/77", "unjudged/3"])
def test_what_only_a_finding_ends_can_be_closed_once_it_is_handled(
    database: DatabaseUrls, reference: str
) -> None:
    async def scenario(c: County) -> None:
        judge = service.judge_unjudged if reference.startswith("unjudged") else service.judge_poison
        async with acting(c.db.worker) as conn:
            judged = await judge(conn, trouble(c, reference))
            assert judged is not None
            # replaying quarantined rows finds out nothing about it
            await service.settle_trouble(conn, trouble(c, "quarantine/1"), poison=True, now=c.now, detail="x")
        assert (await c.row(judged.warning_id))["active"]
        await c.act("enterprise", "handle", judged.warning_id, "存储卡被复制", "已更换")
        row = await c.row(judged.warning_id)
        assert (row["active"], row["cleared_at"]) == (False, c.now)
        await c.act("county", "close", judged.warning_id, "属实")
        assert (await c.row(judged.warning_id))["state"] == "closed"

    in_county(database, scenario)


def test_two_devices_that_speak_in_turn_again_open_a_new_linked_case(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        async with acting(c.db.worker) as conn:
            first = await service.judge_poison(conn, trouble(c, "interleaved/77"))
        assert first is not None
        await c.act("enterprise", "handle", first.warning_id, "存储卡被复制", "已更换")
        c.advance(hours=1)
        async with acting(c.db.worker) as conn:
            again = await service.judge_poison(conn, trouble(c, "interleaved/77"))
        assert again is not None
        assert again.change == "opened"
        assert (await c.row(again.warning_id))["previous_id"] == first.warning_id

    in_county(database, scenario)


def test_the_end_of_a_trouble_ends_it_for_the_handled_case_too(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        async with acting(c.db.worker) as conn:
            first = await service.judge_poison(conn, trouble(c, "quarantine/1"))
        assert first is not None
        await c.act("enterprise", "handle", first.warning_id, "编码有误", "已更正")
        assert (await c.row(first.warning_id))["active"]  # handled is no clear where there is one
        async with acting(c.db.worker) as conn:
            second = await service.judge_poison(conn, trouble(c, "quarantine/2"))
            assert second is not None
            assert second.change == "opened"
            await service.settle_trouble(conn, trouble(c, "quarantine/2"), poison=True, now=c.now, detail="x")
        assert [case["active"] for case in await c.cases()] == [False, False]

    in_county(database, scenario)
