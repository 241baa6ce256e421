"""law-warning 16: acknowledging the alarm at the plant is shown, and never replaces answering the warning."""

from central.db.pool import DatabaseUrls
from protocol.messages import ACKNOWLEDGE
from tests.central.warning.county import County, in_county


def test_the_button_at_the_plant_stands_in_the_story_and_the_ladder_climbs_on(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        await c.settle()
        c.advance(seconds=30)
        await c.judge(ACKNOWLEDGE, limit_name="HH")
        row = await c.row(case)
        assert (row["state"], row["acknowledged_at"]) == ("open", None)
        assert "alarm_acknowledged" in await c.kinds(case)
        await c.pass_time(600, 100)
        assert c.phone.numbers == ["13900000004", "13900000003"]

    in_county(database, scenario)
