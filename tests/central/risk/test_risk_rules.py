"""What holds of every model and every input: lines sum up, nothing missing is silent, floors hold."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from central.risk import inputs, rules
from central.risk.models import MissingRule, RiskBands, RiskDefinition, RiskFloor, RiskTerm, RiskThreshold

KEYS = ("a", "b", "c", "d")
BANDS = RiskBands(red=70, orange=50, yellow=30)
SHARES = st.integers(0, 100).map(lambda n: n / 100)
POINTS = (
    st.dictionaries(st.integers(-50, 50), SHARES, min_size=2, max_size=5)
    .map(lambda d: tuple(sorted((float(at), share) for at, share in d.items())))
)  # fmt: skip
MISSING = st.builds(MissingRule, rule=st.sampled_from(["assume", "spread"]), share=SHARES)
SPLITS = st.lists(st.integers(1, 96), min_size=3, max_size=3, unique=True).map(sorted)


@st.composite
def models(draw: st.DrawFn) -> RiskDefinition:
    """Any whole model over four inputs."""
    low, middle, high = draw(SPLITS)
    weights = (low, middle - low, high - middle, 100 - high)
    terms = tuple(
        RiskTerm(
            input=key, weight=float(weight), curve=draw(st.sampled_from(["steps", "linear"])),
            points=draw(POINTS), missing=draw(MISSING),
        )
        for key, weight in zip(KEYS, weights, strict=True)
    )  # fmt: skip
    floor = RiskFloor(
        input=draw(st.sampled_from(KEYS)), least=10, score=draw(st.integers(0, 100)), words="底线"
    )
    return RiskDefinition(terms=terms, bands=BANDS, floors=(floor,))


ZERO = MissingRule("assume")
VALUES = st.fixed_dictionaries({key: st.none() | st.floats(-100, 100, width=32) for key in KEYS})


@given(models(), VALUES)
def test_lines_sum_up_to_the_score_and_every_missing_input_is_said(
    model: RiskDefinition, values: dict[str, float | None]
) -> None:
    assert rules.problems(model, KEYS) == []
    assume(any(values[t.input] is not None or t.missing.rule == "assume" for t in model.terms))
    found = rules.assess(model, values)
    assert float(sum((Decimal(str(line.points)) for line in found.lines), Decimal(0))) == found.score
    assert 0 <= found.score <= 100
    assert {line.input for line in found.lines if line.missing} == {k for k, v in values.items() if v is None}
    assert found.level == rules.level_of(model.bands, found.score)
    floor = model.floors[0]
    value = values[floor.input]
    assert value is None or value < floor.least or found.score >= floor.score


@given(models(), VALUES)
def test_the_same_inputs_give_the_same_index(model: RiskDefinition, values: dict[str, float | None]) -> None:
    again = msgspec.json.decode(msgspec.json.encode(model), type=RiskDefinition)
    assume(any(values[t.input] is not None or t.missing.rule == "assume" for t in model.terms))
    assert rules.assess(model, values) == rules.assess(again, values)


@given(models())
def test_where_every_weight_would_be_spread_there_is_no_index(model: RiskDefinition) -> None:
    spread = tuple(msgspec.structs.replace(term, missing=MissingRule("spread")) for term in model.terms)
    with pytest.raises(rules.NothingKnown):
        rules.assess(msgspec.structs.replace(model, terms=spread), dict.fromkeys(KEYS))


def test_a_rise_without_history_is_none_and_a_threshold_is_left_only_well_below() -> None:
    alerts = (
        RiskThreshold(kind="above", points=70, level="orange"),
        RiskThreshold(kind="above", points=85, level="red"),
        RiskThreshold(kind="rise", points=20, days=7, level="yellow"),
    )
    assert rules.passed(alerts, "above", 69.99, {}) is None
    assert rules.passed(alerts, "above", 70, {}) == alerts[0]
    assert rules.passed(alerts, "above", 90, {}) == alerts[1]
    assert rules.passed(alerts, "rise", 90, {}) is None
    assert rules.passed(alerts, "rise", 50, {7: 30}) == alerts[2]
    assert rules.still_near(alerts, "above", 65.01, {}, 5)
    assert not rules.still_near(alerts, "above", 65, {}, 5)
    assert not rules.still_near(alerts, "rise", 45, {7: 30}, 5)


def test_everything_wrong_with_a_model_is_named() -> None:
    model = RiskDefinition(
        terms=(
            RiskTerm(input="alarm_red", weight=50, curve="linear", points=((1, 0),), missing=ZERO),
            RiskTerm(input="alarm_red", weight=20, curve="steps", points=((2, 0), (1, 1)), missing=ZERO),
            RiskTerm(input="luck", weight=10, curve="steps", points=((0, 0),), missing=MissingRule("spread")),
        ),
        bands=RiskBands(red=50, orange=60, yellow=30),
        floors=(RiskFloor(input="luck", least=1, score=50, words="底线"),),
        alerts=(RiskThreshold(kind="rise", points=10, level="red"),),
    )  # fmt: skip
    assert [problem.place for problem in rules.problems(model, inputs.known("enterprise"))] == [
        "definition.terms[0].points",
        "definition.terms[1].input",
        "definition.terms[1].points",
        "definition.terms[2].input",
        "definition.terms",
        "definition.bands",
        "definition.floors[0].input",
        "definition.alerts[0].days",
    ]
