"""Departments, posts and staff: a tree of rooms with a head each, and who works there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from central import clock
from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.identity import masking
from central.organisation import people_store as store
from central.organisation import rules
from central.organisation.faults import changed, invalid
from central.organisation.people_models import OrganisationCheck, Owner

if TYPE_CHECKING:
    import asyncpg

    from central.db.pool import Connection
    from central.identity.models import Person
    from central.organisation.people_models import (
        Department,
        DepartmentForm,
        Filter,
        Post,
        PostForm,
        Staff,
        StaffForm,
    )

posts = store.posts


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


def _led(person: Person, row: Department) -> Department:
    """A department as somebody else is shown it: the name of another enterprise's head is masked."""
    if row.head_name is None or row.agency_id is not None:
        return row
    if _is_own(person, row.agency_id, row.enterprise_id):
        return row
    return structs.replace(row, head_name=masking.name(row.head_name))


async def departments(
    conn: Connection, person: Person, wanted: Filter, after: store.Position, limit: int
) -> list[Department]:
    """Departments of the scope, as this person is shown them."""
    return [_led(person, row) for row in await store.departments(conn, wanted, after, limit)]


async def department(conn: Connection, person: Person, number: int) -> Department:
    """One department, as somebody is shown it.

    Raises:
        NotFoundError: there is none in this scope.
    """
    found = await store.department(conn, number)
    if found is None:
        raise NotFoundError("没有找到这个科室，或不在您的管辖范围内。")
    return _led(person, found)


async def create_department(conn: Connection, person: Person, form: DepartmentForm) -> Department:
    """Adds a department.

    Raises:
        DomainError: 400 with every field that does not fit; 409 name taken beside it.
    """
    owner = await _owner(conn, person, form)
    await _check_department(conn, owner, form, None)
    return await department(conn, person, await store.insert_department(conn, owner, form))


async def update_department(
    conn: Connection, person: Person, number: int, version: int, form: DepartmentForm
) -> Department:
    """Changes a department; its owner stays.

    Raises:
        NotFoundError, DomainError: as `create_department`; 412 somebody was faster.
    """
    owner = _held(await store.lock_department(conn, number), version, "个科室")
    await _check_department(conn, owner, form, number)
    await store.update_department(conn, number, form)
    return await department(conn, person, number)


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


def _is_own(person: Person, agency_id: int | None, enterprise_id: int | None) -> bool:
    """Whether somebody works in the same office: colleagues know each other's numbers."""
    same_agency = agency_id is not None and agency_id == person.agency_id
    return same_agency or masking.is_own(person, enterprise_id=enterprise_id)


def _shown(person: Person, row: Staff) -> Staff:
    """A person as somebody else is shown it: names and numbers of other people's staff are masked."""
    if _is_own(person, row.agency_id, row.enterprise_id):
        return row
    # The name under which an official acts is open.
    name = row.name if row.agency_id is not None else masking.name(row.name)
    return structs.replace(
        row, name=name, phone=masking.phone(row.phone), email=masking.name(row.email) if row.email else ""
    )


async def staff(
    conn: Connection, person: Person, wanted: Filter, after: store.Position, limit: int
) -> list[Staff]:
    """People of the scope, as this person is shown them."""
    return [_shown(person, row) for row in await store.staff(conn, wanted, after, limit)]


async def person_of_staff(conn: Connection, person: Person, number: int) -> Staff:
    """One person, as somebody is shown it.

    Raises:
        NotFoundError: there is none in this scope.
    """
    found = await store.person(conn, number)
    if found is None:
        raise NotFoundError("没有找到这名人员，或不在您的管辖范围内。")
    return _shown(person, found)


async def whole_of_staff(conn: Connection, number: int) -> Staff | None:
    """One person in full, for whoever may ask and is written down; None where there is none in this scope."""
    return await store.person(conn, number)


async def create_staff(conn: Connection, person: Person, form: StaffForm) -> Staff:
    """Adds a person.

    Raises:
        DomainError: 400 with every field that does not fit; 409 the account is somebody else's.
    """
    owner = await _owner(conn, person, form)
    await _check_staff(conn, owner, form, [*rules.unmasked(form.phone, "", "", "phone")[1]])
    return await person_of_staff(conn, person, await store.insert_staff(conn, owner, form))


async def update_staff(conn: Connection, person: Person, number: int, version: int, form: StaffForm) -> Staff:
    """Changes a person; the owner stays, and what came back masked as it was shown.

    Raises:
        NotFoundError, DomainError: as `create_staff`; 412 somebody was faster.
    """
    owner = _held(await store.lock_staff(conn, number), version, "名人员")
    held = await store.person(conn, number)
    assert held is not None
    seen = _shown(person, held)
    problems: list[FieldProblem] = []
    kept: dict[str, str] = {}
    for place in ("name", "phone", "email"):
        kept[place], wrong = rules.unmasked(
            getattr(form, place), getattr(held, place), getattr(seen, place), place
        )
        problems += wrong
    form = structs.replace(form, name=kept["name"], phone=kept["phone"], email=kept["email"])
    await _check_staff(conn, owner, form, problems)
    await store.update_staff(conn, number, form)
    return await person_of_staff(conn, person, number)


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


async def _check_staff(conn: Connection, owner: Owner, form: StaffForm, problems: list[FieldProblem]) -> None:
    belongs = await store.of_owner(
        conn, owner, department=form.department_id, post=form.post_id, account=form.account_id
    )
    problems += [
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
