"""Where frames wait: a gateway always in one line, events before births, births a few at a time."""

import asyncio

import msgspec

from central.devices.models import Gateway
from central.ingest import lanes
from central.ingest.models import Work
from protocol import messages as m
from tests.protocol import samples

BIRTH = samples.MESSAGES["birth"]
EVENT = samples.MESSAGES["event_batch"]
HISTORY = samples.MESSAGES["measurement_batch"]
GATEWAY = Gateway(
    id="gw-a", number=1, name="", enterprise_id=1, enterprise_name="", hazard_class=None, place="1/E1",
    public_key=b"",
)  # fmt: skip


def work(message: m.Message, number: int = 1) -> Work:
    assert isinstance(message, m.Birth | m.Batch)
    gateway = msgspec.structs.replace(GATEWAY, number=number)
    return Work(gateway, message, 0.0, 100, lambda _: None)


def test_an_event_waits_for_no_more_than_a_few_births_of_others() -> None:
    async def run() -> None:
        lane = lanes.Lane("event")
        assert all(lane.offer(work(BIRTH, n)) for n in range(300))
        assert len(await lane.group()) == lanes.BIRTHS
        assert lane.offer(work(EVENT, 7))
        group = await lane.group()
        assert [type(one.message) for one in group] == [m.Batch, m.Birth, m.Birth]
        rest = 0
        while rest < 300 - 2 * lanes.BIRTHS:
            rest += len(await lane.group())
        waiting = asyncio.create_task(lane.group())
        await asyncio.sleep(0.01)
        assert not waiting.done()
        waiting.cancel()

    asyncio.run(run())


def test_births_and_events_of_a_gateway_wait_in_one_line_and_history_in_another() -> None:
    async def run() -> None:
        lines = lanes.Lanes()
        for number in range(20):
            assert lines.of(work(BIRTH, number)) is lines.of(work(EVENT, number))
            assert lines.of(work(HISTORY, number)) is lines.measurements
        assert {id(lines.of(work(EVENT, n))) for n in range(20)} == {id(lane) for lane in lines.events}

    asyncio.run(run())


def test_a_full_line_of_births_refuses_no_event() -> None:
    async def run() -> None:
        lane = lanes.Lane("event")
        taken = 0
        while lane.offer(work(BIRTH)):
            taken += 1
        assert taken == lanes.MOST_WAITING
        assert lane.offer(work(EVENT))

    asyncio.run(run())
