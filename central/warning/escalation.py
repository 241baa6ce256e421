"""The automaton of one case: what happens and what time it is go in, calls, gaps and ends come out.

Keeps law-warning 4, 7, 8, 10, 11, 12, 13, 14, 20. Nothing here reads a clock or a table: the shell loads a
Case, gives it one event or a tick, performs the effects and stores the Case, all in one transaction.

```
            take(Acknowledge)            take(Handle)            take(Close), clear, verified
   OPEN ───────────────────▶ ACKNOWLEDGED ──────────▶ HANDLED ───────────────────────────▶ CLOSED
     ▲  level rises                │                                                          ▲
     └─────────────────────────────┘       clear for 30 min, blue or yellow ──▶ CLEARED ──────┘
   either ── take(FalseAlarm), at orange and red confirmed from above ──▶ FALSE_ALARM
```

The ladder is (round, step): round 0 climbs rung by rung; each later round begins at the last rung. A rung
that reached nobody has failed at once: round 0 goes on with the rung above, a later round with the rung below
(there is nothing above), and when none is left the next round comes after the policy's `retry_s`, doubled
each time up to `repeat_s`.
An acknowledgement lets nothing fire before `paused_until`; what became due meanwhile fires then.

Calls of a case may wait (`take(Hold)`): its cause is explained by a dead gateway, or its subject is in a
window. Everything else goes on meanwhile. `take(Release)` begins the ladder anew where it has to, and `climb`
is then the round that climbs rung by rung, so that no rung fires twice under one name.
"""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from central.warning import hours
from central.warning.models import (
    ACKNOWLEDGED,
    CLEARED,
    CLOSED,
    FALSE_ALARM,
    HANDLED,
    OPEN,
    ORANGE,
    PATIENT,
    RED,
    UNANSWERED,
    YELLOW,
    Policy,
)

LADDER: Final = "ladder"
CLEAR: Final = "clear"
SUPPRESSION: Final = "suppression"
HOLD: Final = "hold"

PARENT: Final = "parent"  # calls wait: a dead gateway or instrument explains it
WINDOW: Final = "window"  # calls wait: its subject is in a window
SETTLE: Final = "settle"  # calls wait: what explained it is back, and has not told yet what still holds


