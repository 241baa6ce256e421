"""How well alarms serve the people at them: figures with what would be right, days, alarms, enterprises."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Struct

Verdict = Literal["good", "fair", "poor", "none"]
Order = Literal["annunciated", "chattering", "stale", "covered"]


class Figure(Struct, frozen=True):
    """One figure of a time. `unit`: alarms, percent or seconds. `good`, `most`: up to the first it is as it
    should be, beyond the second poor; `source` says who says so. `value` None: nothing to measure.
    """

    measure: str
    unit: Literal["alarms", "percent", "seconds"]
    value: float | None
    good: float | None
    most: float | None
    verdict: Verdict
    source: str


class DayFigures(Struct, frozen=True):
    """One day; `most_stale`: of the enterprise that had most."""

    day: date
    annunciated: int
    covered: int
    chattering: int
    stale: int
    floods: int
    flood_s: float
    peak_ten: int


class Priorities(Struct, frozen=True):
    """Alarms by priority; `lamp`: those that light a lamp and ring nothing."""

    high: int
    medium: int
    low: int
    lamp: int


class AlarmQuality(Struct, frozen=True, kw_only=True):
    """A time of an enterprise, an area or the whole jurisdiction.

    `positions`: people at the alarms at any time, of `enterprises` with a gateway. `covered`: alarms that
    would have rung and were covered; `covered_now`: alarms under a cover at this moment. `warnings`: cases at
    the centre that alarms of this time began, `false_alarms` of them.
    """

    from_: date = msgspec.field(name="from")
    to: date
    enterprises: int
    positions: int
    annunciated: int
    covered: int
    covered_now: int
    floods: int
    flood_alarms: int
    warnings: int
    false_alarms: int
    figures: list[Figure]
    priorities: Priorities
    days: list[DayFigures]


class AlarmRow(Struct, frozen=True, kw_only=True):
    """One alarm of a time. `share`: of everything that rang; `since`: it stands, since then."""

    gateway_id: str
    alarm: str
    enterprise_id: int
    enterprise_name: str
    point_id: int | None
    point_name: str | None
    point_key: str | None
    limit: str
    side: str
    priority: int
    annunciated: int
    share: float
    covered: int
    chatters: int
    stood_s: float
    stale_days: int
    since: datetime | None


class AlarmRows(Struct, frozen=True):
    items: list[AlarmRow]
    next: str | None


class EnterpriseAlarms(Struct, frozen=True, kw_only=True):
    """An enterprise of a time; `per_day`: alarms a day and position, with its verdict."""

    id: int
    name: str
    region_name: str | None
    positions: int
    annunciated: int
    per_day: float
    verdict: Verdict
    floods: int
    flood_s: float
    peak_ten: int
    stale: int
    chattering: int
    covered: int


class EnterpriseAlarmRows(Struct, frozen=True):
    items: list[EnterpriseAlarms]
    next: str | None


class Positions(Struct, frozen=True):
    """How many people an enterprise has at its alarms at any time."""

    positions: Annotated[int, msgspec.Meta(ge=1, le=99)]
