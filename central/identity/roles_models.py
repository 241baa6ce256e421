"""A role as it is entered, kept and shown."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

Code = Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{1,31}$", title="角色代码")]
Name = Annotated[str, Meta(min_length=2, max_length=30, title="角色名称")]
Words = Annotated[list[Annotated[str, Meta(max_length=32)]], Meta(max_length=100)]


class RoleContent(Struct, frozen=True, kw_only=True):
    """What a role is: `sectors` None means every sector; `operations` are words of the catalogue."""

    name: Name
    kind: Annotated[str, Meta(max_length=32)]
    data_scope: Annotated[str, Meta(max_length=32)]
    sectors: Words | None = None
    operations: Words
    note: Annotated[str, Meta(max_length=200)] = ""


class NewRole(RoleContent, frozen=True, kw_only=True):
    """A role to be made; without a code it gets the next free one."""

    code: Code | None = None


class Role(RoleContent, frozen=True, kw_only=True):
    """A role as it is kept; `accounts` have it."""

    code: str
    built_in: bool
    version: int
    accounts: int


class RoleShown(Role, frozen=True, kw_only=True):
    """A role as somebody is shown it: whether this person may edit it, and may give it to an account."""

    kind_name: str
    data_scope_name: str
    may_edit: bool
    may_give: bool


class RoleList(Struct, frozen=True):
    items: list[RoleShown]
    next: str | None = None


class OperationShown(Struct, frozen=True):
    """An operation: `kinds` may ever hold it; this person may add it to roles of the `grantable` ones."""

    word: str
    name: str
    name_en: str
    kinds: list[str]
    grantable: list[str]


class SubsystemShown(Struct, frozen=True):
    code: str
    name: str
    name_en: str
    operations: list[OperationShown]


class Named(Struct, frozen=True):
    code: str
    name: str
    name_en: str


class KindShown(Struct, frozen=True):
    code: str
    name: str
    name_en: str
    data_scopes: list[str]


class Catalogue(Struct, frozen=True):
    """Everything that the page of roles offers."""

    subsystems: list[SubsystemShown]
    kinds: list[KindShown]
    data_scopes: list[Named]


class Sector(Struct, frozen=True):
    """A sector (行业监管领域) in which enterprises are supervised."""

    code: str
    name: str


class SectorList(Struct, frozen=True):
    items: list[Sector]


class SectorName(Struct, frozen=True):
    name: Annotated[str, Meta(min_length=1, max_length=30, title="行业领域名称")]
