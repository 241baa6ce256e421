"""A declaration that is wrong is refused with everything that is wrong with it, in words for its author."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import pytest
from msgspec import Struct

from central.registry.forms.fields import When, choice, group, number, text, whole
from central.registry.forms.register import Given, Register, Reminder, catalogue, faults, fields_of
from central.registry.forms.values import Chosen, degrees

KNOWN_LINKS = {"enterprise", "account", "region", "industry", "agency", "gateway", "point"}


class Good(Struct):
    name: Annotated[str | None, text("名称", "name")] = None
    state: Annotated[Chosen | None, choice("状态", "state", "a 甲 a\nb 乙 b")] = None
    count: Annotated[int | None, whole("数量", "count")] = None
    phone: Annotated[str | None, text("手机", "phone", personal="phone")] = None


GOOD = Register(name="goods", zh="好", en="Good", group="base", record=Good, title="name", columns=("name",))


def test_a_good_declaration_has_no_fault() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"name": "Goods"}, "must be kebab-case"),
        ({"title": "nam"}, "title names 'nam', which is no field"),
        ({"columns": ("name", "x")}, "columns names 'x'"),
        ({"totals": ("name",)}, "totals names 'name', which is no number"),
        ({"tallies": ("count",), "filters": ("count",)}, "tallies names 'count', which is no choice"),
        ({"tallies": ("state",)}, "not among the filters"),
        ({"reminders": (Reminder("x", 1, "name"),)}, "reminders names 'name', which is no day"),
        ({"reminders": (Reminder("x", 1, until="done"),)}, "reminders names 'done', which is no field"),
        ({"public": ("phone",)}, "'phone' is personal"),
        ({"title": "phone"}, "'phone' is personal"),
        ({"shared": True}, "only records of agencies are shared"),
        ({"group": "misc"}, "group 'misc' is none of"),
        ({"owner": "person"}, "owner 'person' is none of"),
        ({"writers": frozenset({"robot"})}, "['robot'] are no kinds of role"),
    ],
)
def test_a_wrong_declaration_says_what_is_wrong(changed: dict[str, Any], words: str) -> None:
    assert any(words in fault for fault in faults(msgspec.structs.replace(GOOD, **changed)))


class Inner(Struct):
    twice: Annotated[Chosen | None, choice("两次", "twice", "a 甲 a\na 乙 b")] = None
    early: Annotated[Chosen | None, choice("其他在前", "early", "other 其他 other\na 甲 a")] = None
    empty: Annotated[Chosen | None, choice("空", "empty", "")] = None


class Bad(Struct):
    name: Annotated[str | None, text("名称", "name")] = None
    alike: Annotated[str | None, text("名称", "name")] = None
    form: Annotated[str | None, text("编号", "code", pattern="[0-9]+")] = None
    misfit: Annotated[str | None, text("代码", "code", pattern="[0-9]+", example="x")] = None
    asked: Annotated[str | None, text("随后", "then", when=When("form", ("yes",)))] = None
    unasked: Annotated[str | None, text("无从", "from nothing", when=When("gone", ("yes",)))] = None
    rows: Annotated[list[Inner] | None, group("行", "rows")] = None


def test_all_faults_of_all_fields_are_told_at_once() -> None:
    bad = msgspec.structs.replace(GOOD, record=Bad)
    words = "\n".join(faults(bad))
    for expected in (
        "two fields are called 名称",
        "form asks for a form of text: give an `example`",
        "misfit: the example does not fit the pattern",
        "unasked is asked when 'gone' is ('yes',): there is no such value",
        "rows.twice names a choice twice",
        "rows.early: `other` comes last",
        "rows.empty offers no choice",
    ):
        assert expected in words


class NoWord(Struct):
    name: Annotated[str | None, "a note"] = None


class NotMissing(Struct):
    name: Annotated[str, text("名称", "name")] = ""


class OtherType(Struct):
    count: Annotated[str | None, whole("数量", "count")] = None


class NoRows(Struct):
    rows: Annotated[list[str] | None, group("行", "rows")] = None


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (NoWord, "NoWord.name: one word"),
        (NotMissing, "every value may be missing"),
        (OtherType, "a field of kind whole is"),
        (NoRows, "a group is list"),
    ],
)
def test_a_type_that_is_not_the_fields_is_refused(record: type[Struct], words: str) -> None:
    with pytest.raises(TypeError, match=words):
        fields_of(record)


def test_every_link_leads_somewhere() -> None:
    def links(record: type[Struct]) -> set[str]:
        inside = [links(bound.inside) for bound in fields_of(record) if bound.inside is not None]
        return {bound.field.to for bound in fields_of(record) if bound.field.kind == "link"}.union(*inside)

    led = set().union(*(links(register.record) for register in catalogue().values()))
    assert {to for to in led if not to.startswith("dictionary/")} <= KNOWN_LINKS | set(catalogue())


def test_the_paper_prints_what_another_record_knows() -> None:
    treatment = catalogue()["major-danger-treatment"]
    assert Given("隐患排查时间", "danger.found") in treatment.given


@pytest.mark.parametrize("words", ["", "°", "112", "112°61′", "很远", "1°2′3″4"])
def test_words_that_are_no_degrees_stay_as_they_are(words: str) -> None:
    assert degrees(words) == words


class Levels(Struct):
    depth: Annotated[float | None, number("埋深", "depth", "m")] = None
    collar: Annotated[float | None, number("标高", "level", "m", low=-500.0)] = None


def test_a_number_is_not_below_nothing_unless_it_says_so() -> None:
    assert [bound.field.low for bound in fields_of(Levels)] == [0.0, -500.0]
