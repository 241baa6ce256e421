"""HTTP of registers as tables: templates, exports, imports and their reports."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any
from urllib.parse import quote

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, QueryParameter
from litestar.response import Stream

from central.clock import wall_now
from central.db.pool import Database
from central.db.scope import scoped
from central.http.paging import MOST, page, read_cursor
from central.http.uploads import FileForm
from central.identity.access import may
from central.identity.models import Person
from central.registry import exports, imports, records
from central.registry.exports import Desk
from central.registry.forms.register import Register
from central.registry.imports_models import Import, ImportPage
from central.registry.records_routes import Name, Search, Short, State, Whose, query_of
from central.registry.sheets import columns, limits, template

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_ENVELOPE = 64 << 10
ImportId = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST)]


def _named(name: str, ending: str) -> dict[str, str]:
    return {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name + ending, safe='')}",
        "cache-control": "private, no-store",
    }


def _dated(register: Register) -> str:
    return f"{register.zh}-{wall_now():%Y%m%d-%H%M%S}"


class SheetController(Controller):
    """Registers as tables."""

    path = "/registers/{register_name:str}"
    tags = ("registers",)

    @get("/template.xlsx", operation_id="readTemplate", media_type=XLSX)
    async def template(
        self, register_name: Name, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Response[bytes]:
        """The empty workbook to fill in: drop-downs, required marks, units, explanations."""
        register = records.named(register_name)
        async with scoped(database.web, person.scope, person.actor) as conn:
            words = await imports.dictionary_words(conn, register)
        whose = columns.owners(register, person.kind)
        content = await asyncio.to_thread(template.template, register, whose, words)
        return Response(content, media_type=XLSX, headers=_named(f"{register.zh}-模板", ".xlsx"))

    @get("/export.xlsx", operation_id="exportWorkbook", media_type=XLSX)
    async def workbook(
        self,
        request: Request[Any, Any, Any],
        register_name: Name,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        desk: NamedDependency[Desk],
        q: Search = "",
        enterprise_id: Whose = None,
        agency_id: Whose = None,
        region: Short = "",
        wanted: State = "",
    ) -> Stream:
        """The records of a list (same filters) as a workbook that can be imported again."""
        register = records.named(register_name)
        query = query_of(
            request, q=q, enterprise_id=enterprise_id, agency_id=agency_id, region=region, state=wanted
        )
        blocks = await desk.workbook(database, person, register, query)
        return Stream(blocks, media_type=XLSX, headers=_named(_dated(register), ".xlsx"))

    @get("/export.csv", operation_id="exportLines", media_type=CSV)
    async def lines(
        self,
        request: Request[Any, Any, Any],
        register_name: Name,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        q: Search = "",
        enterprise_id: Whose = None,
        agency_id: Whose = None,
        region: Short = "",
        wanted: State = "",
    ) -> Stream:
        """The records of a list (same filters) as CSV in UTF-8 with its mark; without repeated groups."""
        register = records.named(register_name)
        query = query_of(
            request, q=q, enterprise_id=enterprise_id, agency_id=agency_id, region=region, state=wanted
        )
        blocks = await exports.delimited(database, person, register, query)
        return Stream(blocks, media_type=CSV, headers=_named(_dated(register), ".csv"))

    @post(
        "/imports",
        operation_id="startImport",
        guards=[may("register")],
        status_code=202,
        request_max_body_size=limits.MOST_BYTES + _ENVELOPE,
    )
    async def start(
        self,
        register_name: Name,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: FileForm,
        dry_run: FromQuery[bool] = True,
        submit: FromQuery[bool] = True,
        overwrite: FromQuery[bool] = False,
    ) -> Import:
        """Takes in a file (part `file`, .xlsx or .csv); it is read in the background.

        A dry run (the default) only says what would happen and can be carried out afterwards. `submit`: the
        records count at once, or wait for review; otherwise they become drafts.
        Rows of an exported file whose records were changed since are refused, unless `overwrite` is set.
        """
        register = records.named(register_name)
        try:
            content = await data.file.read()
        finally:
            await data.file.close()
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await imports.ask(
                conn, person, register, data.file.filename, content, dry_run=dry_run, submit=submit,
                overwrite=overwrite,
            )  # fmt: skip


class ImportController(Controller):
    """Imports of whoever asks."""

    path = "/imports"
    tags = ("registers",)

    @get("/", operation_id="listImports")
    async def listed(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        register: Short = "",
        limit: Limit = 20,
        cursor: FromQuery[str | None] = None,
    ) -> ImportPage:
        """One's own imports, newest first, without their problems."""
        (before,) = read_cursor(cursor, int)
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await imports.newest(conn, before, register, limit + 1)
        items, following = page(rows, limit, key=lambda row: (row.id,))
        return ImportPage(items, following)

    @get("/{import_id:int}", operation_id="readImport")
    async def one(
        self, import_id: ImportId, person: NamedDependency[Person], database: NamedDependency[Database]
    ) -> Import:
        """How far an import is, and what is wrong with its first bad rows."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await imports.one(conn, import_id)

    @post("/{import_id:int}/run", operation_id="runImport", guards=[may("register")], status_code=202)
    async def run(
        self,
        import_id: ImportId,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        overwrite: FromQuery[bool] = False,
    ) -> Import:
        """Carries out a dry run; `overwrite` also writes rows whose records changed since the export."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            return await imports.run(conn, import_id, overwrite=overwrite)

    @get("/{import_id:int}/report.xlsx", operation_id="readImportReport", media_type=XLSX)
    async def report(
        self,
        import_id: ImportId,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        desk: NamedDependency[Desk],
    ) -> Stream:
        """The bad rows as they were sent, each with what is wrong, to be mended and sent again."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            found = await imports.one(conn, import_id)
        register = records.named(found.register)
        blocks = await desk.bad_rows(database, person, register, import_id)
        return Stream(blocks, media_type=XLSX, headers=_named(f"{register.zh}-有误的行-{import_id}", ".xlsx"))


routes: list[Any] = [SheetController, ImportController]
