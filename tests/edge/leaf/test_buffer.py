"""The leaf's buffer: nothing unsent goes undeclared, no number is used twice, every range stays itself."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from edge.core.batch import Batcher, Closed
from edge.leaf import frames
from edge.leaf.buffer import NO_ROOM, NOT_HERE, UNCLEAN, Batch, Buffer, description_file, keep_description
from edge.leaf.frames import EVENT, MEASUREMENT
from edge.leaf.ring import Ring
from protocol import codec
from protocol import messages as m

BIRTH = b"birth-hash-of-16"


class Run:
    """One run of a leaf on a folder."""

    def __init__(self, folder: Path, epoch: int, events: int = 64, measurements: int = 16) -> None:
        folder.mkdir(exist_ok=True)
        self.alarms: list[Any] = []
        self.rings = (
            Ring(str(folder), "events", 4, events, 128),
            Ring(str(folder), "measurements", 4, measurements, 128),
        )
        self.now = 1000 * epoch
        self.buffer = Buffer(self.rings, BIRTH, 1000 + epoch, self.stamp, lambda: list(self.alarms))
        self.buffer.begin(epoch, "test")

    def stamp(self) -> tuple[int, int, int]:
        self.now += 1
        return 1_790_000_000_000 + self.now, self.now, 1

    def event(self, state: str = "on") -> None:
        fields = (("output", "horn"), ("state", state), ("ok", True), ("reason", ""))
        self.buffer.record([lambda seq, at: frames.event("output", seq, at, *fields)])

    def rows(self, many: int = 2) -> None:
        self.buffer.add(closed(many))


def closed(many: int) -> Closed:
    batcher = Batcher(1000)
    for n in range(many):
        batcher.take(0, 1, 1_790_000_000_000 + n, n, 5, 1, 192, (n, 7))
    made = batcher.close()
    assert made is not None
    return made


def sent(buffer: Buffer, stream: int, most: int = 1000) -> list[Batch]:
    """Send all that waits to a centre that receipts everything."""
    found: list[Batch] = []
    while len(found) < most and (batch := buffer.next(stream)) is not None:
        found.append(batch)
        buffer.receipted(batch)
    return found


def events(batches: list[Batch]) -> list[m.Event]:
    found: list[m.Event] = []
    for batch in batches:
        found += [e for _, e, _ in codec.decode_events(batch.body, batch.first, batch.last) if e is not None]
    return found


def numbers(batches: list[Batch]) -> list[tuple[int, int]]:
    return [(batch.epoch, seq) for batch in batches for seq in range(batch.first, batch.last + 1)]


def test_an_opening_is_the_first_event_and_names_the_one_before(tmp_path: Path) -> None:
    first = Run(tmp_path, 1)
    first.rows()
    second = Run(tmp_path, 2)
    made = events(sent(second.buffer, EVENT))
    openings = [e for e in made if isinstance(e, m.OpenedEvent)]
    assert [(e.epoch, e.follows, e.clean, e.seq) for e in openings] == [(1, 0, True, 1), (2, 1, False, 1)]
    gaps = [e for e in made if isinstance(e, m.GapEvent)]
    assert [(e.epoch, e.first, e.last, e.reason) for e in gaps] == [(1, 3, 0, UNCLEAN)]
    assert second.buffer.heads() == [[1, 0, 1, 2], [2, 1, 2, 0]]


def test_what_is_not_receipted_is_sent_by_the_next_run_to_the_same_hash(tmp_path: Path) -> None:
    run = Run(tmp_path, 1)
    run.event()
    run.rows()
    run.rows()
    before = [run.buffer.next(EVENT), run.buffer.next(MEASUREMENT)]
    again = Run(tmp_path, 2)
    after = [again.buffer.next(EVENT), again.buffer.next(MEASUREMENT)]
    assert [(b.epoch, b.first, b.last, b.boot, b.hash) for b in before if b] == [
        (b.epoch, b.first, b.last, b.boot, b.hash) for b in after if b
    ]
    assert numbers(sent(again.buffer, MEASUREMENT)) == [(1, 1), (1, 2), (1, 3), (1, 4)]
    assert numbers(sent(again.buffer, EVENT)) == [(1, 1), (1, 2), (2, 1), (2, 2)]
    again.rows()
    assert numbers(sent(again.buffer, MEASUREMENT)) == [(2, 1), (2, 2)]


def test_alarms_and_their_transition_are_one_write(tmp_path: Path) -> None:
    run = Run(tmp_path, 1)
    run.alarms = [("GT-1/H", "B", "00000001-1", 5)]
    run.event()
    segment = tmp_path / "events.0"
    whole = segment.read_bytes()
    assert Run(tmp_path, 2).buffer.saved_alarms == [("GT-1/H", "B", "00000001-1", 5)]
    for cut in range(len(whole) - 128, len(whole), 9):
        here = tmp_path / f"cut-{cut}"
        here.mkdir()
        (here / "events.0").write_bytes(whole[:cut])
        torn = Run(here, 3)
        assert torn.buffer.saved_alarms == []
        made = events(sent(torn.buffer, EVENT))
        assert not [e for e in made if isinstance(e, m.OutputEvent)]
        shutil.rmtree(here)


def test_measurements_that_must_go_are_declared_before(tmp_path: Path) -> None:
    run = Run(tmp_path, 1)
    for _ in range(100):
        run.rows()
    measured = sent(run.buffer, MEASUREMENT)
    gaps = [e for e in events(sent(run.buffer, EVENT)) if isinstance(e, m.GapEvent)]
    assert {gap.reason for gap in gaps} == {NO_ROOM}
    declared = [(gap.epoch, seq) for gap in gaps for seq in range(gap.first, gap.last + 1)]
    assert sorted(declared + numbers(measured)) == [(1, seq) for seq in range(1, 201)]
    assert run.buffer.lost == len(declared)


def test_the_declaration_is_durable_before_the_rows_go(tmp_path: Path) -> None:
    run = Run(tmp_path, 1)
    while not run.buffer.lost:
        run.rows()
    (tmp_path / "measurements.0").write_bytes(b"")  # the power went as the new segment was begun
    again = Run(tmp_path, 2)
    gaps = [e for e in events(sent(again.buffer, EVENT)) if isinstance(e, m.GapEvent)]
    gone = {(g.epoch, n) for g in gaps if g.last for n in range(g.first, g.last + 1)}
    head = again.buffer.heads()[0][3]
    assert gone | set(numbers(sent(again.buffer, MEASUREMENT))) == {(1, n) for n in range(1, head + 1)}


def test_receipted_rows_go_without_a_word(tmp_path: Path) -> None:
    run = Run(tmp_path, 1)
    seen: list[tuple[int, int]] = []
    for _ in range(100):
        run.rows()
        seen += numbers(sent(run.buffer, MEASUREMENT))
    assert seen == [(1, seq) for seq in range(1, 201)]
    assert not [e for e in events(sent(run.buffer, EVENT)) if isinstance(e, m.GapEvent)]
    assert run.buffer.waiting(MEASUREMENT) == 0


def test_events_that_had_to_go_are_declared_in_their_own_places(tmp_path: Path) -> None:
    run = Run(tmp_path, 1, events=8)
    for n in range(60):
        run.event(str(n))
    head = run.buffer.heads()[0][2]
    batches = sent(run.buffer, EVENT)
    assert numbers(batches) == [(1, seq) for seq in range(1, head + 1)]
    made = events(batches)
    lost = [e for e in made if isinstance(e, m.GapEvent)]
    assert {(e.stream, e.reason) for e in lost} == {(m.EVENT, NO_ROOM)}
    assert all(e.first == e.last == e.seq for e in lost)
    assert isinstance(made[-1], m.OutputEvent)
    run.buffer.rewind([])
    assert [batch.hash for batch in sent(run.buffer, EVENT)] == [batch.hash for batch in batches]


def test_a_declaration_that_had_to_go_itself_is_made_again(tmp_path: Path) -> None:
    run = Run(tmp_path, 1, events=4, measurements=4)
    sent(run.buffer, EVENT)
    while not run.buffer.lost:
        run.rows()
    run.rows()  # the ring itself turns now
    declared = run.buffer.heads()[-1][2]
    for _ in range(40):
        run.event()
    told = events(sent(run.buffer, EVENT))
    assert any(isinstance(e, m.GapEvent) and (e.stream, e.first) == (EVENT, declared) for e in told)
    assert not any(isinstance(e, m.GapEvent) and e.stream == MEASUREMENT for e in told)
    first = run.buffer.next(MEASUREMENT)
    assert first is not None
    assert first.first > 1
    run.buffer.go_to(MEASUREMENT, 1, 1)  # the centre knows of no gap: it wants the first number
    assert run.buffer.next(MEASUREMENT) is not None
    again = [e for e in events(sent(run.buffer, EVENT)) if isinstance(e, m.GapEvent)]
    assert [(e.stream, e.epoch, e.first, e.last) for e in again] == [(MEASUREMENT, 1, 1, first.first - 1)]


def test_a_restored_centre_is_sent_what_it_lacks_and_told_what_is_gone(tmp_path: Path) -> None:
    run = Run(tmp_path, 1)
    for _ in range(100):
        run.rows()
        sent(run.buffer, MEASUREMENT)
    sent(run.buffer, EVENT)
    run.buffer.rewind([(EVENT, 1, 1), (MEASUREMENT, 1, 10)])
    again = numbers(sent(run.buffer, MEASUREMENT))
    gaps = [e for e in events(sent(run.buffer, EVENT)) if isinstance(e, m.GapEvent)]
    assert [(gap.first, gap.last, gap.reason) for gap in gaps] == [(11, again[0][1] - 1, NOT_HERE)]
    assert again == [(1, seq) for seq in range(again[0][1], 201)]
    run.buffer.rewind([(EVENT, 1, 1), (MEASUREMENT, 1, 10)])
    sent(run.buffer, MEASUREMENT)
    assert len([e for e in events(sent(run.buffer, EVENT)) if isinstance(e, m.GapEvent)]) == 1


def test_a_card_that_takes_nothing_costs_records_that_are_declared_and_no_standstill(tmp_path: Path) -> None:
    run = Run(tmp_path / "card", 1)
    run.event()
    (tmp_path / "card").rename(tmp_path / "gone")
    run.event("lost")
    run.rows()
    (tmp_path / "gone").rename(tmp_path / "card")
    run.event("kept")
    run.rows()
    assert run.buffer.lost == 3
    measured = sent(run.buffer, MEASUREMENT)
    made = sent(run.buffer, EVENT)
    assert numbers(measured) == [(1, 3), (1, 4)]
    assert numbers(made) == [(1, 1), (1, 2), (1, 3), (1, 4), (1, 5)]
    gaps = [e for e in events(made) if isinstance(e, m.GapEvent)]
    assert [(g.stream, g.first, g.last) for g in gaps] == [(m.EVENT, 3, 3), (m.MEASUREMENT, 1, 2)]


def test_a_lost_event_ring_does_not_hold_up_the_readings(tmp_path: Path) -> None:
    run = Run(tmp_path, 1)
    run.rows()
    for file in tmp_path.glob("events.*"):
        file.unlink()
    again = Run(tmp_path, 2)
    again.rows()
    assert numbers(sent(again.buffer, MEASUREMENT)) == [(1, 1), (1, 2), (2, 1), (2, 2)]
    opened = events(sent(again.buffer, EVENT))[0]
    assert isinstance(opened, m.OpenedEvent)
    assert (opened.epoch, opened.follows, opened.clean) == (2, 1, False)


def test_the_centre_may_send_us_anywhere_in_our_epochs_and_nowhere_else(tmp_path: Path) -> None:
    Run(tmp_path, 1).rows()
    run = Run(tmp_path, 2)
    run.rows()
    sent(run.buffer, MEASUREMENT)
    assert run.buffer.go_to(MEASUREMENT, 1, 1)
    assert numbers(sent(run.buffer, MEASUREMENT)) == [(1, 1), (1, 2), (2, 1), (2, 2)]
    assert not run.buffer.go_to(MEASUREMENT, 99, 1)
    assert run.buffer.waiting(MEASUREMENT) == 0


def test_many_starts_without_a_centre_keep_what_fits_and_their_order(tmp_path: Path) -> None:
    for epoch in range(1, 31):
        Run(tmp_path, epoch).rows()
    run = Run(tmp_path, 31)
    heads = run.buffer.heads()
    assert len(heads) <= 17
    assert [head[1] for head in heads[1:]] == [head[0] for head in heads[:-1]]
    assert {seq for _, seq in numbers(sent(run.buffer, MEASUREMENT))} == {1, 2}


@pytest.mark.parametrize("used", [[], [b"old"]])
def test_a_description_is_kept_as_long_as_a_record_refers_to_it(used: list[bytes], tmp_path: Path) -> None:
    keep_description(str(tmp_path), b"old", b"the old one", [])
    keep_description(str(tmp_path), b"new", b"the new one", used)
    names = {description_file(one) for one in [b"new", *used]}
    assert {path.name for path in tmp_path.iterdir()} == names
    assert (tmp_path / description_file(b"new")).read_bytes() == b"the new one"
