"""What comes in from other threads: events before history, both bounded, neither in the other's way."""

import asyncio
import threading

from central.ingest import inbox
from protocol import codec
from protocol import messages as m
from tests.protocol import samples

EVENT = codec.seal("gw-a", samples.MESSAGES["event_batch"], samples.sign)
HISTORY = codec.seal("gw-a", samples.MESSAGES["measurement_batch"], samples.sign)
assert isinstance(samples.MESSAGES["measurement_batch"], m.Batch)


def test_an_event_goes_before_the_history_of_a_thousand_and_finds_room_when_that_is_full() -> None:
    async def run() -> None:
        box = inbox.Inbox()
        assert all(box.offer(f"h{n}", HISTORY) for n in range(inbox.MOST))
        assert not box.offer("too much", HISTORY)
        assert box.offer("event", EVENT)
        first = await box.take(3)
        assert [arrival.key for arrival in first] == ["event", "h0", "h1"]
        assert box.offer("later", EVENT)
        assert [arrival.key for arrival in await box.take(2)] == ["later", "h2"]
        assert box.offer("room again", HISTORY)
        rest = await box.take(inbox.MOST)
        assert [arrival.key for arrival in rest][-1] == "room again"

        taker = asyncio.create_task(box.take(1))
        await asyncio.sleep(0.01)
        assert not taker.done()
        threading.Thread(target=box.offer, args=("from a thread", HISTORY)).start()
        assert [arrival.key for arrival in await asyncio.wait_for(taker, 60)] == ["from a thread"]

    asyncio.run(run())
