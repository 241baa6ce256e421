"""law-warning 4: what a window suppresses is seen, owned and dated; at its end what is active raises."""

from datetime import timedelta
from typing import Any

import pytest

from central.db.errors import DomainError
from central.db.pool import Database, DatabaseUrls
from central.db.scope import acting, scoped
from central.warning import holds_worker, reading, service, windows, worker
from central.warning.models import ConditionFact
from central.warning.windows import NewWindow, WindowForm
from protocol.messages import CLEAR, RAISE
from tests.central.warning.county import County, in_county

PLANT_PHONE, TOWNSHIP_PHONE = "13900000004", "13900000003"


async def declare(c: County, who: str = "enterprise", **said: Any) -> int:
    values: dict[str, Any] = {
        "category": "maintenance",
        "subject_type": "point",
        "subject_id": str(c.point_id),
        "reason": "探头检定",
        "starts_at": c.now,
        "ends_at": c.now + timedelta(hours=2),
    }
    person = c.person(who)
    async with scoped(c.db.web, person.scope, person.actor) as conn:
        return await windows.declare(conn, person, NewWindow(**(values | said)), clock=c.clock)


async def change(c: County, who: str, what: str, number: int, *words: Any, **more: Any) -> None:
    person = c.person(who)
    async with scoped(c.db.web, person.scope, person.actor) as conn:
        await getattr(windows, what)(conn, person, number, *words, clock=c.clock, **more)


def form(c: County, **said: Any) -> WindowForm:
    values: dict[str, Any] = {"reason": "探头检定", "starts_at": c.now, "ends_at": c.now + timedelta(hours=2)}
    return WindowForm(**(values | said))


