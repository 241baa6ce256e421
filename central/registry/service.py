"""Registering enterprises and finding them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from central.audit.models import Personal
from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.organisation import regions
from central.registry import rules, store

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.registry.models import Enterprise, NewEnterprise


async def register(conn: Connection, new: NewEnterprise) -> int:
    """Registers an enterprise.

    Args:
        conn: a transaction whose scope holds the enterprise's region.
        new: what is known of it; the credit code may come in lower case or with blanks.

    Returns:
        Its number.

    Raises:
        DomainError: 400 wrong credit code or a region that was split or ended, 409 a constraint in words.
    """
    credit_code = rules.normal_credit_code(new.credit_code)
    problem = rules.credit_code_problem(credit_code)
    if problem is not None:
        raise DomainError("invalid", problem, 400, [FieldProblem("credit_code", problem)])
    # An old code that is an alias of one region of today means that region.
    region_code = await regions.code_to_keep(conn, new.region_code)
    kept = msgspec.structs.replace(new, credit_code=credit_code, region_code=region_code)
    return await store.insert_enterprise(conn, kept)


async def enterprise(conn: Connection, enterprise_id: int) -> Enterprise:
    """An enterprise by its number.

    Raises:
        NotFoundError: there is none, or not in this scope.
    """
    found = await store.enterprise(conn, enterprise_id=enterprise_id)
    if found is None:
        raise NotFoundError("没有找到这家企业，或不在您的管辖范围内。")
    return found


async def enterprise_by_code(conn: Connection, code: str) -> Enterprise:
    """An enterprise by its code.

    Raises:
        NotFoundError: there is none, or not in this scope.
    """
    found = await store.enterprise(conn, code=code)
    if found is None:
        raise NotFoundError(f"没有编号为 {code} 的企业，或不在您的管辖范围内。")
    return found


async def contact(conn: Connection, enterprise_id: str) -> Personal | None:
    """Whom to call at an enterprise, in full: for the audited viewing alone.

    Args:
        conn: a scoped transaction.
        enterprise_id: its number, as an address names it.
    """
    found = await store.enterprise(conn, enterprise_id=int(enterprise_id)) if _is_id(enterprise_id) else None
    return Personal(name=found.contact_name, phone=found.contact_phone) if found else None


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and 0 < int(text) < 2**31
