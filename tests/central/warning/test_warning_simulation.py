"""The whole ladder under a made-up clock, with a crash at every single step.

The world has what the real one has: a table that rolls back (case and calls, copied at the beginning of a
transaction), a provider that does not, and processes that die. Every place where something may stop asks
`world.may_crash()`; a scenario is run once to count those places and then once for each of them.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from central.warning.escalation import (
    Acknowledge,
    Call,
    Case,
    Effect,
    Gap,
    Handle,
    Raised,
    StepFailed,
    Supersede,
)
from central.warning.models import RED, YELLOW, Policy, Step
from central.warning.notify import rules
from central.warning.notify.models import (
    ENDED,
    IN_APP,
    Accepted,
    Delivery,
    Limits,
    Receipt,
    Rung,
    Unavailable,
)

T0 = datetime(2026, 11, 22, tzinfo=UTC)
CASE = UUID(int=1)
LIMITS = Limits()


class Killed(BaseException):
    """The process died here."""


@dataclass
class Tables:
    """What a transaction changes and a crash before its commit undoes."""

    case: Case
    calls: dict[tuple[Rung, str, str], Delivery] = field(default_factory=dict)
    fired: list[tuple[datetime, int, int, int]] = field(default_factory=list)
    gaps: list[tuple[int, int, int]] = field(default_factory=list)
    answered_at: datetime | None = None


@dataclass
class World:
    """Committed tables, a provider, a clock, and a step at which everything dies."""

    tables: Tables
    dead: frozenset[str] = frozenset()
    empty: frozenset[int] = frozenset()
    crash_at: int = -1
    now: datetime = T0
    steps: int = 0
    sent: list[tuple[datetime, tuple[Rung, str, str]]] = field(default_factory=list)
    claimed_at: dict[int, datetime] = field(default_factory=dict)
    crashes: int = 0

    def may_crash(self) -> None:
        self.steps += 1
        if self.steps == self.crash_at:
            self.crashes += 1
            raise Killed

    @contextmanager
    def transaction(self) -> Iterator[Tables]:
        draft = copy.deepcopy(self.tables)
        yield draft
        self.may_crash()  # before the commit: nothing of it happened
        self.tables = draft
        self.may_crash()  # after the commit: all of it happened, nothing after it

    # --- the timer worker ---

    def fire(self) -> None:
        due = min(self.tables.case.wakes().values(), default=None)
        if due is None or due > self.now:
            return
        with self.transaction() as tables:
            self.perform(tables, tables.case.tick(self.now))

    def perform(self, tables: Tables, effects: list[Effect]) -> None:
        todo = list(effects)
        while todo:
            effect = todo.pop(0)
            if isinstance(effect, Call):
                tables.fired.append((self.now, effect.level, effect.round, effect.step))
                rung = Rung(CASE, effect.level, effect.round, effect.step)
                people = [] if effect.rank in self.empty else [f"{effect.rank}a", f"{effect.rank}b"]
                written = []
                for person in people:
                    for channel in effect.channels:
                        call = rules.written(channel, reachable="", now=self.now, limits=LIMITS)
                        assert (rung, person, channel) not in tables.calls, "written twice"
                        tables.calls[rung, person, channel] = call
                        written.append(call)
                if rules.rung_failed(written):
                    failed = StepFailed(effect.level, effect.round, effect.step, "nobody")
                    todo += tables.case.take(failed, self.now)
            elif isinstance(effect, Gap):
                tables.gaps.append((effect.level, effect.round, effect.step))
            elif isinstance(effect, Supersede):
                for call in tables.calls.values():
                    if call.state == "pending":
                        rules.take_up(call, wanted=False, now=self.now, limits=LIMITS)

    # --- the sender ---

    def send(self) -> None:
        due = [key for key, call in self.tables.calls.items() if call.due_at and call.due_at <= self.now]
        for key in due:
            todo = ""
            with self.transaction() as tables:
                call = tables.calls[key]
                if call.due_at is None or call.due_at > self.now:
                    continue
                wanted = tables.case.calls(self.now) and tables.case.level == key[0].level
                todo = rules.take_up(call, wanted=wanted, now=self.now, limits=LIMITS)
                began = self.now
                self.check_rung(tables, key[0])
            if todo == rules.SEND:
                self.hand_over(key, began)
            elif todo == rules.LOOK_UP:
                with self.transaction() as tables:
                    rules.receipted(tables.calls[key], Receipt("delivered"), self.now)

    def hand_over(self, key: tuple[Rung, str, str], began: datetime) -> None:
        self.may_crash()
        reached = key[1] not in self.dead
        if reached:
            self.claimed_at[len(self.sent)] = began
            self.sent.append((self.now, key))
        self.may_crash()  # the provider has it, we have not written it down
        with self.transaction() as tables:
            answer = Accepted("p") if reached else Unavailable("down")
            rules.answered(tables.calls[key], answer, self.now, LIMITS)
            self.check_rung(tables, key[0])
        if reached:
            with self.transaction() as tables:
                rules.receipted(tables.calls[key], Receipt("delivered"), self.now)

    def check_rung(self, tables: Tables, rung: Rung) -> None:
        calls = [call for key, call in tables.calls.items() if key[0] == rung]
        if rules.rung_failed(calls):
            failed = StepFailed(rung.level, rung.round, rung.step, "failed")
            self.perform(tables, tables.case.take(failed, self.now))

    # --- people and time ---

    def answer(self, event: Acknowledge | Handle) -> None:
        if self.tables.case.state == "open":
            with self.transaction() as tables:
                self.perform(tables, tables.case.take(event, self.now))
                tables.answered_at = self.now

    def run(self, script: dict[int, Callable[["World"], None]], seconds: int) -> None:
        """Let time pass; whoever dies is started again within a second."""
        waiting = dict(sorted(script.items()))
        for second in range(seconds):
            self.now = T0 + timedelta(seconds=second)
            for moment in [moment for moment in waiting if moment <= second]:
                try:
                    waiting[moment](self)
                    del waiting[moment]
                except Killed:
                    continue  # nobody told them that it worked: they do it again
            for work in (self.fire, self.send, self.fire, self.send):
                try:
                    work()
                except Killed:
                    continue


def ladder(level: int, ranks: tuple[int, ...]) -> Policy:
    steps = tuple(
        Step(delay_s=20 if index else 0, rank=rank, channels=("in_app", "sms"))
        for index, rank in enumerate(ranks)
    )
    return Policy(
        name="p", level=level, version=1, region="", steps=steps, handling_s=60, repeat_s=20, retry_s=15
    )


def world(
    crash_at: int = -1, *, dead: frozenset[str] = frozenset(), empty: frozenset[int] = frozenset()
) -> World:
    case = Case(level=RED, policy=ladder(RED, (0, 2, 3)), due_at=T0)
    return World(Tables(case), dead=dead, empty=empty, crash_at=crash_at)


def acknowledge(w: World) -> None:
    w.answer(Acknowledge())


def handle(w: World) -> None:
    w.answer(Handle())


def rise(w: World) -> None:
    with w.transaction() as tables:
        if tables.case.level < RED:
            w.perform(tables, tables.case.take(Raised(RED, ladder(RED, (0, 2, 3))), w.now))


# --- what must hold, whatever died -------------------------------------------------------------------------


def nobody_early(w: World) -> None:
    """A rung fires after its delay, or at once because the one before it reached nobody."""
    for (before, *old), (now, *new) in zip(w.tables.fired, w.tables.fired[1:], strict=False):
        if old[0] == new[0] and tuple(old) not in w.tables.gaps:
            assert now - before >= timedelta(seconds=20), (old, new)


def nobody_twice(w: World) -> None:
    """What a provider got twice is marked so, and something had died."""
    keys = [key for _, key in w.sent]
    for key in set(keys):
        if keys.count(key) > 1:
            assert w.crashes
            assert keys.count(key) == 2
            assert w.tables.calls[key].possibly_twice


def nobody_after_an_answer(w: World, pause_s: int | None) -> None:
    """No call whose transaction began after the answer's commit, until the pause is over."""
    answered_at = w.tables.answered_at
    assert answered_at is not None
    end = answered_at + timedelta(seconds=pause_s) if pause_s else datetime.max.replace(tzinfo=UTC)
    for index, (_, key) in enumerate(w.sent):
        began = w.claimed_at[index]
        assert not (answered_at < began < end), (key, began)


