"""What somebody let lapse or owes, found from the declarations: a statement a reminder, part by part.

    candidate   what is due now (due.py): a day that comes near, or an enterprise whose last update is too old
    settled     rows whose candidate is gone: renewed, removed, its owner closed; another day, another row
    found       candidates without a row
    moved       rows that become a warning on another day than it was said, because a rule changed

The table `reminder_rule` says how many days, from when on it is a management warning, whether a stop of
production excuses it, and who owes a record that is not there. The centre's warnings read the rows; this
domain knows nothing of them.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, Literal, TypeAlias
from uuid import UUID

from msgspec import Struct

from central.db.queries import load
from central.registry import due
from central.registry.forms.register import Reminder, catalogue

if TYPE_CHECKING:
    from datetime import date, datetime

    from central.db.pool import Connection

Q = load(__file__, "queries_reminding.sql")

Where = Literal["", "near", "late"]

# What an enterprise keeps up to date twice a month (REG-35), as far as the catalogue has it.
DYNAMIC: Final = "dynamic-data"
DYNAMIC_TITLE: Final = "企业动态数据"
DYNAMIC_WORDS: Final = "本半月企业动态数据尚未更新"
_DYNAMIC_OF: Final = (
    "key-supervision", "risk-list", "major-danger-checks", "major-danger-treatment", "chemicals",
    "key-chemicals", "production-equipment", "special-equipment", "chemical-major-hazards", "accidents",
)  # fmt: skip
_DYNAMIC_DAYS: Final = 3
# A transaction looks at so many enterprises: seconds at most, and nothing waits for a hundred thousand.
PART: Final = 5000
_LAST: Final = 2**31 - 1
_TELL_AT_ONCE: Final = 5000


Part: TypeAlias = tuple[int, int]


class Round(Struct):
    """What one look changed; `moved`: rows whose day of becoming a warning is another one."""

    found: int = 0
    settled: int = 0
    moved: int = 0


class Look(Struct, frozen=True):
    """One thing to look for: of which register, by which reminder, and the query that finds it."""

    register: str
    title: str
    reminder: Reminder
    candidates: str


def looks() -> list[Look]:
    """Everything to look for: each declared reminder, and what changes twice a month."""
    registers = catalogue()
    found = [
        Look(register.name, register.zh, reminder, due.candidates(register, reminder))
        for register in registers.values()
        for reminder in register.reminders
    ]
    dynamic = due.of_all([registers[name] for name in _DYNAMIC_OF])
    return [*found, Look(DYNAMIC, DYNAMIC_TITLE, Reminder(DYNAMIC_WORDS, _DYNAMIC_DAYS), dynamic)]


async def parts(conn: Connection, size: int = PART) -> list[Part]:
    """First and last number of the enterprises of each part, so that no transaction holds them all.

    Args:
        conn: a worker's transaction.
        size: enterprises a part.
    """
    lasts = [int(row["id"]) for row in await conn.fetch(Q.parts, size)]
    return list(zip([0, *(last + 1 for last in lasts)], [*lasts, _LAST], strict=True))


async def look(conn: Connection, one: Look, part: Part, now: datetime, today: date) -> Round:
    """Finds and settles one thing in one part.

    Args:
        conn: a worker's transaction.
        one: what to look for.
        part: first and last enterprise; the part from 0 holds the agencies, too.
        now: the database's time.
        today: its day in the jurisdiction's zone.

    Returns:
        What changed; nothing where another process is at the same at this moment.
    """
    reminder = one.reminder
    cause = "day" if reminder.field else "update"
    if not await conn.fetchval(Q.hold, f"{one.register}/{cause}/{reminder.field}/{part[0]}"):
        return Round()
    row = await conn.fetchrow(
        _statement(one.candidates),
        now, today, one.register, cause, reminder.field, one.title, reminder.words, reminder.days, *part,
    )  # fmt: skip
    assert row is not None
    return Round(row["found"], row["settled"], row["moved"])


async def tell(conn: Connection, now: datetime, today: date) -> int:
    """Tells people once: the owner's accounts what was found, the supervising agency what is past its day.

    Returns:
        Rows that it told of, whether or not anybody has an account; call again until there is none.
    """
    owners: int = await conn.fetchval(Q.tell_owners, now, _TELL_AT_ONCE)
    agencies: int = await conn.fetchval(Q.tell_agencies, now, today, _TELL_AT_ONCE)
    return owners + agencies


class Due(Struct, kw_only=True):
    """One thing that is due: of a record, or owed by an enterprise. `warning_id`: what became of it."""

    id: int
    register: str
    register_title: str
    cause: str
    record_id: int | None
    enterprise_id: int | None
    agency_id: int | None
    owner_name: str
    words: str
    title: str
    due_on: dt.date
    warning_id: UUID | None


class DueCount(Struct, kw_only=True):
    """How many of a register are due, and how many of them past their day."""

    register: str
    title: str
    many: int
    late: int


class Overdue(Struct, kw_only=True):
    """What the warnings are told of a row, `failures` times in vain; `hazard_class` is the enterprise's."""

    id: int
    enterprise_id: int
    place: str
    register: str
    register_title: str
    cause: str
    field: str
    record_id: int | None
    title: str
    due_on: dt.date
    hazard_class: int | None
    failures: int


