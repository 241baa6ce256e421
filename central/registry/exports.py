"""What people take away: the records of a list as a workbook or as lines, a page in memory at a time."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from central.db.errors import DomainError
from central.db.scope import scoped
from central.registry import imports, imports_store, records_list
from central.registry import records_masking as masking
from central.registry.records_models import Owner
from central.registry.sheets import columns, export, report

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from central.db.pool import Connection, Database
    from central.identity.models import Person
    from central.registry.forms.register import Register
    from central.registry.records_models import Query
    from central.registry.sheets.export import Line

_PAGE: Final = 500
_BLOCK: Final = 1 << 18
_AT_ONCE: Final = 2


class Desk:
    """Where files are put together: a few at a time in this process, on threads, in folders that go away."""

    def __init__(self) -> None:
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def workbook(
        self, database: Database, person: Person, register: Register, query: Query
    ) -> AsyncGenerator[bytes, None]:
        """The records of a list as a workbook, ready before its first byte.

        Raises:
            DomainError: 400 a filter that does not fit; 413 more than a sheet of Excel holds.
        """
        async with scoped(database.web, person.scope, person.actor) as conn:
            where = records_list.conditions(register, query)
            total = await imports_store.count(conn, where.source, where.sql, where.values)
            words = await imports.dictionary_words(conn, register)
        if total > export.MOST_ROWS:
            words_ = f"共 {total} 条，Excel 工作表最多 {export.MOST_ROWS} 条；请缩小范围，或导出 CSV。"
            raise DomainError("too-many-rows", words_, 413)
        whose = columns.owners(register, person.kind)

        async def fill(folder: Path) -> Path:
            writer = export.BookWriter(register, whose, words)
            try:
                async with aclosing(lines(database, person, register, query)) as pages:
                    async for page in pages:
                        await asyncio.to_thread(writer.add, page)
                await asyncio.to_thread(writer.save, folder / "book.xlsx")
            except BaseException:
                writer.discard()
                raise
            return folder / "book.xlsx"

        return await self._file(fill)

    async def bad_rows(
        self, database: Database, person: Person, register: Register, import_id: int
    ) -> AsyncGenerator[bytes, None]:
        """The bad rows of an import as a workbook that can be mended and sent again."""

        async def fill(folder: Path) -> Path:
            writer = report.ReportWriter(register, columns.owners(register, person.kind))
            after = -1
            while True:
                async with scoped(database.web, person.scope, person.actor) as conn:
                    found = await imports.bad_rows(conn, import_id, after, _PAGE)
                if not found:
                    break
                after = found[-1][0]
                await asyncio.to_thread(writer.add, [row for _, row in found])
            await asyncio.to_thread(writer.save, folder / "report.xlsx")
            return folder / "report.xlsx"

        return await self._file(fill)

    async def _file(self, fill: Callable[[Path], Any]) -> AsyncGenerator[bytes, None]:
        folder = Path(tempfile.mkdtemp(prefix="fengsui-sheet-"))
        try:
            async with self._gate:
                path = await fill(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return _blocks(path, folder)


async def _blocks(path: Path, folder: Path) -> AsyncGenerator[bytes, None]:
    """The bytes of a file, which goes away with its folder."""
    try:
        with path.open("rb") as file:
            while block := await asyncio.to_thread(file.read, _BLOCK):
                yield block
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def delimited(
    database: Database, person: Person, register: Register, query: Query
) -> AsyncGenerator[bytes, None]:
    """The records of a list as lines of CSV; the first page is read before the answer begins.

    Raises:
        DomainError: 400 a filter that does not fit.
    """
    async with scoped(database.web, person.scope, person.actor) as conn:
        words = await imports.dictionary_words(conn, register)
        records_list.conditions(register, query)
    whose = columns.owners(register, person.kind)

    async def blocks() -> AsyncGenerator[bytes, None]:
        yield export.csv_head(register, whose).encode()
        async with aclosing(lines(database, person, register, query)) as pages:
            async for page in pages:
                text = await asyncio.to_thread(export.csv_lines, register, whose, words, page)
                yield text.encode()

    return blocks()


async def lines(
    database: Database, person: Person, register: Register, query: Query
) -> AsyncGenerator[list[Line], None]:
    """The records of a list by number, a page at a time, each page with the scope of the reader.

    No transaction stays open between pages: a slow reader holds up nobody, and sees each record once.
    """
    query = msgspec.structs.replace(query, limit=_PAGE, cursor=None, sort="id")
    while True:
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows, following = await records_list.raw(conn, register, query, (), scope=person.scope)
            page = await _lines(conn, person, register, rows)
        if page:
            yield page
        if following is None:
            return
        query = msgspec.structs.replace(query, cursor=following)


async def _lines(
    conn: Connection, person: Person, register: Register, rows: list[dict[str, Any]]
) -> list[Line]:
    codes, names = await imports_store.owner_words(
        conn,
        {row["enterprise_id"] for row in rows if row["enterprise_id"] is not None},
        {row["agency_id"] for row in rows if row["agency_id"] is not None},
    )
    found = []
    for row in rows:
        whose = Owner(row["enterprise_id"], row["agency_id"])
        values = row["values"]
        if not masking.sees_all(person, whose):
            values = masking.masked(register, values)
        found.append(
            export.Line(
                record_id=row["id"],
                version=row["version"],
                state=row["state"],
                owner_name=row["owner_name"] or "",
                values=values,
                owner_code=codes.get(row["enterprise_id"], ""),
                agency=names.get(row["agency_id"], ""),
            )
        )
    return found
