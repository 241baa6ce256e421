"""HTTP of files of the market registration: checked, carried out part by part, reported row by row."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, QueryParameter

from central.db.pool import Database
from central.db.scope import acting, scoped
from central.http.paging import MOST, page, read_cursor
from central.http.uploads import FileForm
from central.identity.access import may
from central.identity.models import Person
from central.registry import batches
from central.registry.batches import Batch, BatchPage, BatchRowPage
from central.registry.sheets.apart import Apart
from central.registry.sheets.limits import MOST_BYTES

Id = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST)]
_ENVELOPE = 64 << 10


class BatchController(Controller):
    """Enterprises from files of the market registration."""

    path = "/enterprise-batches"
    tags = ("enterprises",)
    guards = (may("enterprise-life"),)

    @post(
        "/",
        operation_id="checkEnterpriseBatch",
        status_code=201,
        request_max_body_size=MOST_BYTES + _ENVELOPE,
    )
    async def check(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        apart: NamedDependency[Apart],
        data: FileForm,
        region_code: Annotated[str, QueryParameter(pattern="^([0-9]{2,12})?$")] = "",
        sector: Annotated[str, QueryParameter(max_length=32)] = "",
    ) -> Batch:
        """Checks a file (part `file`) and keeps the outcome of each row; makes nothing yet."""
        lines = await batches.read(apart, await data.file.read())
        async with (
            scoped(database.web, person.scope, person.actor) as web,
            acting(database.worker, person.actor) as worker,
        ):
            return await batches.check(web, worker, person, data.file.filename, lines, region_code, sector)

    @get("/", operation_id="listEnterpriseBatches")
    async def listing(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        limit: Limit = 20,
        cursor: FromQuery[str | None] = None,
    ) -> BatchPage:
        """Files of the jurisdiction, newest first."""
        (before,) = read_cursor(cursor, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await batches.listing(conn, before, limit + 1)
        items, following = page(rows, limit, key=lambda row: (row.id,))
        return BatchPage(items, following)

    @post("/{batch_id:int}/run", operation_id="runEnterpriseBatch", status_code=200)
    async def run(
        self, batch_id: Id, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Batch:
        """Makes the next part of a file; asked again until its state is "done"."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            part = await batches.make_part(conn, batch_id)
        async with acting(database.worker, person.actor) as conn:
            return await batches.settle(conn, batch_id, part)

    @get("/{batch_id:int}/rows", operation_id="listEnterpriseBatchRows")
    async def rows(
        self,
        batch_id: Id,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        limit: Limit = 50,
        cursor: FromQuery[str | None] = None,
        outcome: FromQuery[Literal["", "good", "existing", "bad", "made"]] = "",
    ) -> BatchRowPage:
        """Rows of a file in their order."""
        (after,) = read_cursor(cursor, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await batches.rows(conn, batch_id, outcome, after or 0, limit + 1)
        items, following = page(rows, limit, key=lambda row: (row.line,))
        return BatchRowPage(items, following)

    @get("/{batch_id:int}/report.csv", operation_id="enterpriseBatchReport", media_type="text/csv")
    async def report(
        self, batch_id: Id, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Response[str]:
        """What became of each row, for Excel."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            text = await batches.report(conn, batch_id)
        head = {"content-disposition": f'attachment; filename="enterprises-{batch_id}.csv"'}
        return Response(text, media_type="text/csv; charset=utf-8", headers=head)


routes: list[Any] = [BatchController]
