"""An adversary delays, reorders and loses replies: none is ever accepted for another request than its own."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from edge.core.transaction import (
    ACCEPT,
    DRAIN,
    ECHO_NO,
    FAIL,
    IDLE,
    NOTHING,
    REFUSE,
    REJECT,
    WAIT,
    Port,
    Request,
)
from edge.core.unit import (
    BARRIER,
    BARRIER_REFUSED,
    HOLD,
    IN_STEP,
    PROBE_FIRST_MS,
    PROBE_LAST_MS,
    READ,
    RESYNC,
    SUSPECT,
    WRITE,
    Unit,
    signature,
)

T = 300
H = HOLD * T
QUIET = 75
UNITS = (1, 2)
BLOCKS = (20, 22)  # byte counts of the blocks of each unit
BARRIERS = (4, 6)
SHARED = BARRIERS[1]  # the length of a confirming read that serves as a barrier, too


@dataclass
class Flying:
    """A request whose reply hasn't come yet."""

    request: Request
    sent: int
    copies: int = 1


def make(now: int = 0) -> Port:
    units = [Unit(n, T, [signature(3, size) for size in BARRIERS], now) for n in UNITS]
    return Port(units, QUIET, ECHO_NO)


def read(unit: int, size: int, purpose: int = READ) -> Request:
    return Request(unit, 3, size, purpose, T)


