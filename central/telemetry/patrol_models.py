"""What the patrol's pages are told: scored enterprises, days, losses, findings, and the rules behind them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

CheckCode = Literal["connection", "stale", "range", "stuck", "swing", "rare"]
Grade = Literal["", "good", "fair", "poor"]
Region = Annotated[str, Meta(pattern="^[0-9]{2,12}$")]
Word = Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$")]
Source = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
Share = Annotated[float, Meta(ge=0, le=1)]


class RunState(Struct, frozen=True, kw_only=True):
    """The run state of a monitoring system (EDGE-21): shares of the day, each with its word."""

    stability: float
    stability_grade: Grade
    reliability: float
    reliability_grade: Grade
    effectiveness: float | None
    effectiveness_grade: Grade


class ScoredEnterprise(Struct, frozen=True, kw_only=True):
    """One enterprise on one day; `standing`: findings that stand now; `score_before`: of the day before."""

    enterprise_id: int
    enterprise_name: str
    region_name: str
    hazard_class: int | None
    day: dt.date
    score: float
    score_before: float | None
    points: int
    standing: int
    run_state: RunState
    judged_at: dt.datetime


class CheckCount(Struct, frozen=True):
    """How much of a check stands, and at how many enterprises."""

    check: CheckCode
    many: int
    enterprises: int


class PatrolPage(Struct, frozen=True):
    """Enterprises by their score, the worst first, of a day; `counts` of the whole scope."""

    items: list[ScoredEnterprise]
    next: str | None
    day: dt.date | None
    counts: list[CheckCount]


class ScoredDay(Struct, frozen=True, kw_only=True):
    """One day of one enterprise; `whole`: it changes no more."""

    day: dt.date
    score: float
    points: int
    run_state: RunState
    values_good: int
    values_all: int
    judged_at: dt.datetime
    whole: bool


class Loss(Struct, frozen=True, kw_only=True):
    """Why points were lost: which check, at which point or gateway, since when, how long, how much.

    Without a point it is the gateway's connection, with all its `points`.
    """

    check: CheckCode
    point_id: int | None
    point_name: str | None
    point_key: str | None
    gateway_id: str
    gateway_name: str
    points: int
    since: dt.datetime
    held_s: float
    lost: float
    value: float | None
    limit: float | None
    unit: str | None
    words: str
    ended_at: dt.datetime | None
    end_words: str
    warning_id: UUID | None


class PatrolledEnterprise(Struct, frozen=True, kw_only=True):
    """One enterprise: its days, the newest first, and why it lost on the chosen one."""

    enterprise_id: int
    enterprise_name: str
    region_name: str
    hazard_class: int | None
    days: list[ScoredDay]
    day: dt.date | None
    losses: list[Loss]


class Finding(Struct, frozen=True, kw_only=True):
    """One check that a point does not pass, or did not until `ended_at`."""

    id: int
    check: CheckCode
    since: dt.datetime
    found_at: dt.datetime
    ended_at: dt.datetime | None
    value: float | None
    limit: float | None
    unit: str
    words: str
    end_words: str
    enterprise_id: int
    enterprise_name: str
    gateway_id: str
    point_id: int
    point_name: str
    point_key: str
    warning_id: UUID | None


class FindingPage(Struct, frozen=True):
    items: list[Finding]
    next: str | None


class RuleForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is asked of the values of a point, by quantity and unit (null: any); see `patrol_rule`."""

    region: Region
    quantity: Word | None = None
    unit: Word | None = None
    stale_periods: Annotated[float, Meta(ge=1, le=1000)] | None = None
    stale_s: Annotated[int, Meta(ge=60, le=2_592_000)] = 900
    stuck_h: Annotated[int, Meta(ge=1, le=720)] | None = None
    moves_share: Share = 0.0
    rest_share: Share = 0.0
    ranged: bool = True
    low: float | None = None
    high: float | None = None
    swing_share: Annotated[float, Meta(gt=0, le=10)] | None = None
    swing_h: Annotated[int, Meta(ge=1, le=24)] = 3
    rare_share: Share | None = None
    rare_h: Annotated[int, Meta(ge=1, le=24)] = 3
    source: Source
    last_day: dt.date | None = None


class PatrolRule(Struct, frozen=True, kw_only=True):
    """A rule with its region, version and validity; `own`: the caller may put another in its place."""

    id: int
    region: str
    region_name: str
    version: int
    quantity: str | None
    unit: str | None
    stale_periods: float | None
    stale_s: int
    stuck_h: int | None
    moves_share: float
    rest_share: float
    ranged: bool
    low: float | None
    high: float | None
    swing_share: float | None
    swing_h: int
    rare_share: float | None
    rare_h: int
    source: str
    valid_from: dt.datetime
    valid_to: dt.datetime | None
    own: bool


class Check(Struct, frozen=True, kw_only=True):
    """What a check costs: the share of its point, and after how long it is a warning (null: never)."""

    check: CheckCode
    weight: float
    warn_s: int | None
    source: str


class FigureGrade(Struct, frozen=True, kw_only=True):
    """From which share on a figure of the run state is good, and fair."""

    figure: Literal["stability", "reliability", "effectiveness"]
    good_from: float
    fair_from: float
    source: str


class QuantityUnit(Struct, frozen=True):
    """What gateways call a quantity, with its unit."""

    quantity: str
    unit: str


class PatrolRules(Struct, frozen=True):
    """What judges: rules that concern the caller, checks, grades; and what quantities there are."""

    items: list[PatrolRule]
    checks: list[Check]
    grades: list[FigureGrade]
    quantities: list[QuantityUnit]
