"""What is true of every declared register: it can be filled in, asks for something, and fits its schema."""

from __future__ import annotations

import jsonschema_rs
import pytest

from central.registry.forms.checking import check
from central.registry.forms.json_schema import schema
from central.registry.forms.register import catalogue
from tests.central.registry.made import made

REGISTERS = sorted(catalogue())


@pytest.mark.parametrize("name", REGISTERS)
def test_a_record_can_be_filled_in_and_fits_the_schema(name: str) -> None:
    register = catalogue()[name]
    judge = jsonschema_rs.Draft202012Validator(schema(register))
    for number, full in ((1, True), (2, True), (3, False)):
        clean, problems = check(register.record, made(register, number, full=full), submitted=True)
        assert problems == []
        assert [f"{error.instance_path}: {error.message}" for error in judge.iter_errors(clean)] == []
        assert check(register.record, clean, submitted=True) == (clean, [])


@pytest.mark.parametrize("name", REGISTERS)
def test_an_empty_record_is_refused_with_each_field_that_must_be_there(name: str) -> None:
    register = catalogue()[name]
    required = set(schema(register)["required"])
    _, problems = check(register.record, {}, submitted=True)
    assert required
    assert {problem.place for problem in problems} == required


@pytest.mark.parametrize("name", REGISTERS)
def test_a_register_says_what_it_is(name: str) -> None:
    register = catalogue()[name]
    assert register.source
    assert register.title in register.columns
    assert 3 <= len(register.columns) <= 9
