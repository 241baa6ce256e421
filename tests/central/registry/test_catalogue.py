"""What holds for every declared register, whoever wrote its declaration."""

from __future__ import annotations

import re

import pytest

from central.identity.masking import record as masked
from central.registry.dictionaries import KINDS
from central.registry.forms.checks import cas_problem, identity_problem
from central.registry.forms.lists import KEY_PROCESSES
from central.registry.forms.lists_chemicals import KEY_SUPERVISED, SPECIALLY_CONTROLLED, officially
from central.registry.forms.register import GROUPS, Bound, Register, catalogue, fields_of

# Every address that other parts of the product, printed codes and customers' sheets rely on.
NAMES = """
    licences certificates staff-members three-five-people safety-organisation production-equipment
    special-equipment spare-parts chemicals key-chemicals key-processes chemical-base chemical-registrations
    evaluation-certificates storage-units production-units enterprise-basics key-supervision risk-list
    major-danger-checks major-danger-treatment accidents investigations penalties tailings-ponds
    underground-mines open-pit-mines oil-gas-units chemical-licences licensed-chemicals hazardous-processes
    chemical-major-hazards surroundings plant-plans standardisation safety-credit safety-elements
    output-and-tax responsibility-letters safety-investment safety-management rules-and-regulations
    occupational-hazards hazard-factor-tests ammonia-refrigeration production-stops safety-promises
    contact-list plans-filed training-plans training-schemes training-records emergency-training
    rescue-agencies rescue-teams experts emergency-supplies relief-supplies shelters hospitals police-forces
    fire-forces support-bases fragile-targets key-targets unloading-points social-rescue-forces
    natural-disaster-points laws standards operating-rules safety-systems important-files accident-cases
    notices material-returns material-answers responsibility-list-modules responsibility-list-templates
    emergency-knowledge
"""
AGREED = frozenset(NAMES.split())
CODED = {"natural-disaster-points", "rescue-teams", "emergency-supplies", "shelters"}
TABLES = {"enterprise", "account", "region", "industry", "agency", "gateway", "point"}
CHINESE = re.compile("[\u4e00-\u9fff]")
OF_A_PERSON = re.compile("身份证|手机|移动电话|联系方式|联系电话(?!（)")


def _fields(register: Register) -> list[tuple[str, Bound]]:
    """Every field of a register, also inside of groups and blocks, with its place."""

    def inside(record: type, where: str) -> list[tuple[str, Bound]]:
        return [
            found
            for bound in fields_of(record)
            for found in [
                (f"{register.name}: {where}{bound.name}", bound),
                *(inside(bound.inside, f"{where}{bound.name}.") if bound.inside else []),
            ]
        ]

    return inside(register.record, "")


ALL = [place for register in catalogue().values() for place in _fields(register)]


def test_every_agreed_register_is_declared() -> None:
    assert AGREED - set(catalogue()) == set()
    assert {name for name, register in catalogue().items() if register.coded} == CODED


def test_titles_and_fields_have_both_languages() -> None:
    assert [r.name for r in catalogue().values() if not CHINESE.search(r.zh) or CHINESE.search(r.en)] == []
    assert [where for where, bound in ALL if not CHINESE.search(bound.field.zh)] == []
    assert [where for where, bound in ALL if not bound.field.en or CHINESE.search(bound.field.en)] == []
    assert [
        f"{where}: {choice.code}"
        for where, bound in ALL
        for choice in bound.field.choices
        if not choice.zh or not choice.en or CHINESE.search(choice.en)
    ] == []


def test_nothing_personal_is_unmarked() -> None:
    unmarked = [
        where
        for where, bound in ALL
        if bound.field.kind in {"text", "long-text"}
        and OF_A_PERSON.search(bound.field.zh)
        and not bound.field.personal
    ]
    assert unmarked == []


