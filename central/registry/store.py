"""Enterprises in PostgreSQL."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import asyncpg

from central.db.errors import DomainError
from central.db.queries import load
from central.registry.models import Enterprise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from central.db.pool import Connection
    from central.registry.models import NewEnterprise

Q = load(__file__)

_MEANING = {
    "enterprise_code_key": ("enterprise-code-taken", "企业编号已被使用。"),
    "enterprise_credit_code_key": ("credit-code-taken", "该统一社会信用代码的企业已登记。"),
    "enterprise_place_key": ("enterprise-code-taken", "企业编号已被使用。"),
    "enterprise_code_form": ("enterprise-code-form", "企业编号为 1 至 32 位字母、数字或横线。"),
    "enterprise_region_code_fkey": ("region-unknown", "没有这个区划代码。"),
    "enterprise_sector_fkey": ("sector-unknown", "没有这个行业领域。"),
    "enterprise_agency_id_fkey": ("agency-unknown", "没有这个机构。"),
}


@contextmanager
def in_words() -> Iterator[None]:
    """Turns a broken constraint of an enterprise into the error that a person reads.

    Raises:
        DomainError: 409.
    """
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as exc:
        code, detail = _MEANING.get(exc.constraint_name or "", ("conflict", "数据不符合要求，未保存。"))
        raise DomainError(code, detail, 409) from exc


async def insert_enterprise(conn: Connection, new: NewEnterprise) -> int:
    with in_words():
        number: int = await conn.fetchval(
            Q.insert_enterprise, new.code, new.name, new.credit_code, new.region_code, new.agency_id,
            new.industry, new.hazard_class, new.address, new.contact_name, new.contact_phone,
            new.sector,
        )  # fmt: skip
    return number


async def enterprise(
    conn: Connection, enterprise_id: int | None = None, code: str | None = None
) -> Enterprise | None:
    row = await conn.fetchrow(Q.enterprise, enterprise_id, code)
    return Enterprise(**dict(row)) if row else None
