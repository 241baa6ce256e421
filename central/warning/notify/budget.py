"""How many messages one telephone gets in a storm: pure decisions, time is an argument (decision 0053).

A telephone is given at most `messages` in any `window_s`; calls beyond them are bundled into digests:

```
 calls that wait ──worst first──▶ one by one, while more than one message is left
                                  the last one that is left gathers for gather_s, then tells all the rest
                                  none is left: all wait until the oldest message is older than the window
```
Red alarms, other alarms and papers never share a digest, and the last `red_only` messages are for red alarms
alone: a red of another enterprise never waits behind blue. Only what was put off for a whole window may take
one of them, in a digest, so that reds without an end do not silence the rest. A ladder is not held up by any
of this: its next rung has a timer of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import IntEnum
from uuid import UUID

import msgspec


class Sort(IntEnum):
    """What shares a digest, the most urgent first."""

    RED = 0
    ALARM = 1
    PAPER = 2


class StormRule(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of a region; `source` says whose they are. The columns of table `storm_rule`."""

    messages: int
    window_s: float
    red_only: int
    papers: int
    gather_s: float
    first_up_s: float
    storm_cases: int
    storm_s: int
    source: str

    def most(self, sort: Sort) -> int:
        """Give with how many messages in the window one more of this sort may not be sent any more."""
        if sort is Sort.RED:
            return self.messages
        return self.messages - self.red_only if sort is Sort.ALARM else self.papers


class Waiting(msgspec.Struct, frozen=True):
    """A call that is due and was never handed over; it has waited when `due_at` is after `created_at`."""

    key: UUID
    urgency: int
    owner: str
    created_at: datetime
    due_at: datetime


class Plan(msgspec.Struct):
    """What becomes of the calls of one telephone: sent by themselves, told in a digest, or put off."""

    single: list[UUID] = []
    bundle: list[Sort] = []
    wait: dict[Sort, datetime] = {}


def sort_of(urgency: int) -> Sort:
    """Give the sort of a call by its urgency: 0 red alarms, 1 to 3 other alarms, 4 to 7 papers."""
    return Sort.RED if urgency == 0 else Sort.ALARM if urgency < 4 else Sort.PAPER


def urgencies_of(sort: Sort) -> list[int]:
    """Give the urgencies of a sort."""
    return {Sort.RED: [0], Sort.ALARM: [1, 2, 3], Sort.PAPER: [4, 5, 6, 7]}[sort]


def worst_first(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Put calls in order: worst first; of one level one of each enterprise before the second of any."""
    told: dict[tuple[int, str], int] = {}
    ranked = []
    for call in sorted(waiting, key=lambda call: (call.created_at, call.key)):
        place = told.get((call.urgency, call.owner), 0)
        told[call.urgency, call.owner] = place + 1
        ranked.append((call.urgency, place, call.created_at, call.key, call))
    return [each[-1] for each in sorted(ranked, key=lambda each: each[:-1])]


def plan(
    rule: StormRule,
    handed: Sequence[datetime],
    due: Iterable[Waiting],
    now: datetime,
    gathering: Mapping[Sort, datetime],
) -> Plan:
    """Decide about the calls of one telephone that are due.

    Args:
        rule: the numbers of its owner's region.
        handed: when it was given each message of the window that ends now.
        due: calls that were never handed over and are due.
        now: time of the transaction.
        gathering: until when calls of a sort that wait already gather.
    """
    window = timedelta(seconds=rule.window_s)
    used = sorted(handed)
    rows = worst_first(due)
    result = Plan([], [], {})
    by_sort = {sort: [call for call in rows if sort_of(call.urgency) is sort] for sort in Sort}
    for sort in (Sort.ALARM, Sort.PAPER):
        # Reds without an end must not silence the rest: what was put off for a window is told in one digest.
        kept = 1 if sort is Sort.PAPER and by_sort[Sort.RED] else 0
        old = any(call.created_at <= now - window and _has_waited(call) for call in by_sort[sort])
        if old and len(used) < rule.messages - kept:
            result.bundle.append(sort)
            used.append(now)
            by_sort[sort] = []
    for sort, mine in by_sort.items():
        most = rule.most(sort)
        free = most - len(used)
        alone = mine[: max(free - 1, 0)]
        rest = mine[len(alone) :]
        result.single += [call.key for call in alone]
        used += [now] * len(alone)
        if not rest:
            continue
        if free <= 0:
            result.wait[sort] = used[len(used) - most] + window
        elif any(_has_waited(call) for call in rest) or rule.gather_s <= 0:
            result.bundle.append(sort)
            used.append(now)
        else:
            result.wait[sort] = gathering.get(sort) or now + timedelta(seconds=rule.gather_s)
    return result


def _has_waited(call: Waiting) -> bool:
    return call.due_at > call.created_at