def test_what_rises_in_a_window_is_a_case_that_everybody_sees_and_nobody_is_called_for(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        number = await declare(c)
        c.advance(minutes=10)
        case = await c.open("H")
        await c.pass_time(3000, 100)
        assert c.phone.sent == []
        row = await c.row(case)
        assert (row["state"], row["active"], row["held_by"], row["window_id"]) == (
            "open",
            True,
            "window",
            number,
        )
        assert "held_by_window" in await c.kinds(case)
        person = c.person("county")
        async with scoped(c.db.web, person.scope, person.actor) as conn:
            (listed,) = await reading.listed(conn, person)
            ((window, _),) = await windows.listed(conn, person, c.now)
        assert (listed.id, listed.held_by, listed.held_until) == (case, "window", window.ends_at)
        assert (window.declared_name, window.waiting, window.state) == ("安全员", 1, "current")

    in_county(database, scenario)


def test_when_a_window_ends_while_the_alarm_is_active_its_ladder_starts_at_once(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        await declare(c)
        c.advance(minutes=10)
        case = await c.open("H")
        await c.pass_time(6599, 100)
        assert c.phone.sent == []
        await c.pass_time(1)
        assert c.phone.numbers == [PLANT_PHONE]
        row = await c.row(case)
        assert (row["held_by"], row["step"]) == (None, 0)
        await c.pass_time(7200, 100)
        assert TOWNSHIP_PHONE in c.phone.numbers

    in_county(database, scenario)


def test_ended_early_it_raises_at_once_and_what_is_over_calls_nobody(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        number = await declare(c, subject_type="gateway", subject_id="gw-chlorine")
        case = await c.open("H")
        over = await c.open("L", alarm="GT-101/L", occurrence="0000002a-7")
        await c.settle()
        c.advance(minutes=5)
        await c.judge(CLEAR, limit_name="L", alarm="GT-101/L", occurrence="0000002a-7")
        await change(c, "township", "end", number, "检定提前结束")
        await c.settle()
        assert c.phone.numbers == [PLANT_PHONE]
        assert (await c.row(case))["step"] == 0
        assert (await c.row(over))["step"] == -1
        c.advance(minutes=5)
        await c.judge(RAISE, limit_name="L", alarm="GT-101/L", occurrence="0000002a-8")
        await c.settle()
        assert (await c.row(over))["step"] == 0, "it returned, and there is no window any more"
        with pytest.raises(DomainError, match="window-over"):
            await change(c, "township", "end", number, "再次")

    in_county(database, scenario)


def test_a_ladder_that_climbs_waits_and_begins_anew_from_the_first_rung(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H")
        await c.settle()
        assert len(c.phone.sent) == 1
        c.advance(minutes=1)
        await declare(c, ends_at=c.now + timedelta(minutes=10))
        await c.pass_time(590, 30)
        assert len(c.phone.sent) == 1
        await c.pass_time(11)
        assert c.phone.numbers == [PLANT_PHONE, PLANT_PHONE]
        row = await c.row(case)
        assert (row["round"], row["climb"], row["step"]) == (1, 1, 0)
        await c.pass_time(7200, 100)
        assert TOWNSHIP_PHONE in c.phone.numbers[2:]

    in_county(database, scenario)


def test_of_overlapping_windows_the_last_end_counts(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await declare(c, ends_at=c.now + timedelta(minutes=30))
        second = await declare(
            c,
            category="permit",
            subject_type="enterprise",
            subject_id="1",
            starts_at=c.now + timedelta(minutes=20),
            ends_at=c.now + timedelta(minutes=60),
        )
        case = await c.open("H")
        await c.pass_time(1801, 60)
        assert c.phone.sent == []
        assert (await c.row(case))["window_id"] == second
        await c.pass_time(1798, 60)
        assert c.phone.sent == []
        await c.pass_time(2)
        assert c.phone.numbers == [PLANT_PHONE]

    in_county(database, scenario)


def test_a_moved_end_counts_as_soon_as_it_is_moved(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        number = await declare(c)
        case = await c.open("H")
        await c.settle()
        start = c.now
        later = form(c, starts_at=start, ends_at=start + timedelta(hours=3))
        await change(c, "enterprise", "edit", number, 1, later)
        await c.pass_time(7300, 100)
        assert c.phone.sent == []
        sooner = form(c, starts_at=start, ends_at=c.now + timedelta(seconds=30))
        await change(c, "enterprise", "edit", number, 2, sooner)
        await c.pass_time(29)
        assert c.phone.sent == []
        await c.pass_time(1)
        assert c.phone.numbers == [PLANT_PHONE]
        assert (await c.row(case))["held_by"] is None
        with pytest.raises(DomainError, match="window-over"):
            await change(c, "enterprise", "edit", number, 3, later)

    in_county(database, scenario)


def test_red_without_the_consent_of_an_agency_is_called(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        plain = await declare(c)
        yellow = await c.open("H")
        await c.settle()
        await c.judge(RAISE, limit_name="HH", occurrence="0000002a-9")
        await c.settle()
        assert (await c.row(yellow))["level"] == 4
        assert c.phone.numbers == [PLANT_PHONE]
        with pytest.raises(DomainError, match="window-no-red"):
            await change(c, "county", "consent", plain, "同意", given=True)

    in_county(database, scenario)


def test_red_waits_with_consent_and_is_called_at_once_when_that_is_taken_back(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        number = await declare(c, holds_red=True)
        case = await c.open("HH")
        await c.settle()
        assert len(c.phone.sent) == 1, "asked for is not consented"
        with pytest.raises(DomainError, match="forbidden"):
            await change(c, "colleague", "consent", number, "同意", given=True)
        await change(c, "county", "consent", number, "现场有人监护", given=True)
        await c.pass_time(1200, 100)
        assert len(c.phone.sent) == 1
        assert (await c.row(case))["held_by"] == "window"
        await change(c, "county", "consent", number, "监护人离场", given=False)
        await c.settle()
        assert c.phone.numbers == [PLANT_PHONE, PLANT_PHONE]

    in_county(database, scenario)


def test_who_asks_for_more_asks_again(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        number = await declare(c, holds_red=True)
        await change(c, "county", "consent", number, "同意", given=True)
        more = form(c, holds_red=True, ends_at=c.now + timedelta(hours=5))
        await change(c, "enterprise", "edit", number, 2, more)
        await c.open("HH")
        await c.settle()
        assert c.phone.numbers == [PLANT_PHONE]

    in_county(database, scenario)


def test_whoever_dies_after_the_end_was_written_leaves_what_raises_it(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        number = await declare(c)
        case = await c.open("H")
        await c.settle()
        c.advance(minutes=5)
        await change(c, "enterprise", "end", number, "检定提前结束")
        # Nobody worked on it: this centre is gone, and another one starts with what is committed.
        async with Database.open(c.urls, web_size=1, worker_size=2) as other:
            while await holds_worker.step(other, c.clock):
                pass
            while await worker.fire_due(other, c.clock):
                pass
        assert (await c.row(case))["step"] == 0

    in_county(database, scenario)


def test_a_raise_that_read_the_window_before_it_ended_is_raised_all_the_same(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        number = await declare(c)
        c.advance(minutes=5)
        async with acting(c.db.worker) as conn:
            judged = await service.judge_alarm(conn, c.fact(RAISE))
            await change(c, "enterprise", "end", number, "提前结束")
            await c.follow()  # what the end left sees no case: that is not committed yet
        assert judged is not None
        assert (await c.row(judged.warning_id))["held_by"] == "window"
        await c.pass_time(5)
        assert c.phone.numbers == [PLANT_PHONE]

    in_county(database, scenario)


def test_a_window_is_no_longer_than_its_category_may_be_and_every_fault_is_named(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        with pytest.raises(DomainError) as told:
            await declare(
                c,
                category="permit",
                kinds=["manual"],
                reason=" ",
                ends_at=c.now + timedelta(hours=9),
            )
        assert [problem.place for problem in told.value.fields] == ["reason", "kinds", "ends_at"]
        with pytest.raises(DomainError) as told:
            await declare(c, who="elsewhere")
        assert [problem.place for problem in told.value.fields] == ["subject_id"]

    in_county(database, scenario)


def test_what_people_warn_of_never_waits(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await declare(c, subject_type="enterprise", subject_id="1")
        async with acting(c.db.worker) as conn:
            fact = ConditionFact(
                kind="external",
                subject_type="message",
                subject_id="1",
                place="429981101/E0001",
                subject_name="x",
                title="上游泄漏",
                holds=True,
                reference="1",
                at=c.now,
                received_at=c.now,
                enterprise_id=1,
            )
            await service.judge_condition(conn, fact)
        await c.settle()
        assert c.phone.numbers == [PLANT_PHONE]

    in_county(database, scenario)
