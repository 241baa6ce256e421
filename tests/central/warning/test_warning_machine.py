"""Any order of events at any time: what the automaton of a case never does."""

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from central.warning.escalation import (
    Acknowledge,
    Call,
    Case,
    Cleared,
    Close,
    Effect,
    Event,
    Handle,
    Hold,
    MarkFalse,
    NotPossible,
    Raised,
    Release,
    Reopen,
    StepFailed,
    Unsuppress,
)
from central.warning.models import ORANGE, UNANSWERED, Policy, Step

T0 = datetime(2026, 11, 22, tzinfo=UTC)
HANDLING = timedelta(seconds=500)


def policy(level: int) -> Policy:
    steps = tuple(Step(delay_s=100 if index else 0, rank=index) for index in range(level + 1))
    return Policy(
        name="p",
        level=level,
        version=1,
        region="",
        steps=steps,
        handling_s=500,
        repeat_s=90,
        retry_s=30,
        clear_after_s=1800,
        suppress_s=3000,
    )


class Story(RuleBasedStateMachine):
    """One case and everything that may happen to it."""

    @initialize(level=st.integers(1, 4))
    def begin(self, level: int) -> None:
        self.now = T0
        self.case = Case(level=level, policy=policy(level), due_at=T0)
        self.level = level
        self.calls: list[tuple[datetime, Call]] = []
        self.failed: set[tuple[int, int, int]] = set()
        self.first_ack: datetime | None = None
        self.ended = False
        self.let_go = False

    def take(self, event: Event) -> list[Effect]:
        before = self.case.state, self.case.level, self.case.revision
        try:
            effects = self.case.take(event, self.now)
        except NotPossible:
            assert before == (self.case.state, self.case.level, self.case.revision)
            return []
        self.note(effects)
        return effects

    def note(self, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Call):
                assert self.case.state in UNANSWERED, "called for a case that was answered"
                assert not self.case.held_by, "called although its calls wait"
                if self.first_ack is not None:
                    assert self.now >= self.first_ack + HANDLING, "called within the handling time"
                key = (effect.level, effect.round, effect.step)
                assert key not in [(c.level, c.round, c.step) for _, c in self.calls], "a rung fired twice"
                assert effect.level == self.case.level
                same = [(at, c) for at, c in self.calls if c.level == effect.level]
                last = (same[-1][1].level, same[-1][1].round, same[-1][1].step) if same else None
                if last is not None and last not in self.failed and not self.let_go:
                    assert self.now - same[-1][0] >= timedelta(seconds=90), "early"
                self.let_go = False
                self.calls.append((self.now, effect))
            if isinstance(effect, Reopen):
                assert self.case.active

    @rule(seconds=st.sampled_from([1, 29, 30, 90, 100, 500, 1800, 3000]))
    def time_passes(self, seconds: int) -> None:
        """A worker that is there wakes exactly when the case wants it."""
        until = self.now + timedelta(seconds=seconds)
        while True:
            due = min(self.case.wakes().values(), default=None)
            if due is None or due > until:
                break
            self.now = max(self.now, due)
            if self.case.hold_due_at is not None and self.case.hold_due_at <= self.now:
                # The shell decides first whether it still waits; here it always does.
                self.take(Hold(self.case.held_by, self.now + timedelta(seconds=600)))
                continue
            before = self.case.wakes()
            self.note(self.case.tick(self.now))
            assert self.case.wakes() != before, "a timer that is due changed nothing: it would spin"
        self.now = until

    @rule(seconds=st.sampled_from([700, 4000]))
    def nothing_runs_for_a_while(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self.note(self.case.tick(self.now))

    @rule(level=st.integers(1, 4))
    def an_alarm_rises(self, level: int) -> None:
        self.let_go = self.let_go or self.case.held_by == "settle"
        if self.case.state in UNANSWERED and level > self.case.level:
            self.first_ack = None
        self.take(Raised(level, policy(level)))

    @rule()
    def it_clears(self) -> None:
        self.take(Cleared())

    @rule()
    def somebody_acknowledges(self) -> None:
        was = self.case.acknowledged_at
        self.take(Acknowledge())
        if was is None and self.case.acknowledged_at is not None:
            self.first_ack = self.case.acknowledged_at

    @rule()
    def somebody_handles(self) -> None:
        self.take(Handle())

    @rule(who=st.integers(1, 2))
    def somebody_says_it_is_false(self, who: int) -> None:
        alone = self.case.false_by is None
        self.take(MarkFalse(who))
        if self.case.level >= ORANGE and alone:
            assert self.case.state != "false_alarm" or self.case.false_by is not None

    @rule()
    def somebody_closes(self) -> None:
        active = self.case.active
        self.take(Close())
        if self.case.state == "closed" and not self.ended:
            assert not active
            self.ended = True

    @rule()
    def somebody_ends_the_suppression(self) -> None:
        self.take(Unsuppress())

    @rule(by=st.sampled_from(["parent", "window", "settle"]))
    def its_calls_are_to_wait(self, by: str) -> None:
        self.take(Hold(by, self.now + timedelta(seconds=5)))

    @rule(later=st.sampled_from([0, 30]), anew=st.booleans())
    def its_calls_wait_no_more(self, later: int, anew: bool) -> None:
        held = bool(self.case.held_by)
        self.take(Release(self.now + timedelta(seconds=later), anew))
        self.let_go = self.let_go or held
        assert not self.case.held_by

    @precondition(lambda self: bool(self.calls))
    @rule(which=st.integers(0, 3))
    def a_rung_reaches_nobody(self, which: int) -> None:
        call = self.calls[max(len(self.calls) - 1 - which, 0)][1]
        self.failed.add((call.level, call.round, call.step))
        self.take(StepFailed(call.level, call.round, call.step, "failed"))

    @invariant()
    def the_level_never_falls(self) -> None:
        if hasattr(self, "case"):
            assert self.case.level >= self.level
            self.level = self.case.level

    @invariant()
    def an_unanswered_case_is_never_forgotten(self) -> None:
        if hasattr(self, "case") and self.case.held_by:
            assert self.case.state in UNANSWERED
            assert "ladder" not in self.case.wakes()
            assert self.case.wakes()["hold"] <= self.now + timedelta(seconds=600)
        elif hasattr(self, "case") and self.case.state in UNANSWERED:
            # Released when it was over already: it ends by itself unless it returns.
            if self.case.due_at is None:
                assert not self.case.active
                assert "clear" in self.case.wakes()
                return
            assert "ladder" in self.case.wakes()
            pause = HANDLING if self.case.paused_until else timedelta(0)
            assert self.case.wakes()["ladder"] <= self.now + pause + timedelta(seconds=100)

    @invariant()
    def what_ended_calls_nobody(self) -> None:
        if hasattr(self, "case") and self.case.state not in UNANSWERED:
            assert "ladder" not in self.case.wakes()
            assert "clear" not in self.case.wakes()
            assert "hold" not in self.case.wakes()


TestStory = Story.TestCase
TestStory.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
