"""An expired licence becomes exactly one warning; renewing ends it; a restart makes no second."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from central.db.pool import DatabaseUrls
from central.db.scope import acting, scoped
from central.registry import reminding, reminding_worker
from central.registry.forms.register import catalogue
from central.warning import papers, views
from tests.central.warning.county import START, County, in_county

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 22)
DECLARED = catalogue()["certificates"]

_CERTIFICATE = """
INSERT INTO reg_certificates (enterprise_id, place, state, payload, counted, title, created_at, changed_at)
SELECT $1, '', 'valid', p.v, p.v, '孟建国', $3, $3
FROM (SELECT jsonb_build_object('number', $4::text, 'valid',
                                jsonb_build_object('from', '2020-01-01', 'to', $2::text)) AS v) AS p
RETURNING id
"""
_RENEW = """
UPDATE reg_certificates SET payload = p.v, counted = p.v
FROM (SELECT jsonb_build_object('number', 'n', 'valid',
                                jsonb_build_object('from', '2020-01-01', 'to', $2::text)) AS v) AS p
WHERE id = $1
"""
_PROMISE = """
INSERT INTO reg_safety_promises (enterprise_id, place, state, payload, title, created_at, changed_at)
VALUES ($1, '', 'submitted', jsonb_build_object('day', $2::text), '', $3, $3)
"""


async def certificate(c: County, until: str, number: str = "n") -> int:
    """A certificate of the first enterprise that counts; nobody owes anything else."""
    await c.execute("UPDATE reminder_rule SET expected = false")
    rows = await c.fetch(_CERTIFICATE, 1, until, START, number)
    return int(rows[0]["id"])


async def a_day(c: County) -> None:
    """What the workers do, started anew."""
    await reminding_worker.once(c.db, ZONE, c.clock)
    while await papers.step(c.db, ZONE, c.clock):
        pass
    await c.settle()


async def open_reminders(c: County, register: str = "certificates") -> list[Any]:
    return await c.fetch("SELECT * FROM reminder WHERE register = $1 AND settled_at IS NULL", register)


async def papers_of(c: County) -> list[Any]:
    return await c.fetch("SELECT * FROM warning WHERE kind = 'management' ORDER BY number")


async def told(c: County, account_id: int) -> list[Any]:
    return await c.fetch("SELECT * FROM message WHERE account_id = $1 AND kind = 'reminder'", account_id)


def one_after_another(*stories: Callable[[County], Awaitable[None]]) -> Callable[[County], Awaitable[None]]:
    """Several stories in one database, which is empty again before each."""

    async def scenario(c: County) -> None:
        for story in stories:
            await c.execute("TRUNCATE reminder, reg_certificates, warning, message CASCADE")
            c.now = START
            await story(c)

    return scenario


async def comes_near(c: County) -> None:
    await certificate(c, "2026-12-20")
    await certificate(c, "2027-12-20", "later")
    for _ in range(3):
        await a_day(c)
        c.advance(days=1)
    (row,) = await open_reminders(c)
    assert (row["due_on"], row["title"], row["place"]) == (
        date(2026, 12, 20),
        "孟建国",
        "429981101/E0001",
    )
    assert [(m["title"], m["text"], m["at"]) for m in await told(c, 4)] == [
        (f"{DECLARED.reminders[0].words}：孟建国", "期限 2026-12-20", START)
    ]
    assert await told(c, 3) == await told(c, 5) == []
    assert await papers_of(c) == []


async def is_of_an_agency(c: County) -> None:
    async with acting(c.db.worker) as conn:
        await conn.execute(
            "INSERT INTO reminder (register, cause, agency_id, place, register_title, words, due_on,"
            " found_at) VALUES ('laws', 'update', 2, '', '法律法规', '请核对', $1, $2)",
            TODAY - timedelta(days=400), c.now,
        )  # fmt: skip
        assert await reminding.tell(conn, c.now, TODAY) == 1
        assert await reminding.tell(conn, c.now, TODAY) == 0
        assert await conn.fetchval("SELECT count(*) FROM message WHERE kind = 'reminder'") == 2
    assert not await papers.step(c.db, ZONE, c.clock)


async def counts_by_its_region(c: County) -> None:
    await c.execute(
        "INSERT INTO reminder_rule (region, register, cause, days, grace_days, source, valid_from)"
        " VALUES ('429981', 'certificates', 'day', 400, NULL, '县应急〔2026〕12号', '2026-11-01')"
    )
    await certificate(c, "2027-12-20")
    await certificate(c, "2026-11-01", "old")
    await a_day(c)
    assert [r["warn_on"] for r in await open_reminders(c)] == [None, None]
    assert await papers_of(c) == []


async def follows_its_rule(c: County) -> None:
    # What a rule says counts for what was found before it, too.
    await c.execute("UPDATE reminder_rule SET grace_days = NULL WHERE register = '' AND cause = 'day'")
    await certificate(c, "2026-11-21")
    await a_day(c)
    assert [r["warn_on"] for r in await open_reminders(c)] == [None]
    for grace, warn_on in ((5, date(2026, 11, 27)), (0, TODAY)):
        await c.execute(
            f"UPDATE reminder_rule SET grace_days = {grace} WHERE register = '' AND cause = 'day'"
        )
        assert await papers_of(c) == []
        await a_day(c)
        assert [r["warn_on"] for r in await open_reminders(c)] == [warn_on]
    assert len(await papers_of(c)) == 1


async def lapses_while_it_is_stopped(c: County) -> None:
    number = await certificate(c, "2026-11-21")
    await c.execute("UPDATE enterprise SET status = 'stopped' WHERE id = 1")
    await a_day(c)
    assert [r["record_id"] for r in await open_reminders(c)] == [number]
    await c.execute("UPDATE enterprise SET status = 'closed' WHERE id = 1")
    await a_day(c)
    assert await open_reminders(c) == []
    await c.execute("UPDATE enterprise SET status = 'working' WHERE id = 1")


async def is_looked_for_part_by_part(c: County) -> None:
    await certificate(c, "2026-11-21")
    await c.fetch(_CERTIFICATE, 2, "2026-11-20", START, "of the second")
    await c.execute(
        "INSERT INTO reminder (register, cause, agency_id, place, register_title, words, due_on, found_at)"
        " VALUES ('certificates', 'day', 2, '', '证书', '请核对', '2026-01-01', now())"
    )
    for settled in (0, 0):
        changed = await reminding_worker.once(c.db, ZONE, c.clock, size=1)
        assert (len(await open_reminders(c)), changed.settled) == (3, settled)
    await c.execute("UPDATE reminder SET field = 'valid' WHERE agency_id = 2")
    assert (await reminding_worker.once(c.db, ZONE, c.clock, size=1)).settled == 1


async def is_handled(c: County) -> None:
    number = await certificate(c, "2026-11-21")
    await a_day(c)
    (case,) = await papers_of(c)
    await c.act("enterprise", "handle", case["id"], "复审已报名", "等待发证")
    await a_day(c)
    assert len(await papers_of(c)) == 1
    await c.fetch(_RENEW, number, "2029-11-20")
    await a_day(c)
    assert not (await c.row(case["id"]))["active"]
    await c.act("county", "close", case["id"], "已核验新证")
    assert (await c.row(case["id"]))["state"] == "closed"


async def is_found_by_two_centres(c: County) -> None:
    await certificate(c, "2026-11-21")
    for _ in range(2):
        await asyncio.gather(*(reminding_worker.once(c.db, ZONE, c.clock) for _ in range(3)))
        await asyncio.gather(*(papers.step(c.db, ZONE, c.clock) for _ in range(3)))
    assert len(await open_reminders(c)) == len(await papers_of(c)) == 1


def test_a_paper_that_comes_near_is_told_once_and_is_no_warning_nor_is_one_of_an_agency(
    database: DatabaseUrls,
) -> None:
    in_county(database, one_after_another(comes_near, is_of_an_agency, counts_by_its_region))


def test_a_rule_reaches_what_was_found_and_a_stop_excuses_no_paper(database: DatabaseUrls) -> None:
    in_county(
        database, one_after_another(lapses_while_it_is_stopped, is_looked_for_part_by_part, follows_its_rule)
    )


def test_what_was_handled_is_not_raised_again_and_two_centres_raise_once(database: DatabaseUrls) -> None:
    in_county(database, one_after_another(is_handled, is_found_by_two_centres))


def test_an_expired_one_is_exactly_one_warning_and_renewing_ends_it(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        number = await certificate(c, "2026-11-21")
        for _ in range(3):  # the workers are started again and again
            await a_day(c)
        (case,) = await papers_of(c)
        assert (case["title"], case["level"], case["state"]) == (f"{DECLARED.zh}「孟建国」已过期", 1, "open")
        assert (case["gateway_id"], case["is_test"]) == (None, False)
        assert "资料或证照逾期未更新" in case["level_reason"]
        # The agency hears of it once; a paper rings no telephone.
        assert [m["title"] for m in await told(c, 3)] == [f"{DECLARED.zh}逾期：1 家企业"]
        assert c.phone.sent == []
        person = c.person("county")
        async with scoped(c.db.web, person.scope, person.actor) as conn:
            detail = await views.detail(conn, person, case["id"], c.now)
            (due,) = await reminding.listing(conn, TODAY, where="late")
        assert detail.kind_name == "管理预警"
        assert [line.title for line in detail.timeline][:2] == [f"{DECLARED.zh}「孟建国」已过期", "生成预警"]
        assert (due.owner_name, due.warning_id) == ("临江清源水务有限公司", case["id"])

        await c.fetch(_RENEW, number, "2029-11-20")
        await a_day(c)
        (case,) = await papers_of(c)
        assert (case["state"], case["active"]) == ("open", False)
        c.advance(minutes=30)  # as for every case: until then a return goes on with the same ladder
        await a_day(c)
        (case,) = await papers_of(c)
        assert (case["state"], case["active"]) == ("cleared", False)
        async with scoped(c.db.web, person.scope, person.actor) as conn:
            assert (await views.counts(conn)).review == 1
            assert await reminding.listing(conn, TODAY) == []

        # Years later it lapses again: a case of its own, linked to the first.
        c.now = datetime(2029, 11, 22, 6, tzinfo=UTC)
        await a_day(c)
        first, second = await papers_of(c)
        assert (second["state"], second["previous_id"]) == ("open", first["id"])

    in_county(database, scenario)


def test_the_ladder_of_a_paper_rests_at_night_and_climbs_by_weeks(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        c.now = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)  # half past eleven at night in China
        await certificate(c, "2026-11-21")
        await a_day(c)
        assert len(await papers_of(c)) == 1
        assert await c.calls("in_app") == []
        c.now = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)  # eight in the morning
        await c.settle()
        assert [call["account_id"] for call in await c.calls("in_app")] == [4]
        c.advance(days=6)
        await c.settle()
        assert len(await c.calls("in_app")) == 1
        c.advance(days=1, minutes=1)
        await c.settle()
        assert [call["account_id"] for call in await c.calls("in_app")] == [4, 3]
        assert c.phone.sent == []

    in_county(database, scenario)


def test_who_owes_a_promise_is_reminded_and_three_days_without_one_are_a_warning(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        await c.execute("UPDATE reminder_rule SET asked_from = '2026-11-01'")
        await c.execute("UPDATE enterprise SET created_at = '2026-11-01'")
        await c.execute("UPDATE enterprise SET hazard_class = NULL WHERE id = 2")  # and so owes none
        await c.fetch(_PROMISE, 1, "2026-11-21", START)
        await a_day(c)
        (row,) = await open_reminders(c, "safety-promises")
        assert (row["enterprise_id"], row["due_on"]) == (1, TODAY)
        assert [(m["title"], m["link"]) for m in await told(c, 4)] == [("今日安全承诺尚未填报", "/promises")]
        await c.fetch(_PROMISE, 1, "2026-11-22", START)
        await a_day(c)
        assert await open_reminders(c, "safety-promises") == []
        for _ in range(4):
            c.advance(days=1)
            await a_day(c)
        (case,) = await papers_of(c)
        assert case["title"] == "安全生产承诺逾期未填报"
        # Who stops owes none: the reminder is settled and the case ends by itself.
        await c.execute("UPDATE enterprise SET status = 'stopped' WHERE id = 1")
        await a_day(c)
        assert await open_reminders(c, "safety-promises") == []
        c.advance(minutes=30)
        await a_day(c)
        assert [case["state"] for case in await papers_of(c)] == ["cleared"]

    in_county(database, scenario)
