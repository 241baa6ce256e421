"""HTTP of warnings from outside: for machines with a key (JSON, CAP 1.2), and the list for people."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, QueryParameter

from central.db.errors import ForbiddenError
from central.db.pool import Database
from central.db.scope import acting, scoped
from central.http.paging import MOST, page, read_cursor
from central.identity.models import Person
from central.warning import cap, outside, wording
from central.warning.models import LEVEL_NUMBERS, LEVELS
from central.warning.outside import Q, Told
from central.warning.store import Row

_NOWHERE = cap.Area((), (), ())
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class ExternalWarning(msgspec.Struct, forbid_unknown_fields=True):
    """What another system tells; the same sender and identifier again tells the same warning anew.

    Without `level` the words of CAP (severity, urgency, certainty) give it by the region's table.
    """

    sender: Name
    identifier: Name
    title: Name
    at: Moment
    text: Annotated[str, msgspec.Meta(max_length=4000)] = ""
    source_name: Annotated[str, msgspec.Meta(max_length=200)] = ""
    kind: Literal["external", "weather"] = "external"
    level: Literal["blue", "yellow", "orange", "red"] | None = None
    severity: Literal["", "Extreme", "Severe", "Moderate", "Minor", "Unknown"] = ""
    urgency: Literal["", "Immediate", "Expected", "Future", "Past", "Unknown"] = ""
    certainty: Literal["", "Observed", "Likely", "Possible", "Unlikely", "Unknown"] = ""
    expires_at: Moment | None = None
    enterprise_codes: Annotated[list[Name], msgspec.Meta(max_length=50)] = []
    regions: Annotated[
        list[Annotated[str, msgspec.Meta(pattern="^[0-9]{2,14}$")]], msgspec.Meta(max_length=50)
    ] = []
    is_test: bool = False


class ExternalEnd(msgspec.Struct, forbid_unknown_fields=True):
    """What is over, and why."""

    sender: Name
    identifier: Name
    text: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class Taken(msgspec.Struct):
    """What became of it for one owner: opened, updated, unchanged, expired or ended."""

    owner_name: str
    change: str
    warning_id: UUID | None


class TakenAll(msgspec.Struct):
    """What became of it for everybody whom it concerns."""

    items: list[Taken]


class ExternalRow(msgspec.Struct, kw_only=True):
    """What another system told, as it stands."""

    id: int
    kind: str
    kind_name: str
    level: str
    level_reason: str
    title: str
    text: str
    source_name: str
    sender: str
    identifier: str
    enterprise_id: int | None
    agency_id: int | None
    owner_name: str
    is_test: bool
    at: datetime
    received_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    ended_at: datetime | None
    warning_id: UUID | None


class ExternalPage(msgspec.Struct):
    """A page of the list."""

    items: list[ExternalRow]
    next: str | None


class OutsideController(Controller):
    """Warnings from outside."""

    path = "/external-warnings"
    tags = ("warnings",)

    @get("/", operation_id="listExternalWarnings")
    async def list_external(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        show: Annotated[Literal["open", "ended", "all"], QueryParameter(name="state")] = "open",
        kind: FromQuery[Literal["", "external", "weather"]] = "",
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
    ) -> ExternalPage:
        """What other systems told of the caller's jurisdiction, newest first."""
        after = read_cursor(cursor, int)
        wanted = {"open": True, "ended": False, "all": None}[show]
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await conn.fetch(Q.page, wanted, kind, after[0], limit + 1)
        items, following = page([_row(row) for row in rows], limit, key=lambda row: (row.id,))
        return ExternalPage(items, following)

    @post("/", operation_id="tellExternalWarning", status_code=200)
    async def tell(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[ExternalWarning],
    ) -> TakenAll:
        """Takes in a warning of another system, or what it says of it now."""
        if "external" not in person.may:
            raise ForbiddenError
        async with acting(database.worker, person.actor) as conn:
            owners = await outside.owners_of(
                conn,
                person,
                enterprise_codes=data.enterprise_codes,
                regions=data.regions,
                area=_NOWHERE,
            )
            if data.level is not None:
                level, reason = LEVEL_NUMBERS[data.level], "来源给出的等级"
            else:
                level, reason = await outside.level_of(
                    conn, data.severity, data.urgency, data.certainty, data.kind
                )
            told = Told(
                sender=data.sender,
                identifier=data.identifier,
                source_name=data.source_name or data.sender,
                kind=data.kind,
                level=level,
                level_reason=reason,
                title=data.title,
                text=data.text,
                at=data.at,
                expires_at=data.expires_at,
                raw=msgspec.json.encode(data).decode(),
                is_test=data.is_test,
            )
            return _taken(await outside.tell(conn, person, told, owners))

    @post("/end", operation_id="endExternalWarning", status_code=200)
    async def end(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[ExternalEnd],
    ) -> TakenAll:
        """Ends what this sender told under this identifier."""
        if "external" not in person.may:
            raise ForbiddenError
        async with acting(database.worker, person.actor) as conn:
            rows = await outside.end(conn, person, data.sender, [data.identifier], data.identifier, data.text)
        return TakenAll([Taken("", "ended", row["warning_id"]) for row in rows])

    @post("/cap", operation_id="tellCap", status_code=200)
    async def tell_cap(
        self,
        request: Request[Any, Any, State],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
    ) -> TakenAll:
        """Takes in a message of the Common Alerting Protocol 1.2 (XML): Alert, Update or Cancel."""
        if "external" not in person.may:
            raise ForbiddenError
        body = await request.body()
        alert = cap.parse(body)
        async with acting(database.worker, person.actor) as conn:
            if alert.message == cap.CANCEL:
                rows = await outside.end(
                    conn, person, alert.sender, alert.earlier, alert.identifier, alert.text
                )
                return TakenAll([Taken("", "ended", row["warning_id"]) for row in rows])
            owners = await outside.owners_of(
                conn, person, enterprise_codes=(), regions=alert.area.codes, area=alert.area
            )
            kind = "weather" if alert.is_weather else "external"
            level, reason = await outside.level_of(conn, alert.severity, alert.urgency, alert.certainty, kind)
            told = outside.of_cap(alert, level, reason, body.decode("utf-8", "replace"))
            return _taken(await outside.tell(conn, person, told, owners))


def _taken(found: list[tuple[str, Row, str]]) -> TakenAll:
    return TakenAll([Taken(name, change, row["warning_id"]) for name, row, change in found])


def _row(row: Row) -> ExternalRow:
    same = (
        "id kind level_reason title text source_name sender identifier enterprise_id agency_id owner_name "
        "is_test at received_at updated_at expires_at ended_at warning_id"
    )
    values = {name: row[name] for name in same.split()}
    return ExternalRow(**values, kind_name=wording.kind_word(row["kind"]), level=LEVELS[row["level"]])


routes: list[Any] = [OutsideController]
