"""HTTP of departments, posts, staff, and an enterprise's look over its own organisation."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Controller, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromQuery, HeaderParameter, JSONBody, PathParameter, QueryParameter

from central.db.errors import NotFoundError
from central.db.pool import Database
from central.db.scope import scoped
from central.http.paging import MOST, page, read_cursor
from central.http.tags import read_version, write_tag
from central.identity.access import may
from central.identity.models import Person
from central.organisation import people as service
from central.organisation.people_models import (
    Department,
    DepartmentForm,
    DepartmentPage,
    Filter,
    OrganisationCheck,
    Post,
    PostForm,
    PostPage,
    Staff,
    StaffForm,
    StaffPage,
)

Number = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Wanted = Annotated[int | None, QueryParameter(ge=1, le=2**31 - 1)]
Search = Annotated[str, QueryParameter(max_length=100)]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST)]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", required=False)]


class DepartmentsController(Controller):
    """Departments (科室) of agencies and enterprises."""

    path = "/departments"
    tags = ("organisation",)

    @get("/", operation_id="listDepartments")
    async def listed(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        limit: Limit = 50,
        cursor: FromQuery[str | None] = None,
        q: Search = "",
        agency_id: Wanted = None,
        enterprise_id: Wanted = None,
        parent_id: Wanted = None,
    ) -> DepartmentPage:
        """Departments (科室) of agencies and enterprises."""
        after = read_cursor(cursor, str, int, int)
        wanted = Filter(q=q.strip(), agency_id=agency_id, enterprise_id=enterprise_id, parent_id=parent_id)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await service.departments(conn, person, wanted, after, limit + 1)
        items, following = page(rows, limit, key=lambda row: (row.place, row.sequence, row.id))
        return DepartmentPage(items, following)

    @post("/", operation_id="createDepartment", guards=[may("organisation")], status_code=201)
    async def create(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[DepartmentForm],
    ) -> Response[Department]:
        """Adds a department."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.create_department(conn, person, data)
        return Response(row, status_code=201, headers={"etag": write_tag(row.version)})

    @get("/{department_id:int}", operation_id="getDepartment")
    async def one(
        self, department_id: Number, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Response[Department]:
        """A department."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.department(conn, person, department_id)
        return Response(row, headers={"etag": write_tag(row.version)})

    @put("/{department_id:int}", operation_id="updateDepartment", guards=[may("organisation")])
    async def update(
        self,
        department_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[DepartmentForm],
        if_match: IfMatch = None,
    ) -> Response[Department]:
        """Changes a department."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.update_department(conn, person, department_id, version, data)
        return Response(row, headers={"etag": write_tag(row.version)})

    @delete(
        "/{department_id:int}", operation_id="deleteDepartment", guards=[may("organisation")], status_code=204
    )
    async def remove(
        self,
        department_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        if_match: IfMatch = None,
    ) -> None:
        """Removes a department that nobody is in."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            await service.remove_department(conn, department_id, version)


class PostsController(Controller):
    """Posts (职务) of agencies and enterprises."""

    path = "/posts"
    tags = ("organisation",)

    @get("/", operation_id="listPosts")
    async def listed(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        limit: Limit = 50,
        cursor: FromQuery[str | None] = None,
        q: Search = "",
        agency_id: Wanted = None,
        enterprise_id: Wanted = None,
    ) -> PostPage:
        """Posts (职务) of agencies and enterprises."""
        after = read_cursor(cursor, str, int, int)
        wanted = Filter(q=q.strip(), agency_id=agency_id, enterprise_id=enterprise_id)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await service.posts(conn, wanted, after, limit + 1)
        items, following = page(rows, limit, key=lambda row: (row.place, row.sequence, row.id))
        return PostPage(items, following)

    @post("/", operation_id="createPost", guards=[may("organisation")], status_code=201)
    async def create(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[PostForm],
    ) -> Response[Post]:
        """Adds a post."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.create_post(conn, person, data)
        return Response(row, status_code=201, headers={"etag": write_tag(row.version)})

    @get("/{post_id:int}", operation_id="getPost")
    async def one(
        self, post_id: Number, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Response[Post]:
        """A post."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.post(conn, post_id)
        return Response(row, headers={"etag": write_tag(row.version)})

    @put("/{post_id:int}", operation_id="updatePost", guards=[may("organisation")])
    async def update(
        self,
        post_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[PostForm],
        if_match: IfMatch = None,
    ) -> Response[Post]:
        """Changes a post."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.update_post(conn, post_id, version, data)
        return Response(row, headers={"etag": write_tag(row.version)})

    @delete("/{post_id:int}", operation_id="deletePost", guards=[may("organisation")], status_code=204)
    async def remove(
        self,
        post_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        if_match: IfMatch = None,
    ) -> None:
        """Removes a post that nobody holds."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            await service.remove_post(conn, post_id, version)


class StaffController(Controller):
    """People (人员) of agencies and enterprises, with or without an account."""

    path = "/staff"
    tags = ("organisation",)

    @get("/", operation_id="listStaff")
    async def listed(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        limit: Limit = 50,
        cursor: FromQuery[str | None] = None,
        q: Search = "",
        agency_id: Wanted = None,
        enterprise_id: Wanted = None,
        department_id: Wanted = None,
        post_id: Wanted = None,
    ) -> StaffPage:
        """People (人员) of agencies and enterprises, with or without an account."""
        after = read_cursor(cursor, str, int, int)
        wanted = Filter(
            q=q.strip(),
            agency_id=agency_id,
            enterprise_id=enterprise_id,
            department_id=department_id,
            post_id=post_id,
        )
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await service.staff(conn, person, wanted, after, limit + 1)
        items, following = page(rows, limit, key=lambda row: (row.place, row.sequence, row.id))
        return StaffPage(items, following)

    @post("/", operation_id="createStaffMember", guards=[may("organisation")], status_code=201)
    async def create(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[StaffForm],
    ) -> Response[Staff]:
        """Adds a person."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.create_staff(conn, person, data)
        return Response(row, status_code=201, headers={"etag": write_tag(row.version)})

    @get("/{staff_id:int}", operation_id="getStaffMember")
    async def one(
        self, staff_id: Number, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Response[Staff]:
        """A person."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.person_of_staff(conn, person, staff_id)
        return Response(row, headers={"etag": write_tag(row.version)})

    @put("/{staff_id:int}", operation_id="updateStaffMember", guards=[may("organisation")])
    async def update(
        self,
        staff_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[StaffForm],
        if_match: IfMatch = None,
    ) -> Response[Staff]:
        """Changes a person."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await service.update_staff(conn, person, staff_id, version, data)
        return Response(row, headers={"etag": write_tag(row.version)})

    @delete(
        "/{staff_id:int}", operation_id="deleteStaffMember", guards=[may("organisation")], status_code=204
    )
    async def remove(
        self,
        staff_id: Number,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        if_match: IfMatch = None,
    ) -> None:
        """Removes a person who leads nothing."""
        version = read_version(if_match)
        async with scoped(database.web, person.scope, person.actor) as conn:
            await service.remove_staff(conn, staff_id, version)


@get("/organisation-check", operation_id="getOrganisationCheck", tags=["organisation"])
async def organisation_check(
    person: NamedDependency[Person], database: NamedDependency[Database], enterprise_id: Wanted = None
) -> OrganisationCheck:
    """How far an enterprise, by default the own one, is with its departments and people."""
    number = enterprise_id or person.enterprise_id
    if number is None:
        raise NotFoundError("请指明是哪家企业。")
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await service.organisation_check(conn, number)


@post(
    "/organisation-check",
    operation_id="confirmOrganisation",
    tags=["organisation"],
    guards=[may("organisation")],
    status_code=200,
)
async def confirm_organisation(
    person: NamedDependency[Person], database: NamedDependency[Database]
) -> OrganisationCheck:
    """The enterprise's administrator confirms departments and people, before the first promise."""
    async with scoped(database.web, person.scope, person.actor) as conn:
        return await service.confirm_organisation(conn, person)


routes: list[Any] = [
    DepartmentsController,
    PostsController,
    StaffController,
    organisation_check,
    confirm_organisation,
]
