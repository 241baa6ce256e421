"""The raw view of registers: what is there, what it looks like, and where the holes are."""

import asyncio
from pathlib import Path

from edge.clock import Clock
from edge.installer.ear import Ear, Place, Setting
from edge.installer.looks import best, looks, words_of_text
from edge.installer.probe import Probe, View, as_data, table
from edge.installer.reading import Reader
from edge.simulator.registers import encode
from rig.faults import Sending
from rig.slave import Slave
from rig.wire import RequestHunter, rtu
from tests.edge.installer.lines import line


async def looked(folder: Path, unit: int, first: int, count: int, times: int = 1) -> Probe:
    clock = Clock()
    ear = Ear(Place("rtu", device=str(folder / "tty")), Setting(), clock)
    assert not await ear.open()
    probe = Probe(Reader(ear, unit, clock, 150), "holding", first, count)
    try:
        for _ in range(times):
            await probe.look()
    finally:
        ear.close()
    return probe


def test_a_float_is_seen_in_each_order_that_it_may_be_in() -> None:
    for order in ("ABCD", "CDAB", "BADC", "DCBA"):
        found = best([encode("float32", order, 23.75)], 0)
        assert found is not None
        assert (found.type, found.order, found.value) == ("float32", order, 23.75)


def test_a_small_whole_number_is_no_float() -> None:
    found = best([[231, 7]], 0)
    assert found is not None
    assert (found.type, found.value) == ("uint16", 231)


def test_a_number_that_moves_a_little_is_believed_more() -> None:
    once = looks([encode("float32", "CDAB", 7.131)], 0)[0]
    moving = looks([encode("float32", "CDAB", value) for value in (7.12, 7.131, 7.14)], 0)[0]
    assert moving.score > once.score
    assert "moves a little, as a measurement does" in moving.why


def test_text_in_registers_is_found() -> None:
    words = [1, 2, *[int.from_bytes(b"RADAR-7 "[i : i + 2], "big") for i in range(0, 8, 2)], 0]
    assert words_of_text(words) == [(2, "RADAR-7")]


def test_the_view_holds_what_the_instrument_shows_and_names_its_end(tmp_path: Path) -> None:
    async def main() -> Probe:
        slave = Slave(3, size=30)
        slave[3].holding.set_float(4, 21.5, "CDAB")
        slave[3].holding[10] = 1234
        async with slave.serial(str(tmp_path / "tty")):
            return await looked(tmp_path, 3, 0, 40, times=2)

    probe = asyncio.run(main())
    view = probe.history[-1]
    assert view.words[10] == 1234
    assert set(view.words) == set(range(30))
    assert [(low, high) for low, high, _ in view.holes] == [(30, 39)]
    shown = "\n".join(table(probe, view, all_orders=True))
    assert "float32 CDAB = 21.5" in shown
    assert "hole 30..39: exception 2: it has nothing at these addresses" in shown
    data = as_data(probe, view)
    assert {"address": 10, "word": 1234} in data["registers"]


def test_a_hole_between_registers_is_found_and_read_around(tmp_path: Path) -> None:
    hunter = RequestHunter()

    def hear(data: bytes, _now: float) -> list[Sending]:
        out: list[Sending] = []
        for unit, pdu in hunter.take(data):
            first, count = int.from_bytes(pdu[1:3], "big"), int.from_bytes(pdu[3:5], "big")
            if pdu[0] != 3 or first + count > 20 or any(8 <= a <= 9 for a in range(first, first + count)):
                out.append((1.0, rtu(unit, bytes((pdu[0] | 0x80, 2)))))
            else:
                words = b"".join(a.to_bytes(2, "big") for a in range(first, first + count))
                out.append((1.0, rtu(unit, bytes((3, 2 * count)) + words)))
        return out

    async def main() -> View:
        async with line(tmp_path, hear):
            return (await looked(tmp_path, 1, 0, 20)).history[-1]

    view = asyncio.run(main())
    assert view.words == {a: a for a in range(20) if a not in {8, 9}}
    assert [(low, high) for low, high, _ in view.holes] == [(8, 9)]


def test_a_late_reply_is_never_taken_for_other_registers(tmp_path: Path) -> None:
    """Each fourth reply comes after its time, when the next piece was asked for."""
    hunter = RequestHunter()
    count_of = iter(range(10_000))

    def hear(data: bytes, _now: float) -> list[Sending]:
        out: list[Sending] = []
        for unit, pdu in hunter.take(data):
            first, count = int.from_bytes(pdu[1:3], "big"), int.from_bytes(pdu[3:5], "big")
            words = b"".join(a.to_bytes(2, "big") for a in range(first, first + count))
            late = 230.0 * (next(count_of) % 4 == 3)
            out.append((1.0 + late, rtu(unit, bytes((3, 2 * count)) + words)))
        return out

    async def main() -> list[View]:
        clock = Clock()
        async with line(tmp_path, hear):
            ear = Ear(Place("rtu", device=str(tmp_path / "tty")), Setting(19200), clock)
            assert not await ear.open()
            reader = Reader(ear, 1, clock, 60)
            try:
                return [await Probe(reader, "holding", 10 * i, 8).look() for i in range(12)]
            finally:
                ear.close()

    views = asyncio.run(main())
    assert sum(bool(view.words) for view in views) >= 6
    assert all(word == address for view in views for address, word in view.words.items())


def test_a_silent_unit_is_told_in_words(tmp_path: Path) -> None:
    async def main() -> View:
        async with line(tmp_path, lambda _data, _now: []):
            return (await looked(tmp_path, 1, 0, 8)).history[-1]

    assert asyncio.run(main()).trouble == "no answer"
