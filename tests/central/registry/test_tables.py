"""The tables of registers are what their declarations want, and follow them when these change."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import pytest
from msgspec import Struct

from central.db.pool import Connection, Database, connect
from central.registry.forms.fields import choice, day, number, text
from central.registry.forms.register import Register, catalogue, fields_of
from central.registry.forms.values import Chosen
from central.registry.tables import build, columns_of, indexes, repeated, table_of, typed_columns
from tests.central import county

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


class Before(Struct):
    """A form as it was."""

    name: Annotated[str | None, text("名称", "name")] = None
    made: Annotated[str | None, text("制造日期", "made")] = None
    kind: Annotated[Chosen | None, choice("类型", "kind", "a 甲 A\nb 乙 B")] = None


class After(Struct):
    """The same form: a text became a day, one field went, one came."""

    name: Annotated[str | None, text("名称", "name")] = None
    made: Annotated[date | None, day("制造日期", "made")] = None
    weight: Annotated[float | None, number("重量", "weight", "kg")] = None


def declared(record: type[Struct], **more: Any) -> Register:
    facts: dict[str, Any] = {
        "columns": ("name",),
        "filters": tuple(bound.name for bound in fields_of(record)),
        **more,
    }
    return Register(
        name="scale-models", zh="模型", en="Models", group="base", record=record, title="name", **facts
    )


async def columns(conn: Connection, table: str) -> dict[str, str]:
    rows = await conn.fetch(
        "SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute "
        "WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped AND attname LIKE 'f\\_%'",
        table,
    )
    return {row["attname"]: row["type"] for row in rows}


def test_the_database_has_what_the_catalogue_wants_and_a_second_build_does_nothing(
    database: DatabaseUrls,
) -> None:
    async def run() -> None:
        conn = await connect(database.admin)
        try:
            assert await build(conn) == []
            for register in catalogue().values():
                wanted = {column.name: column.type for column in typed_columns(register)}
                assert await columns(conn, table_of(register)) == wanted, register.name
            names = {row["tablename"] for row in await conn.fetch(
                "SELECT tablename FROM pg_tables WHERE tablename LIKE 'reg\\_%'"
            )}  # fmt: skip
            assert names == {table_of(register) for register in catalogue().values()}
        finally:
            await conn.close()

    asyncio.run(run())


def test_a_changed_declaration_rebuilds_its_columns_and_keeps_every_payload(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            await county.found(db)
            conn = await connect(database.admin)
            before, after = declared(Before, key=("name",)), declared(After, owner="agency", shared=True)
            table = table_of(before)
            assert await build(conn, {before.name: before})
            payload = {"name": "一号", "made": "2026-02-30", "kind": {"choice": "a"}, "more": 1}
            await conn.execute(
                f"INSERT INTO {table} (enterprise_id, state, payload, created_at, changed_at) "
                "SELECT id, 'draft', $1, now(), now() FROM enterprise WHERE code = 'E1'", payload,
            )  # fmt: skip
            assert await columns(conn, table) == {"f_name": "text", "f_made": "text", "f_kind": "text"}
            assert await build(conn, {before.name: before}) == []
            done = await build(conn, {after.name: after})
            assert any("DROP COLUMN f_made" in statement for statement in done)
            assert await build(conn, {after.name: after}) == []
            assert await columns(conn, table) == {
                "f_name": "text", "f_made": "date", "f_weight": "double precision",
            }  # fmt: skip
            # A day that no calendar has becomes the one after; the payload is what was typed.
            row = await conn.fetchrow(f"SELECT payload, f_made, f_weight FROM {table}")
            assert row is not None
            assert (row["payload"], str(row["f_made"]), row["f_weight"]) == (payload, "2026-03-02", None)
            policies = {r["polname"] for r in await conn.fetch(
                "SELECT polname FROM pg_policy WHERE polrelid = $1::text::regclass", table
            )}  # fmt: skip
            assert policies == {"owner_all", "worker_all", "web_scope", "web_shared"}
            found = {r["indexname"] for r in await conn.fetch(
                "SELECT indexname FROM pg_indexes WHERE tablename = $1", table
            )}  # fmt: skip
            assert found == {f"{table}_pkey", *(index.name for index in indexes(after))}
            triggers = await conn.fetch(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = $1::text::regclass AND NOT tgisinternal", table
            )
            assert {row["tgname"] for row in triggers} == {"audit_row", "record_place"}
            await conn.close()

    asyncio.run(run())


VALUES: list[tuple[str, dict[str, object], object]] = [
    ("number", {"x": 1.5}, 1.5), ("number", {"x": "1.5"}, None), ("whole", {"x": 3}, 3),
    ("whole", {"x": 1e300}, None), ("yes-no", {"x": True}, True), ("yes-no", {"x": "ja"}, None),
    ("day", {"x": "2026-01-31"}, "2026-01-31"), ("day", {"x": "31.1.2026"}, "None"),
    ("day", {"x": 7}, "None"),
    ("text", {"x": "字"}, "字"), ("text", {"x": {"choice": "a"}}, None), ("text", {}, None),
    ("choice", {"x": {"choice": "a"}}, "a"), ("choice", {"x": "a"}, None), ("link", {"x": {"id": "7"}}, "7"),
    ("choices", {"x": {"choices": ["a", "b"]}}, ["a", "b"]), ("choices", {"x": ["a"]}, None),
]  # fmt: skip


def test_a_value_of_another_type_is_none_and_stops_nothing(database: DatabaseUrls) -> None:
    async def run() -> None:
        conn = await connect(database.worker)
        for kind, payload, value in VALUES:
            first = fields_of(Before)[0]
            bound = msgspec.structs.replace(
                first, name="x", field=msgspec.structs.replace(first.field, kind=kind)
            )
            expression = columns_of(bound)[0].expression.replace("payload", "$1::jsonb")
            found = await conn.fetchval(f"SELECT {expression}", payload)
            assert {"day": str(found)}.get(kind, found) == value, (kind, payload)
        await conn.close()

    asyncio.run(run())


def test_records_that_are_alike_against_a_new_key_are_told_and_stop_nothing(
    database: DatabaseUrls, caplog: pytest.LogCaptureFixture
) -> None:
    async def run() -> None:
        async with Database.open(database) as db:
            await county.found(db)
            conn = await connect(database.admin)
            free, keyed = declared(Before), declared(Before, key=("name",))
            table = table_of(free)
            await build(conn, {free.name: free})
            for name in ("一号", "一号", "二号", None, None):
                await conn.execute(
                    f"INSERT INTO {table} (enterprise_id, state, payload, created_at, changed_at) "
                    "SELECT id, 'draft', $1, now(), now() FROM enterprise WHERE code = 'E1'",
                    {"name": name} if name else {},
                )  # fmt: skip
            await build(conn, {keyed.name: keyed})
            told = "scale-models (模型): 1 groups of records share 名称: 1 = 2."
            errors = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
            assert [line[: len(told)] for line in errors] == [told]
            assert [line[: len(told)] for line in await repeated(conn, {keyed.name: keyed})] == [told]
            # Put right, the next start checks again.
            await conn.execute(f"UPDATE {table} SET removed_at = now() WHERE id = 2")
            done = await build(conn, {keyed.name: keyed})
            assert [statement.split()[1] for statement in done] == ["UNIQUE"]
            assert await repeated(conn, {keyed.name: keyed}) == []
            assert await build(conn, {keyed.name: keyed}) == []
            await conn.close()

    asyncio.run(run())
