"""Messages to one person: told in the transaction of what happened, read on one device and so on all."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from central.http.paging import page
from central.identity import console_store as store
from central.identity.console_models import InboxMessage, InboxPage

if TYPE_CHECKING:
    from datetime import datetime

    from central.db.pool import Connection

_KEEP = timedelta(days=400)


async def tell(
    conn: Connection,
    account_id: int,
    about: str,
    kind: str,
    title: str,
    now: datetime,
    *,
    text: str = "",
    link: str = "",
    place: str = "",
    sector: str = "",
) -> None:
    """Tells an account something; told again about the same thing it is the same message, unread again.

    Args:
        conn: the transaction of what happened.
        account_id: whom.
        about: what it is about, unique for one person: "account/12", "backup/2026-11-22".
        kind: "warning", "account", "backup" or another word that the console has a name for.
        title: one line in plain Chinese.
        now: the database's time.
        text: a sentence more.
        link: the console's page of it, such as "/accounts/12".
        place: of what it is about; empty for what has none. Who no longer sees the place no longer reads it.
        sector: of what stands there.
    """
    await store.tell_account(conn, account_id, about, kind, title, text, link, place, sector, now)


async def tell_those_who_may(
    conn: Connection,
    operation: str,
    about: str,
    kind: str,
    title: str,
    now: datetime,
    *,
    text: str = "",
    link: str = "",
) -> None:
    """Tells everybody whose role may do something; see `tell`.

    Args:
        conn: a transaction of a worker, which sees all accounts.
        operation: a word of the catalogue.
        about: what it is about.
        kind: as `tell` has it.
        title: one line in plain Chinese.
        now: the database's time.
        text: a sentence more.
        link: the console's page of it.
    """
    for account_id in await store.holders_of(conn, operation):
        await tell(conn, account_id, about, kind, title, now, text=text, link=link)


async def tell_keepers(
    conn: Connection,
    operation: str,
    place: str,
    about: str,
    kind: str,
    title: str,
    now: datetime,
    *,
    text: str = "",
    link: str = "",
) -> None:
    """Tells everybody who may do something at a place: the agencies above it, the enterprise, administrators.

    Args:
        conn: a transaction of a worker, which sees all accounts.
        operation: a word of the catalogue.
        place: where.
        about: what it is about.
        kind: as `tell` has it.
        title: one line in plain Chinese.
        now: the database's time.
        text: a sentence more.
        link: the console's page of it.
    """
    for account_id in await store.keepers_of(conn, operation, place):
        await tell(conn, account_id, about, kind, title, now, text=text, link=link, place=place)


async def listing(
    conn: Connection,
    account_id: int,
    *,
    unread: bool,
    before: tuple[datetime | None, int | None],
    limit: int,
) -> InboxPage:
    """A page of somebody's messages, newest first, and how many they have not read."""
    found = await store.messages_of(conn, account_id, unread=unread, before=before, limit=limit + 1)
    rows = [InboxMessage(**row) for row in found]
    items, following = page(rows, limit, key=lambda row: (row.at, row.id))
    return InboxPage(items, following, await store.unread_messages(conn, account_id))


async def read(conn: Connection, account_id: int, ids: list[int] | None, now: datetime) -> None:
    """Marks messages as read; None: all."""
    await store.read_messages(conn, account_id, ids, now)


async def tidy(conn: Connection, now: datetime) -> None:
    """Forgets what nobody will look for any more; what happened stands in the audit."""
    await store.forget_messages(conn, now - _KEEP)
