"""A peer that garbles: no crash, no wrong value, nothing that grows; 10^5 mutated frames in the soak.

Each example is a talk of good frames, garbled ones and noise, cut into chunks anywhere. Whatever was garbled,
every reading must be one that a good frame carried; and after it all a good frame is read as ever.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.drivers.hj212 import frame as hj212_frame
from edge.drivers.sl651 import decode
from edge.drivers.sl651 import frame as sl651_frame
from rig import hj212_station, sl651_station
from tests.edge.drivers.stations_at_hand import HjBench, SlBench

SOAK = os.environ.get("FENGSUI_SOAK") == "1"
FRAMES = 30  # garbled frames an example
EXAMPLES = 100_000 // FRAMES + 1 if SOAK else 100
POINTS = [{"key": "A", "factor": "a21026"}, {"key": "B", "factor": "a21002"}]
GASES = {"key": "CEMS", "mn": "010000A8900016F000169DC0", "password": "123456", "points": POINTS}
WATER = {
    "key": "ST",
    "station": sl651_station.ADDRESS,
    "password": "1234",
    "report_interval_s": 60,
    "points": [{"key": "LT", "element": "39"}, {"key": "RAIN", "element": "20"}],
}

mutation = st.tuples(
    st.sampled_from(["flip", "set", "cut", "drop", "double", "insert", "swap", "splice"]),
    st.floats(0, 1, exclude_max=True),
    st.floats(0, 1, exclude_max=True),
    st.binary(min_size=1, max_size=6),
)


def garbled(data: bytes, how: tuple[str, float, float, bytes], other: bytes) -> bytes:
    kind, first, second, junk = how
    a, b = sorted((int(first * len(data)), int(second * len(data))))
    changed = {
        "flip": data[:a] + bytes((data[a] ^ (1 << b % 8),)) + data[a + 1 :],
        "set": data[:a] + junk[:1] + data[a + 1 :],
        "cut": data[:a],
        "drop": data[:a] + data[min(a + 1 + b % 8, len(data)) :],
        "double": data[:b] + data[a:],
        "insert": data[:a] + junk + data[a:],
        "swap": data[: a - 1] + data[a : a + 1] + data[a - 1 : a] + data[a + 1 :] if a else data,
        "splice": data[:a] + other[int(second * len(other)) :],
    }
    return changed[kind]


class Talk:
    """What one driver is told, and what it may make of it."""

    def __init__(
        self, bench: Any, build: Callable[[Any, int], tuple[bytes, set[tuple[float, ...]]]], most: int
    ):
        self.bench = bench
        self.build = build
        self.most = most
        self.count = 0
        self.said: set[tuple[float, ...]] = set()

    def good(self) -> bytes:
        self.count += 1
        data, values = self.build(self.bench, self.count)
        self.said |= values
        return data

    def hear(self, data: bytes, size: int) -> None:
        for at in range(0, len(data), size):
            self.bench.conversation.take(data[at : at + size])
            assert self.bench.conversation.pending() <= self.most + size
        self.bench.clock.go_on(500)

    def nothing_wrong(self) -> None:
        for reading in self.bench.readings:
            known = tuple(value for value in reading.data if not math.isnan(value))
            assert any(set(known) <= set(values) for values in self.said), reading
        self.bench.readings.clear()
        stats = self.bench.driver.stats()
        assert len(stats.unknown) <= 32
        station = next(iter(self.bench.driver.reception.stations.values()))
        assert len(station.repetitions._seen) <= 256
        assert len(station.packs._open) <= 16

    def still_hears(self) -> None:
        self.bench.conversation.settle()
        self.bench.clock.go_on(600_000)
        self.bench.readings.clear()
        self.hear(self.good(), 4096)
        assert self.bench.readings, "a good frame is read as ever"
        self.nothing_wrong()


def gases(bench: HjBench, count: int) -> tuple[bytes, set[tuple[float, ...]]]:
    values = (1000.0 + count, 5000.5 + count)
    said = {"a21026": str(values[0]), "a21002": str(values[1])}
    return hj212_station.frame(hj212_station.report(said, bench.clock.utc)), {values}


def water(bench: SlBench, count: int) -> tuple[bytes, set[tuple[float, ...]]]:
    level, rain = round(-(count % 900) - 0.125, 3), (count % 9000) / 10
    elements = f"20{sl651_station.number(rain, 3, 1)}39{sl651_station.number(level, 4, 3)}"
    text = sl651_station.text(elements, bench.clock.utc, serial=count % 65_536)
    return sl651_station.up(decode.TIMED, text), {(level,), (rain,)}


SIZES = st.sampled_from([1, 7, 64, 1024, 65_536])
EXAMPLE = st.lists(st.tuples(mutation, st.booleans(), SIZES), min_size=FRAMES, max_size=FRAMES)
patient = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def play(talk: Talk, example: list[tuple[tuple[str, float, float, bytes], bool, int]]) -> None:
    for how, with_good, size in example:
        talk.hear(garbled(talk.good(), how, talk.good()), size)
        talk.hear(talk.good() if with_good else b"", size)
    talk.nothing_wrong()
    talk.still_hears()


@pytest.mark.timeout(1800)
@patient
@given(EXAMPLE)
def test_garbled_frames_of_gas_stations_do_no_harm(
    example: list[tuple[tuple[str, float, float, bytes], bool, int]],
) -> None:
    play(Talk(HjBench(GASES), gases, hj212_frame.MOST + hj212_frame.OVERHEAD), example)


@pytest.mark.timeout(1800)
@patient
@given(EXAMPLE)
def test_garbled_frames_of_water_stations_do_no_harm(
    example: list[tuple[tuple[str, float, float, bytes], bool, int]],
) -> None:
    play(Talk(SlBench(WATER), water, sl651_frame.MOST), example)


@pytest.mark.timeout(1800)
@settings(patient, max_examples=5 * EXAMPLES)
@given(st.binary(max_size=300))
def test_segments_with_a_right_check_and_any_content_do_no_harm(content: bytes) -> None:
    bench = HjBench(GASES)
    bench.conversation.take(hj212_frame.frame(b"CP=&&" + content + b"&&"))
    bench.conversation.take(hj212_frame.frame(content + b"CP=&&DataTime=1;a21026-Rtd=1&&"))
    known = b"ST=31;CN=2011;PW=123456;MN=010000A8900016F000169DC0;Flag=7;CP=&&"
    bench.conversation.take(hj212_frame.frame(known + content + b"&&"))
    assert all(reading.quality != 192 for reading in bench.readings)


@pytest.mark.timeout(1800)
@settings(patient, max_examples=5 * EXAMPLES)
@given(st.binary(max_size=120), st.integers(0, 255), st.sampled_from([2, 22]))
def test_texts_with_a_right_check_and_any_content_do_no_harm(
    content: bytes, function: int, start: int
) -> None:
    bench = SlBench(WATER)
    head = bytes.fromhex(f"7E7E01{sl651_station.ADDRESS}1234") + bytes((function,))
    body = head + len(content).to_bytes(2, "big") + bytes((start,)) + content + b"\x03"
    bench.conversation.take(body + sl651_frame.crc(body).to_bytes(2, "big"))
    bench.conversation.settle()
    elements = bytes.fromhex(sl651_station.text("", bench.clock.utc)) + content
    body = head[:-1] + b"\x32" + len(elements).to_bytes(2, "big") + b"\x02" + elements + b"\x03"
    bench.conversation.take(body + sl651_frame.crc(body).to_bytes(2, "big"))
