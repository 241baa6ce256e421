"""law-warning 14: a reason; orange and red need a second person, and the ladder runs until then."""

import pytest

from central.db.errors import DomainError
from central.db.pool import DatabaseUrls
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
