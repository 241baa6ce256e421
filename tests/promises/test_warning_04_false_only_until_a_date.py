"""law-warning 4: an active alarm is never closed, false only until a date, and raises again after it."""

import pytest

from central.db.errors import DomainError
from central.db.pool import DatabaseUrls
from central.db.scope import scoped
from central.warning import reading
from protocol.messages import CLEAR, RAISE
from tests.central.warning.county import County, in_county


def test_no_active_alarm_is_closed(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H")
        await c.act("enterprise", "handle", case, "误操作", "已纠正")
        with pytest.raises(DomainError, match="still-active"):
            await c.act("township", "close", case, "同意")
        await c.judge(CLEAR)
        await c.act("township", "close", case, "同意")
        assert (await c.row(case))["state"] == "closed"

    in_county(database, scenario)


def test_when_the_suppression_ends_what_is_still_active_raises_at_once(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H")
        await c.settle()
        until = c.now.replace(hour=c.now.hour + 1)
        await c.act("township", "mark_false", case, "探头检定", until)
        assert (await c.row(case))["suppressed_until"] == until
        await c.pass_time(3500, 100)
        assert len(c.phone.sent) == 1
        await c.pass_time(101, 1)
        cases = await c.cases()
        assert [found["state"] for found in cases] == ["false_alarm", "open"]
        assert cases[1]["previous_id"] == case
        assert len(c.phone.sent) == 2
        await c.judge(CLEAR)
        assert not (await c.row(cases[1]["id"]))["active"]

    in_county(database, scenario)


def test_suppressed_is_never_unseen(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H")
        await c.act("township", "mark_false", case, "探头检定")
        await c.judge(CLEAR)
        c.advance(minutes=1)
        judged = await c.judge(RAISE, occurrence="0000002a-2")
        assert judged is not None
        assert judged.warning_id == case
        await c.settle()
        assert c.phone.sent == []
        person = c.person("county")
        async with scoped(c.db.web, person.scope, person.actor) as conn:
            (held,) = await reading.suppressed(conn)
        assert held.id == case
        assert held.suppressed_until is not None
        assert "suppressed_raise" in await c.kinds(case)

    in_county(database, scenario)


def test_a_person_may_end_it_before_its_time(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H")
        await c.act("enterprise", "mark_false", case, "探头检定")
        await c.act("township", "end_suppression", case, "检定提前结束")
        cases = await c.cases()
        assert [found["state"] for found in cases] == ["false_alarm", "open"]
        await c.settle()
        assert c.phone.numbers == ["13900000004"]
        with pytest.raises(DomainError, match="not-suppressed"):
            await c.act("township", "end_suppression", case, "再次")

    in_county(database, scenario)


def test_something_worse_is_not_held_back(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H")
        await c.act("township", "mark_false", case, "探头检定")
        worse = await c.open("HH", occurrence="0000002a-2")
        await c.settle()
        assert c.phone.numbers == ["13900000004"]
        # and when the suppression ends, the worse case holds what is still active
        await c.act("township", "end_suppression", case, "检定结束")
        assert [found["state"] for found in await c.cases()] == ["false_alarm", "open"]
        await c.judge(CLEAR, limit_name="HH", occurrence="0000002a-2")
        assert (await c.row(worse))["active"]
        await c.judge(CLEAR)
        assert not (await c.row(worse))["active"]

    in_county(database, scenario)
