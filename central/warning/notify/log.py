"""The message log (短信记录, ADM-10): every call and digest, in the reader's scope, numbers masked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from msgspec import Struct

from central.audit.models import Personal
from central.db.queries import load
from central.identity import masking
from central.warning.models import LEVELS
from central.warning.notify import digest_words

if TYPE_CHECKING:
    from central.db.pool import Connection
    from central.identity.models import Person

Q = load(__file__, "queries_log.sql")


class MessageRow(Struct, frozen=True, kw_only=True):
    """One call or digest: content, receiver, number (masked), kind of sending, times, result.

    `channel`: "in_app", "sms" …; `state` as in the outbox, `reason` says more. `sent_at`: the last attempt.
    `digest`: name of the digest that it is, or went with; one that is has no `warning_id`, and `levels` says
    how many cases of which level it told of. What it said in full is for its receiver's eyes alone: it names
    plants that another reader may not see.
    """

    id: UUID
    warning_id: UUID | None
    warning_kind: str
    enterprise_id: int | None
    enterprise_name: str
    channel: str
    receiver: str
    agency_name: str
    number: str
    text: str
    state: str
    reason: str
    attempts: int
    possibly_twice: bool
    created_at: datetime
    sent_at: datetime | None
    ended_at: datetime | None
    digest: str | None
    levels: dict[str, int] | None


class MessagePage(Struct, frozen=True):
    items: list[MessageRow]
    next: str | None


class Wanted(Struct, frozen=True, kw_only=True):
    """The filters; None or "" leaves all. `number` is the whole number: a masked one finds nothing."""

    since: datetime | None = None
    until: datetime | None = None
    channel: str = ""
    state: str = ""
    receiver: str = ""
    number: str = ""
    text: str = ""
    digest: int | None = None


async def messages(
    conn: Connection,
    person: Person,
    wanted: Wanted,
    after: tuple[datetime | None, UUID | None],
    limit: int,
) -> list[MessageRow]:
    """Calls of the scope, newest first.

    Args:
        conn: a scoped transaction.
        person: the reader.
        wanted: the filters.
        after: creation time and id of the last row of the page before.
        limit: how many.
    """
    rows = await conn.fetch(
        Q.message_page,
        *after,
        wanted.since,
        wanted.until,
        wanted.channel,
        wanted.state,
        _like(wanted.receiver),
        wanted.number,
        _like(wanted.text),
        limit,
        wanted.digest,
    )
    return [_row(dict(row), person) for row in rows]


def _row(facts: dict[str, Any], person: Person) -> MessageRow:
    address = facts.pop("address")
    own = masking.is_own(person, account_id=facts.pop("account_id"))
    if facts["levels"] is not None and not own:
        total = sum(facts["levels"].values())
        facts["text"] = (
            f"{digest_words.count(facts['digest'], total)}：{digest_words.by_level(facts['levels'])}"
        )
    if facts["levels"] is not None:
        facts["levels"] = {LEVELS[int(level)]: count for level, count in facts["levels"].items()}
    facts["digest"] = digest_words.name(facts["digest"]) if facts["digest"] is not None else None
    facts["receiver"] = facts.pop("person_name")
    facts["number"] = address if own else masking.phone(address)
    facts["text"] = masking.in_text(facts["text"])
    return MessageRow(**facts)


async def number(conn: Connection, call_id: str) -> Personal | None:
    """The number that a call went to, in full: for the audited viewing alone.

    Args:
        conn: a scoped transaction.
        call_id: of the call, as an address names it.
    """
    try:
        row = await conn.fetchrow(Q.number_of, UUID(call_id))
    except ValueError:
        return None
    return Personal(name=row["person_name"], phone=row["address"]) if row else None


def _like(text: str) -> str | None:
    for letter in ("\\", "%", "_"):
        text = text.replace(letter, "\\" + letter)
    return f"%{text}%" if text else None
