"""Risk models as data, the inputs that they name, and what comes out: an index with a line for every point.

A score goes from 0 to 100, and more is more dangerous. Levels are 1..4 inside (blue, yellow, orange, red).
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

Scale = Literal["enterprise", "industry", "area", "time"]
Period = Literal["live", "month", "quarter", "year"]
Level = Literal["blue", "yellow", "orange", "red"]
SCALES: Final[tuple[Scale, ...]] = ("enterprise", "industry", "area", "time")
PERIODS: Final[tuple[Period, ...]] = ("month", "quarter", "year")
LEVELS: Final[dict[int, Level]] = {1: "blue", 2: "yellow", 3: "orange", 4: "red"}
LEVEL_NUMBERS: Final = {word: number for number, word in LEVELS.items()}

Values = dict[str, float | None]

Region = Annotated[str, Meta(pattern="^[0-9]{2,12}$")]
Title = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
Share = Annotated[float, Meta(ge=0, le=1)]
Points = Annotated[float, Meta(ge=0, le=100)]
MOST_TERMS: Final = 60


# -- a model ---


class MissingRule(Struct, frozen=True, forbid_unknown_fields=True):
    """What counts in the place of a missing input.

    "assume": a fixed `share` of its weight; "spread": its weight goes to the inputs that are there.
    """

    rule: Literal["assume", "spread"]
    share: Share = 0.0


class RiskTerm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One input of a model: at most `weight` points, by a curve from its value to a share of the weight.

    `points` are (value, share), ascending by value. "steps": the share of the last one that the value
    reaches; "linear": straight lines between them. Outside them the nearest one's share counts.
    """

    input: Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{0,31}$")]
    weight: Annotated[float, Meta(gt=0, le=100)]
    curve: Literal["steps", "linear"]
    points: Annotated[tuple[tuple[float, Share], ...], Meta(min_length=1, max_length=20)]
    missing: MissingRule


