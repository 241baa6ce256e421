"""What the cycle test feeds every register with is what its declaration asks for."""

from __future__ import annotations

import jsonschema_rs
import pytest

from central.registry.forms.checking import check
from central.registry.forms.json_schema import schema
from central.registry.forms.register import catalogue
from tests.central.registry.made import changed, made

NAMES = sorted(catalogue())


@pytest.mark.parametrize("name", NAMES)
def test_a_made_record_is_right_and_no_two_have_the_same_key(name: str) -> None:
    register = catalogue()[name]
    for full in (True, False):
        clean, problems = check(register.record, made(register, full=full), submitted=True)
        assert problems == []
        assert jsonschema_rs.is_valid(schema(register), clean)
    keys = [str([made(register, n).get(field) for field in register.key]) for n in (1, 2, 3)]
    assert register.key == () or len(set(keys)) == 3
    field, other = changed(register, made(register))
    assert other[field] != made(register)[field]
