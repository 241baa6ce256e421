"""law-warning 19: one row a call, sent after its commit, resent with the same key, always ended."""

from collections import Counter

import pytest

from central.db.pool import DatabaseUrls
from central.db.scope import scoped
from central.warning import firing, reading, worker
from central.warning.notify.models import Unavailable
from tests.central.warning.county import County, in_county


class Killed(BaseException):
    """The sender died here."""


def test_nothing_leaves_before_its_row_is_committed(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.open("HH")

        async def fires_and_dies() -> None:
            async with c.db.worker.acquire() as conn, conn.transaction():
                held = await firing.claim(conn, c.now)
                assert held is not None
                await firing.fire(conn, held, c.now)
                raise Killed

        with pytest.raises(Killed):
            await fires_and_dies()
        await c.send()
        assert c.phone.sent == []
        assert await c.calls() == []
        assert await worker.fire_due(c.db, c.clock)
        await c.send()
        assert len(c.phone.sent) == 1

    in_county(database, scenario)


def test_a_sender_that_dies_before_recording_is_repeated_with_the_same_key_and_marked(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        def die(_message: object) -> Unavailable:
            raise Killed

        await c.open("HH")
        await c.fire()
        c.phone.answer = die
        with pytest.raises(BaseExceptionGroup):
            await c.send()
        c.phone.answer = None
        (call,) = await c.calls()
        assert call["state"] == "sending"
        await c.pass_time(14)
        assert len(c.phone.sent) == 1
        await c.pass_time(2)
        keys = [message.key for message in c.phone.sent]
        assert keys == [call["id"], call["id"]]
        (call,) = await c.calls()
        assert (call["state"], call["possibly_twice"]) == ("sent", True)

    in_county(database, scenario)


def test_an_answer_that_was_lost_is_marked_possibly_twice_too(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        answers = [Unavailable("没有应答", maybe=True)]
        phone = c.phone

        def answer(message: object) -> object:
            from central.warning.notify.models import Accepted

            return answers.pop() if answers else Accepted("p-1")

        phone.answer = answer  # type: ignore[assignment]
        await c.open("HH")
        await c.pass_time(3)
        (call,) = await c.calls()
        assert (call["state"], call["possibly_twice"], call["attempts"]) == ("sent", True, 2)
        assert len({message.key for message in phone.sent}) == 1

    in_county(database, scenario)


def test_every_call_ends(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        await c.pass_time(30, 5)
        c.phone.silent = True  # from here on no receipt comes
        await c.pass_time(700, 5)
        await c.act("county", "handle", case, "误操作", "已纠正")
        await c.pass_time(800, 10)
        states = Counter(
            (call["channel"], call["state"]) for call in await c.fetch("SELECT * FROM notification")
        )
        assert set(states) <= {("sms", "delivered"), ("sms", "failed"), ("in_app", "unreachable")}
        assert states["sms", "delivered"] == 1
        assert not await c.fetch("SELECT 1 FROM notification WHERE ended_at IS NULL OR due_at IS NOT NULL")

    in_county(database, scenario)


def test_a_screen_delivers_when_it_shows_and_has_read_when_it_opens(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        await c.fire()
        person = c.person("enterprise")

        async def state() -> str:
            (call,) = await c.calls("in_app")
            return str(call["state"])

        assert await state() == "sent"
        async with scoped(c.db.web, c.person("county").scope, c.person("county").actor) as conn:
            await reading.listed(conn, c.person("county"))
        assert await state() == "sent"  # somebody else's screen
        async with scoped(c.db.web, person.scope, person.actor) as conn:
            await reading.listed(conn, person)
        assert await state() == "delivered"
        async with scoped(c.db.web, person.scope, person.actor) as conn:
            page = await reading.opened(conn, person, case)
        assert await state() == "read"
        assert [(call.channel, call.state) for call in page.ladder[0].people] == [
            ("in_app", "read"),
            ("sms", "pending"),
        ]

    in_county(database, scenario)


def test_the_same_call_is_never_written_twice(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.open("HH")
        await c.settle()
        await c.execute("UPDATE warning SET step = -1, due_at = $1", c.now)
        await c.execute("UPDATE timer SET due_at = $1", c.now)
        await c.settle()  # a case restored from a backup fires its first rung again
        assert len(c.phone.sent) == 1
        assert len(await c.calls()) == 1

    in_county(database, scenario)
