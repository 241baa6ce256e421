"""A whole leaf: MicroPython, a slave on a pty, a real Mosquitto, and a centre that checks every byte."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from edge.leaf.buffer import NO_ROOM, NOT_HERE
from protocol import messages as m
from rig.slave import Slave
from tests.edge.leaf.leaf_at_hand import GATEWAY, PATIENCE_S, TOML, Broker, Centre, Leaf, running

KILLS = 100 if os.environ.get("FENGSUI_SOAK") == "1" else 6

pytestmark = pytest.mark.timeout(900 + 10 * KILLS)


class Inputs(bytearray):
    """Discrete inputs that count how often they were read."""

    reads = 0

    def __getitem__(self, place: Any) -> Any:
        self.reads += 1
        return super().__getitem__(place)


class Site:
    """Everything that stands around one leaf."""

    def __init__(self, folder: Path, device: str, slave: Slave, toml: str = TOML) -> None:
        self.slave = slave
        self.inputs = slave[10].discrete = Inputs(slave[10].discrete)
        self.broker = Broker(folder)
        self.leaf = Leaf(folder, device, self.broker.port, toml)
        self.centre = Centre(self.broker.port, self.leaf.key, self.leaf.centre_key)

    @property
    def horn(self) -> int:
        return self.slave[10].coils[0]

    def gas(self, value: float) -> None:
        self.slave[1].holding[0] = round(value * 10)

    def press(self) -> None:
        """Press and let go, each for some polls: on a busy machine one of them may be lost."""
        for state in (1, 0):
            self.inputs[0] = state
            enough = self.inputs.reads + 3
            self.wait("the button to be looked at", lambda n=enough: self.inputs.reads >= n)  # type: ignore[misc]

    def wait(self, what: str, holds: Callable[[], object]) -> None:
        until = time.monotonic() + PATIENCE_S
        while not holds():
            late = self.leaf.broken or time.monotonic() > until
            assert not late, f"waited for: {what}\n{self.leaf.words()[-2000:]}"
            time.sleep(0.02)

    def alarms(self) -> list[m.AlarmEvent]:
        return [event for event in self.centre.of(m.AlarmEvent) if isinstance(event, m.AlarmEvent)]

    def horn_events(self) -> list[str]:
        """States that were confirmed one after the other; on a busy machine one may take a second attempt."""
        outputs = [event for event in self.centre.of(m.OutputEvent) if isinstance(event, m.OutputEvent)]
        states = [event.state for event in outputs if event.output == "main.horn" and event.ok]
        return [state for state, before in zip(states, ["", *states], strict=False) if state != before]

    def settle(self) -> None:
        """Wait until the centre has all that was recorded until now, and the leaf knows it of its events."""
        known = len(self.centre.heartbeats)
        self.wait("a heartbeat", lambda: len(self.centre.heartbeats) > known)
        head = self.centre.heartbeats[known].epoch
        last = {m.EVENT: head.event, m.MEASUREMENT: head.measurement}
        for stream, seq in last.items():
            place = (stream, head.epoch)
            self.wait("receipts", lambda p=place, n=seq: self.centre.cursors[p] >= n)  # type: ignore[misc]
        self.wait("none to wait for", lambda: self.centre.heartbeats[-1].waiting_events == 0)

    def well(self) -> bool:
        beat = self.centre.heartbeats[-1]
        sources = [(one.source, one.state) for one in beat.sources]
        outputs = [(one.output, one.ok) for one in beat.outputs]
        return (sources, outputs) == (
            [("GT-1", 1), ("main.button", 1)],
            [("main.beacon", True), ("main.horn", True)],
        )

    def complete(self) -> None:
        """Nothing is missing, nothing double, nothing in conflict, and nothing went wrong on the way."""
        assert self.centre.troubles == []
        assert self.centre.conflicts == 0
        events = [(epoch, event.seq) for epoch, event in self.centre.events]
        assert len(set(events)) == len(events)
        rows = [(epoch, seq) for epoch, seq, *_ in self.centre.rows]
        assert len(set(rows)) == len(rows)


@contextmanager
def site_at(folder: Path, toml: str = TOML) -> Iterator[Site]:
    slave = Slave(1, 10)
    slave[1].holding[0] = 50
    slave[1].holding.set_float(3, 21.5)
    with slave.serial_thread(str(folder / "tty")) as device:
        site = Site(folder, device, slave, toml)
        try:
            yield site
        finally:
            site.centre.stop()
            site.broker.stop()


@pytest.fixture
def toml() -> str:
    return TOML


@pytest.fixture
def site(tmp_path: Path, toml: str) -> Iterator[Site]:
    with site_at(tmp_path, toml) as made:
        yield made


def test_an_alarm_sounds_is_silenced_by_its_button_and_its_story_is_complete(site: Site) -> None:
    with running(site.leaf):
        site.wait("readings", lambda: len(site.centre.rows) > 5)
        site.gas(30.0)
        site.wait("the horn", lambda: site.horn)
        site.wait("its confirmation", lambda: len(site.horn_events()) == 2)
        site.press()
        site.wait("silence", lambda: not site.horn)
        site.press()
        site.wait("the acknowledgement", lambda: [a.state for a in site.alarms()] == ["B", "C"])
        site.gas(5.0)
        site.wait("the end", lambda: [a.state for a in site.alarms()] == ["B", "C", "A"])
        site.wait("the end of the horn", lambda: len(site.horn_events()) == 3)
        site.settle()
        site.wait("a heartbeat that all is well", site.well)
    site.complete()
    assert len({a.occurrence for a in site.alarms()}) == 1
    assert [a.value for a in site.alarms()] == [30.0, 30.0, 5.0]
    said = [(e.action, e.origin) for e in site.centre.of(m.OperatorEvent) if isinstance(e, m.OperatorEvent)]
    assert said == [("silence", "button"), ("acknowledge", "button")]
    assert site.horn_events() == ["off", "on", "off"]
    values = [row[3] for row in site.centre.rows]
    assert [50, 21.5] in values
    assert [300, 21.5] in values
    print(site.leaf.words())


def test_without_broker_and_centre_the_horn_sounds_and_the_story_follows(site: Site) -> None:
    with running(site.leaf):
        site.wait("readings", lambda: len(site.centre.rows) > 5)
        site.broker.stop()
        site.gas(60.0)
        site.wait("the horn", lambda: site.horn)
        site.press()
        site.wait("silence", lambda: not site.horn)
        site.gas(5.0)
        time.sleep(1.0)
        site.broker.start()
        site.wait("the story", lambda: len(site.alarms()) == 4)
        site.settle()
        states = [(a.alarm, a.state) for a in site.alarms()]
    assert states == [("GT-1.gas/H", "B"), ("GT-1.gas/HH", "B"), ("GT-1.gas/H", "D"), ("GT-1.gas/HH", "E")]
    site.complete()
    rows = sorted(seq for _, seq, *_ in site.centre.rows)
    assert rows == list(range(1, len(rows) + 1))
    assert [600, 21.5] in [row[3] for row in site.centre.rows]


def accounted(centre: Centre) -> bool:
    """Every number of every epoch that the last birth lists was stored, or declared gone."""
    held: dict[tuple[int, int], set[int]] = {}
    for epoch, seq, *_ in centre.rows:
        held.setdefault((m.MEASUREMENT, epoch), set()).add(seq)
    for epoch, event in centre.events:
        held.setdefault((m.EVENT, epoch), set()).add(event.seq)
    for head in centre.introductions[-1].epochs:
        for stream, last in ((m.EVENT, head.event), (m.MEASUREMENT, head.measurement)):
            place = (stream, head.epoch)
            gaps = centre.gaps[place]
            if any(n not in held.get(place, ()) and not gaps.covers(n, n) for n in range(1, last + 1)):
                return False
    return True


def test_an_outage_longer_than_the_rings_is_declared_to_the_last_number(site: Site) -> None:
    site.leaf.settings["rings"] = {"events": [3, 8, 256], "measurements": [3, 8, 256]}
    site.leaf.settings["commit_ms"] = 100
    with running(site.leaf):
        site.wait("readings", lambda: len(site.centre.rows) > 5)
        site.broker.stop()
        for _ in range(3):
            site.gas(30.0)
            site.wait("the horn", lambda: site.horn)
            site.press()
            site.gas(5.0)
            site.press()
        site.broker.start()
        site.wait("an introduction", lambda: len(site.centre.introductions) >= 2)
        site.wait("every number", lambda: accounted(site.centre))
        site.settle()
    site.complete()
    gaps = [e for e in site.centre.of(m.GapEvent) if isinstance(e, m.GapEvent)]
    assert {gap.stream for gap in gaps} == {m.EVENT, m.MEASUREMENT}
    # What was declared by an event that itself had to go is declared once more, for another reason.
    assert NO_ROOM in {gap.reason for gap in gaps} <= {NO_ROOM, NOT_HERE}


def test_a_centre_that_lost_its_memory_is_sent_what_is_held_and_told_what_is_not(site: Site) -> None:
    site.leaf.settings["rings"] = {"events": [4, 32, 256], "measurements": [3, 8, 256]}
    site.leaf.settings["commit_ms"] = 100
    with running(site.leaf):
        site.wait("more readings than the ring holds", lambda: len(site.centre.rows) > 50)
        site.centre.stop()
        site.centre = Centre(site.broker.port, site.leaf.key, site.leaf.centre_key)
        site.wait("an introduction", lambda: site.centre.introductions)
        site.wait("every number", lambda: accounted(site.centre))
        site.wait("readings", lambda: len(site.centre.rows) > 15)
    site.complete()
    gaps = [e for e in site.centre.of(m.GapEvent) if isinstance(e, m.GapEvent)]
    assert {gap.stream for gap in gaps} == {m.MEASUREMENT}
    assert min(gap.first for gap in gaps) == 1


def test_a_receipt_that_is_not_the_centres_frees_nothing(site: Site) -> None:
    site.centre.forge = True
    with running(site.leaf):
        site.wait("introductions", lambda: len(site.centre.introductions) >= 2)
        assert site.centre.rows == []
        site.centre.forge = False
        site.wait("readings", lambda: len(site.centre.rows) > 15)
        site.settle()
    site.complete()
    assert "wrong signature" in site.leaf.words()
    assert min(seq for _, seq, *_ in site.centre.rows) == 1


def test_a_lost_receipt_is_asked_for_again_and_nothing_is_stored_twice(site: Site) -> None:
    with running(site.leaf):
        site.wait("readings", lambda: len(site.centre.rows) > 5)
        site.centre.mute = True
        site.wait("a repetition", lambda: site.centre.doubles > 0)
        site.centre.mute = False
        known = len(site.centre.rows)
        site.wait("more readings", lambda: len(site.centre.rows) > known + 10)
    site.complete()


def test_the_centre_silences_and_acknowledges_and_a_command_counts_once(site: Site) -> None:
    with running(site.leaf):
        site.wait("readings", lambda: len(site.centre.rows) > 5)
        site.gas(30.0)
        site.wait("the horn", lambda: site.horn)
        site.wait("a heartbeat", lambda: site.centre.heartbeats)
        boot, now = site.centre.heartbeats[-1].boot, site.centre.heartbeats[-1].mono_ms
        silence = m.Command("c-1", GATEWAY, boot, "silence", "", "county", "heard by phone", now + 60_000)
        site.centre.command(silence)
        site.wait("silence", lambda: not site.horn)
        site.centre.command(silence)
        site.centre.command(m.Command("c-2", GATEWAY, boot + 1, "silence", "", "county", "", now + 60_000))
        site.centre.command(m.Command("c-3", GATEWAY, boot, "silence", "", "county", "", now - 1))
        site.centre.command(
            m.Command("c-4", GATEWAY, boot, "acknowledge", "GT-1.gas/H", "county", "", now + 60_000)
        )
        site.wait("answers", lambda: len(site.centre.replies) == 5)
        site.wait("the acknowledgement", lambda: [a.state for a in site.alarms()] == ["B", "C"])
    assert [(r.id, r.result) for r in site.centre.replies] == [
        ("c-1", "done"),
        ("c-1", "repeated"),
        ("c-2", "foreign"),
        ("c-3", "expired"),
        ("c-4", "done"),
    ]
    said = [
        (e.action, e.by, e.command) for e in site.centre.of(m.OperatorEvent) if isinstance(e, m.OperatorEvent)
    ]
    assert said == [("silence", "county", "c-1"), ("acknowledge", "county", "c-4")]


def test_the_centre_shelves_takes_out_of_service_and_has_the_horn_tried(site: Site) -> None:
    with running(site.leaf):
        site.wait("readings", lambda: len(site.centre.rows) > 5)
        site.wait("a heartbeat", lambda: site.centre.heartbeats)
        boot, now = site.centre.heartbeats[-1].boot, site.centre.heartbeats[-1].mono_ms

        def order(name: str, what: str, alarm: str, reason: str, for_ms: int = 0, output: str = "") -> None:
            site.centre.command(
                m.Command(name, GATEWAY, boot, what, alarm, "wang", reason, now + 400_000, for_ms, output)
            )

        order("c-1", "shelve", "GT-1.gas/H", "", 0)
        order("c-2", "shelve", "GT-1.gas/H", "calibration", 3_600_000)
        order("c-3", "out-of-service", "GT-1.gas/HH", "sensor changed")
        order("c-4", "test", "", "weekly", output="main.horn")
        site.wait("answers", lambda: len(site.centre.replies) == 4)
        site.wait("the horn", lambda: site.horn)
        site.wait("its silence", lambda: not site.horn)
        site.wait("its result", lambda: [e for e in outputs(site) if e.state == "test"])
        site.gas(60.0)
        site.wait("what is under the covers", lambda: {a.under for a in site.alarms()} >= {"B"})
        order("c-5", "unshelve", "GT-1.gas/H", "done")
        order("c-6", "in-service", "GT-1.gas/HH", "done")
        site.wait("the horn again", lambda: site.horn)
        site.wait("the story", lambda: len(site.alarms()) == 6)
        site.wait(
            "annunciations", lambda: [b.annunciations for b in site.centre.heartbeats[-1].annunciators] == [2]
        )
        site.settle()
    site.complete()
    assert [(r.id, r.result) for r in site.centre.replies][:4] == [
        ("c-1", "refused"),
        ("c-2", "done"),
        ("c-3", "done"),
        ("c-4", "done"),
    ]
    assert [(e.output, e.ok) for e in outputs(site) if e.state == "test"] == [("main.horn", True)]
    told = {(a.alarm, a.transition, a.state, a.under, a.by) for a in site.alarms()}
    assert told == {
        ("GT-1.gas/H", m.SHELVE, "G", "A", "wang"),
        ("GT-1.gas/HH", m.OUT_OF_SERVICE, "I", "A", "wang"),
        ("GT-1.gas/H", m.RAISE, "G", "B", ""),
        ("GT-1.gas/HH", m.RAISE, "I", "B", ""),
        ("GT-1.gas/H", m.UNSHELVE, "B", "", "wang"),
        ("GT-1.gas/HH", m.IN_SERVICE, "B", "", "wang"),
    }
    said = [
        (e.action, e.by, e.alarm) for e in site.centre.of(m.OperatorEvent) if isinstance(e, m.OperatorEvent)
    ]
    assert said == [
        ("shelve", "wang", "GT-1.gas/H"),
        ("out-of-service", "wang", "GT-1.gas/HH"),
        ("test", "wang", ""),
        ("unshelve", "wang", "GT-1.gas/H"),
        ("in-service", "wang", "GT-1.gas/HH"),
    ]


def outputs(site: Site) -> list[m.OutputEvent]:
    return [event for event in site.centre.of(m.OutputEvent) if isinstance(event, m.OutputEvent)]


@pytest.mark.parametrize("toml", [TOML.replace("bad_after_s = 60.0", "bad_after_s = 1.0")])
def test_a_silent_instrument_is_bad_data_and_the_line_serves_the_others(site: Site) -> None:
    with running(site.leaf):
        site.wait("readings", lambda: len(site.centre.rows) > 5)
        site.slave[1].silent = True
        site.wait("bad rows", lambda: any(row[3] is None for row in site.centre.rows))
        site.wait("the alarm of the missing instrument", site.alarms)
        site.slave[1].silent = False
        site.wait("its end", lambda: [a.state for a in site.alarms()][-1:] in (["D"], ["A"]))
    site.complete()
    assert {a.alarm for a in site.alarms()} == {"GT-1.gas/Q", "GT-1.temp/Q"}
    assert all(row[4] == 24 for row in site.centre.rows if row[3] is None)


def test_without_a_card_the_horn_sounds_all_the_same(site: Site) -> None:
    site.leaf.settings["state"] = str(site.leaf.folder / "no-card")
    with running(site.leaf):
        site.wait("readings", lambda: site.slave[1].requests > 10)
        site.gas(30.0)
        site.wait("the horn", lambda: site.horn)
        site.press()
        site.wait("silence", lambda: not site.horn)
    assert "it sounds, and keeps nothing" in site.leaf.words()


def test_killed_at_any_moment_it_keeps_its_alarm_and_loses_no_event(site: Site) -> None:
    chance = random.Random(20261122)
    site.gas(60.0)
    leaf = site.leaf
    leaf.start()
    site.wait("the alarm", lambda: len(site.alarms()) == 2)
    occurrences = {a.alarm: a.occurrence for a in site.alarms()}
    for _ in range(KILLS):
        leaf.kill()
        leaf.start()
        time.sleep(chance.uniform(0.05, 2.5))
        assert leaf.running, leaf.words()
    leaf.kill()
    with running(leaf):
        site.wait("the horn", lambda: site.horn)
        site.wait("its introduction", lambda: len(site.centre.introductions[-1].active) == 2)
        site.gas(5.0)
        site.wait("the end", lambda: len(site.alarms()) >= 4)
        site.settle()
    site.complete()
    assert {a.alarm: a.occurrence for a in site.alarms()} == occurrences
    assert [a.state for a in site.alarms()] == ["B", "B", "D", "E"]
    last = site.centre.introductions[-1]
    for head in last.epochs:
        assert site.centre.cursors[m.EVENT, head.epoch] >= head.event
    openings = [e for e in site.centre.of(m.OpenedEvent) if isinstance(e, m.OpenedEvent)]
    assert [e.follows for e in openings] == [0, *[e.epoch for e in openings[:-1]]]
    assert 2 <= len(openings) <= KILLS + 2  # some did not live long enough to open
