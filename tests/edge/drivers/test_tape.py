"""The bus black box: bounded, dumped as text, read back to the byte."""

import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.drivers.tape import NOTE, RECEIVED, SENT, Record, Tape, TapeError, parse


class Microseconds:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 5_000_000_000

    def __call__(self) -> int:
        return self.now


def test_a_dump_shows_direction_time_and_bytes_of_each_chunk() -> None:
    clock = Microseconds()
    tape = Tape("line-1", clock)
    tape.sent(b"\x01\x03\x00\x00")
    clock.now += 31_250
    tape.received(b"\x01\x83\x02")
    tape.note("unit 1 refuses\nthe block")
    dump = tape.dump({"gateway": "gw-1", "config": "a\nb"}).decode()
    assert dump.splitlines() == [
        "fengsui-tape 1",
        "bus: line-1",
        "gateway: gw-1",
        "config: a",
        "config: b",
        "",
        "5000000000 > 01 03 00 00",
        "5000031250 < 01 83 02",
        "5000031250 ! unit 1 refuses the block",
    ]


@given(st.lists(st.tuples(st.sampled_from([SENT, RECEIVED]), st.binary(max_size=300)), max_size=40))
def test_what_was_recorded_is_read_back_to_the_byte(chunks: list[tuple[str, bytes]]) -> None:
    clock = Microseconds()
    tape = Tape("line-1", clock)
    wanted = []
    for kind, data in chunks:
        clock.now += 777
        {SENT: tape.sent, RECEIVED: tape.received}[kind](data)
        wanted.append(Record(clock.now, kind, data))
    recording = parse(tape.dump({"reason": "test"}))
    assert recording.records == wanted
    assert recording.head == {"bus": "line-1", "reason": "test"}


def test_memory_stays_bounded_and_the_dump_says_what_was_dropped() -> None:
    clock = Microseconds()
    tape = Tape("line-1", clock, max_bytes=64_000)
    for number in range(20_000):
        clock.now += 1000
        tape.received(number.to_bytes(4, "big") * 4)
    recording = parse(tape.dump())
    held = sum(len(record.data) + 7 for record in recording.records)
    assert 56_000 < held <= 70_000
    assert recording.records[-1].data == (19_999).to_bytes(4, "big") * 4
    assert recording.head["dropped"].split()[0] == str(20_000 * 23 - held)


def test_what_is_older_than_ten_minutes_is_not_dumped() -> None:
    clock = Microseconds()
    tape = Tape("line-1", clock)
    tape.sent(b"old")
    clock.now += 601_000_000
    tape.sent(b"new")
    assert [record.data for record in parse(tape.dump()).records] == [b"new"]


@given(
    st.lists(st.tuples(st.integers(0, 4_000_000_000), st.integers(0, 3000)), max_size=60),
    st.sampled_from([1024, 40_000, 1 << 20]),
)
@settings(deadline=2000)
def test_hours_of_traffic_at_any_rate_end_with_the_last_ten_minutes(
    chunks: list[tuple[int, int]], max_bytes: int
) -> None:
    clock = Microseconds()
    tape = Tape("line-1", clock, max_bytes=max_bytes)
    wanted = []
    for pause, size in chunks:
        clock.now += pause
        tape.received(b"x" * size)
        wanted.append((clock.now, size))
    recording = parse(tape.dump())
    recent = [(us, size) for us, size in wanted if us >= clock.now - 600_000_000]
    held = [(record.us, len(record.data)) for record in recording.records]
    assert held == recent[len(recent) - len(held) :]
    assert held == recent or "dropped" in recording.head


def test_a_line_that_speaks_for_an_hour_turns_its_pages_by_age() -> None:
    clock = Microseconds()
    tape = Tape("line-1", clock, max_bytes=1024 * 16)
    for _ in range(3600):
        clock.now += 1_000_000
        tape.received(b"12345678")
    recording = parse(tape.dump())
    assert [record.us for record in recording.records] == [
        clock.now - s * 1_000_000 for s in range(600, -1, -1)
    ]
    assert "dropped" not in recording.head


def test_a_line_that_was_silent_for_hours_keeps_right_times() -> None:
    clock = Microseconds()
    tape = Tape("line-1", clock)
    tape.sent(b"old")
    clock.now += 3 * 3600 * 1_000_000
    tape.note("awake")
    assert parse(tape.dump()).records == [Record(clock.now, NOTE, b"awake")]


def test_a_chunk_of_any_size_is_held_in_pieces() -> None:
    clock = Microseconds()
    tape = Tape("line-1", clock)
    tape.received(b"x" * 200_000)
    assert b"".join(record.data for record in parse(tape.dump()).records) == b"x" * 200_000


@pytest.mark.parametrize(
    ("dump", "line"),
    [
        (b"", "line 1"),
        (b"something else\n", "line 1"),
        (b"fengsui-tape 1\nbus: a\n\n12 > 0g\n", "line 4"),
        (b"fengsui-tape 1\n\nyesterday > 01\n", "line 3"),
        (b"fengsui-tape 1\n\n12 ? 01\n", "line 3"),
        (b"fengsui-tape 1\n\n12\n", "line 3"),
    ],
)
def test_what_is_no_dump_is_refused_with_its_line(dump: bytes, line: str) -> None:
    with pytest.raises(TapeError, match=line):
        parse(dump)


def test_threads_that_record_at_once_mix_no_bytes() -> None:
    tape = Tape("line-1", time.monotonic_ns, max_bytes=1 << 22)

    def record(letter: bytes) -> None:
        for size in range(1, 3000):
            tape.received(letter * (size % 200 + 1))

    threads = [threading.Thread(target=record, args=(letter,)) for letter in (b"a", b"b", b"c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    records = parse(tape.dump()).records
    assert len(records) == 3 * 2999
    assert all(len(set(record.data)) == 1 for record in records)
