"""law-warning 10, 19, 20: an urging is one call more; the ladder neither pauses nor moves by it."""

from central.db.pool import DatabaseUrls
from central.db.scope import acting
from central.warning import asking
from tests.central.warning.county import County, in_county


async def urge(c: County, who: str, case: object) -> None:
    person = c.person(who)
    async with acting(c.db.worker, person.actor) as conn:
        await asking.urge(conn, person, case, clock=c.clock)  # type: ignore[arg-type]


def test_the_ladder_goes_on_as_if_nobody_had_urged(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        await c.settle()
        due = (await c.row(case))["due_at"]
        await urge(c, "county", case)
        await c.settle()
        assert c.phone.numbers == ["13900000004"] * 2
        row = await c.row(case)
        assert (row["due_at"], row["round"], row["step"], row["state"]) == (due, 0, 0, "open")
        c.advance(minutes=10)
        await c.settle()
        assert c.phone.numbers == ["13900000004"] * 2 + ["13900000003"]

    in_county(database, scenario)


def test_an_urging_that_reaches_nobody_fails_no_rung(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        await c.pass_time(30, 5)  # the rung's own call is delivered
        c.phone.silent = True
        await urge(c, "county", case)
        await c.pass_time(300, 5)
        assert (await c.row(case))["step"] == 0
        asked = [call for call in await c.calls() if call["asked_in"]]
        assert [call["state"] for call in asked] == ["failed"]

    in_county(database, scenario)


def test_an_answer_takes_back_an_urging_that_was_not_sent(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        await c.settle()
        await urge(c, "county", case)
        await c.act("enterprise", "acknowledge", case)
        sent = len(c.phone.sent)
        await c.settle()
        assert len(c.phone.sent) == sent
        assert [call["state"] for call in await c.calls() if call["asked_in"]] == ["superseded"]

    in_county(database, scenario)
