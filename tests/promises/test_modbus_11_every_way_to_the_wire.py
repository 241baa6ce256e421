"""RTU over TCP and ASCII keep the same rule as RTU: no wrong register, none older than it says, same rate."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from msgspec import structs

from edge.drivers.modbus.driver import Bus
from edge.drivers.modbus.models import BusConfig
from edge.drivers.models import BlockReading
from edge.drivers.tape import NOTE, Record, Tape
from protocol import quality
from rig.faults import Faults, Instruments, Sending, judge, mixed
from rig.scenario import line_config, poll_virtually, soaking
from rig.virtual import MemoryWire, VirtualLoop, memory_wire, run_virtual
from rig.wire import ascii_frame, rtu

READS = soaking(2_500, 1_000_000)
LATE = Faults(late=0.01)
LATER = Faults(late=0.08, later=0.02)

pytestmark = pytest.mark.timeout(soaking(120, 6 * 3600))


def on(kind: str, **changes: object) -> BusConfig:
    host = "" if kind == "ascii" else "virtual"
    return structs.replace(line_config(), kind=kind, host=host, **changes)


def _drop_newest(wire: MemoryWire) -> None:
    wire.wires[-1].drop()


SERVED = {
    "ascii at a device": (on("ascii"), False),
    "ascii behind a serial server": (structs.replace(on("ascii"), host="virtual"), False),
    "rtu over tcp, replies bound to the bus": (on("rtu-over-tcp"), False),
    "rtu over tcp, replies bound to the connection": (on("rtu-over-tcp"), True),
}


@pytest.mark.parametrize("queued", [False, True])
@pytest.mark.parametrize("way", SERVED)
def test_no_wrong_or_old_value_when_replies_are_late(way: str, queued: bool) -> None:
    config, to_connection = SERVED[way]
    outcome = poll_virtually(config, LATER, READS, queued=queued, to_connection=to_connection)
    assert outcome.good > READS // 2
    assert outcome.wrong == 0
    assert outcome.older_than_t == 0, f"oldest {outcome.oldest_ms} ms"


@pytest.mark.parametrize("queued", [False, True])
@pytest.mark.parametrize("way", SERVED)
def test_no_wrong_register_when_everything_goes_wrong(way: str, queued: bool) -> None:
    config, to_connection = SERVED[way]
    # On a line so busy lengths are distinct within a unit only: a late lie about the unit can't be told.
    faults = mixed(0.08, "wrong_unit", "wrong_unit_late")
    outcome = poll_virtually(config, faults, READS, queued=queued, to_connection=to_connection, seed=3)
    assert outcome.good > READS // 2
    assert outcome.wrong == 0


@pytest.mark.parametrize("way", SERVED)
def test_a_late_reply_in_one_chunk_with_the_good_one_does_no_harm(way: str) -> None:
    config, to_connection = SERVED[way]
    outcome = poll_virtually(config, Faults(late_and_good=0.05), READS // 2, to_connection=to_connection)
    assert outcome.good > READS // 4
    assert outcome.wrong == 0


@pytest.mark.parametrize("way", SERVED)
def test_a_lying_unit_number_is_told_by_lengths_of_the_whole_line_while_it_is_not_busy(way: str) -> None:
    config, to_connection = SERVED[way]
    config = structs.replace(config, units=line_config(units=2, blocks=2, period_ms=300).units)
    outcome = poll_virtually(
        config, Faults(wrong_unit=0.1, wrong_unit_late=0.2), READS // 2, to_connection=to_connection
    )
    assert outcome.good > READS // 8
    assert outcome.wrong == 0


@pytest.mark.parametrize("way", SERVED)
def test_a_connection_that_breaks_with_replies_in_flight_yields_nothing_wrong_or_old(way: str) -> None:
    config, to_connection = SERVED[way]

    def break_often(wire: MemoryWire, loop: VirtualLoop) -> None:
        for i in range(200):
            loop.call_later(2 + i * 7.3, _drop_newest, wire)

    outcome = poll_virtually(config, LATER, READS, to_connection=to_connection, meddle=break_often)
    assert outcome.stats is not None
    assert outcome.stats.connections > 10
    assert outcome.good > READS // 3
    assert outcome.wrong == 0
    assert outcome.older_than_t == 0, f"oldest {outcome.oldest_ms} ms"


@pytest.mark.parametrize("way", SERVED)
def test_the_rate_is_that_of_a_line(way: str) -> None:
    config, to_connection = SERVED[way]
    here = poll_virtually(config, LATE, READS, to_connection=to_connection)
    line = poll_virtually(line_config(), LATE, READS)
    assert here.rate >= 0.95 * line.rate


def test_an_echo_is_dropped_in_ascii_and_behind_a_serial_server() -> None:
    for config, to_connection in SERVED.values():
        outcome = poll_virtually(config, Faults(), 2_000, echo=True, to_connection=to_connection)
        assert outcome.bad == 0
        assert outcome.wrong == 0
        assert outcome.stats is not None
        assert outcome.stats.second_master == 0


def test_an_echo_on_a_bad_line_lets_no_wrong_register_pass() -> None:
    for config, to_connection in SERVED.values():
        outcome = poll_virtually(config, mixed(0.08), 3_000, echo=True, to_connection=to_connection)
        assert outcome.good > 1_000
        assert outcome.wrong == 0


@pytest.mark.parametrize("way", SERVED)
def test_a_second_master_is_heard_and_makes_every_value_uncertain(way: str) -> None:
    config, to_connection = SERVED[way]
    config = structs.replace(config, units=line_config(units=2, blocks=1, period_ms=1000).units)
    frame = (ascii_frame if config.kind == "ascii" else rtu)(9, bytes((3, 0, 0, 0, 10)))

    def ask_once(wire: MemoryWire, loop: VirtualLoop) -> None:
        wire.send_later(10_000, frame)

    outcome = poll_virtually(
        config, Faults(), 10**9, limit_s=200, to_connection=to_connection, meddle=ask_once
    )
    assert outcome.stats is not None
    assert outcome.stats.second_master == 1
    assert 118 <= outcome.qualities[quality.UNCERTAIN] <= 122
    assert outcome.wrong == 0


@pytest.mark.parametrize("way", SERVED)
def test_the_tape_holds_every_byte_an_echo_included(way: str) -> None:
    config, to_connection = SERVED[way]
    recorded: list[Record] = []
    wire: list[bytes] = []

    async def main(loop: VirtualLoop) -> None:
        line = Instruments([1, 2, 3, 4], Faults(), 300, 1, echo=True, in_ascii=config.kind == "ascii")

        def hear(data: bytes, now: float) -> list[Sending]:
            out = line.hear(data, now)
            wire.extend([data, *(bytes(frame) for _, frame in out)])
            return out

        with memory_wire(hear, to_connection=to_connection):
            tape = Tape("line", lambda: loop.mono_ms() * 1000)
            task = loop.create_task(Bus(config, lambda _: None, loop, tape).run())
            await asyncio.sleep(20.02)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        recorded.extend(tape.freeze().records())

    run_virtual(main)
    told = [record.data for record in recorded if record.kind != NOTE]
    assert len(wire) > 1_000
    assert told[: len(wire) - 4] == wire[: len(wire) - 4]
    assert [record.text for record in recorded if record.kind == NOTE] == [
        f"connected to {'virtual:502' if config.host else '/dev/virtual'}"
    ]


@pytest.mark.parametrize("way", SERVED)
def test_nothing_wrong_or_old_over_restarts_with_replies_in_flight_and_other_lengths(way: str) -> None:
    config, to_connection = SERVED[way]
    good = 0
    bad: list[str] = []

    def sink(reading: BlockReading) -> None:
        nonlocal good
        if reading.data is not None:
            block = reading.block
            sent = reading.mono_ms - reading.took_ms
            verdict = judge(block.unit, 3, block.address, reading.data, sent)
            good += 1
            bad.extend([f"{block}: {verdict}"] * (verdict.wrong > 0 or verdict.age_ms > 300))

    async def main(loop: VirtualLoop) -> None:
        faults = Faults(late=0.08, later=0.08)
        line = Instruments([1, 2, 3, 4], faults, 300, 1, in_ascii=config.kind == "ascii")
        with memory_wire(line.hear, to_connection=to_connection):
            for run in range(soaking(20, 500)):
                units = line_config(width=60 if run % 2 else 40, blocks=4 if run % 3 else 3).units
                bus = Bus(structs.replace(config, units=units), sink, loop)
                task = loop.create_task(bus.run())
                await asyncio.sleep(7.77)
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    run_virtual(main)
    assert good > 500
    assert not bad


@pytest.mark.parametrize("kind", ["rtu", "rtu-over-tcp", "ascii"])
def test_frames_that_collide_are_lost_reads_and_never_wrong_ones(kind: str) -> None:
    config = on(kind) if kind != "rtu" else line_config()
    outcome = poll_virtually(config, LATER, READS, character_ms=0.2, limit_s=5_000)
    assert outcome.instruments is not None
    assert outcome.instruments.collisions > 10
    assert outcome.good > READS // 3
    assert outcome.wrong == 0
    assert outcome.older_than_t == 0, f"oldest {outcome.oldest_ms} ms"


def test_a_serial_server_that_is_dead_without_a_word_is_called_anew() -> None:
    def die(wire: MemoryWire, loop: VirtualLoop) -> None:
        loop.call_later(10, wire.fall_silent)

    outcome = poll_virtually(on("rtu-over-tcp"), Faults(), 10**9, limit_s=120, meddle=die)
    assert outcome.stats is not None
    assert outcome.stats.connections == 2
    assert outcome.good > 2_000
    assert outcome.wrong == 0