async def listing(
    conn: Connection,
    today: date,
    *,
    register: str = "",
    enterprise_id: int | None = None,
    where: Where = "",
    after: tuple[date | None, int | None] = (None, None),
    limit: int = 50,
) -> list[Due]:
    """What is due within the scope and not settled, by its day.

    Args:
        conn: a scoped transaction.
        today: the day in the jurisdiction's zone.
        register: of this one alone.
        enterprise_id: of this one alone.
        where: "near" before their day or on it, "late" after it.
        after: day and number of the last row of the page before.
        limit: so many at most.
    """
    rows = await conn.fetch(Q.listing, register, enterprise_id, where, today, *after, limit)
    return [Due(**row) for row in rows]


async def counts(conn: Connection, today: date, enterprise_id: int | None = None) -> list[DueCount]:
    """How many are due by register, within the scope."""
    return [DueCount(**row) for row in await conn.fetch(Q.counts, today, enterprise_id)]


async def to_warn(conn: Connection, today: date, limit: int, now: datetime) -> list[Overdue]:
    """Locks what is overdue and no warning yet; for the worker of the warnings."""
    return [Overdue(**row) for row in await conn.fetch(Q.to_warn, today, limit, now)]


async def to_end(conn: Connection, limit: int, now: datetime) -> list[Overdue]:
    """Locks what is settled while its warning does not know it."""
    return [Overdue(**row) for row in await conn.fetch(Q.to_end, limit, now)]


async def warned(conn: Connection, reminder_id: int, warning_id: UUID | None, now: datetime) -> None:
    """Notes the warning of a row."""
    await conn.execute(Q.set_warned, reminder_id, now, warning_id)


async def warning_ended(conn: Connection, reminder_id: int, now: datetime) -> None:
    """Notes that the warning was told."""
    await conn.execute(Q.set_warning_ended, reminder_id, now)


async def set_aside(conn: Connection, reminder_id: int, now: datetime) -> None:
    """Notes that the warnings could not be told of a row: it waits, longer each time, at most an hour."""
    await conn.execute(Q.set_aside, reminder_id, now)


async def count_set_aside(conn: Connection) -> int:
    """How many rows wait because they could not be told."""
    count: int = await conn.fetchval(Q.count_set_aside)
    return count


def _statement(candidates: str) -> str:
    """The named query over other candidates than the none that it is written with."""
    before, rest = Q.apply.split("MATERIALIZED (", 1)
    return f"{before}MATERIALIZED ({candidates}){rest.split('WHERE false', 1)[1].split(')', 1)[1]}"