def everything_ends(w: World) -> None:
    """Every call that had its time has ended."""
    for key, call in w.tables.calls.items():
        if call.created_at < w.now - timedelta(seconds=LIMITS.receipt_s + 60) and key[2] != IN_APP:
            assert call.state in ENDED, (key, call)


def steps_of(make: Callable[[int], World]) -> int:
    return make(-1).steps


def unanswered(crash_at: int) -> World:
    w = world(crash_at)
    w.run({}, 100)
    return w


def acknowledged(crash_at: int) -> World:
    w = world(crash_at)
    w.run({25: acknowledge}, 130)
    return w


def handled(crash_at: int) -> World:
    w = world(crash_at)
    w.run({25: handle}, 130)
    return w


def rising(crash_at: int) -> World:
    w = World(
        Tables(Case(level=YELLOW, policy=ladder(YELLOW, (0, 2)), due_at=T0)),
        crash_at=crash_at,
    )
    w.run({10: acknowledge, 30: rise}, 100)
    return w


def dead_provider(crash_at: int) -> World:
    w = world(crash_at, dead=frozenset({"0a", "0b", "2a", "2b"}))
    w.run({}, 60)
    return w


def empty_rungs(crash_at: int) -> World:
    w = world(crash_at, empty=frozenset({0, 3}))
    w.run({}, 100)
    return w


