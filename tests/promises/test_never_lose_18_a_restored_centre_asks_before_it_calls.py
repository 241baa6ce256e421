"""law-never-lose 18: a restored centre holds old calls, marks what it cannot know, opens nothing twice."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from central.db.errors import DomainError
from central.db.scope import acting
from central.warning import recovery
from protocol.messages import CLEAR
from tests.central.warning.county import County, in_county

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

GRACE = recovery.GRACE.total_seconds()


async def restored(c: County) -> recovery.Recovery:
    async with acting(c.db.worker) as conn:
        return await recovery.begin(conn, c.now, "管理员")


async def unconfirmed(c: County) -> int:
    found = await c.fetch("SELECT 1 FROM warning WHERE unconfirmed_since IS NOT NULL")
    return len(found)


def test_calls_of_the_backup_wait_for_their_release(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.open("HH")
        await c.fire()  # written, and the backup was made before it was sent
        begun = await restored(c)
        assert begun.held > 0
        await c.settle()
        assert c.phone.sent == []
        async with acting(c.db.worker) as conn:
            assert await recovery.release(conn, c.now, "管理员") == begun.held
        await c.settle()
        assert c.phone.numbers == ["13900000004"]

    in_county(database, scenario)


def test_an_unanswered_case_is_marked_waits_for_gateways_and_climbs_on(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.open("HH")
        await c.settle()
        c.phone.sent.clear()
        c.advance(hours=9)  # the backup is of last night: every rung is overdue
        await restored(c)
        await c.settle()
        assert c.phone.sent == []
        assert await unconfirmed(c) == 1
        c.advance(seconds=GRACE)
        await c.settle()
        assert c.phone.sent, "nobody may ever look, and the alarm may stand: a ladder does not wait for ever"
        assert "状态未知" in c.phone.sent[0].text

    in_county(database, scenario)


def test_what_gateways_tell_to_be_over_in_the_meantime_calls_nobody(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.open("H")
        await c.settle()
        c.phone.sent.clear()
        c.advance(minutes=5)
        await restored(c)
        c.advance(seconds=5)
        await c.judge(CLEAR, limit_name="H")
        states = await c.fetch("SELECT active, state FROM warning")
        assert [(row["active"], row["state"]) for row in states] == [(False, "open")]

    in_county(database, scenario)


def test_a_case_that_the_backup_knows_as_handled_opens_no_second_time(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        raised = c.now - timedelta(seconds=1)
        case = await c.open("HH", at=raised)
        await c.act("enterprise", "handle", case, "阀门泄漏", "已更换垫片")
        await restored(c)
        # The gateway tells its whole story again, and that the alarm still stands.
        assert await c.judge(limit_name="HH", at=raised, late=True, active_now=True) is None
        await c.settle()
        assert c.phone.sent == []
        assert len(await c.fetch("SELECT 1 FROM warning")) == 1

    in_county(database, scenario)


def test_a_case_since_the_backup_is_marked_until_somebody_answers(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await restored(c)
        before = c.now - timedelta(minutes=30)
        c.advance(seconds=10)
        case = await c.open("HH", at=before, late=True, active_now=True)
        await c.settle()
        assert c.phone.sent, "it still stands: somebody is called at once"
        assert "状态未知" in c.phone.sent[0].text
        assert await unconfirmed(c) == 1
        await c.act("enterprise", "acknowledge", case)
        assert await unconfirmed(c) == 0

    in_county(database, scenario)


def test_a_case_raised_after_the_restore_is_as_any_other(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await restored(c)
        c.advance(seconds=10)
        await c.open("HH", at=c.now)
        await c.settle()
        assert c.phone.numbers == ["13900000004"]
        assert await unconfirmed(c) == 0

    in_county(database, scenario)


def test_a_recovery_ends_by_name_and_not_while_calls_are_held(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.open("HH")
        await c.fire()
        await restored(c)
        async with acting(c.db.worker) as conn:
            with pytest.raises(DomainError, match="扣留"):
                await recovery.end(conn, c.now, "管理员")
            assert await recovery.discard(conn, c.now, "管理员") > 0
            await recovery.end(conn, c.now, "管理员")
            assert await recovery.running(conn) is None
        await c.settle()
        assert c.phone.sent == []
        names = await c.fetch("SELECT ended_by FROM recovery")
        assert [row["ended_by"] for row in names] == ["管理员"]

    in_county(database, scenario)


def test_a_database_that_is_a_copy_goes_into_recovery_by_itself(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        async with acting(c.db.worker) as conn:
            assert not await recovery.look_home(conn, "here", c.now)
            assert not await recovery.look_home(conn, "here", c.now)
            assert await recovery.running(conn) is None
            assert await recovery.look_home(conn, "there", c.now)
            assert await recovery.running(conn) is not None
            assert not await recovery.look_home(conn, "there", c.now)

    in_county(database, scenario)
