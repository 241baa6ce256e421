"""law-warning 14: a reason; orange and red need a second person, and the ladder runs until then."""

from uuid import UUID

import pytest

from central.db.errors import DomainError
from central.db.pool import DatabaseUrls
from central.db.scope import scoped
from central.warning import answers
from protocol.messages import CLEAR, RAISE
from tests.central.warning.county import County, in_county


def test_red_climbs_until_a_second_person_confirms(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        await c.settle()
        await c.judge(CLEAR, limit_name="HH")
        await c.act("enterprise", "mark_false", case, "标气试验")
        assert (await c.row(case))["state"] == "open"
        await c.pass_time(600, 100)
        assert c.phone.numbers == ["13900000004", "13900000003"]
        with pytest.raises(DomainError, match="same-person"):
            await c.act("enterprise", "mark_false", case, "就是误报")
        await c.act("township", "mark_false", case, "已电话核实为标气试验")
        row = await c.row(case)
        assert row["state"] == "false_alarm"
        assert row["false_reason"] == "标气试验；已电话核实为标气试验"
        assert row["false_name"] == "安全员、镇值班"
        assert row["suppressed_until"] is None  # clear: nothing to hold back
        await c.pass_time(7200, 600)
        assert len(c.phone.sent) == 2

    in_county(database, scenario)


def test_yellow_needs_one_voice(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H")
        await c.act("enterprise", "mark_false", case, "标气试验")
        assert (await c.row(case))["state"] == "false_alarm"

    in_county(database, scenario)


def test_a_first_voice_is_forgotten_when_the_level_rises(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H", hazard_class=1)  # orange
        await c.act("enterprise", "mark_false", case, "标气试验")
        await c.judge(RAISE, limit_name="HH", occurrence="0000002a-2")
        await c.act("township", "mark_false", case, "听说是标气试验")
        assert (await c.row(case))["state"] == "open"

    in_county(database, scenario)


def test_two_colleagues_of_the_plant_do_not_end_their_own_red(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        await c.act("enterprise", "mark_false", case, "标气试验")
        assert "confirm-false-alarm" not in await offered(c, "colleague", case)
        with pytest.raises(DomainError, match="not-supervising"):
            await c.act("colleague", "mark_false", case, "属实")
        assert (await c.row(case))["state"] == "open"
        assert "confirm-false-alarm" in await offered(c, "township", case)
        await c.act("township", "mark_false", case, "已到现场核实")
        assert (await c.row(case))["state"] == "false_alarm"

    in_county(database, scenario)


def test_without_an_agency_above_another_person_confirms(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.execute("UPDATE enterprise SET agency_id = NULL WHERE id = 1")
        case = await c.open("HH")
        await c.act("enterprise", "mark_false", case, "标气试验")
        await c.act("colleague", "mark_false", case, "属实")
        assert (await c.row(case))["state"] == "false_alarm"

    in_county(database, scenario)


async def offered(c: County, who: str, case: UUID) -> list[str]:
    person = c.person(who)
    async with scoped(c.db.web, person.scope, person.actor) as conn:
        return await answers.actions(conn, person, await c.row(case), c.now)
