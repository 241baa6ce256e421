"""Files that people bring: tried, carried out, interrupted, repeated, refused; what goes out comes back."""

from __future__ import annotations

import asyncio
import datetime as dt
import io
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook  # type: ignore[import-untyped]

from central.registry import imports_store, imports_worker
from central.registry.forms.register import catalogue
from central.registry.sheets import layout, limits
from tests.central import county
from tests.central.registry.made import made
from tests.central.registry.test_sheets import bomb
from tests.central.serving import Served, serving
from tests.central.sheets import HEADS, OWNER, certificate, sheet_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

    from central.db.pool import DatabaseUrls


@asynccontextmanager
async def offices(urls: DatabaseUrls) -> AsyncIterator[tuple[Served, httpx.AsyncClient, httpx.AsyncClient]]:
    """The county in a database, its official and the enterprise E1, both signed in."""
    async with serving(urls) as server:
        await county.found(server.database)
        async with server.client("county") as official, server.client("enterprise") as enterprise:
            yield server, official, enterprise


async def sent(
    client: httpx.AsyncClient, register: str, content: bytes, name: str = "表.xlsx", **query: Any
) -> dict[str, Any]:
    answer = await client.post(
        f"/api/v1/registers/{register}/imports", files={"file": (name, content)}, params=query
    )
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def ended(server: Served, client: httpx.AsyncClient, number: int) -> dict[str, Any]:
    while await imports_worker.step(server.database):
        pass
    answer = await client.get(f"/api/v1/imports/{number}")
    found: dict[str, Any] = answer.json()
    return found


async def imported(
    server: Served, client: httpx.AsyncClient, register: str, content: bytes, **query: Any
) -> dict[str, Any]:
    job = await sent(client, register, content, **{"dry_run": False, **query})
    return await ended(server, client, job["id"])


def counts(job: dict[str, Any]) -> tuple[int, ...]:
    return tuple(job[name] for name in ("total", "created", "changed", "unchanged", "bad"))


