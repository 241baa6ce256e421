"""What telemetry holds and answers: columns on their way to the history, newest values, trend buckets."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

DATED_BY_CENTRE: Final = 256
"""Added to the OPC byte of a stored quality when the gateway's clock was not believed."""
QUALITY_BYTE: Final = 255


class Anchor(msgspec.Struct, frozen=True):
    """A moment of our clock at which a sender's monotonic clock stood at `mono_ms`; both in milliseconds.

    `exact`: this centre saw it itself, in a frame or a heartbeat; else it is the best that can be known.
    """

    at_ms: int
    mono_ms: int
    exact: bool = True


class PointLimits(msgspec.Struct, frozen=True):
    ll: float | None
    l: float | None  # noqa: E741 - the name of the limit (ISA-18.2)
    h: float | None
    hh: float | None


class PointRange(msgspec.Struct, frozen=True):
    low: float | None
    high: float | None


class PointAlarm(msgspec.Struct, frozen=True):
    """One alarm of a point that is not normal; `state` is the letter of ISA-18.2.

    With G (shelved), H (suppressed by design) or I (out of service) `under` is the letter under the cover,
    and `by`, `reason`, `until` say who laid it, why and until when. `first`: the first of its first-up group.
    """

    id: str
    side: str
    limit: str
    state: str
    since: datetime
    under: str
    first: bool
    by: str
    reason: str
    until: datetime | None


class DescribedAlarm(msgspec.Struct, frozen=True):
    """One alarm of a point as its gateway describes it, and how it stands; `state` is A until told.

    `value`: its limit in the point's unit. `under`, `by`, `reason`, `until` as in PointAlarm.
    """

    id: str
    side: str
    limit: str
    value: float | None
    priority: int
    state: str
    since: datetime | None
    under: str
    by: str
    reason: str
    until: datetime | None


class CoveredAlarm(msgspec.Struct, frozen=True, kw_only=True):
    """Something that keeps silent at a plant (law-warning 4).

    `cover`: shelved, out-of-service, suppressed (by design), or quality: bad data of an instrument, at
    `points` points, hold back the process alarms there. `holds`: under the cover the condition is there now,
    None unknown. `raises`: so often the alarm would have begun since it was covered.
    """

    cover: str
    enterprise_id: int
    enterprise_name: str
    region_name: str
    gateway_id: str
    gateway_name: str
    alarm: str | None
    point_id: int | None
    point_name: str | None
    point_key: str | None
    instrument: str
    points: int
    limit: str
    side: str
    holds: bool | None
    since: datetime
    until: datetime | None
    by: str
    why: str
    raises: int | None


class PointRow(msgspec.Struct, frozen=True):
    """One point with its newest value; `age_s` counts from `at`, null while nothing was ever received.

    `period_s` is the longest time between two values of a quiet point: its poll, or the interval in which its
    gateway stores an unchanged value.
    """

    id: int
    key: str
    name: str
    quantity: str
    unit: str
    enterprise_id: int
    enterprise_name: str
    gateway_id: str
    source: str
    period_s: float
    range: PointRange
    limits: PointLimits
    value: float | None
    quality: int
    quality_text: str
    quality_reason: str
    at: datetime | None
    age_s: float | None
    clock_synchronised: bool
    alarms: list[PointAlarm]


class TrendBucket(msgspec.Struct, frozen=True):
    """Good values from `t` on for one bucket: count of them, and of those that were not good."""

    t: datetime
    min: float | None
    max: float | None
    avg: float | None
    count: int
    bad: int


class Trend(msgspec.Struct, frozen=True):
    """Buckets in which there is a value; each stands for at most `held_s`, beyond that data are missing.

    A quiet point is stored only now and then, so an empty bucket between two others is no gap by itself.
    """

    point_id: int
    from_: datetime = msgspec.field(name="from")
    to: datetime
    bucket_s: float
    held_s: float
    buckets: list[TrendBucket]
    limits: PointLimits


class PointTrend(msgspec.Struct, frozen=True, kw_only=True):
    """One point's part of a shared trend; `held_s` and `buckets` as in Trend."""

    point_id: int
    key: str
    name: str
    unit: str
    quantity: str
    enterprise_id: int
    enterprise_name: str
    held_s: float
    limits: PointLimits
    buckets: list[TrendBucket]


class RaisedAlarm(msgspec.Struct, frozen=True):
    """An alarm that began at a point; `limit` names the limit ("HH")."""

    point_id: int
    at: datetime
    alarm: str
    limit: str
    side: str
    value: float | None


class SharedTrend(msgspec.Struct, frozen=True, kw_only=True):
    """Several points over the same buckets, and the alarms there, newest first; `more_alarms`: not all."""

    from_: datetime = msgspec.field(name="from")
    to: datetime
    bucket_s: float
    items: list[PointTrend]
    alarms: list[RaisedAlarm]
    more_alarms: bool
