from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from central.registry.forms.checking import check
from central.registry.forms.json_schema import schema
from central.registry.forms.register import catalogue, fields_of
from tests.central.registry.forms.example import EXAMPLE, WHOLE_RECORD, Example

EXAMPLE_SCHEMA = schema(EXAMPLE)


def validator(of: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(of)


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_every_register_has_a_valid_schema_in_the_order_of_its_form(name: str) -> None:
    register = catalogue()[name]
    emitted = schema(register)
    jsonschema_rs.meta.validate(emitted)
    validator(emitted)
    bounds = fields_of(register.record)
    assert list(emitted["properties"]) == [bound.name for bound in bounds]
    assert [part["title"] for part in emitted["properties"].values()] == [b.field.zh for b in bounds]
    assert "$ref" not in str(emitted)


def test_choices_stand_in_the_order_of_the_document() -> None:
    options = EXAMPLE_SCHEMA["properties"]["state"]["properties"]["choice"]["oneOf"]
    assert [(one["const"], one["title"]) for one in options] == [
        ("z", "在用"), ("a", "停用"), ("other", "其他"),
    ]  # fmt: skip


def test_bounds_units_and_conditions_are_told() -> None:
    pressure, gas_kind = (EXAMPLE_SCHEMA["properties"][name] for name in ("pressure", "gas_kind"))
    assert (pressure["minimum"], pressure["maximum"]) == (-0.1, 10.0)
    assert pressure["x-fengsui"] == {"kind": "number", "en": "pressure", "unit": "MPa", "decimals": 2}
    assert gas_kind["x-fengsui"]["when"] == {"field": "gas", "values": ["yes"]}


def test_what_is_asked_under_a_condition_is_not_required_of_everybody() -> None:
    assert EXAMPLE_SCHEMA["required"] == ["name", "gas"]
    assert EXAMPLE_SCHEMA["properties"]["gas_kind"]["x-fengsui"]["required"] is True


def test_what_the_check_keeps_fits_the_schema() -> None:
    clean, problems = check(Example, WHOLE_RECORD, submitted=True)
    assert problems == []
    assert [error.message for error in validator(EXAMPLE_SCHEMA).iter_errors(clean)] == []


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "一" * 21},
        {"code": "ab1"},
        {"pressure": 10.5},
        {"count": 1.5},
        {"gas": "maybe"},
        {"state": {"choice": "b"}},
        {"state": {"choice": "other", "other": "一" * 201}},
        {"dangers": {"choices": ["fire", "fire"]}},
        {"where": {"longitude": 181, "latitude": 0}},
        {"county": {"id": "4" * 101}},
        {"papers": [{"sha256": "0", "name": "a", "size": 1}]},
        {"teams": [{"name": "甲"}] * 4},
        {"teams": [{"people": 1}]},
        {"water": {"depth": 1.0}},
        {"colour": "red"},
    ],
)
def test_schema_and_check_refuse_the_same(changed: dict[str, Any]) -> None:
    record = {**WHOLE_RECORD, **changed}
    assert not validator(EXAMPLE_SCHEMA).is_valid(record)
    assert check(Example, record, submitted=True)[1] != []