@pytest.mark.parametrize("crash_at", [-1, *range(1, steps_of(unanswered) + 1)])
def test_unanswered_it_calls_everybody_wherever_it_dies(crash_at: int) -> None:
    w = unanswered(crash_at)
    nobody_early(w)
    nobody_twice(w)
    everything_ends(w)
    called = {(key[0].round, key[1]) for _, key in w.sent}
    assert {(0, "0a"), (0, "0b"), (0, "2a"), (0, "2b"), (0, "3a"), (0, "3b"), (1, "3a"), (1, "3b")} <= called


@pytest.mark.parametrize("crash_at", [-1, *range(1, steps_of(acknowledged) + 1)])
def test_acknowledged_it_calls_nobody_until_the_time_is_over_and_then_goes_on(crash_at: int) -> None:
    w = acknowledged(crash_at)
    nobody_early(w)
    nobody_twice(w)
    nobody_after_an_answer(w, 60)
    answered_at = w.tables.answered_at
    assert answered_at is not None
    later = [key for moment, key in w.sent if moment >= answered_at + timedelta(seconds=60)]
    assert {key[1] for key in later} >= {"3a", "3b"}


@pytest.mark.parametrize("crash_at", [-1, *range(1, steps_of(handled) + 1)])
def test_handled_it_calls_nobody_ever_again(crash_at: int) -> None:
    w = handled(crash_at)
    nobody_twice(w)
    nobody_after_an_answer(w, None)
    assert all(call.state in ENDED or key[2] == IN_APP for key, call in w.tables.calls.items())


@pytest.mark.parametrize("crash_at", [-1, *range(1, steps_of(rising) + 1)])
def test_a_rising_level_calls_everybody_anew_wherever_it_dies(crash_at: int) -> None:
    w = rising(crash_at)
    nobody_early(w)
    nobody_twice(w)
    red = {key[1] for _, key in w.sent if key[0].level == RED}
    assert red == {"0a", "0b", "2a", "2b", "3a", "3b"}


@pytest.mark.parametrize("crash_at", [-1, *range(1, steps_of(dead_provider) + 1)])
def test_a_dead_provider_brings_the_next_rung_within_seconds(crash_at: int) -> None:
    w = dead_provider(crash_at)
    nobody_twice(w)
    county = [moment for moment, key in w.sent if key[1] in {"3a", "3b"}]
    # one attempt and one repetition for each of two rungs; a death in between costs one lease more
    assert county[0] - T0 <= timedelta(seconds=6 + (LIMITS.lease_s + 2) * w.crashes)
    assert (RED, 0, 0) in w.tables.gaps
    assert (RED, 0, 1) in w.tables.gaps


@pytest.mark.parametrize("crash_at", [-1, *range(1, steps_of(empty_rungs) + 1)])
def test_empty_rungs_are_gaps_and_cost_no_time(crash_at: int) -> None:
    w = empty_rungs(crash_at)
    nobody_twice(w)
    first = w.sent[0]
    assert first[1][1] in {"2a", "2b"}
    assert first[0] - T0 <= timedelta(seconds=1 + (LIMITS.lease_s + 2) * w.crashes)
    assert {(RED, 0, 0), (RED, 0, 2)} <= set(w.tables.gaps)
    # nobody at the top: the round after the first calls who is there
    assert any(key[0].round == 1 and key[1] == "2a" for _, key in w.sent)
