"""Who is answered on a shared wire: late, lost, doubled and queued replies in any mix, and no wrong one."""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.drivers.conversation import ACCEPT, HOLD, IDLE, NOTHING, SETTLE, WAIT, Conversation
from edge.drivers.turns import ASK, MISSED, REST, Expected, Turns
from rig.scenario import soaking

T = 100
H = HOLD * T
QUIET = 20
UNITS = 3


@dataclass(frozen=True)
class Reply:
    """What an instrument does with one request: answers after `delay`, again `copy` later, or not at all."""

    delay: int
    copy: int = 0
    lost: bool = False


@dataclass
class World:
    """Instruments and a master that asks whenever it may; every reply knows which request it belongs to."""

    named: bool
    queued: bool
    replies: list[Reply]
    choices: list[int]
    accepted: list[tuple[int, int, bool]] = field(default_factory=list)  # (asked, answered, is a copy)
    wrong: list[str] = field(default_factory=list)

    def run(self) -> None:
        wire = Conversation([T] * UNITS, QUIET, 0, named=self.named, several=True)
        events: list[tuple[int, int, int, int, bool]] = []  # (time, order, unit, request, is a copy)
        order = itertools.count()
        choices = itertools.cycle(self.choices)
        busy = [0] * UNITS
        spaced = [0] * UNITS
        now = request = 0
        open_request = -1
        while request < len(self.replies) or events or wire.state == WAIT:
            unit = next(choices) % UNITS
            free = max(wire.free_from(unit), spaced[unit])
            times = [events[0][0]] if events else []
            if wire.state == WAIT:
                times.append(wire.deadline)
            elif request < len(self.replies):
                times.append(max(now, free))
            at = min(times)
            now = max(now, at)
            if events and events[0][0] <= now:
                _, _, of, number, copy = heapq.heappop(events)
                question = of if self.named else wire.question if wire.state == WAIT else -1
                wire.noise(now)
                if wire.frame(of if self.named else -1, question, now) == ACCEPT:
                    self.accepted.append((open_request, number, copy))
                continue
            if wire.state == WAIT:
                if now >= wire.deadline:
                    wire.overdue(now)
                continue
            if request >= len(self.replies) or free > now:
                continue
            wire.sent(unit, unit, now)
            spaced[unit] = now + T
            open_request = request
            reply = self.replies[request]
            if not reply.lost:
                ready = now + reply.delay
                if self.queued:
                    ready = min(max(ready, busy[unit]), now + H)  # in order, and never later than H
                    busy[unit] = ready
                heapq.heappush(events, (ready, next(order), unit, request, False))
                if reply.copy:
                    heapq.heappush(events, (ready + reply.copy, next(order), unit, request, True))
            request += 1


REPLIES = st.lists(
    st.builds(
        Reply,
        delay=st.one_of(st.integers(1, T), st.integers(T, H - 1)),
        copy=st.one_of(st.just(0), st.integers(1, SETTLE * T - 1)),
        lost=st.booleans() | st.just(False),
    ),
    min_size=1,
    max_size=30,
)
CHOICES = st.lists(st.integers(0, UNITS - 1), min_size=1, max_size=12)


@settings(max_examples=soaking(400, 10_000), deadline=None)
@given(REPLIES, CHOICES, st.booleans())
def test_on_an_unnamed_wire_every_accepted_reply_answers_the_open_request(
    replies: list[Reply], choices: list[int], queued: bool
) -> None:
    world = World(False, queued, replies, choices)
    world.run()
    assert [asked for asked, _, _ in world.accepted] == [answered for _, answered, _ in world.accepted]


@settings(max_examples=soaking(400, 10_000), deadline=None)
@given(REPLIES, CHOICES, st.booleans())
def test_on_a_named_wire_no_reply_is_older_than_its_request(
    replies: list[Reply], choices: list[int], queued: bool
) -> None:
    world = World(True, queued, [replace(reply, copy=0) for reply in replies], choices)
    world.run()
    assert [asked for asked, _, _ in world.accepted] == [answered for _, answered, _ in world.accepted]


@settings(max_examples=soaking(400, 10_000), deadline=None)
@given(REPLIES, CHOICES)
def test_on_a_named_wire_of_instruments_in_time_only_a_copy_can_be_older(
    replies: list[Reply], choices: list[int]
) -> None:
    world = World(True, False, [replace(reply, delay=min(reply.delay, T - 1)) for reply in replies], choices)
    world.run()
    assert all(asked == answered or copy for asked, answered, copy in world.accepted)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, T), min_size=1, max_size=30), st.booleans())
def test_whoever_answers_in_time_is_always_believed(delays: list[int], named: bool) -> None:
    world = World(named, False, [Reply(delay) for delay in delays], [0, 1, 2])
    world.run()
    assert len(world.accepted) == len(delays)


def wire(*, named: bool, several: bool = True) -> Conversation:
    return Conversation([T, T], QUIET, 0, named=named, several=several)


def test_at_the_start_whatever_a_former_run_asked_is_waited_for() -> None:
    assert wire(named=True).free_from(0) == H
    assert wire(named=False).free_from(0) == H


