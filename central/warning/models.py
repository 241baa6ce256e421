"""What the warning domain is told (facts), what it holds (policies, cases) and what it answers.

Levels are 1..4 inside (blue, yellow, orange, red: greater is worse) and words outside. Times are aware UTC.
"""

from datetime import date, datetime
from typing import Final
from uuid import UUID

import msgspec

BLUE: Final = 1
YELLOW: Final = 2
ORANGE: Final = 3
RED: Final = 4
LEVELS: Final = {BLUE: "blue", YELLOW: "yellow", ORANGE: "orange", RED: "red"}
LEVEL_NUMBERS: Final = {word: number for number, word in LEVELS.items()}

# what a case is about
ALARM: Final = "alarm"  # a process alarm of an instrument
QUALITY: Final = "quality"  # a point that can't be believed
PRESENCE: Final = "presence"  # a gateway that is not heard
POISON: Final = "poison"  # a record that PostgreSQL refuses to hold
CONFLICT: Final = "conflict"  # numbers that came again with another content
INTERLEAVED: Final = "interleaved"  # two devices that speak in turn under one gateway's name
UNJUDGED: Final = "unjudged"  # an event that could not be judged in time
OUTPUT: Final = "output"  # a horn or beacon that does not do what it is told
SOUNDER: Final = "sounder"  # one whose test failed or is overdue
MANAGEMENT: Final = "management"  # a paper that lapsed, or a form that is owed
PATROL: Final = "patrol"  # what the patrol of stored values found
CONNECTION: Final = "connection"  # devices of an enterprise that are not connected
SHORTAGE: Final = "shortage"  # less of an emergency resource than its area needs
MODEL: Final = "model"  # what a model computed
MANUAL: Final = "manual"  # what a person warns of
EXTERNAL: Final = "external"  # what another system told
WEATHER: Final = "weather"  # what the weather service told
CONDITIONS: Final = frozenset({PATROL, CONNECTION, SHORTAGE, MODEL, MANUAL, EXTERNAL, WEATHER, MANAGEMENT})
# What somebody reads in office hours: its screen may wait for a look as long as its ladder says.
PATIENT: Final = frozenset({MANAGEMENT, SHORTAGE, PATROL})
DROPPED: Final = "dropped"  # reason: the gateway names it, or its test by time, no more

# What waits is taken in this order: the levels of instruments from red to blue, then the same of papers. They
# come by ten thousands at eight in the morning, and no alarm waits behind them (`urgency_of` in the schema).
INSTRUMENTS_FIRST: Final = (0, 1, 2, 3)
PAPERS_AFTER: Final = (4, 5, 6, 7)

# states of a case; the first two are "open" in the sense of its identity
OPEN: Final = "open"
ACKNOWLEDGED: Final = "acknowledged"
HANDLED: Final = "handled"
CLOSED: Final = "closed"
CLEARED: Final = "cleared"
FALSE_ALARM: Final = "false_alarm"
UNANSWERED: Final = frozenset({OPEN, ACKNOWLEDGED})

# ranks of a step: 0 calls the enterprise, 1..5 the agency of that rank above it, 9 the highest one registered
ENTERPRISE: Final = 0
HIGHEST: Final = 9
RANKS: Final = {
    0: "enterprise",
    1: "village",
    2: "township",
    3: "county",
    4: "city",
    5: "province",
    9: "highest",
}
RANK_NUMBERS: Final = {word: number for number, word in RANKS.items()}


class AlarmFact(msgspec.Struct, frozen=True, kw_only=True):
    """One transition of one alarm as ingest committed it.

    `transition` and `state` as in `protocol.messages`; `at` is the time at the instrument, `received_at` the
    centre's (all deadlines count from it). `late` says that the event waited on its way; `active_now` that
    its condition holds at the moment of judging, as far as Birth and batch tell. `event_id` names the row of
    ingest.
    """

    gateway_id: str
    point_id: int
    place: str
    enterprise_id: int
    point_name: str
    alarm: str
    side: str
    limit_name: str
    occurrence: str
    transition: int
    state: str
    at: datetime
    received_at: datetime
    hazard_class: int | None = None
    quantity: str = ""
    unit: str = ""
    limit: float | None = None
    value: float | None = None
    quality: int = 192
    late: bool = False
    active_now: bool = True
    event_id: int | None = None
    is_test: bool = False
    under: str = ""
    by: str = ""
    reason: str = ""


class PresenceFact(msgspec.Struct, frozen=True, kw_only=True):
    """A gateway changed its presence by the centre's own clock: `state` is "online", "late" or "offline".

    With a `source` it is that instrument behind the gateway: "offline" when nobody answers for its points.
    """

    gateway_id: str
    gateway_name: str
    place: str
    enterprise_id: int
    state: str
    at: datetime
    received_at: datetime
    hazard_class: int | None = None
    is_test: bool = False
    source: str = ""