def test_the_audit_masks_whatever_is_personal() -> None:
    personal = [(where, bound) for where, bound in ALL if bound.field.personal]
    assert len(personal) > 30
    shown = [
        where
        for where, bound in personal
        if masked({bound.name: "110105194912310021"})[bound.name] == "110105194912310021"
    ]
    assert shown == []


def test_nobody_finds_a_person_by_the_number_of_an_identity_card_or_a_telephone() -> None:
    found = [
        f"{register.name}: {name}"
        for register in catalogue().values()
        for name in register.filters
        if {bound.name: bound.field.personal for bound in fields_of(register.record)}[name]
    ]
    assert found == []


def test_links_lead_to_something() -> None:
    known = TABLES | set(catalogue()) | {f"dictionary/{one.name}" for one in KINDS}
    astray = [
        f"{where} → {bound.field.to}"
        for where, bound in ALL
        if bound.field.kind == "link" and bound.field.to not in known
    ]
    assert astray == []


def test_lists_show_a_few_columns_and_begin_with_one_that_says_what_it_is() -> None:
    assert [r.name for r in catalogue().values() if not 3 <= len(r.columns) <= 8] == []
    unreadable = {"group", "block", "file", "picture", "spot", "mark", "long-text"}
    kinds = {
        r.name: {b.name: b.field.kind for b in fields_of(r.record)}[r.columns[0]]
        for r in catalogue().values()
    }
    assert {name for name, kind in kinds.items() if kind in unreadable} == set()


def test_every_group_of_the_menu_has_registers_and_every_register_says_who_asked_for_it() -> None:
    assert {register.group for register in catalogue().values()} == set(GROUPS)
    assert [register.name for register in catalogue().values() if not register.source] == []


def test_what_is_only_a_proposal_says_so_to_whoever_fills_it_in() -> None:
    hidden = [where for where, bound in ALL if "建议" in bound.field.note and not bound.field.uncertain]
    assert hidden == []
    assert [where for where, bound in ALL if bound.field.uncertain and not bound.field.note] == []


def test_the_official_lists_are_whole_and_their_numbers_right() -> None:
    key = [one for edition in KEY_SUPERVISED for one in edition.entries]
    controlled = [one for edition in SPECIALLY_CONTROLLED for one in edition.entries]
    assert [one.number for one in key] == list(range(1, 75))
    assert [one.number for one in controlled] == list(range(1, 21))
    assert [one.zh for one in key + controlled if one.cas and cas_problem(one.cas)] == []
    assert len(KEY_PROCESSES.strip().splitlines()) == 18
    chlorine = officially(KEY_SUPERVISED, "7782-50-5")
    assert chlorine is not None
    assert chlorine.zh == "氯"
    assert officially(KEY_SUPERVISED, "") is None


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("7782-50-5", None),
        ("64-17-5", None),
        ("7782-50-6", "校验位不对，应为 5"),
        ("7782505", "应形如"),
        ("07782-50-5", "应形如"),
    ],
)
def test_a_cas_number_is_checked_to_its_last_digit(number: str, problem: str | None) -> None:
    assert (problem or "") in (cas_problem(number) or "")
    assert (cas_problem(number) is None) == (problem is None)


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("11010519491231002X", None),
        ("110105194912310021", "校验位"),
        ("110105194902300023", "出生日期"),
        ("11010519491231002x", "18 位"),
    ],
)
def test_an_identity_number_is_checked_without_being_repeated(number: str, problem: str | None) -> None:
    told = identity_problem(number) or ""
    assert (problem or "") in told
    assert (told == "") == (problem is None)
    assert number not in told


def test_a_chemical_of_the_official_list_is_not_missed_for_a_wrong_tick() -> None:
    check = catalogue()["chemicals"].check
    assert check is not None
    assert [problem.place for problem in check({"cas": "67-56-1", "key_supervised": False})] == [
        "key_supervised"
    ]
    assert check({"cas": "67-56-1", "key_supervised": True}) == []
    assert check({"cas": "7647-01-0", "key_supervised": False}) == []
    assert check({"key_supervised": False}) == []
