"""What a back-test is asked and what it answers: settings of a point, and what they would have raised."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

LimitName = Literal["LL", "L", "H", "HH", "ON", "OFF"]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=86_400)]


class TrialSetting(msgspec.Struct, frozen=True, kw_only=True):
    """One limit as it might be; `limit` and `deadband` in the point's unit."""

    limit_name: LimitName
    limit: float
    deadband: Annotated[float, msgspec.Meta(ge=0)] = 0.0
    on_delay_s: Seconds = 0.0
    off_delay_s: Seconds = 0.0


class BackTestRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Settings to try at stored values; a limit that is in force and not named is compared with itself.

    Without times the last 30 days.
    """

    trials: Annotated[list[TrialSetting], msgspec.Meta(max_length=6)]
    from_: Annotated[datetime, msgspec.Meta(tz=True)] | None = msgspec.field(name="from", default=None)
    to: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class AlarmSetting(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm as its gateway has it; `tryable`: a back-test knows all that it is judged by."""

    alarm: str
    limit_name: str
    side: str
    limit: float | None
    deadband: float
    on_delay_s: float
    off_delay_s: float
    latch: bool
    priority: int
    tryable: bool


class AlarmSettings(msgspec.Struct, frozen=True):
    items: list[AlarmSetting]


class LimitOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """One limit: how often it was raised, would have been as it is in force, and as tried.

    `actual`: what the gateway told. `missed`: raises of the setting in force at a time at which the tried one
    raised nothing. `lasted_s`: how long its raises stood, together. None: not in force, or not tried.
    """

    limit_name: str
    actual: int
    current: TrialSetting | None
    current_raises: int | None
    current_lasted_s: float | None
    trial: TrialSetting | None
    trial_raises: int | None
    trial_lasted_s: float | None
    missed: int | None


class WouldBe(msgspec.Struct, frozen=True):
    """An alarm that the tried setting would have raised; `cleared_at` None: it stood at the end."""

    limit_name: str
    raised_at: datetime
    cleared_at: datetime | None
    value: float | None


class BackTestDay(msgspec.Struct, frozen=True):
    """Raises of one day of the jurisdiction, all limits together."""

    day: date
    actual: int
    current: int
    trial: int


class BackTest(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it. `until`: so far it was judged; before `to` where there were more values than one
    back-test may look at. `raised`: those of the tried settings, the newest first, `more_raised`: not all.
    """

    point_id: int
    name: str
    unit: str
    from_: datetime = msgspec.field(name="from")
    to: datetime
    until: datetime
    complete: bool
    rows: int
    limits: list[LimitOutcome]
    days: list[BackTestDay]
    raised: list[WouldBe]
    more_raised: bool


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """Settings that would have been quieter; `reduction` in percent of the raises of those in force.

    `missed`: raises that nobody would have been told of; `lasted_s`: how long its raises stood, together;
    `later_s`: by so much later the horn sounds at most.
    """

    deadband: float
    on_delay_s: float
    off_delay_s: float
    raises: int
    reduction: float
    missed: int
    lasted_s: float
    later_s: float
    best: bool


class Tuning(msgspec.Struct, frozen=True, kw_only=True):
    """Suggestions for one alarm from what was stored; `source`: where the search began."""

    point_id: int
    point_key: str
    gateway_id: str
    alarm: str
    limit_name: str
    unit: str
    from_: datetime = msgspec.field(name="from")
    until: datetime
    rows: int
    current: TrialSetting
    raises: int
    source: str
    items: list[Suggestion]
