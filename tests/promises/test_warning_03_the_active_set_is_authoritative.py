"""law-warning 3: after a gap or a restore Birth's active set decides, in both directions."""

from central.db.pool import DatabaseUrls
from central.db.scope import acting
from central.warning import service
from protocol.messages import CLEAR, RAISE
from tests.central.warning.county import County, in_county


def test_a_missing_raise_opens_and_a_missing_clear_clears(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        gone = await c.open("H")
        c.advance(minutes=10)
        active = [c.fact(RAISE, limit_name="L", occurrence="0000002a-5")]
        async with acting(c.db.worker) as conn:
            judged = await service.settle_active(conn, "gw-chlorine", active, c.now)
        assert [found.change for found in judged] == ["opened", "cleared"]
        cases = await c.cases()
        assert [(case["side"], case["active"]) for case in cases] == [("high", False), ("low", True)]
        # the same Birth again: nothing
        async with acting(c.db.worker) as conn:
            assert await service.settle_active(conn, "gw-chlorine", active, c.now) == []
        assert (await c.row(gone))["state"] == "open"

    in_county(database, scenario)


def test_the_backlog_that_follows_such_a_birth_opens_nothing_twice(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        raised = c.fact(RAISE, limit_name="HH")
        async with acting(c.db.worker) as conn:
            await service.settle_active(conn, "gw-chlorine", [raised], c.now)
        c.advance(seconds=3)
        assert await c.judge(RAISE, limit_name="HH", at=raised.at, late=True, active_now=True) is None
        assert len(await c.cases()) == 1

    in_county(database, scenario)


def test_a_replayed_raise_that_is_not_in_the_set_is_history(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        judged = await c.judge(RAISE, limit_name="HH", late=True, active_now=False)
        assert judged is not None
        assert judged.change == "history"
        await c.judge(CLEAR, limit_name="HH", late=True, active_now=False)
        await c.settle()
        (case,) = await c.cases()
        assert (case["state"], case["history"], case["active"]) == ("cleared", True, False)
        assert case["cleared_at"] is not None
        assert c.phone.sent == []

    in_county(database, scenario)


def test_an_alarm_that_birth_says_is_latched_opens_its_case_and_is_clear(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        async with acting(c.db.worker) as conn:
            await service.settle_active(
                conn, "gw-chlorine", [c.fact(RAISE, limit_name="HH", state="E")], c.now
            )
        (case,) = await c.cases()
        assert (case["state"], case["active"]) == ("open", False)
        await c.settle()
        assert c.phone.numbers == ["13900000004"]

    in_county(database, scenario)
