"""law-warning 18: only of one plant; the highest level and the earliest clock; both identities stay taken."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from central.db.errors import DomainError
from central.db.scope import acting
from central.warning import merging, raising, rules
from central.warning.bulk import Seen
from central.warning.models import PresenceFact
from protocol.messages import CLEAR, RAISE
from tests.central.warning.county import PLACE, PLANT, County, in_county

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


async def merge(c: County, *cases: UUID, who: str = "township", survivor: UUID | None = None) -> UUID:
    seen = [Seen(case, await c.tag(case)) for case in cases]
    asked = merging.Merging(cases=seen, survivor=survivor, reason="同一次泄漏")
    return await merging.merge(c.db, c.person(who), asked, clock=c.clock)


async def open_at(c: County, point: int, limit_name: str = "H", **changes: Any) -> UUID:
    """A case of another point of the plant."""
    return await c.open(
        limit_name,
        point_id=c.point_id + point,
        alarm=f"N-{point}/{limit_name}",
        occurrence=f"0000002a-{point}",
        **changes,
    )


async def clear(c: County, alarm: str, occurrence: str, **changes: Any) -> None:
    await c.judge(CLEAR, alarm=alarm, occurrence=occurrence, state="A", **changes)


def test_the_survivor_takes_the_highest_level_and_the_earliest_clock(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.more_points(1)
        first = await c.open("H")  # yellow
        await c.settle()
        opened = c.now
        c.advance(minutes=4)
        second = await open_at(c, 1, "HH")  # red
        await c.settle()
        worse = await c.row(second)
        assert await merge(c, first, second, survivor=first) == first
        one, other = await c.row(first), await c.row(second)
        assert (one["state"], one["level"], one["title"]) == ("open", 4, worse["title"])
        assert one["received_at"] == opened
        # The red ladder counts from the first of them: its next rung comes four minutes sooner.
        assert one["due_at"] == max(c.now, worse["due_at"] - timedelta(minutes=4))
        assert (other["state"], other["active"], other["merged_into"]) == ("closed", False, first)
        assert (await c.kinds(first))[-1] == "merged_here"
        assert "merged_away" in await c.kinds(second)
        (entry,) = await c.fetch("SELECT * FROM audit WHERE action = 'merged'")
        assert (entry["subject_id"], entry["after"]) == (str(first), {"members": [str(second)]})
        # Nobody is called for the other any more.
        before = len(await c.fetch("SELECT FROM notification WHERE warning_id = $1", second))
        await c.pass_time(1800, 60)
        assert len(await c.fetch("SELECT FROM notification WHERE warning_id = $1", second)) == before

    in_county(database, scenario)


def test_a_new_raise_of_either_joins_the_survivor_and_both_must_be_over(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.more_points(1)
        first = await c.open("H")
        second = await open_at(c, 1)
        assert await merge(c, first, second) == first
        await clear(c, "N-1/H", "0000002a-1", point_id=c.point_id + 1)
        assert (await c.row(first))["active"]
        again = await c.judge(
            RAISE, point_id=c.point_id + 1, alarm="N-1/HH", limit_name="HH", occurrence="0000002a-9"
        )
        assert again is not None
        assert (again.warning_id, again.change, again.level) == (first, "raised", 4)
        same = await c.judge(RAISE, alarm="GT-101/HH", limit_name="HH", occurrence="0000002a-8")
        assert same is not None
        assert same.warning_id == first
        assert len(await c.cases()) == 2
        await clear(c, "GT-101/H", "0000002a-1")
        await clear(c, "GT-101/HH", "0000002a-8")
        assert (await c.row(first))["active"]
        await clear(c, "N-1/HH", "0000002a-9", point_id=c.point_id + 1)
        assert not (await c.row(first))["active"]

    in_county(database, scenario)


def test_once_the_survivor_has_ended_each_has_a_case_of_its_own_again(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.more_points(1)
        first, second = await c.open("H"), await open_at(c, 1)
        await merge(c, first, second, survivor=first)
        await c.act("township", "handle", first, "阀门松动", "已紧固")
        judged = await c.judge(
            RAISE, point_id=c.point_id + 1, alarm="N-1/HH", limit_name="HH", occurrence="0000002a-9"
        )
        assert judged is not None
        assert judged.change == "opened"
        assert (await c.row(judged.warning_id))["previous_id"] == second
        assert not (await c.row(second))["occupied"]

    in_county(database, scenario)


def test_a_survivor_that_is_merged_again_leads_on(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.more_points(2)
        cases = [await c.open("H"), await open_at(c, 1), await open_at(c, 2)]
        await merge(c, cases[2], cases[1], survivor=cases[1])
        await merge(c, cases[1], cases[0], survivor=cases[0])
        judged = await c.judge(
            RAISE, point_id=c.point_id + 2, alarm="N-2/HH", limit_name="HH", occurrence="0000002a-9"
        )
        assert judged is not None
        assert judged.warning_id == cases[0]
        assert [case["state"] for case in await c.cases()] == ["open", "closed", "closed"]

    in_county(database, scenario)


def test_merging_lets_nobody_rest_longer(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.more_points(1)
        first = await c.open("HH")
        await c.settle()
        await c.act("township", "acknowledge", first)
        c.advance(minutes=1)
        second = await open_at(c, 1, "HH")
        await c.settle()
        await merge(c, first, second, survivor=first)
        row = await c.row(first)
        # Nobody answers for the second yet: the calls go on until somebody does for both.
        assert (row["state"], row["paused_until"], row["acknowledged_name"]) == ("open", None, None)
        await c.act("township", "acknowledge", first)
        assert (await c.row(first))["state"] == "acknowledged"

    in_county(database, scenario)


def test_what_may_not_be_merged_is_refused(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.more_points(1)
        first, second = await c.open("H"), await open_at(c, 1)
        foreign = await open_at(c, 1, "L", enterprise_id=2, place="429981102/E0002")
        gone = PresenceFact(
            gateway_id="gw-chlorine", gateway_name="氯库网关", place=PLACE, enterprise_id=PLANT,
            state="offline", at=c.now, received_at=c.now,
        )  # fmt: skip
        async with acting(c.db.worker) as conn:
            silent = await raising.open_or_join(conn, gone, rules.identity_of(gone), ("x",), "x")
        assert silent is not None
        for who, cases, code in (
            ("county", (first, foreign), 400),
            ("county", (first, first), 400),
            ("township", (first, foreign), 404),
            ("township", (first, silent.warning_id), 409),
        ):
            with pytest.raises(DomainError) as refused:
                await merge(c, *cases, who=who)
            assert refused.value.http_status == code
        stale = [Seen(first, "1-1"), Seen(second, await c.tag(second))]
        with pytest.raises(DomainError) as refused:
            await merging.merge(
                c.db, c.person("township"), merging.Merging(cases=stale, reason="x"), clock=c.clock
            )
        assert refused.value.http_status == 412
        await merge(c, first, second)
        with pytest.raises(DomainError) as refused:
            await merge(c, first, second)
        assert refused.value.code == "warning-not-open"

    in_county(database, scenario)


def test_raises_of_both_while_they_are_merged_open_nothing_beside(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.more_points(1)
        first, second = await c.open("H"), await open_at(c, 1)

        async def raised(n: int) -> None:
            await c.judge(
                RAISE,
                point_id=c.point_id + n % 2,
                alarm=f"X-{n}/H",
                occurrence=f"0000002b-{n}",
            )

        async def insist() -> None:
            """Each raise changes what was seen: look and ask again until they are one."""
            while (await c.row(second))["merged_into"] is None:
                with suppress(DomainError):
                    await merge(c, first, second, survivor=first)

        await asyncio.gather(insist(), *(raised(n) for n in range(24)))
        assert [case["state"] for case in await c.cases()] == ["open", "closed"]
        rows = await c.fetch("SELECT DISTINCT warning_id FROM warning_alarm WHERE cleared_at IS NULL")
        assert [row["warning_id"] for row in rows] == [first]

    in_county(database, scenario)
