"""law-warning 13: cleared by itself only after 30 minutes; orange and red still want an answer."""

import pytest

from central.db.pool import DatabaseUrls
from protocol.messages import CLEAR, RAISE
from tests.central.warning.county import County, in_county


@pytest.mark.parametrize(
    ("limit_name", "hazard_class", "state"),
    [("H", None, "cleared"), ("H", 3, "cleared"), ("H", 1, "open"), ("HH", 3, "open")],
    ids=["blue", "yellow", "orange", "red"],
)
def test_what_thirty_minutes_clear_do(
    database: DatabaseUrls, limit_name: str, hazard_class: int | None, state: str
) -> None:
    async def scenario(c: County) -> None:
        case = await c.open(limit_name, hazard_class=hazard_class)
        await c.settle()
        await c.judge(CLEAR, limit_name=limit_name)
        await c.pass_time(1795, 100)
        assert (await c.row(case))["state"] == "open"
        await c.pass_time(10)
        assert (await c.row(case))["state"] == state
        before = len(c.phone.sent)
        await c.pass_time(7200, 300)
        assert (len(c.phone.sent) > before) == (state == "open")

    in_county(database, scenario)


def test_what_ended_by_itself_is_listed_for_review_and_closed_by_a_reviewer(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        from central.db.scope import scoped
        from central.warning import views

        case = await c.open("H")
        await c.judge(CLEAR)
        await c.pass_time(1801, 300)
        person = c.person("county")
        async with scoped(c.db.web, person.scope, person.actor) as conn:
            assert (await views.counts(conn)).review == 1
        await c.act("county", "close", case, "瞬时超限，已复查")
        assert (await c.row(case))["state"] == "closed"

    in_county(database, scenario)


def test_a_return_before_that_goes_on_with_the_same_ladder_and_clock(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H")
        await c.pass_time(1000, 100)
        await c.judge(CLEAR)
        await c.pass_time(500, 100)
        judged = await c.judge(RAISE, occurrence="0000002a-2")
        assert judged is not None
        assert judged.warning_id == case
        await c.pass_time(300, 100)
        assert c.phone.numbers == [
            "13900000004",
            "13900000003",
        ]  # 30 min after the first raise, not the second
        await c.judge(CLEAR, occurrence="0000002a-2")
        await c.pass_time(1790, 10)
        assert (await c.row(case))["state"] == "open"
        await c.pass_time(15)
        assert (await c.row(case))["state"] == "cleared"

    in_county(database, scenario)
