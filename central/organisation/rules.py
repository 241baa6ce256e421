"""What an agency may be under another, who may give which role to whom, and how much hangs on a thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from central.db.errors import FieldProblem
from central.db.scope import Scope
from central.identity.operations import KIND_NAMES
from central.identity.roles_rules import reason_not_to_give
from central.organisation.models import RANKS, SAME_LEVEL

if TYPE_CHECKING:
    from central.identity.models import Person
    from central.identity.roles_models import RoleContent
    from central.organisation.accounts_models import AccountForm
    from central.organisation.models import AgencyForm, AgencyUse

_OWNERS: Final = {
    "agency_id": "机构",
    "enterprise_id": "企业",
    "committee_unit_id": "安委会成员单位",
    "intermediary_id": "中介机构",
}
_BELONGS: Final = {
    "supervisor": frozenset({"agency_id"}),
    "enterprise": frozenset({"enterprise_id"}),
    "committee": frozenset({"committee_unit_id"}),
    "intermediary": frozenset({"intermediary_id"}),
}
# The agency of a member unit or an intermediary is that of its unit, filled in by itself.
_MAY_BELONG: Final = {kind: frozenset({"agency_id"}) for kind in KIND_NAMES if kind != "enterprise"}


def area_covered(scope: Scope, area: str) -> bool:
    """Whether somebody's scope holds everything of an area, so that he may hand it out."""
    try:
        return Scope(scope.ranges).covers(Scope.area(area))
    except ValueError:
        return False


def level_problem(form: AgencyForm, parent_rank: int | None) -> FieldProblem | None:
    """Why an agency of this level cannot stand under that one; levels may be skipped."""
    if parent_rank is None or form.rank < parent_rank:
        return None
    if form.rank == parent_rank and form.kind in SAME_LEVEL:
        return None
    return FieldProblem(
        "rank",
        f"{RANKS[form.rank]}机构不能在{RANKS[parent_rank]}机构之下。",
        "选择更低的级别，或更高的上级机构。",
    )


def area_problems(form: AgencyForm, areas: list[str], scope: Scope, unknown: list[str]) -> list[FieldProblem]:
    """Every area that is unknown or lies outside the scope of whoever gives it."""
    problems = []
    if form.region_code in unknown:
        problems.append(FieldProblem("region_code", f"没有区划 {form.region_code}。", "先导入该区划。"))
    elif not area_covered(scope, form.region_code):
        problems.append(FieldProblem("region_code", "所在区划不在您的管辖范围内。", "选择本辖区内的区划。"))
    for area in areas:
        if area == form.region_code:
            continue
        if area in unknown:
            problems.append(FieldProblem("areas", f"没有区划或企业 {area}。", "填写区划代码或企业位置。"))
        elif not area_covered(scope, area):
            problems.append(FieldProblem("areas", f"{area} 不在您的管辖范围内。", "选择本辖区内的区划。"))
    return problems


def use_in_words(use: AgencyUse) -> str:
    """What hangs on an agency, as a clause; empty when nothing does."""
    counts = (
        (use.agencies, "个下级机构"),
        (use.accounts, "个账号"),
        (use.enterprises, "家监管企业"),
        (use.departments, "个科室"),
        (use.staff, "名人员"),
        (use.units, "个成员单位"),
        (use.intermediaries, "个中介机构"),
        (use.numbers, "组已发出的文书编号"),
    )
    return "、".join(f"{count} {what}" for count, what in counts if count)


# -- accounts ---


def needs_review(person: Person, role: RoleContent) -> bool:
    """Whether the supervising agency must approve: an enterprise makes one more administrator of itself."""
    return person.kind == "enterprise" and "account" in role.operations


def may_switch(person: Person, role: RoleContent) -> bool:
    """Whether somebody may unlock an account of a role, or switch it off and on.

    Who keeps rights (the security administrator) may do so with every account and makes none; everybody else
    with accounts that he could have made (GB/T 22239 level 3: administrators are separated).
    """
    keeps_rights = person.kind == "administrator" and "role" in person.may
    return keeps_rights or reason_not_to_give(person, role) is None


def belonging_problems(form: AccountForm, kind: str) -> list[FieldProblem]:
    """What a kind of account must and must not belong to."""
    given = {
        "agency_id": form.agency_id,
        "enterprise_id": form.enterprise_id,
        "committee_unit_id": form.committee_unit_id,
        "intermediary_id": form.intermediary_id,
    }
    needed = _BELONGS.get(kind, frozenset())
    problems = [
        FieldProblem(place, f"{KIND_NAMES[kind][0]}账号必须选择{_OWNERS[place]}。", f"选择{_OWNERS[place]}。")
        for place in sorted(needed)
        if given[place] is None
    ]
    possible = needed | _MAY_BELONG.get(kind, frozenset())
    problems += [
        FieldProblem(place, f"{KIND_NAMES[kind][0]}账号不属于{_OWNERS[place]}。", "清空这一项。")
        for place, value in given.items()
        if value is not None and place not in possible
    ]
    return problems


def unmasked(sent: str, held: str, shown: str, place: str) -> tuple[str, list[FieldProblem]]:
    """What a form means by a value of which it may have been shown a part only.

    Args:
        sent: what came.
        held: what is kept.
        shown: how the kept value was shown, masked or not.
        place: the field.

    Returns:
        The value to keep, and what is wrong with it.
    """
    if "*" not in sent:
        return sent, []
    if held and sent == shown:
        return held, []
    return held, [FieldProblem(place, "只填写了一部分。", "填写完整内容，或保持原样不改。")]
