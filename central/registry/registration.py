"""An enterprise completes its registration when it first signs in: contact, agency, sector (REG-26)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta, Struct

from central.db.errors import DomainError, FieldProblem, ForbiddenError, NotFoundError
from central.db.queries import load
from central.http.tags import changed

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.identity.models import Person

Q = load(__file__, "queries_registration.sql")


class Choice(Struct, frozen=True):
    """An agency or a sector to choose from."""

    id: str
    name: str


class Registration(Struct, frozen=True, kw_only=True):
    """What is known of the enterprise, and what there is to choose from."""

    name: str
    credit_code: str
    address: str
    contact_name: str
    contact_phone: str
    agency_id: int | None
    sector: str
    agencies: list[Choice]
    sectors: list[Choice]
    version: int


class RegistrationChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the enterprise says of itself; `sector` is the type of supervision (监管类型)."""

    address: Annotated[str, Meta(min_length=2, max_length=200, title="地址")]
    contact_name: Annotated[str, Meta(min_length=1, max_length=60, title="联系人")]
    contact_phone: Annotated[str, Meta(pattern=r"^\+?[0-9-]{5,20}$", title="联系电话")]
    agency_id: Annotated[int, Meta(ge=1, le=2**31 - 1, title="监管部门")]
    sector: Annotated[str, Meta(min_length=1, max_length=32, title="监管类型")]


async def read(conn: Connection, person: Person) -> Registration:
    """The registration of one's own enterprise.

    Args:
        conn: a transaction of the person's scope.
        person: of an enterprise.

    Raises:
        ForbiddenError: of none.
    """
    if person.kind != "enterprise" or person.enterprise_id is None:
        raise ForbiddenError
    row = await conn.fetchrow(Q.registration, person.enterprise_id)
    if row is None:
        raise NotFoundError
    facts = {name: row[name] for name in Registration.__struct_fields__ if name in row.keys()}  # noqa: SIM118
    return Registration(
        **facts,
        agencies=[Choice(str(r["id"]), r["name"]) for r in await conn.fetch(Q.agencies_for, row["place"])],
        sectors=[Choice(r["code"], r["name"]) for r in await conn.fetch(Q.sectors)],
    )


async def complete(conn: Connection, person: Person, seen: str, new: RegistrationChange) -> None:
    """Completes the registration; only while it is owed: afterwards the agency keeps it.

    Args:
        conn: a transaction of the person's scope.
        person: who owes the step "registration".
        seen: the version that the person saw.
        new: as typed.

    Raises:
        ForbiddenError: nothing is owed.
        DomainError: 400 with all bad fields, 412 somebody was faster.
    """
    if "registration" not in person.steps:
        raise ForbiddenError("企业登记信息已确认，如需变更请联系监管部门。")
    now = await read(conn, person)
    found = []
    if str(new.agency_id) not in {choice.id for choice in now.agencies}:
        found.append(FieldProblem("agency_id", "请选择管辖本企业所在地的监管部门。"))
    if new.sector not in {choice.id for choice in now.sectors}:
        found.append(FieldProblem("sector", "没有这种监管类型。"))
    if found:
        raise DomainError("invalid", "有内容填写不正确，请逐项修改。", 400, found)
    done = await conn.fetchval(
        Q.register_self, person.enterprise_id, now.version, new.address.strip(), new.contact_name.strip(),
        new.contact_phone, new.agency_id, new.sector,
    )  # fmt: skip
    if done is None or seen != str(now.version):
        raise changed()