def test_a_file_is_tried_then_carried_out_and_a_second_time_makes_nothing(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with offices(database) as (server, official, enterprise):
            content = sheet_of(
                HEADS, *(certificate(f"A-{n}", n) for n in range(3)), certificate("A-1", 9),
                [*certificate("A-7", 7)[:3], "没有的类型", None, "A-7", "2026-02-30", None],
                [county.credit_code(3), *certificate("A-8", 8)[1:]],
            )  # fmt: skip
            job = await sent(official, "certificates", content)
            assert (job["state"], job["dry_run"], job["done"]) == ("waiting", True, 0)
            job = await ended(server, official, job["id"])
            assert (job["state"], counts(job), job["may_run"]) == ("checked", (6, 3, 0, 0, 3), True)
            assert await rows(server, "reg_certificates") == 0
            told = {(p["row"], p["column"]) for p in job["problems"]}
            assert told == {(5, "证书编号"), (6, "证书类型"), (6, "有效期（起）"), (7, OWNER)}
            assert (await official.post(f"/api/v1/imports/{job['id']}/run")).status_code == 202
            job = await ended(server, official, job["id"])
            assert (job["state"], counts(job)) == ("done", (6, 3, 0, 0, 3))
            assert await rows(server, "reg_certificates") == 3
            assert (await official.post(f"/api/v1/imports/{job['id']}/run")).status_code == 409

            report = await official.get(f"/api/v1/imports/{job['id']}/report.xlsx")
            page = load_workbook(io.BytesIO(report.content)).worksheets[0]
            assert [page.cell(row, 2).value for row in (3, 4, 5)] == [5, 6, 7]
            assert "与第 3 行重复" in page["A3"].value

            again = await imported(server, official, "certificates", content)
            assert counts(again) == (6, 0, 0, 3, 3)
            edited = sheet_of(
                HEADS, certificate("A-1", 1), [*certificate("A-2", 2)[:2], "焊工", *certificate("A-2", 2)[3:]]
            )
            changed = await imported(server, official, "certificates", edited)
            assert counts(changed) == (2, 0, 1, 1, 0)
            assert await server.database.worker.fetchval("SELECT count(*) FROM record_version") == 1
            # What one imports is one's own; a message tells its end.
            assert (await enterprise.get(f"/api/v1/imports/{job['id']}")).status_code == 404
            assert (await enterprise.get("/api/v1/imports")).json()["items"] == []
            assert len((await official.get("/api/v1/imports?limit=2")).json()["items"]) == 2
            told_of = await server.database.worker.fetchval(
                "SELECT count(*) FROM message WHERE kind = 'import'"
            )
            assert told_of == 3

    asyncio.run(run())


async def rows(server: Served, table: str) -> int:
    found: int = await server.database.worker.fetchval(
        f"SELECT count(*) FROM {table} WHERE removed_at IS NULL"
    )
    return found


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_what_is_taken_away_comes_back_unchanged(database: DatabaseUrls, ending: str) -> None:
    names = ["certificates", "safety-promises", "underground-mines", "safety-organisation", "chemicals"]

    async def run() -> None:
        async with offices(database) as (server, official, enterprise):
            for name in names:
                register = catalogue()[name]
                for number in (1, 2) if not register.single else (1,):
                    values = without_files(made(register, number, links=False))
                    # What is handed in on its own day alone (a promise) stays a draft here.
                    body = {"values": values, "submit": number == 1 and register.open_days is None}
                    answer = await enterprise.post(f"/api/v1/registers/{name}", json=body)
                    assert answer.status_code == 201, answer.text
                before = await state(server, name)
                for client in (official, enterprise):
                    answer = await client.get(f"/api/v1/registers/{name}/export.{ending}")
                    assert answer.status_code == 200
                    job = await imported(server, client, name, answer.content, name=f"x.{ending}")
                    total = 1 if register.single else 2
                    assert counts(job) == (total, 0, 0, total, 0), (name, job["error"], job["problems"])
                assert await state(server, name) == before

    asyncio.run(run())


def without_files(values: Any) -> Any:
    match values:
        case dict():
            return {key: without_files(one) for key, one in values.items() if not is_file(one)}
        case list():
            return [without_files(one) for one in values]
        case _:
            return values


def is_file(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict) and "sha256" in value[0]


async def state(server: Served, name: str) -> list[Any]:
    table = f"reg_{name.replace('-', '_')}"
    found = await server.database.worker.fetch(f"SELECT id, version, state, payload FROM {table} ORDER BY id")
    return [tuple(row) for row in found]


def test_a_crash_in_the_middle_goes_on_where_it_stood(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with offices(database) as (server, official, _):
            content = sheet_of(HEADS, *(certificate(f"A-{n}", n) for n in range(2400)))
            job = await sent(official, "certificates", content, dry_run=False)
            working = asyncio.ensure_future(imports_worker.step(server.database))
            while (await official.get(f"/api/v1/imports/{job['id']}")).json()["done"] == 0:
                await asyncio.sleep(0.01)
            working.cancel()
            await asyncio.wait([working])
            found = (await official.get(f"/api/v1/imports/{job['id']}")).json()
            # Half-written is nothing: what the file says is what the register holds.
            assert 0 < found["done"] < 2400
            assert await rows(server, "reg_certificates") == found["created"] == found["done"]
            # A process that died without a word: its claim runs out.
            await server.database.worker.execute(
                "UPDATE import_job SET claimed_until = now() - interval '1 second'"
            )
            found = await ended(server, official, job["id"])
            assert (found["state"], counts(found)) == ("done", (2400, 2400, 0, 0, 0))
            assert await rows(server, "reg_certificates") == 2400

    asyncio.run(run())


def test_two_workers_never_take_the_same_rows(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with offices(database) as (server, official, _):
            job = await sent(official, "certificates", sheet_of(HEADS, certificate("A-1", 1)), dry_run=False)
            now = dt.datetime.now(dt.UTC)
            async with server.database.worker.acquire() as conn:
                first = await imports_store.claim(conn, now, now + dt.timedelta(minutes=1))
                assert first is not None
                assert await imports_store.claim(conn, now, now + dt.timedelta(minutes=1)) is None
                later = now + dt.timedelta(minutes=2)
                second = await imports_store.claim(conn, later, later + dt.timedelta(minutes=1))
                assert second is not None
                lease = dt.timedelta(minutes=1)
                assert await imports_store.advance(conn, first, 0, (1, 0, 0, 0), lease) is None
                assert await imports_store.advance(conn, second, 5, (1, 0, 0, 0), lease) is None
                assert await imports_store.advance(conn, second, 0, (1, 0, 0, 0), lease) is not None
            assert (await official.get(f"/api/v1/imports/{job['id']}")).json()["done"] == 1

    asyncio.run(run())


def test_rights_are_those_of_the_moment_a_chunk_is_written(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with offices(database) as (server, official, enterprise):
            row = [None, *certificate("A-1", 1)[1:]]
            job = await sent(enterprise, "certificates", sheet_of(HEADS, row), dry_run=False)
            await server.database.worker.execute(
                "UPDATE account SET active = false WHERE login = 'enterprise'"
            )
            while await imports_worker.step(server.database):
                pass
            error = await server.database.worker.fetchval(
                "SELECT error FROM import_job WHERE id = $1 AND state = 'failed'", job["id"]
            )
            assert "已停用" in error
            assert await rows(server, "reg_certificates") == 0
            # An agency's official is told of an enterprise elsewhere as of none.
            foreign = [county.credit_code(3), *certificate("A-1", 1)[1:]]
            job = await imported(server, official, "certificates", sheet_of(HEADS, foreign))
            assert counts(job) == (1, 0, 0, 0, 1)

    asyncio.run(run())


def test_a_file_that_is_no_table_is_refused_at_the_door(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with offices(database) as (server, official, _):
            places = []
            for content, status, words in (
                (b"x" * (limits.MOST_BYTES + (1 << 20)), 413, "拆成"),
                (b"\xd0\xcf\x11\xe0" + b"\0" * 600, 400, ".xlsx"),
                (b"", 400, "空的"),
                (bomb(), 413, "解压后过大"),
                (sheet_of(HEADS, certificate("A-1", 1))[:900], 400, "损坏"),
                (b"\x89PNG\r\n\x1a\n\0", 400, "不是表格"),
            ):
                answer = await official.post(
                    "/api/v1/registers/certificates/imports", files={"file": ("a.xlsx", content)}
                )
                assert answer.status_code == status, answer.text
                assert words in answer.json()["detail"]
                places.append([field["place"] for field in answer.json().get("fields", [])])
            # The server's own limit of a request knows no field, only the way out.
            assert places == [[], *[["file"]] * 5]
            assert await server.database.worker.fetchval("SELECT count(*) FROM import_job") == 0

    asyncio.run(run())


def test_a_file_whose_heads_are_foreign_fails_as_a_whole_and_writes_nothing(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with offices(database) as (server, official, _):
            job = await imported(
                server, official, "certificates", sheet_of([*HEADS, "备注"], certificate("A-1", 1))
            )
            assert job["state"] == "failed"
            assert "没有“备注”这一栏" in job["error"]
            gbk = "\r\n".join([",".join(HEADS), "乱码"]).encode("gbk") + b"\xff\xff\xff\r\n"
            job = await imported(server, official, "certificates", gbk, name="a.csv")
            assert (job["state"], "编码" in job["error"]) == ("failed", True)

    asyncio.run(run())


def test_links_are_found_by_name_and_repeated_names_are_told(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with offices(database) as (server, _, enterprise):
            people = catalogue()["staff-members"]
            for number in (1, 2):
                body = {
                    "values": {**without_files(made(people, number, links=False)), people.title: "张三"},
                    "submit": False,
                }
                answer = await enterprise.post("/api/v1/registers/staff-members", json=body)
                assert answer.status_code == 201, answer.text
            (link,) = [
                leaf.columns[0].heading.lstrip("*")
                for leaf in layout.laid_out(catalogue()["certificates"]).leaves
                if leaf.field.to == "staff-members"
            ]
            heads = [*HEADS, link]
            content = sheet_of(
                heads, [*certificate("A-1", 1), "张三"], [*certificate("A-2", 2), "李四"],
                [*certificate("A-3", 3), "张三〔2〕"],
            )  # fmt: skip
            job = await imported(server, enterprise, "certificates", content)
            assert counts(job) == (3, 1, 0, 0, 2)
            assert [(p["row"], p["column"]) for p in job["problems"]] == [(2, link), (3, link)]

    asyncio.run(run())