class TroubleFact(msgspec.Struct, frozen=True, kw_only=True):
    """An event of a gateway that could not be stored (poison) or judged (unjudged).

    `reference` names its row and makes the case's id: the same trouble, told twice, opens one case.
    """

    gateway_id: str
    gateway_name: str
    place: str
    enterprise_id: int
    reason: str
    reference: str
    at: datetime
    received_at: datetime
    hazard_class: int | None = None
    is_test: bool = False


class OutputFact(msgspec.Struct, frozen=True, kw_only=True):
    """A horn, beacon or loudspeaker does not follow (kind OUTPUT), or its test failed or is late (SOUNDER).

    `wrong` false: it follows again, or has passed a test, or (reason DROPPED) is not to any more. `reference`
    makes the case's id, as in TroubleFact.
    """

    kind: str
    gateway_id: str
    gateway_name: str
    place: str
    enterprise_id: int
    output: str
    wrong: bool
    reason: str
    reference: str
    at: datetime
    received_at: datetime
    hazard_class: int | None = None
    is_test: bool = False


class PaperFact(msgspec.Struct, frozen=True, kw_only=True):
    """Something of a register is overdue: a licence lapsed ("day"), or a form is owed ("update").

    `subject` names the record; empty where the enterprise owes one. `reference` names the row of the reminder
    and makes the case's id, as in TroubleFact.
    """

    enterprise_id: int
    place: str
    register: str
    register_title: str
    cause: str
    field: str
    record_id: int | None
    subject: str
    due_on: date
    reference: str
    at: datetime
    received_at: datetime
    hazard_class: int | None = None
    is_test: bool = False
    gateway_id: str | None = None


class ConditionFact(msgspec.Struct, frozen=True, kw_only=True):
    """Something holds, or holds no more: the one shape for whatever is no alarm of an instrument.

    Exactly one of `enterprise_id` and `agency_id` says whose case it is; `place` is theirs. `subject_type`
    and `subject_id` with `kind` and `side` are the case's identity. `reference` names the occurrence: told
    again it changes nothing unless the level rises; after the condition was over a later `at` is a new one.
    `level` of a source that has graded already needs `level_reason`; else the level table decides by kind,
    side, `limit_name`, `quantity` and `hazard_class`.
    """

    kind: str
    subject_type: str
    subject_id: str
    place: str
    subject_name: str
    title: str
    holds: bool
    reference: str
    at: datetime
    received_at: datetime
    enterprise_id: int | None = None
    agency_id: int | None = None
    side: str = "other"
    detail: str = ""
    limit_name: str = ""
    quantity: str = ""
    limit: float | None = None
    value: float | None = None
    unit: str = ""
    hazard_class: int | None = None
    gateway_id: str | None = None
    point_id: int | None = None
    level: int | None = None
    level_reason: str = ""
    is_test: bool = False


class Identity(msgspec.Struct, frozen=True):
    """What makes two raises one case (law-warning 1)."""

    kind: str
    subject_type: str
    subject_id: str
    side: str
    is_test: bool = False


class Grade(msgspec.Struct, frozen=True):
    """A level and the sentence that explains it; after `wait_s` a row gives a worse one if it still holds."""

    level: int
    reason: str
    wait_s: float | None = None


class LevelRule(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a level table; an empty matcher fits all; `source` says whose numbers they are.

    A row with `held_s` counts once something has held so long (seconds), one with `raises` once it was raised
    so often within `within_h` hours; such a row only makes worse what another row has graded.
    """

    region: str
    version: int
    source: str
    kind: str
    level: int
    reason: str
    side: str = ""
    limit_name: str = ""
    quantity: str = ""
    hazard_class: int | None = None
    held_s: int = 0
    raises: int = 0
    within_h: int = 0


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One rung: `delay_s` after the rung below fired (the first: after the case opened), `rank` is called."""

    delay_s: float
    rank: int
    channels: tuple[str, ...] = ("in_app", "sms")


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """The ladder of one level in one region, frozen into each case that it serves (law-warning 8).

    Attributes:
        handling_s: how long an acknowledgement pauses the ladder, all pauses together.
        repeat_s: the last rung repeats after so long.
        retry_s: the same when nobody of it was reached.
        clear_after_s: so long clear before a case counts as cleared by itself.
        suppress_s: the longest that a false alarm may hold back an alarm that is still active.
        kind: of the cases that it is for; empty: of all that have none of their own.
        hour_from: rungs fire from this hour on, time of China.
        hour_to: and before this one.
        look_s: so long may a screen wait for a look before it has reached nobody.
        source: whose numbers these are.
    """

    name: str
    level: int
    version: int
    region: str
    steps: tuple[Step, ...]
    handling_s: float
    repeat_s: float
    retry_s: float = 60
    clear_after_s: float = 1800
    suppress_s: float = 14400
    source: str = ""
    kind: str = ""
    hour_from: int = 0
    hour_to: int = 24
    look_s: float = 600


class Judgement(msgspec.Struct, frozen=True):
    """What became of a fact: the case it belongs to and what changed ("opened", "raised", "cleared" …)."""

    warning_id: UUID
    change: str
    level: int
