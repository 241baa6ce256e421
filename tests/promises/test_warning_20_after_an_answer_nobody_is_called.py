"""law-warning 20: timers are rows, the state is checked where they fire: no call begins after the answer."""

from central.db.pool import DatabaseUrls
from central.warning import firing, store
from tests.central.warning.county import County, in_county


def test_what_waits_in_the_outbox_is_not_sent_after_an_acknowledgement(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        await c.fire()
        await c.act("enterprise", "acknowledge", case)
        await c.settle()
        assert c.phone.sent == []
        assert [call["state"] for call in await c.calls()] == ["superseded"]

    in_county(database, scenario)


def test_a_dead_senders_call_is_not_repeated_after_an_acknowledgement(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        await c.fire()
        await c.execute(
            "UPDATE notification SET state = 'sending', attempts = 1, due_at = $1 WHERE channel = 'sms'",
            c.now,
        )
        await c.act("enterprise", "acknowledge", case)
        await c.settle()
        assert c.phone.sent == []
        (call,) = await c.calls()
        assert (call["state"], call["possibly_twice"]) == ("superseded", True)

    in_county(database, scenario)


def test_a_timer_that_was_claimed_before_the_answer_looks_again(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        async with c.db.worker.acquire() as conn, conn.transaction():
            assert await store.next_due(conn) == c.now  # it saw the timer …
            await c.act("enterprise", "handle", case, "误操作", "已纠正")  # … and somebody was faster
            assert await firing.claim(conn, c.now) is None
        assert not await c.fire()
        assert await c.calls() == []

    in_county(database, scenario)


def test_timers_outlive_every_process(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.open("HH")
        await c.settle()
        timers = await c.fetch("SELECT kind, due_at FROM timer")
        assert [(timer["kind"], (timer["due_at"] - c.now).total_seconds()) for timer in timers] == [
            ("ladder", 600)
        ]
        c.advance(hours=5)  # nothing ran for five hours
        await c.settle()
        assert c.phone.numbers == ["13900000004", "13900000003"]

    in_county(database, scenario)


def test_a_case_that_cannot_be_fired_holds_up_no_other(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        broken = await c.open("HH")
        await c.execute("UPDATE warning SET policy = '{}' WHERE id = $1", broken)
        c.advance(seconds=1)
        await c.open("L", occurrence="0000002a-2")
        await c.settle()
        assert len(c.phone.sent) == 1
        (failures,) = await c.fetch("SELECT failures FROM timer WHERE warning_id = $1", broken)
        assert failures["failures"] == 1
        # Nor one whose numbers the driver itself refuses.
        await c.execute(
            "UPDATE warning SET policy = o.policy, round = 2147483647 FROM warning AS o"
            " WHERE warning.id = $1 AND o.id <> $1",
            broken,
        )
        c.advance(minutes=1)
        await c.settle()
        (failures,) = await c.fetch("SELECT failures FROM timer WHERE warning_id = $1", broken)
        assert failures["failures"] == 2

    in_county(database, scenario)
