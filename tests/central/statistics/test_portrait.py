"""What a portrait says: tags with what is bad first, and a colour that names every reason."""

from __future__ import annotations

from datetime import date

from central.registry.stops import stands
from central.statistics.portrait import Known, portray


def known(**facts: object) -> Known:
    return Known(**{"status": "working", "status_name": "在产", "status_runs": True} | facts)  # type: ignore[arg-type]


def test_an_enterprise_of_which_nothing_is_known_has_no_colour_and_no_tag() -> None:
    drawn = portray(known())
    assert (drawn.colour, drawn.reasons, drawn.tags) == (None, [], [])


def test_the_colour_is_that_of_the_worst_reason_and_all_reasons_are_named() -> None:
    drawn = portray(known(hazard_class=3, risks={"major": 1, "low": 9}, expired_licences=2, worst_open=1))
    assert drawn.colour == "red"
    assert [reason.colour for reason in drawn.reasons] == ["red", "orange", "yellow", "blue", "blue"]
    assert drawn.reasons[0].text == "风险清单有 1 项重大风险"


def test_what_is_bad_comes_before_what_only_describes() -> None:
    drawn = portray(
        known(hazard_class=1, expired_licences=1, key_processes=2, credit_lists=("joint",), promise="missing")
    )
    assert [tag.word for tag in drawn.tags] == [
        "expired-licence", "joint", "promise-missing", "major-hazard", "key-process",
    ]  # fmt: skip


def test_a_stopped_enterprise_owes_no_promise_of_the_day() -> None:
    drawn = portray(known(status="stopped", status_name="停产", status_runs=False, promise="missing"))
    assert [tag.word for tag in drawn.tags] == ["status"]


def test_a_stop_stands_between_its_days_for_the_whole_enterprise_until_it_works_again() -> None:
    day = date(2026, 6, 15)
    whole = {"extent": {"choice": "whole"}, "days": {"from": "2026-06-01", "to": None}}
    assert stands(whole, day)
    assert not stands(whole | {"resumed": "2026-06-10"}, day)
    assert not stands(whole | {"days": {"from": "2026-06-16", "to": None}}, day)
    assert not stands(whole | {"days": {"from": "2026-06-01", "to": "2026-06-14"}}, day)
    assert not stands(whole | {"extent": {"choice": "part"}}, day)
