"""The horn and its button: how soon it sounds, and what is recorded of who silenced it."""

from __future__ import annotations

import time

from hil.field import POLL_MS
from hil.models import BUTTON, CENTRE, INSTRUMENT, NETWORK, USES, Scenario
from hil.numbers import percentile
from hil.stage import CALM, HIGH, HIGHER, REACT_OVER_MS, Stage
from hil.stored import operator_actions
from hil.story import NETWORK as NETWORK_LANE

ROUNDS = 5
CROWDED_MS, LOST = 60.0, 0.02  # a poor radio link: the backlog drains slowly while alarms come


def _rounds(stage: Stage, count: int) -> list[float]:
    late: list[float] = []
    for _ in range(count):
        stage.pause(stage.chance(0.2, 0.2 + POLL_MS / 1000))
        late.append(stage.alarm())
        stage.show(CALM)
        stage.silence()
        stage.acknowledge()
    return late


def reaction(stage: Stage) -> None:
    """Crossings at random moments with the uplink down, then while the backlog drains."""
    stage.begin(cable=True)
    count = max(3, round(ROUNDS * stage.pace))
    stage.line.cut()
    began = time.monotonic()
    down = _rounds(stage, count)
    stage.story.span(NETWORK_LANE, "link down", began, time.monotonic())
    backlog = _waiting(stage)
    how = stage.line.slow(CROWDED_MS, LOST)
    stage.line.mend()
    began = time.monotonic()
    draining = _rounds(stage, count)
    left = _waiting(stage)
    stage.story.span(NETWORK_LANE, "link slow, backlog drains", began, time.monotonic())
    stage.line.quick()
    limit = POLL_MS + REACT_OVER_MS
    for says, late in (("uplink down", down), ("backlog draining", draining)):
        stage.series(f"crossing to horn, {says}", late, limit)
        stage.must(
            f"The horn sounded at each crossing, {says}", len(late) == count, f"{len(late)} of {count}"
        )
        found = f"p50 {percentile(late, 0.5):.0f} ms, p99 {percentile(late, 0.99):.0f} ms of {len(late)}"
        stage.note(f"Crossing to horn, {says}: {found}; the instrument is asked every {POLL_MS} ms.")
        stage.within(f"p99 from crossing to horn, {says}", percentile(late, 0.99), limit)
    stage.note(f"Records waiting when the link came back: {backlog}, at the end of the rounds: {left}.")
    stage.note(f"60 ms each way and 2 % loss while it drained: by {how}.")
    stage.whole_story()


def _waiting(stage: Stage) -> int:
    said = stage.box.status()
    return int(said["events"]["waiting"]) + int(said["measurements"]["waiting"]) if said else -1


def answered(stage: Stage) -> None:
    """Alarm, silence, a worse alarm, silence, acknowledge, all clear; then the centre is asked."""
    stage.begin()
    stage.alarm(HIGH)
    quiet = [stage.silence()]
    again = stage.alarm(HIGHER)
    stage.must("A new alarm sounds although the first was silenced", True, f"after {again:,.0f} ms")
    quiet.append(stage.silence())
    stage.acknowledge()
    stage.must("An acknowledged alarm that stands is silent", not stage.horn.sounds)
    stage.show(CALM)
    stage.pause(1.5)
    stage.must("All clear is silent", not stage.horn.sounds)
    stage.series("button to silence", quiet)
    stage.whole_story()
    assert stage.centre is not None
    actions = operator_actions(stage.centre, stage.box.id)
    stage.must(
        "The centre knows who did what: silence, silence, acknowledge, by the button",
        actions == ["silence", "silence", "acknowledge"],
        ", ".join(actions) or "nothing",
    )


SCENARIOS = (
    Scenario(
        "horn-reaction",
        "Horn reaction without the centre",
        "断网与补传期间的声光报警响应",
        "From a value's crossing to the horn's contact, with the uplink down and while the backlog drains.",
        ("edge 11", "edge 25"),
        (INSTRUMENT, BUTTON, CENTRE, NETWORK),
        reaction,
        centre=USES,
    ),
    Scenario(
        "silence-acknowledge",
        "Silence and acknowledge by the button",
        "现场按钮消音与确认",
        "Silencing is not acknowledging, a new alarm sounds again, and the whole story is at the centre.",
        ("edge 11", "law-warning 16"),
        (INSTRUMENT, BUTTON, CENTRE),
        answered,
        centre=USES,
    ),
)
