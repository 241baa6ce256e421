"""A model and its inputs make a score, a level and a line for every point: pure, exact to two decimals.

Kept by design: the lines sum up to the score, a missing input is never a silent zero, and no sum hides what a
floor holds up (one red enterprise shows in its area's index).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Final

from central.db.errors import FieldProblem
from central.risk.models import Assessment, Line, RiskBands, RiskDefinition, RiskTerm, RiskThreshold

_CENT: Final = Decimal("0.01")
_HUNDRED: Final = Decimal(100)


class NothingKnown(ValueError):
    """Every input is missing and its weight would have to be spread over others: there is no index."""


def assess(model: RiskDefinition, values: Mapping[str, float | None]) -> Assessment:
    """Give the index of one subject.

    Args:
        model: what counts how much.
        values: of the inputs; None, or no key, is missing.

    Raises:
        NothingKnown: no input is known whose weight could carry the others'.
    """
    shares: list[tuple[RiskTerm, float | None, Decimal | None]] = []
    for term in model.terms:
        value = values.get(term.input)
        if value is not None:
            shares.append((term, value, share_of(term, value)))
        elif term.missing.rule == "assume":
            shares.append((term, None, _exact(term.missing.share)))
        else:
            shares.append((term, None, None))
    whole = sum((_exact(term.weight) for term, _, _ in shares), Decimal(0))
    carried = sum((_exact(term.weight) for term, _, share in shares if share is not None), Decimal(0))
    if not carried:
        raise NothingKnown
    lines = []
    for term, value, share in shares:
        weight = _exact(term.weight) * whole / carried if share is not None else Decimal(0)
        points = _cents(weight * share) if share is not None else Decimal(0)
        lines.append(
            Line(
                input=term.input, value=value, weight=float(_cents(weight)), share=float(share or 0),
                points=float(points), missing="" if value is not None else term.missing.rule,
            )
        )  # fmt: skip
    score = sum((_exact(line.points) for line in lines), Decimal(0))
    held = [
        floor
        for floor in model.floors
        if (values.get(floor.input) or 0) >= floor.least and values.get(floor.input) is not None
    ]
    if held:
        floor = max(held, key=lambda one: one.score)
        lift = _cents(_exact(floor.score)) - score
        if lift > 0:
            lines.append(
                Line(
                    input=floor.input, value=values.get(floor.input), weight=0.0, share=0.0,
                    points=float(lift), floor=floor.words,
                )
            )  # fmt: skip
            score += lift
    # Two hundredths that rounding may bring over a hundred belong to the largest line.
    if score > _HUNDRED:
        first = max(range(len(lines)), key=lambda index: lines[index].points)
        over = lines[first]
        less = float(_exact(over.points) - (score - _HUNDRED))
        lines[first] = Line(
            input=over.input, value=over.value, weight=over.weight, share=over.share, points=less,
            missing=over.missing, floor=over.floor,
        )  # fmt: skip
        score = _HUNDRED
    return Assessment(
        float(score), level_of(model.bands, float(score)), tuple(lines),
        sum(1 for line in lines if line.missing),
    )  # fmt: skip


def share_of(term: RiskTerm, value: float) -> Decimal:
    """The share of a term's weight that a value earns, 0 to 1."""
    points = [(_exact(at), _exact(share)) for at, share in term.points]
    exact = _exact(value)
    below = [point for point in points if point[0] <= exact]
    if not below:
        return points[0][1]
    at, share = below[-1]
    if term.curve == "steps" or len(below) == len(points):
        return share
    further, to = points[len(below)]
    return share + (to - share) * (exact - at) / (further - at)


def level_of(bands: RiskBands, score: float) -> int:
    """The level of a score, 1 (blue) to 4 (red)."""
    if score >= bands.red:
        return 4
    if score >= bands.orange:
        return 3
    return 2 if score >= bands.yellow else 1


def passed(
    thresholds: Sequence[RiskThreshold], kind: str, score: float, before: Mapping[int, float]
) -> RiskThreshold | None:
    """The worst threshold of a kind that an index passes; None without.

    Args:
        thresholds: of the model.
        kind: "above" or "rise".
        score: as it stands.
        before: the lowest score of the last so many days, by days; a rise without history is none.
    """
    found = [
        one
        for one in thresholds
        if one.kind == kind
        and (score if kind == "above" else score - before.get(one.days, score)) >= one.points
    ]
    return max(found, key=_severity, default=None)


def still_near(
    thresholds: Sequence[RiskThreshold], kind: str, score: float, before: Mapping[int, float], margin: float
) -> bool:
    """Whether an index that passed a threshold of a kind is not yet by `margin` below all of them."""
    return any(
        (score if kind == "above" else score - before.get(one.days, score)) > one.points - margin
        for one in thresholds
        if one.kind == kind
    )


def _severity(one: RiskThreshold) -> tuple[int, float]:
    return ("blue", "yellow", "orange", "red").index(one.level), one.points


def problems(model: RiskDefinition, known: Collection[str]) -> list[FieldProblem]:
    """Name everything that is wrong with a model.

    Args:
        model: as it was written.
        known: the inputs that there are at its scale.
    """
    found: list[FieldProblem] = []

    def wrong(place: str, problem: str, remedy: str) -> None:
        found.append(FieldProblem(place, problem, remedy))

    seen: set[str] = set()
    for index, term in enumerate(model.terms):
        here, nth = f"definition.terms[{index}]", f"第 {index + 1} 项指标"
        if term.input not in known:
            wrong(f"{here}.input", f"{nth}：没有“{term.input}”这项指标。", "从列表中选择。")
        if term.input in seen:
            wrong(f"{here}.input", f"{nth}与前面的指标重复。", "删去其中一项。")
        seen.add(term.input)
        values = [at for at, _ in term.points]
        if any(a >= b for a, b in pairwise(values)):
            wrong(f"{here}.points", f"{nth}：折算点的数值须逐个增大。", "按数值从小到大填写。")
        if term.curve == "linear" and len(values) == 1:
            wrong(f"{here}.points", f"{nth}：按直线折算至少要两个点。", "再加一个点，或改为分档。")
    total = sum((_exact(term.weight) for term in model.terms), Decimal(0))
    if total != _HUNDRED:
        wrong("definition.terms", f"各项权重合计 {total:f}，须为 100。", "调整权重，使合计为 100。")
    if all(term.missing.rule == "spread" for term in model.terms) and len(model.terms) == 1:
        wrong("definition.terms[0].missing", "唯一的指标缺失时没有其他指标可以分摊。", "改为按固定比例计。")
    bands = model.bands
    if not bands.red > bands.orange > bands.yellow > 0:
        wrong("definition.bands", "分级界限须红色最高，橙色、黄色依次降低，且大于 0。", "例如 70、50、30。")
    for index, floor in enumerate(model.floors):
        if floor.input not in known:
            wrong(
                f"definition.floors[{index}].input",
                f"第 {index + 1} 条底线：没有“{floor.input}”这项指标。",
                "从列表中选择。",
            )
    for index, one in enumerate(model.alerts):
        if (one.kind == "rise") != (one.days > 0):
            wrong(
                f"definition.alerts[{index}].days",
                f"第 {index + 1} 条预警条件：上升须写明天数，达到则不写。",
                "例如 7 天内上升 20 分。",
            )
    return found


def _exact(number: float) -> Decimal:
    return Decimal(str(number))


def _cents(number: Decimal) -> Decimal:
    return number.quantize(_CENT, ROUND_HALF_UP)