class RiskBands(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From which score on a level holds; below yellow it is blue."""

    red: Points
    orange: Points
    yellow: Points


class RiskFloor(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """With at least so much of an input the score is never below `score`: no sum hides it."""

    input: Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{0,31}$")]
    least: float
    score: Points
    words: Title


class RiskThreshold(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a model warns: its score is at least `points`, or rose by so many within `days`."""

    kind: Literal["above", "rise"]
    points: Annotated[float, Meta(gt=0, le=100)]
    level: Level
    days: Annotated[int, Meta(ge=0, le=366)] = 0


class RiskDefinition(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole model; `margin`: a warning ends only once the index is so far below its threshold."""

    terms: Annotated[tuple[RiskTerm, ...], Meta(min_length=1, max_length=MOST_TERMS)]
    bands: RiskBands
    floors: Annotated[tuple[RiskFloor, ...], Meta(max_length=20)] = ()
    alerts: Annotated[tuple[RiskThreshold, ...], Meta(max_length=20)] = ()
    margin: Annotated[float, Meta(ge=0, le=50)] = 5.0


class Model(Struct, frozen=True, kw_only=True):
    """A version of a model with what it says."""

    id: int
    scale: Scale
    region: str
    version: int
    name: str
    definition: RiskDefinition


# -- what comes out ---


class Line(Struct, frozen=True, kw_only=True):
    """One input's part in a score, to two decimals; the lines of an index sum up to its score exactly.

    `value` None: it was missing, and `share` follows from the model's rule. `weight` is the one that counted:
    more than the model's when a missing input's was spread. A floor is a line without value and weight.
    """

    input: str
    value: float | None
    weight: float
    share: float
    points: float
    missing: str = ""
    floor: str = ""


class Assessment(Struct, frozen=True):
    """A score with its level and every line of it."""

    score: float
    level: int
    lines: tuple[Line, ...]
    missing: int


# -- how they are shown ---


class RiskInput(Struct, frozen=True, kw_only=True):
    """An input as a model's page offers it."""

    key: str
    scale: Scale
    name: str
    name_en: str
    unit: str
    meaning: str
    meaning_en: str


class RiskWords(Struct, frozen=True):
    """Everything that a model may name."""

    inputs: list[RiskInput]


class RiskReason(Struct, frozen=True, kw_only=True):
    """A line as people read it; `link`: the console's list of what was counted, empty where there is none."""

    input: str
    name: str
    name_en: str
    unit: str
    meaning: str
    meaning_en: str
    value: float | None
    weight: float
    share: float
    points: float
    missing: str
    floor: str
    link: str


class RiskRow(Struct, frozen=True, kw_only=True):
    """An index in a list.

    `name`: of the enterprise, area or industry. `change`: points since the day before; None without one.
    `outdated`: why it is older than what it is made of: "inputs", "model", "day"; empty when it is not.
    """

    subject: str
    scale: Scale
    period: Period
    name: str
    enterprise_id: int | None
    region: str
    region_name: str
    sector: str
    sector_name: str
    score: float
    level: Level
    missing: int
    change: float | None
    inputs_at: dt.datetime
    outdated: str


class RiskPage(Struct, frozen=True):
    items: list[RiskRow]
    next: str | None


class RiskModelName(Struct, frozen=True, kw_only=True):
    """Which model made an index."""

    id: int
    name: str
    version: int
    region: str
    source: str
    bands: RiskBands


class RiskIndex(Struct, frozen=True, kw_only=True):
    """An index with every reason, the largest part first, a floor last. `day`: of a past day, else None."""

    row: RiskRow
    model: RiskModelName
    reasons: list[RiskReason]
    day: dt.date | None


class RiskDay(Struct, frozen=True, kw_only=True):
    """A day, month, quarter or year of an index: the last score, the worst, the mean of its days."""

    day: dt.date
    score: float
    worst: float
    mean: float
    level: Level
    days: int
    model_id: int


class RiskTrend(Struct, frozen=True):
    """An index over time, the oldest first; `models`: which versions made it."""

    unit: Literal["day", "month", "quarter", "year"]
    days: list[RiskDay]
    models: list[RiskModelName]


class RiskSpread(Struct, frozen=True, kw_only=True):
    """How many enterprises stand at each level."""

    red: int = 0
    orange: int = 0
    yellow: int = 0
    blue: int = 0


class RiskOverview(Struct, frozen=True, kw_only=True):
    """The area at a glance: enterprises by level, its own index, what lies in it ranked, the worst of all.

    `own` is None where the caller's area is no whole region, or is narrowed to some industries.
    """

    spread: RiskSpread
    outdated: int
    unknown: int
    own: RiskRow | None
    periods: list[RiskRow]
    areas: list[RiskRow]
    industries: list[RiskRow]
    worst: list[RiskRow]


# -- models as officials write them ---


class RiskModel(Struct, frozen=True, kw_only=True):
    """A version in a list; `state`: in-force, planned, replaced or ended."""

    id: int
    scale: Scale
    region: str
    region_name: str
    version: int
    name: str
    source: str
    valid_from: dt.datetime
    valid_to: dt.datetime | None
    state: str


class RiskModelPage(Struct, frozen=True):
    items: list[RiskModel]
    next: str | None


class RiskModelWhole(RiskModel, frozen=True, kw_only=True):
    """A version with what it says."""

    definition: RiskDefinition


class RiskDraft(Struct, frozen=True, kw_only=True):
    """A model in work: it counts nowhere yet."""

    id: int
    scale: Scale
    region: str
    region_name: str
    name: str
    source: str
    definition: RiskDefinition
    based_on: int | None
    created_at: dt.datetime
    created_by_name: str
    updated_at: dt.datetime
    version: int


class RiskDrafts(Struct, frozen=True):
    items: list[RiskDraft]


class NewRiskDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new draft of a region; it begins as a copy of `model_id`, or of what is in force there."""

    scale: Scale
    region: Region
    name: Title
    source: Title
    model_id: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None


class RiskDraftForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A draft's whole content."""

    name: Title
    source: Title
    definition: RiskDefinition


class RiskEnacting(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From which day on (none: at once)."""

    first_day: dt.date | None = None


class RiskEnding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a model ends before its time."""

    reason: Annotated[str, Meta(min_length=1, max_length=1000)]


class RiskMoved(Struct, frozen=True, kw_only=True):
    """How many go from one level to another."""

    before: Level
    after: Level
    count: int


class RiskChanged(Struct, frozen=True, kw_only=True):
    """An index that a draft makes otherwise."""

    subject: str
    name: str
    enterprise_id: int | None
    before: float
    after: float
    before_level: Level
    after_level: Level


class RiskPreview(Struct, frozen=True, kw_only=True):
    """What a draft makes of today's inputs beside the model in force: levels, and who changes most.

    `compared` were reckoned with both; `cut` says that there are more. `warned`: how many pass
    a threshold.
    """

    compared: int
    cut: bool
    before: RiskSpread
    after: RiskSpread
    warned_before: int
    warned_after: int
    moved: list[RiskMoved]
    changed: list[RiskChanged]
