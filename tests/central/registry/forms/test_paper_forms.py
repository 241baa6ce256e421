"""Each paper form is declared box by box: as many fields in each row, as many choices in each list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from central.registry.forms.register import Bound, catalogue, fields_of
from tests.central.registry.forms.paper import BESIDE, FORMS, UNCERTAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from msgspec import Struct


def fields(record: type[Struct], where: str = "") -> Iterator[tuple[str, Bound]]:
    for bound in fields_of(record):
        yield f"{where}{bound.name}", bound
        if bound.inside is not None:
            yield from fields(bound.inside, f"{where}{bound.name}.")


def rows(form: str) -> list[tuple[str, int, list[str]]]:
    read = [line.split() for line in FORMS[form].replace("\\\n", " ").strip().splitlines()]
    return [(row, int(count), names) for row, count, *names in read]


ROWS = [
    pytest.param(form, count, names, id=f"{form}-{row}") for form in FORMS for row, count, names in rows(form)
]


@pytest.mark.parametrize(("form", "count", "names"), ROWS)
def test_a_row_of_the_paper_form_has_its_fields(form: str, count: int, names: list[str]) -> None:
    register = catalogue()[form]
    known = dict(fields(register.record))
    printed = {f"@{given.zh}" for given in register.given}
    typed = [name.split(":")[0] for name in names if not name.startswith("@")]
    assert {name for name in names if name.startswith("@")} <= printed
    assert set(typed) <= set(known)
    assert len(names) + sum(known[name].field.kind == "spot" for name in typed) == count
    chosen = {name: str(len(known[name].field.choices)) for name in typed if known[name].field.choices}
    assert chosen == dict(name.split(":") for name in names if ":" in name)


@pytest.mark.parametrize("form", FORMS)
def test_a_declaration_has_no_field_that_its_paper_form_lacks(form: str) -> None:
    register = catalogue()[form]
    of_rows = [name.split(":")[0] for _, _, names in rows(form) for name in names]
    assert len(set(of_rows)) == len(of_rows)
    declared = {
        name
        for name, bound in fields(register.record)
        if bound.field.kind not in {"group", "block"} or name in of_rows
    }
    assert declared - BESIDE.get(form, set()) == {name for name in of_rows if not name.startswith("@")}
    assert {f"@{given.zh}" for given in register.given} == {name for name in of_rows if name.startswith("@")}


@pytest.mark.parametrize("form", FORMS)
def test_what_the_documents_leave_open_is_marked_and_explained(form: str) -> None:
    open_ones = {name: bound for name, bound in fields(catalogue()[form].record) if bound.field.uncertain}
    assert set(open_ones) == UNCERTAIN.get(form, set())
    assert all(bound.field.note for bound in open_ones.values())


def test_all_sixteen_forms_are_counted() -> None:
    assert len(FORMS) == 4 + 8 + 4


def test_no_class_of_accidents_or_process_is_missing_or_out_of_order() -> None:
    risk = dict(fields(catalogue()["key-supervision"].record))["risk"].field.choices
    process = dict(fields(catalogue()["hazardous-processes"].record))["process"].field.choices
    assert [choice.code for choice in risk] == [f"{number:02}" for number in range(1, 21)]
    assert [choice.code for choice in process] == [*(f"{number:02}" for number in range(1, 19)), "other"]


def test_totals_and_tallies_are_those_of_the_last_row() -> None:
    accidents, penalties = catalogue()["accidents"], catalogue()["penalties"]
    assert accidents.totals == ("light", "serious", "deaths", "loss")
    assert accidents.tallies == ("kind",)
    assert "entry" in penalties.tallies


def test_what_is_treated_is_a_danger_that_was_found() -> None:
    treatment = dict(fields(catalogue()["major-danger-treatment"].record))
    investigation = dict(fields(catalogue()["investigations"].record))
    assert treatment["danger"].field.to == "major-danger-checks"
    assert investigation["accident"].field.to == "accidents"
