"""When a figure of an enterprise's management is a warning (MON-03): pure.

    item            figure                                                            warned of when it is
    online-rate     share of the last seven days in which its gateways were heard, %  below
    data-score      mean data-quality score of the last seven days                    below
    hidden-report   days since it last reported what its search for dangers found     above
    rectification   major hidden dangers past their planned day                       above
    plan            emergency plans past their day of revision                        above
    training        days since it last recorded a training                            above
    promise         days for which it owes the daily promise                          above
    certificates    licences and certificates that lapsed                             above
    updates         registers past their day of update                                above

Who never wrote counts from the day on which it was registered. Who does not produce is asked for papers
alone.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from central.registry.measures import Measured, Overdue

ONLINE_RATE: Final = "online-rate"
DATA_SCORE: Final = "data-score"
HIDDEN_REPORT: Final = "hidden-report"
RECTIFICATION: Final = "rectification"
PLAN: Final = "plan"
TRAINING: Final = "training"
PROMISE: Final = "promise"
CERTIFICATES: Final = "certificates"
UPDATES: Final = "updates"
ITEMS: Final = (
    ONLINE_RATE, DATA_SCORE, HIDDEN_REPORT, RECTIFICATION, PLAN, TRAINING, PROMISE, CERTIFICATES, UPDATES,
)  # fmt: skip
AT_LEAST: Final = frozenset({ONLINE_RATE, DATA_SCORE})
"""Items whose figure must not fall below the limit; the others must not rise above it."""
OF_RUNNING: Final = frozenset({ONLINE_RATE, DATA_SCORE, HIDDEN_REPORT, TRAINING, PROMISE})
WRITTEN: Final = {HIDDEN_REPORT: "major-danger-checks", TRAINING: "training-records"}
"""The register whose last entry counts."""
PROMISES: Final = "safety-promises"
_PLANS: Final = frozenset({"plans-filed"})
_TREATMENTS: Final = frozenset({"major-danger-treatment"})
_PAPERS: Final = frozenset({
    "certificates", "licences", "chemical-licences", "chemical-registrations", "standardisation",
    "open-pit-mines", "oil-gas-units", "underground-mines", "tailings-ponds",
})  # fmt: skip


class Threshold(Struct, frozen=True, kw_only=True):
    """One row of the table `management_threshold`."""

    id: int
    region: str
    item: str
    version: int
    limit_value: float
    asked: bool
    sectors: list[str] | None
    hazards: bool


class Beyond(Struct, frozen=True):
    """A figure beyond its threshold."""

    threshold: Threshold
    value: float


def figures(
    enterprise: Measured,
    overdue: Sequence[Overdue],
    written: dict[str, date | None],
    online: float | None,
    score: float | None,
    today: date,
) -> dict[str, float | None]:
    """Every figure of an enterprise; None where there is none.

    Args:
        enterprise: whose.
        overdue: what is past its day.
        written: last day of each register of WRITTEN.
        online: share of the last days in which its gateways were heard.
        score: mean data-quality score.
        today: the day in the jurisdiction's zone.
    """
    owed = [one for one in overdue if one.register == PROMISES]
    found: dict[str, float | None] = {
        ONLINE_RATE: None if online is None else online * 100,
        DATA_SCORE: score,
        RECTIFICATION: _many(overdue, "day", _TREATMENTS),
        PLAN: _many(overdue, "day", _PLANS),
        CERTIFICATES: _many(overdue, "day", _PAPERS),
        PROMISE: float(max(((today - one.first_due).days for one in owed), default=0)),
        UPDATES: float(sum(o.many for o in overdue if o.cause == "update" and o.register != PROMISES)),
    }
    for item, register in WRITTEN.items():
        found[item] = float((today - (written.get(register) or enterprise.since)).days)
    return found


def _many(overdue: Sequence[Overdue], cause: str, registers: frozenset[str]) -> float:
    return float(sum(one.many for one in overdue if one.cause == cause and one.register in registers))


def threshold_for(table: Sequence[Threshold], item: str, place: str) -> Threshold | None:
    """The row that counts for an item at a place: of the longest region, then the newest."""
    fitting = [row for row in table if row.item == item and place.startswith(row.region)]
    return max(fitting, key=lambda row: (len(row.region), row.version), default=None)


def judge(
    table: Sequence[Threshold], enterprise: Measured, found: dict[str, float | None]
) -> dict[str, Beyond]:
    """What is beyond its threshold, by item.

    Args:
        table: the rows that are valid now.
        enterprise: whose figures.
        found: the figures.
    """
    beyond: dict[str, Beyond] = {}
    for item, value in found.items():
        row = threshold_for(table, item, enterprise.place)
        if row is None or not row.asked or value is None:
            continue
        if item in OF_RUNNING and not enterprise.runs:
            continue
        concerned = row.sectors is None or enterprise.sector in row.sectors
        if not concerned and not (row.hazards and enterprise.hazard_class is not None):
            continue
        if value < row.limit_value if item in AT_LEAST else value > row.limit_value:
            beyond[item] = Beyond(row, value)
    return beyond
