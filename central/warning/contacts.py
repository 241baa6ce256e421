"""Whom to call at a plant while its warning is open: at once, without typing why; the audit remembers."""

from uuid import UUID

from central.audit.models import Personal
from central.db.pool import Connection
from central.registry import service as registry
from central.warning import store_lists
from central.warning.models import UNANSWERED


async def contact_of_open_warning(conn: Connection, warning_id: str) -> Personal | None:
    """Give the enterprise's contact in full; None when the warning is over, an agency's, or not in scope.

    Args:
        conn: a scoped transaction.
        warning_id: of the warning, as an address names it.
    """
    try:
        number = UUID(warning_id)
    except ValueError:
        return None
    row = await store_lists.show_case(conn, number)
    if row is None or row["enterprise_id"] is None or row["state"] not in UNANSWERED:
        return None
    return await registry.contact(conn, str(row["enterprise_id"]))
