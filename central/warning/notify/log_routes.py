"""HTTP of the message log."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from central.db.pool import Database
from central.db.scope import scoped
from central.http.paging import MOST, page, read_cursor
from central.identity.access import may
from central.identity.models import Person
from central.warning.notify import log

State = Literal["", "pending", "sending", "sent", "delivered", "read", "failed", "superseded", "unreachable"]


@get(
    "/message-log",
    operation_id="listMessageLog",
    guards=[may("account", "audit", "audit-system")],
    tags=["audit"],
)
async def list_messages(
    person: NamedDependency[Person],
    database: NamedDependency[Database],
    limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
    cursor: FromQuery[str | None] = None,
    since: FromQuery[datetime | None] = None,
    until: FromQuery[datetime | None] = None,
    channel: Annotated[str, QueryParameter(max_length=20)] = "",
    result: Annotated[State, QueryParameter(name="state")] = "",
    receiver: Annotated[str, QueryParameter(max_length=100)] = "",
    number: Annotated[str, QueryParameter(max_length=32)] = "",
    q: Annotated[str, QueryParameter(max_length=100)] = "",
    digest: Annotated[int | None, QueryParameter(ge=1, le=2**63 - 1)] = None,
) -> log.MessagePage:
    """What was sent to whom, when, and what became of it; newest first, within the jurisdiction.

    `digest`: the number of a digest: it and the calls that went with it.
    """
    after = read_cursor(cursor, datetime, UUID)
    wanted = log.Wanted(
        since=since,
        until=until,
        channel=channel,
        state=result,
        receiver=receiver.strip(),
        number=number.strip(),
        text=q.strip(),
        digest=digest,
    )
    async with scoped(database.web, person.scope, person.actor) as conn:
        rows = await log.messages(conn, person, wanted, (after[0], after[1]), limit + 1)
    items, following = page(rows, limit, key=lambda row: (row.created_at, row.id))
    return log.MessagePage(items, following)


routes: list[Any] = [list_messages]
