"""One answer to many warnings: each case for the state that was seen, and each with an outcome of its own."""

from collections.abc import Sequence
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from central.db.errors import DomainError
from central.db.pool import Connection, Database
from central.db.scope import scoped
from central.identity.models import Person
from central.warning import answers

Words = Annotated[str, msgspec.Meta(max_length=2000)]


class Seen(msgspec.Struct, frozen=True):
    """A case as the list showed it."""

    id: UUID
    etag: Annotated[str, msgspec.Meta(max_length=64)]


class BulkAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The same answer to each of these cases; `words` is the note, or the verifier's opinion."""

    action: Literal["acknowledge", "handle", "close"]
    cases: Annotated[list[Seen], msgspec.Meta(min_length=1, max_length=200)]
    words: Words = ""
    cause: Words = ""
    cause_code: Annotated[str, msgspec.Meta(max_length=48)] = ""
    measures: Words = ""


class Outcome(msgspec.Struct, frozen=True):
    """What became of one case; `detail` says why not."""

    id: UUID
    done: bool
    detail: str = ""


async def answer(database: Database, person: Person, asked: BulkAnswer) -> list[Outcome]:
    """Answer each case in a transaction of its own: one that is refused holds up no other.

    Args:
        database: the web pool is used, with the person's scope.
        person: who answers.
        asked: what and which.
    """
    return [await _one(database, person, asked, case) for case in asked.cases]


async def _one(database: Database, person: Person, asked: BulkAnswer, case: Seen) -> Outcome:
    try:
        async with scoped(database.web, person.scope, person.actor) as conn:
            await _act(conn, person, asked, case)
    except DomainError as exc:
        return Outcome(case.id, False, exc.detail)
    return Outcome(case.id, True)


async def _act(conn: Connection, person: Person, asked: BulkAnswer, case: Seen) -> None:
    match asked.action:
        case "acknowledge":
            await answers.acknowledge(conn, person, case.id, case.etag, asked.words)
        case "handle":
            await answers.handle(
                conn,
                person,
                case.id,
                case.etag,
                asked.cause,
                asked.measures,
                cause_code=asked.cause_code,
            )
        case "close":
            await answers.close(conn, person, case.id, case.etag, asked.words)


def missing(asked: BulkAnswer) -> Sequence[str]:
    """Name what an answer lacks: a cause and measures to handle, an opinion to close."""
    wanted = {"acknowledge": (), "handle": ("cause", "measures"), "close": ("words",)}[asked.action]
    return [name for name in wanted if not getattr(asked, name).strip()]
