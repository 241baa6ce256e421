"""Departments, posts and staff in PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from central.db.queries import load
from central.organisation.faults import in_words
from central.organisation.people_models import Department, Post, Staff

if TYPE_CHECKING:
    from datetime import datetime

    import asyncpg

    from central.db.pool import Connection
    from central.organisation.people_models import DepartmentForm, Filter, Owner, PostForm, StaffForm

Q = load(__file__, "queries_people.sql")

Position = tuple[str | None, int | None, int | None]
START: Position = (None, None, None)


async def departments(conn: Connection, wanted: Filter, after: Position, limit: int) -> list[Department]:
    rows = await conn.fetch(
        Q.departments, None, wanted.q, wanted.agency_id, wanted.enterprise_id, wanted.parent_id, *after, limit
    )
    return [Department(**dict(row)) for row in rows]


async def department(conn: Connection, number: int) -> Department | None:
    row = await conn.fetchrow(Q.departments, number, "", None, None, None, *START, 1)
    return Department(**dict(row)) if row else None


async def lock_department(conn: Connection, number: int) -> asyncpg.Record | None:
    return await conn.fetchrow(Q.lock_department, number)


async def departments_above(conn: Connection, number: int) -> list[int]:
    return [row["id"] for row in await conn.fetch(Q.departments_above, number)]


async def insert_department(conn: Connection, owner: Owner, form: DepartmentForm) -> int:
    with in_words():
        number: int = await conn.fetchval(
            Q.insert_department, owner.agency_id, owner.enterprise_id, form.name, form.parent_id,
            form.head_id, form.phone, form.duties, form.sequence,
        )  # fmt: skip
    return number


async def update_department(conn: Connection, number: int, form: DepartmentForm) -> None:
    with in_words():
        await conn.execute(
            Q.update_department, number, form.name, form.parent_id, form.head_id, form.phone, form.duties,
            form.sequence,
        )  # fmt: skip


async def delete_department(conn: Connection, number: int) -> None:
    with in_words():
        await conn.execute(Q.delete_department, number)


async def department_use(conn: Connection, number: int) -> tuple[int, int]:
    row = await conn.fetchrow(Q.department_use, number)
    assert row is not None
    return row["people"], row["below"]


async def posts(conn: Connection, wanted: Filter, after: Position, limit: int) -> list[Post]:
    rows = await conn.fetch(Q.posts, None, wanted.q, wanted.agency_id, wanted.enterprise_id, *after, limit)
    return [Post(**dict(row)) for row in rows]


async def post(conn: Connection, number: int) -> Post | None:
    row = await conn.fetchrow(Q.posts, number, "", None, None, *START, 1)
    return Post(**dict(row)) if row else None


async def lock_post(conn: Connection, number: int) -> asyncpg.Record | None:
    return await conn.fetchrow(Q.lock_post, number)


async def insert_post(conn: Connection, owner: Owner, form: PostForm) -> int:
    with in_words():
        number: int = await conn.fetchval(
            Q.insert_post, owner.agency_id, owner.enterprise_id, form.name, form.description, form.sequence
        )
    return number


async def update_post(conn: Connection, number: int, form: PostForm) -> None:
    with in_words():
        await conn.execute(Q.update_post, number, form.name, form.description, form.sequence)


async def delete_post(conn: Connection, number: int) -> None:
    with in_words():
        await conn.execute(Q.delete_post, number)


async def post_use(conn: Connection, number: int) -> int:
    people: int = await conn.fetchval(Q.post_use, number)
    return people


async def staff(conn: Connection, wanted: Filter, after: Position, limit: int) -> list[Staff]:
    rows = await conn.fetch(
        Q.staff, None, wanted.q, wanted.agency_id, wanted.enterprise_id, wanted.department_id,
        wanted.post_id, *after, limit,
    )  # fmt: skip
    return [Staff(**dict(row)) for row in rows]


async def person(conn: Connection, number: int) -> Staff | None:
    row = await conn.fetchrow(Q.staff, number, "", None, None, None, None, *START, 1)
    return Staff(**dict(row)) if row else None


async def lock_staff(conn: Connection, number: int) -> asyncpg.Record | None:
    return await conn.fetchrow(Q.lock_staff, number)


async def insert_staff(conn: Connection, owner: Owner, form: StaffForm) -> int:
    with in_words():
        number: int = await conn.fetchval(
            Q.insert_staff, owner.agency_id, owner.enterprise_id, form.department_id, form.post_id,
            form.account_id, form.name, form.phone, form.office_phone, form.email, form.duties, form.sequence,
        )  # fmt: skip
    return number


async def update_staff(conn: Connection, number: int, form: StaffForm) -> None:
    with in_words():
        await conn.execute(
            Q.update_staff, number, form.department_id, form.post_id, form.account_id, form.name, form.phone,
            form.office_phone, form.email, form.duties, form.sequence,
        )  # fmt: skip


async def delete_staff(conn: Connection, number: int) -> None:
    with in_words():
        await conn.execute(Q.delete_staff, number)


async def staff_use(conn: Connection, number: int) -> list[str]:
    heads: list[str] = await conn.fetchval(Q.staff_use, number)
    return heads


async def owner_in_sight(conn: Connection, owner: Owner) -> bool:
    seen: bool = await conn.fetchval(Q.owner_in_sight, owner.agency_id, owner.enterprise_id)
    return seen


async def of_owner(
    conn: Connection,
    owner: Owner,
    *,
    department: int | None = None,
    post: int | None = None,
    person: int | None = None,
    account: int | None = None,
) -> asyncpg.Record:
    row = await conn.fetchrow(
        Q.of_owner, owner.agency_id, owner.enterprise_id, department, post, person, account
    )
    assert row is not None
    return row


async def organisation_check(conn: Connection, enterprise_id: int) -> asyncpg.Record | None:
    return await conn.fetchrow(Q.organisation_check, enterprise_id)


async def note_check(
    conn: Connection, enterprise_id: int, now: datetime, account_id: int, departments: int, people: int
) -> None:
    with in_words():
        await conn.execute(Q.note_check, enterprise_id, now, account_id, departments, people)