class Adversary(RuleBasedStateMachine):
    """The line may do anything with a reply but deliver it later than H or twice."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0
        self.port = make()
        self.flying: list[Flying] = []
        self.open: Flying | None = None
        self.accepted = 0

    def send(self, request: Request) -> None:
        self.open = Flying(request, self.now)
        self.flying.append(self.open)
        self.port.sent(request, self.now)

    @rule(step=st.sampled_from([1, 7, 40, QUIET, T // 2, T, 3 * T, H]))
    def time_passes(self, step: int) -> None:
        if self.port.state == WAIT:
            assert self.open is not None
            step = min(step, self.open.sent + self.open.request.timeout_ms - self.now)
        self.now += step
        if (
            self.port.state == WAIT
            and self.open is not None
            and self.now >= self.open.sent + self.open.request.timeout_ms
        ):
            assert self.port.overdue(self.now) == FAIL
            self.open = None
        self.port.tick(self.now)
        self.flying = [one for one in self.flying if self.now - one.sent <= H]

    @rule(unit=st.sampled_from(UNITS), size=st.sampled_from((*BLOCKS, SHARED)))
    def ask(self, unit: int, size: int) -> None:
        state = self.port.units[unit]
        if self.port.state != WAIT:
            self.port.tick(self.now)
        if (
            self.port.state == IDLE
            and state.state == IN_STEP
            and state.spaced(signature(3, size)) <= self.now
        ):
            self.send(Request(unit, 3, size, READ, T + state.extra_ms()))

    @rule()
    def ask_barrier(self) -> None:
        if self.port.state == IDLE:
            unit, index, _ = self.port.barrier(self.now)
            if index >= 0:
                # Units that were quick and are silent now are waited for less than T.
                wait = self.port.units[unit].probe_ms()
                assert wait <= self.port.units[unit].timeout_ms
                self.send(Request(unit, 3, BARRIERS[index], BARRIER, wait))

    @rule(unit=st.sampled_from(UNITS))
    def plan_changes(self, unit: int) -> None:
        if self.port.state != WAIT:
            self.port.replanned(unit, self.now)

    @precondition(lambda self: self.flying)
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        one = self.flying.pop(data.draw(st.integers(0, len(self.flying) - 1)))
        stamp = one.sent.to_bytes(8, "big") + bytes((id(one) & 0xFF,))
        payload = (stamp * 3)[: one.request.size]
        effect = self.port.frame(one.request.unit, 3, payload, True, self.now)
        if effect == ACCEPT:
            self.accepted += 1
            assert one is self.open, "a reply was taken for another request's"
            self.open = None
        else:
            assert effect == NOTHING

    @precondition(lambda self: self.flying)
    @rule(data=st.data())
    def lose(self, data: st.DataObject) -> None:
        self.flying.pop(data.draw(st.integers(0, len(self.flying) - 1)))


Adversary.TestCase.settings = settings(max_examples=150, stateful_step_count=80, deadline=None)
TestAdversary = Adversary.TestCase


def in_step(now: int = H) -> Port:
    """Return a port whose units are both in step at `now`."""
    port = make(now - H)
    for number in UNITS:
        unit, index, _ = port.barrier(now)
        assert unit == number
        port.sent(read(unit, BARRIERS[index], BARRIER), now)
        assert port.frame(unit, 3, bytes(BARRIERS[index]), True, now) == ACCEPT
    assert not port.out_of_step
    return port


def test_a_unit_begins_suspect_and_waits_h_for_what_a_former_run_asked() -> None:
    port = make()
    assert port.units[1].state == SUSPECT
    assert port.barrier(0) == (0, -1, H)
    port.frame(1, 3, bytes(20), True, 10)  # hearing something proves nothing about a former run
    assert port.barrier(H - 1) == (0, -1, H)
    assert port.barrier(H)[0] == 1


def test_a_failure_suspends_its_unit_only_and_hearing_the_reply_ends_it() -> None:
    port = in_step()
    port.sent(read(1, 20), H)
    port.overdue(H + T)
    assert port.state == DRAIN
    assert port.out_of_step == [1]
    assert port.units[2].state == IN_STEP
    assert port.frame(1, 3, bytes(20), True, H + T + 10) == NOTHING
    port.tick(H + T + 10 + QUIET)
    assert port.state == IDLE
    assert port.barrier(H + T + 10 + QUIET)[:2] == (1, 1)
    assert port.units[1].heard_late == 1
    assert port.units[1].lateness_ms == T + 10


def test_a_line_that_is_never_quiet_is_used_again_after_2_t() -> None:
    port = in_step()
    port.sent(read(1, 20), H)
    port.overdue(H + T)
    for now in range(H + T, H + T + 2 * T):
        port.noise(now)
        port.tick(now)
        assert port.state == DRAIN
    port.tick(H + 3 * T)
    assert port.state == IDLE
    assert port.never_quiet == 1


def test_an_old_reply_of_another_unit_costs_the_open_request_nothing() -> None:
    port = in_step()
    port.sent(read(1, 20), H)
    port.overdue(H + T)
    port.tick(H + 2 * T)
    port.sent(read(2, 20), H + 2 * T)
    assert port.frame(1, 3, bytes(20), True, H + 2 * T + 1) == NOTHING
    assert port.frame(2, 3, bytes(20), True, H + 2 * T + 2) == ACCEPT


def test_a_stray_frame_of_the_polled_unit_keeps_the_answer_and_asks_for_a_barrier() -> None:
    port = in_step()
    port.sent(read(1, 20), H)
    assert port.frame(1, 3, bytes(22), True, H + 1) == NOTHING
    assert port.frame(1, 3, bytes(20), True, H + 2) == ACCEPT
    assert port.state == DRAIN
    assert port.units[1].state == RESYNC


def test_a_copy_of_an_accepted_reply_does_not_cost_a_barrier() -> None:
    port = in_step()
    port.sent(read(1, 22), H)
    port.frame(1, 3, b"x" * 22, True, H + 1)
    port.sent(read(1, 20), H + 1)
    assert port.frame(1, 3, b"x" * 22, True, H + 2) == NOTHING
    assert port.frame(1, 3, bytes(20), True, H + 2) == ACCEPT
    assert port.units[1].state == IN_STEP
    assert port.units[1].doubled == 1


def test_barrier_lengths_do_not_return_before_h_is_over() -> None:
    port = make()
    now = H
    asked: list[tuple[int, int]] = []
    while len(asked) < 6:
        unit, index, wake = port.barrier(now)
        if index < 0:
            assert wake > now
            now = wake
            continue
        if unit == 1:
            asked.append((index, now))
        port.sent(read(unit, BARRIERS[index], BARRIER), now)
        now += T
        port.overdue(now)
        now += QUIET
        port.tick(now)
    for (one, at), (other, later) in zip(asked, asked[2:], strict=False):
        assert one == other
        assert later - at >= H


def test_a_silent_unit_is_probed_ever_more_rarely_but_at_least_every_75_s() -> None:
    port = make()
    now = H
    probes: list[int] = []
    while len(probes) < 12:
        unit, index, wake = port.barrier(now)
        if index < 0:
            now = wake
            continue
        if unit == 1:
            probes.append(now)
        port.sent(read(unit, BARRIERS[index], BARRIER), now)
        now += T
        port.overdue(now)
        now = max(now, port.tick(now + QUIET))
        port.tick(now)
    pauses = [b - a for a, b in itertools.pairwise(probes)]
    assert pauses[1] >= PROBE_FIRST_MS
    assert PROBE_LAST_MS <= max(pauses) <= 1.25 * PROBE_LAST_MS + 2 * H


def test_a_silent_unit_that_echoes_a_write_is_put_in_step_after_h_and_not_after_the_breaker() -> None:
    port = in_step()
    now = H
    for _ in range(8):
        port.sent(Request(1, 15, 0, WRITE, T, b"w", b"echo"), now)
        now += T
        port.overdue(now)
        now += QUIET
        port.tick(now)
    assert port.units[1].until - now > 30_000
    port.sent(Request(1, 15, 0, WRITE, T, b"w", b"echo"), now)
    assert port.frame(1, 15, b"echo", True, now + 5) == ACCEPT
    assert port.units[1].state == SUSPECT
    assert port.barrier(now + H)[0] == 1


def test_an_exception_answers_the_open_request_and_leaves_the_unit_in_step() -> None:
    port = in_step()
    port.sent(read(1, 20), H)
    assert port.frame(1, 0x84, b"\x02", True, H + 1) == NOTHING  # another function's
    assert port.frame(1, 0x83, b"\x02", True, H + 2) == REFUSE
    assert port.payload == b"\x02"
    assert port.units[1].refused == 1


def test_a_gateway_that_gave_up_leaves_the_unit_suspect() -> None:
    port = in_step()
    port.sent(read(1, 20), H)
    assert port.frame(1, 0x83, b"\x0b", True, H + 1) == REFUSE
    assert port.units[1].state == SUSPECT


def test_a_unit_that_is_dead_behind_a_gateway_is_probed_ever_more_rarely_too() -> None:
    port = make()
    now = H
    for _ in range(400):
        unit, index, wake = port.barrier(now)
        if index < 0:
            now = wake
            continue
        port.sent(read(unit, BARRIERS[index], BARRIER), now)
        assert port.frame(unit, 0x83, b"\x0b", True, now + 1) == REFUSE
        now += 1 + QUIET
        port.tick(now)
    assert port.units[1].failed < now / 25_000 + 10  # at every H it would be a probe each 3 s


def test_a_refusal_counts_as_a_barrier_only_if_it_was_wanted() -> None:
    port = make()
    port.sent(read(1, 4, BARRIER), H)
    port.frame(1, 0x83, b"\x02", True, H + 1)
    assert port.units[1].state == SUSPECT
    port = make()
    port.sent(read(1, 4, BARRIER_REFUSED), H)
    assert port.frame(1, 0x83, b"\x01", True, H + 1) == ACCEPT
    assert port.units[1].state == IN_STEP


def test_another_masters_request_rejects_the_read() -> None:
    port = in_step()
    port.sent(Request(1, 3, 20, READ, T, b"own"), H)
    assert port.asked(b"other", H + 1) == REJECT
    assert port.uncertain(H + 59_000)
    assert not port.uncertain(H + 61_000)


def test_h_follows_the_longest_lateness_but_not_beyond_sixty_t() -> None:
    port = in_step()
    now = H
    for late in (6 * T, 9 * T, 100 * T):
        port.sent(read(1, 20), now)
        port.overdue(now + T)
        port.frame(1, 3, bytes(20), True, now + late)
        now += late + T
        port.tick(now)
        unit, index, wake = port.barrier(now)
        if index < 0:
            now = wake
            unit, index, _ = port.barrier(now)
        port.sent(read(unit, BARRIERS[index], BARRIER), now)
        assert port.frame(1, 3, bytes(BARRIERS[index]), True, now) == ACCEPT
        now += T
    assert port.units[1].hold_ms == 18 * T
