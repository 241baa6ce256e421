"""Departments, posts and staff: a tree of rooms with a head each, and who works there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from central import clock
from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.organisation import people_store as store
from central.organisation.faults import changed, invalid
from central.organisation.people_models import OrganisationCheck, Owner

if TYPE_CHECKING:
    import asyncpg

    from central.db.pool import Connection
    from central.identity.models import Person
    from central.organisation.people_models import (
        Department,
        DepartmentForm,
        Post,
        PostForm,
        Staff,
        StaffForm,
    )

departments = store.departments
posts = store.posts
staff = store.staff


async def _owner(conn: Connection, person: Person, form: DepartmentForm | PostForm | StaffForm) -> Owner:
    """To whom a new row belongs: as asked, else to the enterprise or agency of whoever adds it.

    Raises:
        DomainError: 400, both or neither, or outside of the scope.
    """
    owner = Owner(form.agency_id, form.enterprise_id)
    if owner == Owner(None, None):
        owner = Owner(None, person.enterprise_id) if person.enterprise_id else Owner(person.agency_id, None)
    if (owner.agency_id is None) == (owner.enterprise_id is None):
        problem = FieldProblem("agency_id", "须属于一个机构或一家企业，二者选一。", "选择机构或企业。")
        raise invalid([problem])
    if not await store.owner_in_sight(conn, owner):
        place = "agency_id" if owner.agency_id is not None else "enterprise_id"
        raise invalid([FieldProblem(place, "不在您的管辖范围内。", "选择本辖区内的机构或企业。")])
    return owner


def _held(row: asyncpg.Record | None, version: int, what: str) -> Owner:
    if row is None:
        raise NotFoundError(f"没有找到这{what}，或不在您的管辖范围内。")
    if row["version"] != version:
        raise changed(row["version"])
    return Owner(row["agency_id"], row["enterprise_id"])


# -- departments ---


async def department(conn: Connection, number: int) -> Department:
    """One department.

    Raises:
        NotFoundError: there is none in this scope.
    """
    found = await store.department(conn, number)
    if found is None:
        raise NotFoundError("没有找到这个科室，或不在您的管辖范围内。")
    return found


async def create_department(conn: Connection, person: Person, form: DepartmentForm) -> Department:
    """Adds a department.

    Raises:
        DomainError: 400 with every field that does not fit; 409 name taken beside it.
    """
    owner = await _owner(conn, person, form)
    await _check_department(conn, owner, form, None)
    return await department(conn, await store.insert_department(conn, owner, form))


async def update_department(conn: Connection, number: int, version: int, form: DepartmentForm) -> Department:
    """Changes a department; its owner stays.

    Raises:
        NotFoundError, DomainError: as `create_department`; 412 somebody was faster.
    """
    owner = _held(await store.lock_department(conn, number), version, "个科室")
    await _check_department(conn, owner, form, number)
    await store.update_department(conn, number, form)
    return await department(conn, number)


async def remove_department(conn: Connection, number: int, version: int) -> None:
    """Removes a department that nobody is in.

    Raises:
        NotFoundError: there is none in this scope.
        DomainError: 409, who is still in it; 412 somebody was faster.
    """
    held = await store.lock_department(conn, number)
    _held(held, version, "个科室")
    assert held is not None
    people, below = await store.department_use(conn, number)
    if people or below:
        words = "、".join(f"{n} {what}" for n, what in ((people, "名人员"), (below, "个下级科室")) if n)
        raise DomainError("in-use", f"“{held['name']}”还有{words}，请先调整后再删除。", 409)
    await store.delete_department(conn, number)


async def _check_department(conn: Connection, owner: Owner, form: DepartmentForm, number: int | None) -> None:
    belongs = await store.of_owner(conn, owner, department=form.parent_id, person=form.head_id)
    problems = []
    if form.parent_id is not None:
        if not belongs["department"]:
            problems.append(FieldProblem("parent_id", "上级科室须属于同一机构或企业。", "选择本单位的科室。"))
        elif number is not None and number in await store.departments_above(conn, form.parent_id):
            problems.append(FieldProblem("parent_id", "上级科室不能是自己或自己的下级。", "选择别的科室。"))
    if form.head_id is not None and not belongs["person"]:
        problems.append(FieldProblem("head_id", "负责人须是本单位的人员。", "先登记该人员，再指定。"))
    if problems:
        raise invalid(problems)


# -- posts ---


async def post(conn: Connection, number: int) -> Post:
    """One post.

    Raises:
        NotFoundError: there is none in this scope.
    """
    found = await store.post(conn, number)
    if found is None:
        raise NotFoundError("没有找到这个职务，或不在您的管辖范围内。")
    return found


async def create_post(conn: Connection, person: Person, form: PostForm) -> Post:
    """Adds a post.

    Raises:
        DomainError: 400 owner; 409 name taken.
    """
    return await post(conn, await store.insert_post(conn, await _owner(conn, person, form), form))


async def update_post(conn: Connection, number: int, version: int, form: PostForm) -> Post:
    """Changes a post; its owner stays.

    Raises:
        NotFoundError, DomainError: as `create_post`; 412 somebody was faster.
    """
    _held(await store.lock_post(conn, number), version, "个职务")
    await store.update_post(conn, number, form)
    return await post(conn, number)


async def remove_post(conn: Connection, number: int, version: int) -> None:
    """Removes a post that nobody holds.

    Raises:
        NotFoundError: there is none in this scope.
        DomainError: 409, how many hold it; 412 somebody was faster.
    """
    held = await store.lock_post(conn, number)
    _held(held, version, "个职务")
    assert held is not None
    people = await store.post_use(conn, number)
    if people:
        raise DomainError("in-use", f"还有 {people} 名人员任“{held['name']}”，请先调整后再删除。", 409)
    await store.delete_post(conn, number)


# -- staff ---


async def person_of_staff(conn: Connection, number: int) -> Staff:
    """One person.

    Raises:
        NotFoundError: there is none in this scope.
    """
    found = await store.person(conn, number)
    if found is None:
        raise NotFoundError("没有找到这名人员，或不在您的管辖范围内。")
    return found


async def create_staff(conn: Connection, person: Person, form: StaffForm) -> Staff:
    """Adds a person.

    Raises:
        DomainError: 400 with every field that does not fit; 409 the account is somebody else's.
    """
    owner = await _owner(conn, person, form)
    await _check_staff(conn, owner, form)
    return await person_of_staff(conn, await store.insert_staff(conn, owner, form))


async def update_staff(conn: Connection, number: int, version: int, form: StaffForm) -> Staff:
    """Changes a person; the owner stays.

    Raises:
        NotFoundError, DomainError: as `create_staff`; 412 somebody was faster.
    """
    owner = _held(await store.lock_staff(conn, number), version, "名人员")
    await _check_staff(conn, owner, form)
    await store.update_staff(conn, number, form)
    return await person_of_staff(conn, number)


async def remove_staff(conn: Connection, number: int, version: int) -> None:
    """Removes a person who leads no department; the account, if any, stays.

    Raises:
        NotFoundError: there is none in this scope.
        DomainError: 409, what the person leads; 412 somebody was faster.
    """
    held = await store.lock_staff(conn, number)
    _held(held, version, "名人员")
    assert held is not None
    heads = await store.staff_use(conn, number)
    if heads:
        raise DomainError(
            "in-use", f"{held['name']}是{'、'.join(heads)}的负责人，请先更换负责人后再删除。", 409
        )
    await store.delete_staff(conn, number)


async def _check_staff(conn: Connection, owner: Owner, form: StaffForm) -> None:
    belongs = await store.of_owner(
        conn, owner, department=form.department_id, post=form.post_id, account=form.account_id
    )
    problems = [
        FieldProblem(place, problem, remedy)
        for place, given, fits, problem, remedy in (
            ("department_id", form.department_id, "department", "科室须属于同一单位。", "选择本单位的科室。"),
            ("post_id", form.post_id, "post", "职务须属于同一单位。", "选择本单位的职务。"),
            (
                "account_id",
                form.account_id,
                "account",
                "账号须属于同一单位。",
                "先为本单位建立账号，再指定。",
            ),
        )
        if given is not None and not belongs[fits]
    ]
    if problems:
        raise invalid(problems)


# -- an enterprise looks over its organisation ---


async def organisation_check(conn: Connection, enterprise_id: int) -> OrganisationCheck:
    """How far an enterprise is with its departments and people.

    Raises:
        NotFoundError: there is no such enterprise in this scope.
    """
    row = await store.organisation_check(conn, enterprise_id)
    if row is None:
        raise NotFoundError("没有找到这家企业，或不在您的管辖范围内。")
    missing = [
        words
        for wrong, words in (
            (row["departments"] == 0, "还没有登记安全生产部门。"),
            (row["people"] == 0, "还没有登记人员。"),
            (row["headless"] > 0, f"有 {row['headless']} 个部门没有负责人。"),
            (row["homeless"] > 0, f"有 {row['homeless']} 名人员没有所属部门。"),
        )
        if wrong
    ]
    return OrganisationCheck(
        enterprise_id=enterprise_id,
        departments=row["departments"],
        people=row["people"],
        missing=missing,
        checked_at=row["checked_at"],
        checked_by=row["checked_by"],
    )


async def confirm_organisation(conn: Connection, person: Person) -> OrganisationCheck:
    """The enterprise's administrator says that departments and people are right.

    Raises:
        DomainError: 403 nobody of an enterprise; 409 what is still missing.
    """
    if person.enterprise_id is None or person.kind != "enterprise":
        raise DomainError("not-an-enterprise", "只有企业管理员可以确认本企业的组织机构。", 403)
    found = await organisation_check(conn, person.enterprise_id)
    if found.missing:
        raise DomainError("incomplete", "".join(found.missing), 409)
    now = await clock.database_now(conn)
    await store.note_check(
        conn, person.enterprise_id, now, person.account_id, found.departments, found.people
    )
    return await organisation_check(conn, person.enterprise_id)
