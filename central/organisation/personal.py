"""Telephones in full, for `central/audit/personal.py`, which asks who wants them and writes it down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from central.audit.models import Personal
from central.organisation import accounts, people

if TYPE_CHECKING:
    from central.db.pool import Connection

_LONGEST = 10


async def of_staff(conn: Connection, record_id: str) -> Personal | None:
    """Name and telephone of a person of the staff; None where there is none in the scope."""
    number = _number(record_id)
    found = await people.whole_of_staff(conn, number) if number else None
    return Personal(name=found.name, phone=found.phone) if found else None


async def of_account(conn: Connection, record_id: str) -> Personal | None:
    """Name and telephone of whoever has an account; None where there is none in sight."""
    number = _number(record_id)
    found = await accounts.whole_account(conn, number) if number else None
    return Personal(name=found.display_name, phone=found.phone) if found else None


def _number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST):
        return None
    return number if (number := int(text)) < 2**31 else None
