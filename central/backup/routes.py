"""HTTP of backups: the list and how they stand, one now, and whether this centre runs in recovery."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from central.backup import service
from central.backup.models import BackupPage
from central.db.pool import Database
from central.http.paging import MOST, page, read_cursor
from central.identity.access import may
from central.identity.models import Person
from central.settings import Settings


class Wanted(msgspec.Struct, frozen=True):
    """The backup that will be made."""

    id: int


class RecoveryNotice(msgspec.Struct, frozen=True):
    """What everybody who is signed in should know of a restored centre.

    Attributes:
        recovering: whether it runs in recovery.
        began_at: since when.
        held: calls that are held; for those who keep backups, else null.
        unconfirmed: open cases of unknown state; the same.
        begun_by: what the recovery came from; the same.
        attention: what is wrong with the backups, for those who keep them; else "".
    """

    recovering: bool
    began_at: datetime | None = None
    held: int | None = None
    unconfirmed: int | None = None
    begun_by: str = ""
    attention: str = ""


class BackupController(Controller):
    """Backups of the whole installation."""

    path = "/backups"
    tags = ("backups",)

    @get("/", operation_id="listBackups", guards=[may("backup")])
    async def listing(
        self,
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        wanted: Annotated[
            Literal["wanted", "running", "good", "failed"] | None, QueryParameter(name="state")
        ] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
    ) -> BackupPage:
        """Backups, newest first, one page, and how they stand."""
        (before,) = read_cursor(cursor, int)
        rows, standing = await service.page(database, settings, before, wanted, limit)
        items, following = page(rows, limit, key=lambda row: (row.id,))
        return BackupPage(items, following, standing)

    @post("/", operation_id="startBackup", guards=[may("backup")], status_code=202)
    async def start(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
    ) -> Wanted:
        """Asks for a backup now; it is made within seconds to hours and shows in the list."""
        return Wanted(await service.want(database, settings, person.actor))

    @get("/recovery", operation_id="getRecovery")
    async def recovering(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
    ) -> RecoveryNotice:
        """Whether this centre was restored and waits to be confirmed; everybody who is signed in may ask."""
        known = await service.recovering(database)
        keeper = "backup" in person.may
        attention = await service.attention(database, settings) if keeper else ""
        if known is None:
            return RecoveryNotice(recovering=False, attention=attention)
        if not keeper:
            return RecoveryNotice(recovering=True, began_at=known.began_at)
        return RecoveryNotice(
            recovering=True,
            began_at=known.began_at,
            held=known.held,
            unconfirmed=known.unconfirmed,
            begun_by=known.begun_by,
            attention=attention,
        )


routes: list[Any] = [BackupController]
