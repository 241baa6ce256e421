"""law-warning 17: models and people wait for a second voice, unseen by the plant; an alarm never does."""

from typing import Any

import msgspec
import pytest

from central.db.errors import DomainError, ForbiddenError
from central.db.pool import DatabaseUrls
from central.db.scope import acting, scoped
from central.identity.models import Person
from central.warning import proposals, proposals_worker, service
from central.warning.models import ConditionFact, Judgement
from central.warning.proposals import Proposed
from tests.central.warning.county import PLACE, PLANT, START, County, in_county

RED = ConditionFact(
    kind="manual",
    subject_type="enterprise",
    subject_id="1/a",
    place=PLACE,
    subject_name="临江清源水务有限公司",
    title="储罐区有泄漏迹象",
    detail="群众来电反映",
    holds=True,
    reference="a",
    at=START,
    received_at=START,
    enterprise_id=PLANT,
    level=4,
    level_reason="县局副班指定",
)
YELLOW = msgspec.structs.replace(RED, level=2)


def who(c: County, name: str) -> Person:
    person = c.person(name)
    more = {"warn", "approve"} if person.kind == "supervisor" else set()
    return msgspec.structs.replace(person, may=person.may | more)


async def put(c: County, fact: ConditionFact, by: str = "deputy", **changes: Any) -> Proposed:
    async with acting(c.db.worker) as conn:
        return await proposals.put(
            conn, msgspec.structs.replace(fact, received_at=c.now, **changes), who(c, by)
        )


async def decide(
    c: County, number: int | None, by: str, *, approve: bool, opinion: str = ""
) -> Judgement | None:
    assert number is not None
    async with acting(c.db.worker) as conn:
        return await proposals.decide(
            conn, who(c, by), number, approve=approve, opinion=opinion, clock=c.clock
        )


async def seen(c: County, name: str) -> int:
    person = c.person(name)
    async with scoped(c.db.web, person.scope, person.actor) as conn:
        return len(await conn.fetch("SELECT id FROM proposal")) + len(
            await conn.fetch("SELECT id FROM warning")
        )


def test_until_somebody_else_approves_nobody_is_called_and_the_enterprise_sees_nothing(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        waits = await put(c, YELLOW)
        assert waits.judgement is None
        await c.pass_time(3600, 600)
        assert c.phone.numbers == []
        assert [await seen(c, name) for name in ("enterprise", "county", "township", "elsewhere")] == [
            0,
            1,
            1,
            0,
        ]
        told = await c.fetch("SELECT account_id, title FROM message WHERE key LIKE 'proposal/%' ORDER BY 1")
        # the county's other official and the city; never who proposed it, nor whoever may not approve
        assert [row["account_id"] for row in told] == [1, 2]
        with pytest.raises(ForbiddenError):
            await decide(c, waits.proposal_id, "deputy", approve=True)
        judged = await decide(c, waits.proposal_id, "county", approve=True, opinion="属实")
        assert judged is not None
        row = await c.row(judged.warning_id)
        # the ladder counts from the approval
        assert (row["state"], row["level"], row["received_at"], row["due_at"]) == ("open", 2, c.now, c.now)
        assert "approved" in await c.kinds(judged.warning_id)
        await c.settle()
        assert c.phone.numbers == ["13900000004"]
        assert await seen(c, "enterprise") == 1
        with pytest.raises(DomainError, match="已经审批"):
            await decide(c, waits.proposal_id, "city", approve=False, opinion="晚了")

    in_county(database, scenario)


def test_a_red_one_that_nobody_answers_in_its_time_is_given_and_no_other_is(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await put(c, RED)
        await put(c, YELLOW, subject_id="1/b", reference="b")
        c.advance(seconds=599)
        assert not await proposals_worker.step(c.db, c.clock)
        c.advance(seconds=2)
        assert await proposals_worker.step(c.db, c.clock)
        c.advance(days=10)
        assert not await proposals_worker.step(c.db, c.clock)
        [case] = await c.cases()
        assert (case["level"], case["title"]) == (4, "储罐区有泄漏迹象")
        rows = await c.fetch("SELECT state, warning_id FROM proposal ORDER BY id")
        assert [(row["state"], row["warning_id"]) for row in rows] == [
            ("given", case["id"]), ("waiting", None),
        ]  # fmt: skip

    in_county(database, scenario)


def test_what_was_refused_comes_again_only_when_it_is_worse_or_something_else(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        model = {"kind": "model", "level_reason": "模型"}
        first = await put(c, YELLOW, **model)
        await decide(c, first.proposal_id, "county", approve=False, opinion="演练")
        assert await put(c, YELLOW, **model) == Proposed(None, None)
        worse = await put(c, RED, **model)
        assert worse.proposal_id not in {None, first.proposal_id}
        await decide(c, worse.proposal_id, "county", approve=False, opinion="演练")
        other = await put(c, YELLOW, **model, reference="next")
        assert other.proposal_id is not None
        assert await c.cases() == []

    in_county(database, scenario)


def test_what_waits_becomes_worse_in_its_place_and_is_withdrawn_when_it_is_over(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        model = {"kind": "model", "level_reason": "模型"}
        first = await put(c, YELLOW, **model)
        c.advance(seconds=60)
        assert await put(c, RED, **model) == first
        [row] = await c.fetch("SELECT * FROM proposal")
        assert (row["level"], row["given"], (row["due_at"] - c.now).total_seconds()) == (4, True, 600)
        await put(c, RED, **model, holds=False)
        [row] = await c.fetch("SELECT * FROM proposal")
        assert row["state"] == "withdrawn"
        c.advance(days=1)
        assert not await proposals_worker.step(c.db, c.clock)
        assert await c.cases() == []

    in_county(database, scenario)


def test_a_model_comes_in_by_the_same_door_and_waits_there(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        fact = msgspec.structs.replace(YELLOW, kind="model")
        async with acting(c.db.worker) as conn:
            assert await service.judge_condition(conn, fact) is None
        [row] = await c.fetch("SELECT state, proposed_name, proposed_by FROM proposal")
        assert tuple(row) == ("waiting", "模型预警", None)

    in_county(database, scenario)


def test_a_region_may_need_no_approval_and_an_alarm_never_does(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.execute(
            "INSERT INTO approval_rule (region, kind, level, needed, wait_s, given, source, valid_from)"
            " VALUES ('429981', 'manual', 2, false, 60, false, '县文件', '2026-01-01')"
        )
        free = await put(c, YELLOW)
        assert free.judgement is not None
        assert free.judgement.change == "opened"
        await c.open("HH")
        assert len(await c.cases()) == 2
        assert await c.fetch("SELECT id FROM proposal") == []

    in_county(database, scenario)
