"""Roles, sectors and the areas of a person: how they are made, changed and given, and by whom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import structs

from central.db.errors import DomainError, FieldProblem, ForbiddenError, NotFoundError
from central.http.tags import changed
from central.identity import roles_rules as rules
from central.identity import roles_store as store
from central.identity.operations import CATALOGUE, KIND_NAMES, SUBSYSTEMS
from central.identity.roles_models import (
    Catalogue,
    KindShown,
    Named,
    NewRole,
    OperationShown,
    Role,
    RoleContent,
    RoleShown,
    Sector,
    SubsystemShown,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from central.db.pool import Connection
    from central.identity.models import Person

_SECTOR = re.compile(r"[a-z][a-z0-9-]{0,31}")
_NAMED = 3  # of those who have a role, when it cannot be deleted


def catalogue(person: Person) -> Catalogue:
    """Everything that a role may be made of, and what of it this person may grant."""
    may = {kind: rules.grantable(person, kind) for kind in KIND_NAMES}
    return Catalogue(
        [
            SubsystemShown(
                code,
                name,
                name_en,
                [
                    OperationShown(
                        op.word,
                        op.name,
                        op.name_en,
                        [kind for kind in KIND_NAMES if kind in op.kinds],
                        [kind for kind in KIND_NAMES if op.word in may[kind]],
                    )
                    for op in CATALOGUE
                    if op.subsystem == code
                ],
            )
            for code, (name, name_en) in SUBSYSTEMS.items()
        ],
        [
            KindShown(
                kind, name, name_en, [scope for scope in rules.DATA_SCOPES if scope in rules.scopes_of(kind)]
            )
            for kind, (name, name_en) in KIND_NAMES.items()
        ],
        [Named(code, name, name_en) for code, (name, name_en) in rules.DATA_SCOPES.items()],
    )


async def listed(conn: Connection, person: Person, kind: str | None = None) -> list[RoleShown]:
    """All roles, or those of a kind, as this person is shown them."""
    return [shown(person, role) for role in await store.roles(conn) if kind in {None, "", role.kind}]


def shown(person: Person, role: Role) -> RoleShown:
    """A role as this person is shown it; how many accounts have it is told to who keeps roles."""
    mine = role.code == person.role
    facts = structs.asdict(role) | {"accounts": role.accounts if "role" in person.may else 0}
    return RoleShown(
        **facts,
        kind_name=KIND_NAMES[role.kind][0],
        data_scope_name=rules.DATA_SCOPES[role.data_scope][0],
        may_edit="role" in person.may and not role.built_in and not mine,
        may_give=rules.reason_not_to_give(person, role) is None,
    )


async def role(conn: Connection, code: str) -> Role:
    """A role by its code.

    Raises:
        NotFoundError: there is none.
    """
    found = await store.role(conn, code)
    if found is None:
        raise NotFoundError("没有这个角色。")
    return found


async def make(conn: Connection, person: Person, new: NewRole) -> Role:
    """Makes a role.

    Args:
        conn: a transaction of the worker role in this person's name (`acting`).
        person: who makes it.
        new: what it shall be.

    Raises:
        DomainError: 400 with every bad field, 409 code or name taken.
    """
    await _refuse(conn, person, new)
    code = new.code or _next(await store.own_codes(conn))
    await store.insert_role(conn, code, new)
    return await role(conn, code)


def _next(codes: list[str]) -> str:
    return f"own-{max((int(code.removeprefix('own-')) for code in codes), default=0) + 1}"


async def change(conn: Connection, person: Person, code: str, seen: str, content: RoleContent) -> Role:
    """Changes a role; whoever has it is asked by the new one from the next request on.

    Args:
        conn: as `make`.
        person: who changes it; never somebody who has the role.
        code: which.
        seen: the version that the person saw.
        content: how it shall be.

    Raises:
        DomainError: 400 with every bad field, 403 built in or one's own, 404, 409 name taken, 412 changed.
    """
    before = await _held(conn, person, code, seen)
    await _refuse(conn, person, content, before)
    await store.update_role(conn, code, content)
    return await role(conn, code)


async def drop(conn: Connection, person: Person, code: str, seen: str) -> None:
    """Deletes a role that nobody has.

    Raises:
        DomainError: 403 built in or one's own, 404, 409 somebody has it, 412 changed since.
    """
    before = await _held(conn, person, code, seen)
    if before.accounts:
        names = "、".join(await store.holders(conn, code, _NAMED))
        raise DomainError(
            "role-in-use",
            f"仍有 {before.accounts} 个账号使用此角色（{names}{'等' if before.accounts > _NAMED else ''}），"
            "请先为他们更换角色。",
            409,
        )
    await store.delete_role(conn, code)


async def _held(conn: Connection, person: Person, code: str, seen: str) -> Role:
    version = await store.lock_role(conn, code)
    before = await role(conn, code)
    if before.built_in:
        raise ForbiddenError("内置角色不能修改或删除；可以另建一个角色。")
    if code == person.role:
        raise ForbiddenError("不能修改自己的角色。")
    if str(version) != seen:
        raise changed()
    return before


async def _refuse(
    conn: Connection, person: Person, content: RoleContent, before: RoleContent | None = None
) -> None:
    known = [sector.code for sector in await store.sectors(conn)]
    problems = rules.content_problems(person, content, known, before)
    if problems:
        raise DomainError("role-refused", "角色内容有误或超出您本人的权限，未保存。", 400, problems)


# -- giving roles and areas to accounts ---


async def refuse_to_give(conn: Connection, person: Person, code: str, areas: Sequence[str] = ()) -> Role:
    """The role, if this person may give it, and these areas with it, to an account.

    For whoever makes or changes accounts; the place of the account itself is the row policy's matter.

    Args:
        conn: any transaction that reads roles, regions and the person's enterprises.
        person: who gives it.
        code: of the role.
        areas: region codes or places of enterprises that the account shall have of its own.

    Raises:
        DomainError: 403 or 400 with words.
    """
    given = await store.role(conn, code)
    if given is None:
        raise DomainError("role-unknown", "没有这种角色。", 400, [FieldProblem("role", "没有这种角色。")])
    reason = rules.reason_not_to_give(person, given)
    if reason is not None:
        raise DomainError("role-refused", f"不能分配此角色：{reason}", 403, [FieldProblem("role", reason)])
    if areas:
        problems = rules.area_problems(person.scope, areas, await store.known_areas(conn, areas))
        if given.kind == "enterprise":
            problems = [FieldProblem("areas", "企业账号的范围就是本企业，不另设辖区。")]
        if problems:
            raise DomainError("area-refused", "辖区有误或超出您的管辖范围，未保存。", 400, problems)
    return given


async def give_areas(conn: Connection, account_id: int, areas: Sequence[str]) -> None:
    """Gives an account these areas and takes its others; after `refuse_to_give`, in the same transaction."""
    await store.set_areas(conn, account_id, areas)


async def give_role(conn: Connection, login: str, code: str) -> None:
    """Gives an account a role, asked by an operator at the server's terminal.

    Raises:
        DomainError: 404 no such account, 409 no such role, or one that needs an agency or enterprise.
    """
    if await store.set_role(conn, login, code) is None:
        raise NotFoundError("没有这个账号。")


# -- sectors ---


async def sectors(conn: Connection) -> list[Sector]:
    """All sectors, the rest (其他) last."""
    return await store.sectors(conn)


async def put_sector(conn: Connection, code: str, name: str) -> None:
    """Adds a sector or renames it.

    Raises:
        DomainError: 400 no code, 409 another has that name.
    """
    if not _SECTOR.fullmatch(code):
        problem = "代码须为小写字母开头的字母、数字或横线，最多 32 位。"
        raise DomainError(
            "invalid", "行业领域代码有误。", 400, [FieldProblem("sector_code", problem, "port")]
        )
    await store.put_sector(conn, code, name)


async def drop_sector(conn: Connection, code: str) -> None:
    """Deletes a sector that nothing uses.

    Raises:
        DomainError: 404, 409 with how many enterprises and roles use it.
    """
    enterprises, roles = await store.sector_users(conn, code)
    if enterprises or roles or code == "other":
        raise DomainError(
            "sector-in-use", f"仍有 {enterprises} 家企业、{roles} 个角色使用此行业领域，不能删除。", 409
        )
    if not await store.delete_sector(conn, code):
        raise NotFoundError("没有这个行业领域。")
