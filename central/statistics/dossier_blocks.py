"""The registers of one enterprise in one statement: how many records of each, and the newest of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from central.registry.forms.register import GROUPS, Register, catalogue
from central.registry.tables import owners_of, table_of
from central.statistics.dossier_models import Block, BlockRecord

if TYPE_CHECKING:
    from datetime import datetime

    from central.db.pool import Connection

# The documents' order: what it is, who works there, with what, what is dangerous, what happened.
_ORDER: Final = {group: place for place, group in enumerate(GROUPS)}
_NEWEST: Final = 3
_MOST_UNFINISHED: Final = 100

# $1 the enterprise, $2 the moment since which a change is a recent one.
_BLOCK: Final = """
SELECT {place}::int AS place, count(*)::int AS total, count(counted)::int AS counting,
       count(*) FILTER (WHERE state = 'draft')::int AS drafts,
       count(*) FILTER (WHERE state = 'submitted')::int AS waiting,
       count(*) FILTER (WHERE state = 'returned')::int AS returned,
       count(*) FILTER (WHERE changed_at >= $2)::int AS changed, max(changed_at) AS changed_at,
       (SELECT jsonb_agg(to_jsonb(n)) FROM (
           SELECT id, title, state, changed_at FROM {table} WHERE enterprise_id = $1 AND removed_at IS NULL
           ORDER BY changed_at DESC, id DESC LIMIT {newest}) AS n) AS latest
FROM {table} WHERE enterprise_id = $1 AND removed_at IS NULL
"""
_UNFINISHED: Final = """
SELECT {place}::int AS place, id, title, state, opinion, changed_at FROM {table}
WHERE enterprise_id = $1 AND removed_at IS NULL AND state IN ('draft', 'returned')
"""


def registers_for(sector: str) -> list[Register]:
    """The registers that are asked of an enterprise of a sector, in the order of the dossier."""
    found = [
        register
        for register in catalogue().values()
        if "enterprise" in owners_of(register) and (not register.sectors or sector in register.sectors)
    ]
    return sorted(found, key=lambda register: _ORDER[register.group])


@cache
def _statement(template: str, sector: str) -> str:
    parts = (
        template.format(place=place, table=table_of(register), newest=_NEWEST)
        for place, register in enumerate(registers_for(sector))
    )
    return " UNION ALL ".join(parts)


async def blocks(conn: Connection, enterprise_id: int, sector: str, since: datetime) -> list[Block]:
    """Every register of an enterprise with its counts and newest records; one statement.

    Args:
        conn: a scoped transaction.
        enterprise_id: whose.
        sector: of the enterprise: registers of other sectors are not asked of it.
        since: from when on a change is a recent one.
    """
    rows = {r["place"]: r for r in await conn.fetch(_statement(_BLOCK, sector), enterprise_id, since)}
    found = []
    for place, register in enumerate(registers_for(sector)):
        row = rows[place]
        latest = [BlockRecord(**each) for each in row["latest"] or []]
        found.append(
            Block(
                register=register.name, title=register.zh, title_en=register.en, group=register.group,
                group_title=GROUPS[register.group], single=register.single, reviewed=register.reviewed,
                total=row["total"], counting=row["counting"], drafts=row["drafts"], waiting=row["waiting"],
                returned=row["returned"], changed=row["changed"], changed_at=row["changed_at"], latest=latest,
            )
        )  # fmt: skip
    return found


class Unfinished:
    """A draft, or a record that was returned with an opinion."""

    def __init__(
        self, register: Register, number: int, title: str, state: str, opinion: str, at: datetime
    ) -> None:
        self.register = register
        self.number = number
        self.title = title
        self.state = state
        self.opinion = opinion
        self.at = at


async def unfinished(conn: Connection, enterprise_id: int, sector: str) -> list[Unfinished]:
    """Drafts and returned records of an enterprise, the newest first; one statement."""
    statement = f"{_statement(_UNFINISHED, sector)} ORDER BY changed_at DESC LIMIT {_MOST_UNFINISHED}"
    registers = registers_for(sector)
    return [
        Unfinished(
            registers[row["place"]], row["id"], row["title"], row["state"], row["opinion"], row["changed_at"]
        )
        for row in await conn.fetch(statement, enterprise_id)
    ]
