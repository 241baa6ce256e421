"""law-warning 11: a rising level ends the pause and arms its own steps from now; a level never falls."""

from central.db.pool import DatabaseUrls
from protocol.messages import CLEAR, RAISE
from tests.central.warning.county import County, in_county


def test_a_rise_ends_the_pause_and_calls_from_the_first_step(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H")
        await c.settle()
        await c.act("enterprise", "acknowledge", case)
        c.advance(seconds=30)
        await c.judge(RAISE, limit_name="HH", occurrence="0000002a-2")
        await c.settle()
        row = await c.row(case)
        assert (row["state"], row["level"], row["acknowledged_name"]) == ("open", 4, None)
        calls = [(call["level"], call["round"], call["step"]) for call in await c.calls()]
        assert calls == [(2, 0, 0), (4, 0, 0)]
        assert "红色预警" in c.phone.sent[-1].text
        await c.pass_time(600, 100)
        assert c.phone.numbers[-1] == "13900000003"

    in_county(database, scenario)


def test_what_was_not_sent_yet_of_the_lower_level_is_not_sent_any_more(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.open("H")
        await c.fire()
        await c.judge(RAISE, limit_name="HH", occurrence="0000002a-2")
        await c.settle()
        assert [(call["level"], call["state"]) for call in await c.calls()] == [
            (2, "superseded"),
            (4, "sent"),
        ]
        assert len(c.phone.sent) == 1

    in_county(database, scenario)


def test_the_level_stays_when_the_worse_alarm_clears_and_the_lesser_rises_again(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H")
        await c.judge(RAISE, limit_name="HH", occurrence="0000002a-2")
        await c.judge(CLEAR, limit_name="HH", occurrence="0000002a-2")
        c.advance(seconds=5)
        await c.judge(CLEAR)
        c.advance(seconds=5)
        await c.judge(RAISE, occurrence="0000002a-3")
        row = await c.row(case)
        assert (row["level"], row["limit_name"], row["active"]) == (4, "HH", True)

    in_county(database, scenario)