class NotPossible(Exception):
    """The case is not in a state for this; `code` names the reason and the state stays as it was."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# --- what happens ------------------------------------------------------------------------------------------


class Raised(msgspec.Struct, frozen=True):
    """An alarm of this case became active; `policy` is that of `level`, used only when the level rises."""

    level: int
    policy: Policy


class Cleared(msgspec.Struct, frozen=True):
    """The last active alarm of this case is normal again."""


class Acknowledge(msgspec.Struct, frozen=True):
    """Somebody answers for it."""


class Handle(msgspec.Struct, frozen=True):
    """Somebody says what caused it and what was done; `ends`: with that the condition itself is over."""

    ends: bool = False


class MarkFalse(msgspec.Struct, frozen=True):
    """`by` (account id) says it is a false alarm; `until` is asked for if the alarm is still active.

    `supervises`: they answer for an agency above the plant (or there is none); at orange and red nobody else
    confirms.
    """

    by: int
    until: datetime | None = None
    supervises: bool = True


class Close(msgspec.Struct, frozen=True):
    """Somebody entitled says that it is over."""


class Return(msgspec.Struct, frozen=True):
    """Somebody entitled sends it back: a new case follows, which takes over what is active."""


class Absorb(msgspec.Struct, frozen=True):
    """Others become one with this case: as they are, when each was opened, and when this one was."""

    cases: "tuple[Case, ...]"
    opened: tuple[datetime, ...]
    own_opened: datetime


class MergedAway(msgspec.Struct, frozen=True):
    """It lives on in another case."""


class Unsuppress(msgspec.Struct, frozen=True):
    """Somebody ends the suppression before its time."""


class Hold(msgspec.Struct, frozen=True):
    """Its calls wait, `by` PARENT, WINDOW or SETTLE; whether they still do is looked at again at `until`."""

    by: str
    until: datetime


class Release(msgspec.Struct, frozen=True):
    """Its calls wait no more: what still holds is called `at` that time, `anew` from the first rung.

    Not anew, a ladder that waited shorter than a clear must last continues (as law-warning 13 has it).
    """

    at: datetime
    anew: bool


class StepFailed(msgspec.Struct, frozen=True):
    """Nobody was reached by this rung: nobody there, no verified number, or every delivery failed."""

    level: int
    round: int
    step: int
    reason: str


Event = (
    Raised
    | Cleared
    | Acknowledge
    | Handle
    | MarkFalse
    | Close
    | Return
    | Absorb
    | MergedAway
    | Unsuppress
    | Hold
    | Release
    | StepFailed
)


# --- what is to be done ------------------------------------------------------------------------------------


class Call(msgspec.Struct, frozen=True):
    """Find the people of `rank` now and write one outbox row for each and channel."""

    level: int
    round: int
    step: int
    rank: int
    channels: tuple[str, ...]


class Gap(msgspec.Struct, frozen=True):
    """This rung reached nobody: show it."""

    level: int
    round: int
    step: int
    reason: str


class Supersede(msgspec.Struct, frozen=True):
    """Calls that were not sent yet must not be sent any more."""


class Reopen(msgspec.Struct, frozen=True):
    """The suppression is over and the alarm still active: it raises at once, as a new linked case."""


class Note(msgspec.Struct, frozen=True):
    """A line for the timeline; `at` is a time that the line speaks of."""

    kind: str
    at: datetime | None = None


Effect = Call | Gap | Supersede | Reopen | Note

_HELD: Final = {
    PARENT: Note("held_by_parent"),
    WINDOW: Note("held_by_window"),
    SETTLE: Note("held_by_settle"),
}
_RELEASED: Final = {
    PARENT: Note("released_by_parent"),
    WINDOW: Note("released_by_window"),
    SETTLE: Note("released_by_settle"),
}


class Case(msgspec.Struct, kw_only=True):
    """One case as far as it decides anything; the shell stores every field.

    Attributes:
        active: an alarm of the case is not normal.
        round, step: the rung fired last; step -1 before the first.
        due_at: when the next rung is due, paused or not.
        acknowledged_at: the first acknowledgement at this level.
        false_by: who called it a false alarm and waits for a second person.
        held_by: why its calls wait (PARENT, WINDOW, SETTLE); empty when they don't.
        held_since: since when.
        hold_due_at: when that is looked at again.
        climb: the round that climbs rung by rung.
        revision: grows whenever something changes that a person must have seen before acting.
    """

    level: int
    policy: Policy
    state: str = OPEN
    active: bool = True
    round: int = 0
    step: int = -1
    due_at: datetime | None = None
    acknowledged_at: datetime | None = None
    paused_until: datetime | None = None
    clear_due_at: datetime | None = None
    suppressed_until: datetime | None = None
    false_by: int | None = None
    held_by: str = ""
    held_since: datetime | None = None
    hold_due_at: datetime | None = None
    climb: int = 0
    revision: int = 1

    # --- looking ---

    def wakes(self) -> dict[str, datetime]:
        """Say when `tick` has something to do: the rows of the timer table."""
        wakes = {}
        rings_at = self._rings_at()
        if rings_at is not None and self.state in UNANSWERED and not self.held_by:
            wakes[LADDER] = rings_at
        if self.hold_due_at is not None:
            wakes[HOLD] = self.hold_due_at
        if self.clear_due_at is not None:
            wakes[CLEAR] = self.clear_due_at
        if self.suppressed_until is not None:
            wakes[SUPPRESSION] = self.suppressed_until
        return wakes

    def calls(self, now: datetime) -> bool:
        """Say whether anybody may be called now."""
        free = self.paused_until is None or self.paused_until <= now
        return self.state in UNANSWERED and free and not self.held_by

    # --- time ---

    def tick(self, now: datetime) -> list[Effect]:
        """Do what is due at `now`; at most one rung fires, so that each has its own time to answer."""
        effects: list[Effect] = []
        if self.suppressed_until is not None and self.suppressed_until <= now:
            effects += self._unsuppress()
        if self.clear_due_at is not None and self.clear_due_at <= now:
            effects += self._stayed_clear()
        rings_at = self._rings_at()
        if rings_at is not None and rings_at <= now and self.calls(now):
            if self.paused_until is not None:
                self.paused_until = None
                effects.append(Note("resumed"))
            effects += self._fire(now, *self._next())
        return effects

    def put_off(self, until: datetime) -> list[Effect]:
        """Let nothing be due before `until`: the centre was restored, and nobody knows what was answered."""
        if self.due_at is not None:
            self.due_at = max(self.due_at, until)
        if self.clear_due_at is not None:
            self.clear_due_at = max(self.clear_due_at, until)
        if self.suppressed_until is not None:
            self.suppressed_until = max(self.suppressed_until, until)
        self.revision += 1
        return [Note("state_unknown", until)]

    # --- events ---

    def take(self, event: Event, now: datetime) -> list[Effect]:  # noqa: PLR0911 one event a line
        """Take what happened at `now`.

        Raises:
            NotPossible: a person's answer does not fit the state; nothing was changed.
        """
        match event:
            case Raised():
                return self._raised(event, now)
            case Cleared():
                self.active = False
                if self.state in UNANSWERED:
                    self.clear_due_at = now + timedelta(seconds=self.policy.clear_after_s)
                return []
            case Hold():
                return self._hold(event, now)
            case Release():
                return self._release(event, now)
            case StepFailed():
                return self._failed(event, now)
            case Acknowledge():
                return self._acknowledge(now)
            case Handle():
                self._must_be_unanswered()
                self.active = self.active and not event.ends
                return [*self._end(HANDLED), Note("handled")]
            case MarkFalse():
                return self._mark_false(event, now)
            case Close():
                return self._close()
            case Return():
                return self._return()
            case Absorb():
                return self._absorb(event, now)
            case MergedAway():
                self._must_be_unanswered()
                self.active = False
                return [*self._end(CLOSED), Note("merged_away")]
            case Unsuppress():
                return self._unsuppress()

    def _raised(self, event: Raised, now: datetime) -> list[Effect]:
        self.active = True
        self.clear_due_at = None
        self.revision += 1
        if self.state not in UNANSWERED:
            return []
        if event.level <= self.level:
            # Released while it was clear, nobody was called; now there is something to call for.
            self.due_at = self.due_at or now
            # Told anew after a return: it holds, there is nothing to wait for.
            return self._release(Release(now, anew=False), now) if self.held_by == SETTLE else []
        self.level = event.level
        self.policy = event.policy
        self.state = OPEN
        self.round, self.step, self.climb, self.due_at = 0, -1, 0, now
        self.acknowledged_at = self.paused_until = self.false_by = None
        if self.held_by == SETTLE:
            self._let_go()
        return [Supersede(), Note("level_raised")]

    def _acknowledge(self, now: datetime) -> list[Effect]:
        self._must_be_unanswered()
        if self.acknowledged_at is not None:
            if self.paused_until is not None and now < self.paused_until:
                raise NotPossible("already_acknowledged")
            # One handling time in all: a later answer is worth seeing, but stops nothing above it.
            return [Note("acknowledged_again")]
        self.state = ACKNOWLEDGED
        self.acknowledged_at = now
        self.paused_until = now + timedelta(seconds=self.policy.handling_s)
        self.revision += 1
        return [Supersede(), Note("acknowledged", self.paused_until)]

    def _mark_false(self, event: MarkFalse, now: datetime) -> list[Effect]:
        self._must_be_unanswered()
        if self.level >= ORANGE and self.false_by is None:
            self.false_by = event.by
            self.revision += 1
            return [Note("false_alarm_proposed")]
        if self.false_by == event.by:
            raise NotPossible("same_person")
        if self.level >= ORANGE and not event.supervises:
            raise NotPossible("not_supervising")
        effects = [*self._end(FALSE_ALARM), Note("false_alarm")]
        if self.active:
            longest = now + timedelta(seconds=self.policy.suppress_s)
            self.suppressed_until = min(event.until or longest, longest)
            effects.append(Note("suppressed", self.suppressed_until))
        return effects

    def _close(self) -> list[Effect]:
        if self.state not in {HANDLED, CLEARED}:
            raise NotPossible("not_handled" if self.state in UNANSWERED else "already_ended")
        if self.active:
            raise NotPossible("still_active")
        self.state = CLOSED
        self.revision += 1
        return [Note("closed")]

    def _return(self) -> list[Effect]:
        if self.state not in {HANDLED, CLOSED, CLEARED}:
            raise NotPossible("not_handled" if self.state in UNANSWERED else "already_ended")
        self.state = CLOSED
        self.active = False
        self.revision += 1
        return [Supersede(), Note("returned")]

    def _absorb(self, event: Absorb, now: datetime) -> list[Effect]:
        """The highest level and the earliest clock; nobody rests longer, and no rung is gone back."""
        self._must_be_unanswered()
        first = min(event.own_opened, *event.opened)
        own_level = self.level
        all_cases = [(self, event.own_opened), *zip(event.cases, event.opened, strict=True)]
        worst = max(case.level for case, _ in all_cases)
        top = [(case, opened) for case, opened in all_cases if case.level == worst]
        # Whom nobody answers for counts before whoever rests; of those that rest, who rests shortest.
        lead, _ = min(top, key=lambda one: (one[0].state == ACKNOWLEDGED, one[0].paused_until or now, one[1]))
        furthest = max((case for case, _ in top), key=lambda case: (case.round, case.step))
        round_, step, climb = furthest.round, furthest.step, furthest.climb
        dues = [max(now, case.due_at - (opened - first)) for case, opened in top if case.due_at is not None]
        clears = [case.clear_due_at for case, _ in all_cases if case.clear_due_at is not None]
        self.active = any(case.active for case, _ in all_cases)
        self.clear_due_at = None if self.active else max(clears, default=None)
        self.level, self.policy, self.state = worst, lead.policy, lead.state
        self.acknowledged_at, self.paused_until = lead.acknowledged_at, lead.paused_until
        self.round, self.step, self.climb = round_, min(step, len(lead.policy.steps) - 1), climb
        self.due_at = min(dues, default=now if self.active else None)
        self.false_by = None
        self.revision += 1
        return [*([Supersede()] if worst > own_level else []), Note("merged_here")]

    def _stayed_clear(self) -> list[Effect]:
        self.clear_due_at = None
        if self.active or self.state not in UNANSWERED:
            return []
        if self.level > YELLOW:
            return [Note("clear_but_unanswered")]
        return [*self._end(CLEARED), Note("cleared_by_itself")]

    def _unsuppress(self) -> list[Effect]:
        if self.suppressed_until is None:
            raise NotPossible("not_suppressed")
        self.suppressed_until = None
        return [Note("suppression_ended"), *([Reopen()] if self.active else [])]

    def _hold(self, event: Hold, now: datetime) -> list[Effect]:
        if self.state not in UNANSWERED:
            return []
        fresh = event.by != self.held_by
        self.held_since = self.held_since or now
        self.held_by, self.hold_due_at = event.by, event.until
        return [Supersede(), _HELD[event.by]] if fresh else []

    def _release(self, event: Release, now: datetime) -> list[Effect]:
        if self.held_since is None:
            return []
        waited = now - self.held_since
        by = self.held_by
        self._let_go()
        if not self.active and self.level <= YELLOW:
            self.due_at = (
                None  # over, and nobody was called: it ends by itself, or returns and is called then
            )
        elif self.step < 0:
            self.due_at = max(self.due_at or event.at, event.at)
        elif event.anew or waited >= timedelta(seconds=self.policy.clear_after_s):
            self.round += 1
            self.climb, self.step, self.due_at = self.round, -1, event.at
        else:
            self.due_at = max(self.due_at or event.at, event.at)
        return [_RELEASED[by]]

    def _let_go(self) -> None:
        self.held_by, self.held_since, self.hold_due_at = "", None, None

    def _end(self, state: str) -> list[Effect]:
        self.state = state
        self._let_go()
        self.due_at = self.paused_until = self.clear_due_at = None
        self.revision += 1
        return [Supersede()]

    def _must_be_unanswered(self) -> None:
        if self.state not in UNANSWERED:
            raise NotPossible("already_ended" if self.state != HANDLED else "already_handled")

    # --- the ladder ---

    def _rings_at(self) -> datetime | None:
        """When the next rung fires: due, not paused any more, and in the hours of the policy."""
        if self.due_at is None:
            return None
        due = max(self.due_at, self.paused_until or self.due_at)
        return self._in_hours(due)

    def _in_hours(self, at: datetime) -> datetime:
        """When it may ring, from `at` on: only papers rest, and no red one, whatever is stored."""
        if self.policy.kind not in PATIENT or self.level >= RED:
            return at
        return hours.rings_at(at, self.policy.hour_from, self.policy.hour_to)

    def _next(self) -> tuple[int, int]:
        last = len(self.policy.steps) - 1
        if self.round == self.climb and self.step < last:
            return self.round, self.step + 1
        return self.round + 1, last

    def _fire(self, now: datetime, round_: int, step: int) -> list[Effect]:
        steps = self.policy.steps
        self.round, self.step = round_, step
        climbing = round_ == self.climb and step + 1 < len(steps)
        wait = steps[step + 1].delay_s if climbing else self.policy.repeat_s
        self.due_at = now + timedelta(seconds=wait)
        return [Call(self.level, round_, step, steps[step].rank, steps[step].channels)]

    def _failed(self, event: StepFailed, now: datetime) -> list[Effect]:
        gap = Gap(event.level, event.round, event.step, event.reason)
        fired = (self.level, self.round, self.step)
        if (event.level, event.round, event.step) != fired or not self.calls(now):
            return [gap]  # an older rung, or somebody answered meanwhile: shown, but the ladder stays
        if self._in_hours(now) > now:
            return [gap]  # outside its hours nothing rings; what is due next comes in them
        if self.round == self.climb and self.step + 1 < len(self.policy.steps):
            return [gap, *self._fire(now, self.round, self.step + 1)]
        if self.round > self.climb and self.step > 0:
            return [gap, *self._fire(now, self.round, self.step - 1)]
        # Everybody was tried and nobody reached: soon again, then less often, at least as often as usual.
        longest = max(self.policy.repeat_s, self.policy.retry_s)
        wait = min(self.policy.retry_s * 2.0 ** min(self.round - self.climb, 16), longest)
        self.due_at = now + timedelta(seconds=wait)
        return [gap]