def test_on_a_named_wire_the_others_go_on_while_one_rests() -> None:
    line = wire(named=True)
    line.sent(0, 0, H)
    line.overdue(H + T)
    assert line.free_from(1) == H + T + QUIET
    assert line.free_from(0) == H + T + H


def test_a_late_reply_ends_the_rest_of_its_unit_but_for_a_copy() -> None:
    line = wire(named=True)
    line.sent(0, 0, H)
    line.overdue(H + T)
    assert line.frame(0, 0, H + 3 * T) == NOTHING
    assert line.free_from(0) == H + 5 * T
    assert line.late[0] == 1


def test_a_late_reply_never_ends_another_units_question() -> None:
    line = wire(named=True)
    line.sent(0, 0, H)
    line.overdue(H + T)
    line.sent(1, 1, H + T + QUIET)
    assert line.frame(0, 0, H + T + QUIET + 5) == NOTHING
    assert line.state == WAIT
    assert line.frame(1, 1, H + T + QUIET + 9) == ACCEPT


def test_on_an_unnamed_wire_the_whole_port_rests() -> None:
    line = wire(named=False)
    line.sent(0, 0, H)
    line.overdue(H + T)
    assert line.free_from(1) == H + T + H


def test_on_an_unnamed_wire_a_doubled_reply_makes_the_port_rest() -> None:
    line = wire(named=False)
    line.sent(0, 0, H)
    assert line.frame(-1, 0, H + 10) == ACCEPT
    assert line.free_from(1) == H + 10 + SETTLE * T
    assert line.frame(-1, -1, H + 20) == NOTHING
    assert line.free_from(1) == H + 20 + H


def test_a_line_that_babbles_is_asked_all_the_same_where_replies_name_themselves() -> None:
    line = wire(named=True)
    held = []
    for now in range(H, H + SETTLE * T, 5):
        line.noise(now)
        held.append(line.free_from(0))
    assert held[0] == H + QUIET
    assert held[-1] == H + SETTLE * T


def test_one_question_alone_needs_no_pause_after_its_answer() -> None:
    line = wire(named=False, several=False)
    line.sent(0, 0, H)
    assert line.frame(-1, 0, H + 10) == ACCEPT
    assert line.free_from(0) == H + 10 + QUIET


def test_what_may_not_be_asked_is_refused() -> None:
    line = wire(named=True)
    with pytest.raises(ValueError, match="may not be asked"):
        line.sent(0, 0, H - 1)
    line.sent(0, 0, H)
    with pytest.raises(ValueError, match="question is open"):
        line.sent(1, 1, H)
    line.overdue(H + T)
    assert line.state == IDLE


# --- whose turn it is ---


def free(_: int) -> int:
    return 0


def test_the_earliest_deadline_goes_first() -> None:
    turns = Turns([(0, 10_000, T), (1, 1_000, T)], 2, [0, 0])
    assert turns.next(20_000, free)[:2] == (ASK, 1)


def test_late_turns_are_skipped_and_counted_never_queued() -> None:
    turns = Turns([(0, 1_000, T)], 1, [0])
    assert turns.next(5_500, free)[:2] == (ASK, 0)
    assert turns.polls[0].skipped == 5
    assert turns.next(5_600, free) == (REST, -1, 6_000)


def test_a_silent_unit_is_tried_ever_more_rarely_and_tells_of_each_missed_turn() -> None:
    turns = Turns([(0, 1_000, T)], 1, [0])
    asked, missed, now = [], 0, 0
    while now < 300_000:
        what, _, again = turns.next(now, free)
        if what == ASK:
            asked.append(now)
            now += T
            turns.silent(0, T, now)
        elif what == MISSED:
            missed += 1
        else:
            now = again
    pauses = [b - a for a, b in itertools.pairwise(asked)]
    assert pauses[0] == 1_000
    assert 5_000 <= pauses[1] <= 6_500
    assert all(pause >= 60_000 for pause in pauses[5:])
    assert missed + len(asked) in range(298, 302)


def test_dead_units_take_at_most_a_tenth_of_the_wire_together() -> None:
    turns = Turns([(unit, 1_000, T) for unit in range(40)], 40, [0] * 40)
    now = busy = 0
    while now < 600_000:
        what, number, again = turns.next(now, free)
        if what == ASK:
            busy += T * (turns.breakers[turns.polls[number].unit].silence > 1)
            now += T
            turns.silent(turns.polls[number].unit, T, now)
        elif what == REST:
            now = again
    assert busy <= 0.101 * 600_000


def test_when_one_comes_back_the_others_are_tried_too() -> None:
    turns = Turns([(0, 1_000, T), (1, 1_000, T)], 2, [0, 0])
    for now in (100, 200, 300):
        turns.silent(0, T, now)
        turns.silent(1, T, now)
    assert turns.retry_ms(1) > 5_000
    assert turns.answered(0, good=True, now=1_000)
    assert turns.retry_ms(1) == 1_000


def test_an_instrument_that_speaks_too_often_is_thinned_and_missed_when_it_stops() -> None:
    expected = Expected(0, 1_000, 0)
    assert [expected.take(at) for at in (100, 200, 700, 1_100, 1_300)] == [True, False, True, False, True]
    assert not expected.overdue(2_700)
    assert expected.overdue(2_800)
    assert not expected.overdue(3_700)
    assert expected.overdue(3_800)
