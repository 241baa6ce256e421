"""What a role may hold and who may give it: nobody hands out what he has not, and nobody raises himself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from central.db.errors import FieldProblem
from central.db.scope import Scope
from central.identity.operations import BY_WORD, CATALOGUE, KIND_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from central.identity.models import Person
    from central.identity.roles_models import RoleContent

ADMINISTRATOR: Final = "administrator"

DATA_SCOPES: Final = {
    "all": ("全部", "Everything"),
    "custom": ("自定义", "Custom"),
    "own": ("本部门", "Own department"),
    "own-and-below": ("本部门及下级", "Own department and below"),
    "self": ("本人", "Oneself"),
}

# An enterprise sees itself, whatever its role is called.
_SCOPES_OF: Final = {
    "supervisor": frozenset({"all", "custom", "own", "own-and-below"}),
    "enterprise": frozenset({"self"}),
    "inspector": frozenset({"custom", "own", "own-and-below", "self"}),
    "installer": frozenset({"all", "custom", "own", "own-and-below"}),
    "committee": frozenset({"custom", "own", "own-and-below"}),
    "intermediary": frozenset({"custom"}),
    "administrator": frozenset({"all", "custom", "own-and-below"}),
}


def scopes_of(kind: str) -> frozenset[str]:
    """The data scopes that a role of a kind may have."""
    return _SCOPES_OF[kind]


def grantable(person: Person, kind: str) -> frozenset[str]:
    """The operations that a person may put into a role of a kind.

    Everybody grants what he has himself. The security administrator also hands out the operations of those
    who supervise, answer and install, which he never has: that whoever distributes rights cannot use them is
    the separation that GB/T 22239 level 3 asks for. Among administrators he too grants his own and no more,
    so that no two of them become one.
    """
    possible = frozenset(op.word for op in CATALOGUE if kind in op.kinds)
    if person.kind == ADMINISTRATOR and "role" in person.may and kind != ADMINISTRATOR:
        return possible
    return possible & person.may


def content_problems(
    person: Person, content: RoleContent, sectors: Iterable[str], before: RoleContent | None = None
) -> list[FieldProblem]:
    """Everything that keeps somebody from making a role what `content` says.

    Args:
        person: who wants it.
        content: how the role shall be.
        sectors: codes of all sectors.
        before: how it is; None for a new one.
    """
    problems: list[FieldProblem] = []
    kind = content.kind
    if kind not in KIND_NAMES:
        return [FieldProblem("kind", "没有这种角色类别。", "、".join(KIND_NAMES))]
    if before is not None and before.kind != kind:
        problems.append(FieldProblem("kind", "角色类别不能更改，请另建角色。"))
    if content.data_scope not in scopes_of(kind):
        names = "、".join(DATA_SCOPES[scope][0] for scope in DATA_SCOPES if scope in scopes_of(kind))
        problems.append(FieldProblem("data_scope", "这种角色不能使用此数据范围。", f"可选：{names}。"))
    elif content.data_scope == "all" and person.data_scope != "all":
        problems.append(FieldProblem("data_scope", "您本人不是全部范围，不能授予全部范围。"))
    problems += _operation_problems(person, content, before)
    problems += _sector_problems(person, content.sectors, frozenset(sectors))
    return problems


def _operation_problems(
    person: Person, content: RoleContent, before: RoleContent | None
) -> list[FieldProblem]:
    problems: list[FieldProblem] = []
    may = grantable(person, content.kind)
    kept = frozenset(before.operations) if before else frozenset()
    for word in dict.fromkeys(content.operations):
        place = f"operations.{word[:32]}"
        if word not in BY_WORD:
            problems.append(FieldProblem(place, "没有这项操作。"))
        elif content.kind not in BY_WORD[word].kinds:
            problems.append(FieldProblem(place, "这种角色不能拥有此项操作。"))
        elif word not in may and word not in kept:
            problems.append(FieldProblem(place, "您本人没有此项权限，不能授予。"))
    if "see" not in content.operations:
        problems.append(FieldProblem("operations", "角色至少要能查看。", "勾选“查看”。"))
    return problems


def _sector_problems(person: Person, wanted: list[str] | None, known: frozenset[str]) -> list[FieldProblem]:
    own = person.scope.sectors
    if wanted is None:
        return (
            [FieldProblem("sectors", "您本人只监管部分行业，不能授予全部行业。")] if own is not None else []
        )
    if not wanted:
        return [FieldProblem("sectors", "至少选择一个行业领域。", "全部行业请留空（null）。")]
    problems = [
        FieldProblem(f"sectors.{code[:32]}", "没有这个行业领域。") for code in wanted if code not in known
    ]
    if own is not None:
        problems += [
            FieldProblem(f"sectors.{code}", "不在您本人监管的行业之内。")
            for code in wanted
            if code in known and code not in own
        ]
    return problems


def reason_not_to_give(person: Person, role: RoleContent) -> str | None:
    """Why somebody may not give an account a role, in plain Chinese; None when it is allowed.

    An administrator who keeps accounts gives every role but an administrator's that holds more than his own;
    an agency gives what it has itself, and the roles of enterprises, which it looks after; an enterprise the
    roles of its own people.
    """
    if "account" not in person.may:
        return "您没有用户管理权限。"
    held = frozenset(role.operations)
    own = person.scope.sectors
    wider = own is not None and (role.sectors is None or not own >= set(role.sectors))
    if wider and role.kind != "enterprise":
        return "该角色的行业范围超出您本人的行业范围。"
    if role.data_scope == "all" and person.data_scope != "all":
        return "该角色可查看全部范围，超出您本人的范围。"
    if person.kind == ADMINISTRATOR and role.kind != ADMINISTRATOR:
        return None
    if person.kind == "supervisor" and role.kind == "enterprise":
        return None
    if person.kind == "enterprise" and role.kind != "enterprise":
        return "企业只能为本企业人员分配企业角色。"
    if not held <= person.may:
        more = "、".join(BY_WORD[word].name for word in sorted(held - person.may) if word in BY_WORD)
        return f"该角色拥有您本人没有的权限：{more}。"
    return None


def area_problems(scope: Scope, areas: Iterable[str], known: frozenset[str]) -> list[FieldProblem]:
    """Areas that somebody may not give to a person: unknown, or not wholly inside the own scope.

    Args:
        scope: of the giver.
        areas: region codes or places of enterprises.
        known: those of them that exist.
    """
    return [
        FieldProblem(f"areas.{area[:50]}", "没有这个区划或企业，或不全在您的管辖范围内。")
        for area in dict.fromkeys(areas)
        if area not in known or not Scope(scope.ranges).covers(Scope.area(area))
    ]
