"""Photographs of a case: brought like any file, used by the case, seen only through it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final
from uuid import UUID

from msgspec import Meta, Struct

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.registry import files
from central.registry.files_models import Named, Using
from central.warning import store_handling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from central.db.pool import Connection
    from central.identity.models import Person
    from central.warning.store import Row

KEPT_BY: Final = "warning"
"""The name under which cases use files; the number of a use is that of the case."""


class NamedPhoto(Struct, frozen=True, kw_only=True):
    """A file that was brought before, as an answer names it."""

    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    size: Annotated[int, Meta(ge=1, le=1 << 40)]


Photos = Annotated[list[NamedPhoto], Meta(max_length=30)]


class Photo(Struct, frozen=True, kw_only=True):
    """A photograph of a case: who took it there and when."""

    sha256: str
    name: str
    at: datetime
    who: str


async def add(conn: Connection, person: Person, row: Row, named: Sequence[NamedPhoto], now: datetime) -> None:
    """Keep photographs of a locked case, in the transaction of the answer that they belong to.

    Args:
        conn: the person's scoped transaction.
        person: who brought them.
        row: the case.
        named: the files.
        now: the time of the transaction.

    Raises:
        DomainError: 400 with every file that may not be used, or too many; 409 one that was swept meanwhile.
    """
    if not named:
        return
    most = (await store_handling.rule(conn, row["place"], now))["photos_most"]
    kept = {photo["sha256"] for photo in await store_handling.photos(conn, row["id"])}
    if len(kept | {file.sha256 for file in named}) > most:
        words = f"一条预警最多保存 {most} 张照片，已有 {len(kept)} 张。"
        raise DomainError("too-many-photos", words, 400, [FieldProblem("photos", words)])
    owner = Using(
        record_id=row["number"],
        place=row["place"],
        values={},
        enterprise_id=row["enterprise_id"],
        agency_id=row["agency_id"],
    )
    wanted = [Named(f"photos[{at}]", True, one.sha256, one.name, one.size) for at, one in enumerate(named)]
    await files.use_outside(conn, person, KEPT_BY, owner, wanted)
    pairs = [(one.sha256, one.name) for one in named]
    await store_handling.add_photos(conn, row["id"], pairs, now, person.account_id, person.display_name)


async def listed(conn: Connection, warning_id: UUID) -> list[Photo]:
    """Give the photographs of a case that the caller sees."""
    return [Photo(**dict(row)) for row in await store_handling.photos(conn, warning_id)]


async def found(conn: Connection, warning_id: UUID, sha256: str) -> Any:
    """Give the file of a photograph, for somebody who sees the case.

    Raises:
        NotFoundError: no such case is seen, or it has no such photograph.
    """
    number = await store_handling.shown_photo(conn, warning_id, sha256)
    if number is None:
        raise NotFoundError("没有找到这张照片，或不在您的管辖范围内。")
    return await files.used(conn, KEPT_BY, number, sha256)
