"""A masked number that comes back is the number that was there, or asked for; never another person's."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from msgspec import Struct

from central.identity.masking import phone
from central.registry import records_masking as masking
from central.registry.forms.contacts import identity_number, mobile, person
from central.registry.forms.fields import group, text
from central.registry.forms.register import Register

# Two numbers that only hidden digits tell apart, and a third.
ONE, TWO, OTHER = "13800010001", "13899990001", "13900020002"
ALIKE = phone(ONE)


class Member(Struct):
    """Somebody of a team."""

    name: Annotated[str | None, person("姓名", "name")] = None
    phone: Annotated[str | None, mobile()] = None
    duty: Annotated[str | None, text("职务", "duty")] = None


class Team(Struct):
    """A team."""

    name: Annotated[str | None, text("名称", "name")] = None
    members: Annotated[list[Member] | None, group("成员", "members")] = None


TEAMS = Register(
    name="crews", zh="班组", en="Crews", group="people", record=Team, title="name", columns=("name",)
)


def member(name: str, phone: str, duty: str = "操作工") -> dict[str, Any]:
    return {"name": name, "phone": phone, "duty": duty}


ZHANG, LI, WANG = member("张伟", ONE), member("李娜", TWO), member("王芳", OTHER)
NAMESAKE = member("张伟", TWO)


def back(kept: list[dict[str, Any]], *given: dict[str, Any]) -> tuple[list[Any], list[str]]:
    """The numbers that are stored when rows come back, and the places of those that are refused."""
    values, problems = masking.restored(TEAMS, {"members": list(given)}, {"members": kept})
    assert isinstance(values, dict)
    return [row.get("phone") for row in values["members"]], [problem.place for problem in problems]


def shown(row: dict[str, Any], **other: str) -> dict[str, Any]:
    """A row as its reader saw it, with what he changed."""
    return {**row, "phone": phone(row["phone"]), **other}


def test_the_two_numbers_look_alike() -> None:
    assert phone(TWO) == ALIKE
    assert phone(OTHER) != ALIKE


ROWS: list[tuple[str, list[dict[str, Any]], list[dict[str, Any]], list[str]]] = [
    ("as they were", [ZHANG, LI], [shown(ZHANG), shown(LI)], [ONE, TWO]),
    ("the first one gone", [ZHANG, LI], [shown(LI)], [TWO]),
    ("another one before them", [ZHANG, LI], [WANG, shown(ZHANG), shown(LI)], [OTHER, ONE, TWO]),
    ("the other way round", [ZHANG, LI], [shown(LI), shown(ZHANG)], [TWO, ONE]),
    ("one with another duty", [ZHANG, LI], [shown(LI, duty="班长"), shown(ZHANG)], [TWO, ONE]),
    ("one alone of its kind, renamed", [ZHANG, WANG], [shown(WANG, name="王方")], [OTHER]),
    ("namesakes left as they were", [ZHANG, NAMESAKE], [shown(ZHANG), shown(NAMESAKE)], [ONE, TWO]),
]  # fmt: skip


@pytest.mark.parametrize(("what", "kept", "given", "numbers"), ROWS, ids=[row[0] for row in ROWS])
def test_rows_that_moved_keep_their_own_numbers(
    what: str, kept: list[dict[str, Any]], given: list[dict[str, Any]], numbers: list[str]
) -> None:
    assert back(kept, *given) == (numbers, []), what


def test_what_cannot_be_told_apart_is_asked_for_and_not_guessed() -> None:
    renamed = shown(ZHANG, name="张玮")
    assert back([ZHANG, LI], renamed, shown(LI)) == ([ALIKE, TWO], ["members[0].phone"])
    assert back([ZHANG, NAMESAKE], shown(NAMESAKE))[1] == ["members[0].phone"]
    assert back([ZHANG], shown(WANG))[1] == ["members[0].phone"]
    _, (problem,) = masking.restored(TEAMS, {"members": [shown(WANG)]}, {"members": [ZHANG]})
    assert "重新填写" in problem.remedy


class Now(Struct):
    """A form whose fields were of other kinds before."""

    name: Annotated[str | None, text("名称", "name")] = None
    members: Annotated[str | None, text("成员", "members")] = None
    chief: Annotated[list[Member] | None, group("负责人", "chief")] = None
    number: Annotated[str | None, identity_number()] = None


NOW = Register(
    name="crews", zh="班组", en="Crews", group="people", record=Now, title="name", columns=("name",)
)
BEFORE = {
    "name": "一班", "members": [ZHANG], "chief": "张伟，13800010001",
    "number": {"text": "11010519491231002X"}, "former_phone": ONE, "more": {"phone": ONE},
}  # fmt: skip


def test_what_no_field_of_today_describes_is_not_shown_to_others() -> None:
    assert masking.masked(NOW, BEFORE) == {"name": "一班"}
    assert masking.masked(TEAMS, {"members": [{**ZHANG, "fax": ONE}]}) == {"members": [shown(ZHANG)]}
