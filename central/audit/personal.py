"""Personal data in full, one record at a time: who may ask, whether a reason is owed, the trace it leaves.

Each kind of record belongs to a domain above this one, which brings its reader (`central/app.py` joins them).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from central.audit.models import Personal
from central.db.errors import DomainError, FieldProblem, ForbiddenError, NotFoundError
from central.db.pool import Connection
from central.identity import service as identity

if TYPE_CHECKING:
    from central.identity.models import Person

Reader: TypeAlias = Callable[[Connection, str], Awaitable[Personal | None]]


class PersonalKind(Struct, frozen=True, kw_only=True):
    """A kind of record that holds personal data.

    Attributes:
        read: gives the data of one record within the transaction's scope; None where there is none.
        operation: who may ask.
        reason: whether the person must say why. Whoever has to call a plant while a warning is open need not.
    """

    read: Reader
    operation: str = "personal"
    reason: bool = True


class Kinds:
    """Every kind there is, by its word in the address.

    Args:
        kinds: the domains' readers.
    """

    def __init__(self, **kinds: PersonalKind) -> None:
        self._kinds = {word.replace("_", "-"): kind for word, kind in kinds.items()}

    def get(self, word: str) -> PersonalKind | None:
        """The kind of a word; None where there is none."""
        return self._kinds.get(word)


async def show(
    conn: Connection, kinds: Kinds, person: Person, kind: str, record_id: str, reason: str
) -> Personal:
    """Shows personal data in full and writes into the audit who saw whose.

    Args:
        conn: a transaction with the person's scope.
        kinds: every kind there is.
        person: who asks.
        kind: for example "enterprise-contact".
        record_id: of the record.
        reason: why, in words.

    Raises:
        NotFoundError: no such kind or record, or not in this scope.
        ForbiddenError: this person may not ask.
        DomainError: 400 without a reason where one is owed.
    """
    known = kinds.get(kind)
    if known is None:
        raise NotFoundError("没有这一类个人信息。")
    if known.operation not in person.may:
        raise ForbiddenError("您的账号不能查看完整的个人信息。")
    why = reason.strip()
    if known.reason and len(why) < 2:
        raise DomainError(
            "reason-missing",
            "查看完整的个人信息须说明理由。",
            400,
            [FieldProblem("reason", "须写明查看理由。", "至少 2 个字，例如：核实隐患整改联系人。")],
        )
    found = await known.read(conn, record_id)
    if found is None:
        raise NotFoundError
    shown = [field for field in Personal.__struct_fields__ if getattr(found, field)]
    await identity.audit(conn, "view-personal", kind, record_id, after={"fields": shown}, reason=why)
    return found
