"""Roles, sectors and the areas of persons in PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import msgspec

from central.db.errors import DomainError, FieldProblem
from central.db.queries import load
from central.identity.roles_models import Role, Sector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from central.db.pool import Connection
    from central.identity.roles_models import RoleContent

Q = load(__file__, "queries_roles.sql")

_TAKEN = {
    "role_pkey": FieldProblem("code", "角色代码已被使用。"),
    "role_name_key": FieldProblem("name", "已有同名角色。"),
    "sector_name_key": FieldProblem("name", "已有同名行业领域。"),
}


def _taken(exc: asyncpg.UniqueViolationError) -> DomainError:
    problem = _TAKEN.get(exc.constraint_name or "", FieldProblem("", "与已有内容重复。"))
    return DomainError("taken", problem.problem, 409, [problem])


async def roles(conn: Connection) -> list[Role]:
    return [msgspec.convert(dict(r), Role) for r in await conn.fetch(Q.roles, None)]


async def role(conn: Connection, code: str) -> Role | None:
    row = await conn.fetchrow(Q.roles, code)
    return msgspec.convert(dict(row), Role) if row else None


async def lock_role(conn: Connection, code: str) -> int | None:
    version: int | None = await conn.fetchval(Q.lock_role, code)
    return version


async def insert_role(conn: Connection, code: str, new: RoleContent) -> None:
    try:
        await conn.execute(Q.insert_role, code, new.name, new.kind, new.data_scope, new.sectors, new.note)
    except asyncpg.UniqueViolationError as exc:
        raise _taken(exc) from exc
    await conn.execute(Q.add_operations, code, list(dict.fromkeys(new.operations)))


async def update_role(conn: Connection, code: str, content: RoleContent) -> None:
    try:
        await conn.execute(
            Q.update_role, code, content.name, content.data_scope, content.sectors, content.note
        )
    except asyncpg.UniqueViolationError as exc:
        raise _taken(exc) from exc
    operations = list(dict.fromkeys(content.operations))
    await conn.execute(Q.drop_operations, code, operations)
    await conn.execute(Q.add_operations, code, operations)


async def delete_role(conn: Connection, code: str) -> None:
    await conn.execute(Q.delete_role, code)


async def holders(conn: Connection, code: str, most: int) -> list[str]:
    return [r["display_name"] for r in await conn.fetch(Q.holders, code, most)]


async def own_codes(conn: Connection) -> list[str]:
    return [r["code"] for r in await conn.fetch(Q.own_codes)]


async def sectors(conn: Connection) -> list[Sector]:
    return [Sector(**dict(r)) for r in await conn.fetch(Q.sectors)]


async def put_sector(conn: Connection, code: str, name: str) -> None:
    try:
        await conn.execute(Q.put_sector, code, name)
    except asyncpg.UniqueViolationError as exc:
        raise _taken(exc) from exc


async def sector_users(conn: Connection, code: str) -> tuple[int, int]:
    row = await conn.fetchrow(Q.sector_users, code)
    assert row is not None
    return row["enterprises"], row["roles"]


async def delete_sector(conn: Connection, code: str) -> bool:
    return await conn.fetchval(Q.delete_sector, code) is not None


async def known_areas(conn: Connection, areas: Sequence[str]) -> frozenset[str]:
    return frozenset(r["code"] for r in await conn.fetch(Q.known_areas, list(areas)))


async def known_sectors(conn: Connection, codes: Sequence[str]) -> frozenset[str]:
    return frozenset(r["code"] for r in await conn.fetch(Q.known_sectors, list(codes)))


async def set_areas(conn: Connection, account_id: int, areas: Sequence[str]) -> None:
    await conn.execute(Q.set_areas, account_id, list(dict.fromkeys(areas)))


async def set_role(conn: Connection, login: str, role_code: str) -> int | None:
    try:
        number: int | None = await conn.fetchval(Q.set_role, login, role_code)
    except asyncpg.IntegrityConstraintViolationError as exc:
        from central.identity.store import explained

        raise explained(exc) from exc
    return number
