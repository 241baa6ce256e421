"""Departments, posts and staff of an agency or of an enterprise, as they are entered and kept."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from central.organisation.models import Id, Name, OpenPhone, Phone, Sequence, Words

# Or masked, as it was shown.
Email = Annotated[str, Meta(max_length=100, pattern=r"^$|^[^@\s]+@[^@\s]+\.[^@\s]+$|^.\*+$")]


class DepartmentForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What makes a department (科室); by default of the agency or enterprise of whoever adds it."""

    name: Name
    agency_id: Id | None = None
    enterprise_id: Id | None = None
    parent_id: Id | None = None
    head_id: Id | None = None
    phone: Phone = ""
    duties: Words = ""
    sequence: Sequence = 0


class Department(Struct, frozen=True, kw_only=True):
    """A department; `people` counts its staff, `below` the departments right below it."""

    id: int
    agency_id: int | None
    enterprise_id: int | None
    owner_name: str
    parent_id: int | None
    parent_name: str | None
    name: str
    head_id: int | None
    head_name: str | None
    phone: str
    duties: str
    sequence: int
    people: int
    below: int
    place: str
    version: int


class DepartmentPage(Struct, frozen=True):
    items: list[Department]
    next: str | None


class PostForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What makes a post (职务)."""

    name: Name
    agency_id: Id | None = None
    enterprise_id: Id | None = None
    description: Words = ""
    sequence: Sequence = 0


class Post(Struct, frozen=True, kw_only=True):
    """A post; `people` counts who holds it."""

    id: int
    agency_id: int | None
    enterprise_id: int | None
    owner_name: str
    name: str
    description: str
    sequence: int
    people: int
    place: str
    version: int


class PostPage(Struct, frozen=True):
    items: list[Post]
    next: str | None


class StaffForm(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is kept of a person (人员): no more than whoever calls needs."""

    name: Name
    agency_id: Id | None = None
    enterprise_id: Id | None = None
    department_id: Id | None = None
    post_id: Id | None = None
    account_id: Id | None = None
    phone: OpenPhone = ""
    office_phone: Phone = ""
    email: Email = ""
    duties: Words = ""
    sequence: Sequence = 0


class Staff(Struct, frozen=True, kw_only=True):
    """A person; `heads` names the departments that the person leads, `role_name` the account's role."""

    id: int
    agency_id: int | None
    enterprise_id: int | None
    owner_name: str
    department_id: int | None
    department_name: str | None
    post_id: int | None
    post_name: str | None
    account_id: int | None
    login: str | None
    role_name: str | None
    name: str
    phone: str
    office_phone: str
    email: str
    duties: str
    sequence: int
    heads: list[str]
    place: str
    version: int


class StaffPage(Struct, frozen=True):
    items: list[Staff]
    next: str | None


class OrganisationCheck(Struct, frozen=True, kw_only=True):
    """Whether an enterprise looked over its departments and people; it does before its first promise."""

    enterprise_id: int
    departments: int
    people: int
    missing: list[str]
    checked_at: datetime | None
    checked_by: str | None


class Owner(Struct, frozen=True):
    """To whom departments, posts and staff belong: an agency or an enterprise, by number."""

    agency_id: int | None
    enterprise_id: int | None


class Filter(Struct, frozen=True, kw_only=True):
    """Which rows of a list are wanted; empty means all."""

    q: str = ""
    agency_id: int | None = None
    enterprise_id: int | None = None
    department_id: int | None = None
    post_id: int | None = None
    parent_id: int | None = None
