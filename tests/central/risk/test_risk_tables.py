"""Each general model against a table of ten subjects that were reckoned by hand, line by line."""

from __future__ import annotations

import json
import re
import tomllib
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

import central.db
from central.risk import inputs, rules
from central.risk.models import LEVELS, SCALES, Line, RiskDefinition, Scale

HERE = Path(__file__).parent
MIGRATION = Path(central.db.__file__).parent / "migrations" / "0042_risk.sql"
LINE = re.compile(
    r"(?P<input>\w+) = (?P<value>\S+): (?:.+ = )?(?P<share>[\d.]+); "
    r"× (?P<weight>[\d.]+)(?: × 100 ÷ (?P<left>\d+))? = (?P<points>\d+\.\d\d)"
)
FLOOR = re.compile(r"底线 (?P<words>.+): (?P<to>\d+) − (?P<sum>[\d.]+) = (?P<points>[\d.]+)")


def shipped(scale: Scale) -> RiskDefinition:
    """The general model as the migration writes it."""
    text = MIGRATION.read_text(encoding="utf-8")
    found = re.search(rf"'', '{scale}', 1,.*?'(\{{.*?\}})'::jsonb", text, re.DOTALL)
    assert found is not None
    return msgspec.convert(json.loads(found[1]), RiskDefinition)


def subjects() -> list[Any]:
    return [
        pytest.param(scale, subject, id=f"{scale}-{index}")
        for scale in SCALES
        for index, subject in enumerate(
            tomllib.loads((HERE / f"{scale}.toml").read_text(encoding="utf-8"))["subject"], 1
        )
    ]


def cents(number: Decimal) -> Decimal:
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.parametrize("scale", SCALES)
def test_a_general_model_has_nothing_wrong_and_a_table_of_ten(scale: Scale) -> None:
    assert rules.problems(shipped(scale), inputs.known(scale)) == []
    table = tomllib.loads((HERE / f"{scale}.toml").read_text(encoding="utf-8"))
    assert len(table["subject"]) == 10


@pytest.mark.parametrize(("scale", "subject"), subjects())
def test_a_model_says_what_was_reckoned_by_hand(scale: Scale, subject: dict[str, Any]) -> None:
    told = [LINE.fullmatch(line) for line in subject["lines"] if not line.startswith("底线")]
    floors = [FLOOR.fullmatch(line) for line in subject["lines"] if line.startswith("底线")]
    by_hand = {line["input"]: line for line in told if line is not None}
    assert len(by_hand) + len(floors) == len(subject["lines"])
    values: dict[str, float | None] = dict.fromkeys(subject["zero"], 0.0) | subject.get("more", {})
    values |= dict.fromkeys(subject["missing"])
    values |= {
        name: None if line["value"] == "缺失" else float(line["value"]) for name, line in by_hand.items()
    }
    model = shipped(scale)
    # The table names every input of the model: nothing is missing by oversight.
    assert {term.input for term in model.terms} <= set(values)

    found = rules.assess(model, values)
    lines: dict[str, Line] = {line.input: line for line in found.lines if not line.floor}
    assert {name for name, line in lines.items() if line.points} <= set(by_hand)
    for name, line in by_hand.items():
        weight = Decimal(line["weight"]) * 100 / Decimal(line["left"] or 100)
        assert cents(weight * Decimal(line["share"])) == Decimal(line["points"]), name
        assert lines[name].points == float(line["points"]), name
        assert lines[name].share == pytest.approx(float(line["share"]), abs=1e-4), name
        assert lines[name].weight == float(cents(weight)), name
    lifts = [(line.floor, line.points) for line in found.lines if line.floor]
    assert lifts == [(one["words"], float(one["points"])) for one in floors if one is not None]
    total = sum((Decimal(line["points"]) for line in by_hand.values()), Decimal(0))
    total += sum((Decimal(one["points"]) for one in floors if one is not None), Decimal(0))
    assert float(total) == found.score == subject["score"]
    assert LEVELS[found.level] == subject["level"]
    assert found.missing == len(subject["missing"]) + sum(
        1 for line in by_hand.values() if line["value"] == "缺失"
    )
