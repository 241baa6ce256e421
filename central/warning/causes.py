"""What caused a warning, as a list to tap from: a dictionary a sort of case, kept by administrators."""

from typing import Final

from central.db.errors import DomainError, FieldProblem
from central.db.pool import Connection
from central.registry import dictionaries
from central.warning.models import ALARM, MANAGEMENT

PROCESS: Final = "process-cause"
EQUIPMENT: Final = "equipment-cause"
PAPER: Final = "paper-cause"
_OF_KIND: Final = {
    ALARM: PROCESS,
    MANAGEMENT: PAPER,
    "shortage": PAPER,
    "weather": PROCESS,
    "manual": PROCESS,
}


def dictionary_of(kind: str) -> str:
    """Name the dictionary of causes for a kind of case; what no instrument measured is equipment's."""
    return _OF_KIND.get(kind, EQUIPMENT)


async def check(conn: Connection, kind: str, code: str) -> None:
    """Refuse a cause that the list of this kind does not offer; none is no fault.

    Raises:
        DomainError: 400 at `cause_code`.
    """
    if not code:
        return
    name = dictionary_of(kind)
    offered = {entry.code for entry in (await dictionaries.entries(conn, name)).items}
    if code not in offered:
        words = "所选原因已不在原因清单中，请重新选择。"
        raise DomainError("invalid", words, 400, [FieldProblem("cause_code", words)])
