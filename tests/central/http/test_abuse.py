"""What somebody with bad intent sends: to every address that there is, and each time nothing gives way.

The addresses come from the OpenAPI document, so that a new one is attacked without anybody remembering to.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

from central.db.pool import connect
from tests.central import county
from tests.central.http.test_surface import SOME
from tests.central.serving import serving

if TYPE_CHECKING:
    import httpx

    from central.db.pool import DatabaseUrls

HOSTILE = (
    "' OR '1'='1", "'; DROP TABLE account; --", "%' OR '%'='", "../../../etc/passwd", "..%2f..%2fetc",
    "\ud7ff\uffff", "a" * 5000, "-1", "1e999", "NaN", "9" * 40,
)  # fmt: skip
AT_ONCE = 8
BODIES: tuple[tuple[str, bytes], ...] = (
    ("nothing", b""),
    ("no JSON", b"{"),
    ("no UTF-8", b'{"a":"\xff\xfe"}'),
    ("a list", b"[]"),
    ("null", b"null"),
    ("depth", b"[" * 50_000),
    ("depth that closes", b'{"a":' * 5_000 + b"1" + b"}" * 5_000),
    ("a number past every type", b'{"limit":' + b"9" * 400 + b"}"),
    ("one key twice", b'{"reason":1,"reason":2}'),
)


def operations(document: dict[str, Any]) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Method, address, parameters of everything but the endless stream and the session itself."""
    return [
        (method, path, operation.get("parameters", []))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if path != "/api/v1/live" and not path.startswith("/api/v1/session")
    ]


def filled(path: str, value: str | None = None) -> str:
    return re.sub(r"\{(\w+)[^}]*\}", lambda match: SOME[match[1]] if value is None else value, path)


def refused_in_words(answer: httpx.Response, told: object) -> None:
    """Whatever was sent: a problem in words or an ordinary answer; no defect, and no trace of our inside."""
    road = answer.status_code == 503 and "no-road" in answer.text
    assert answer.status_code < 500 or road, (told, answer.status_code, answer.text[:500])
    for word in ("Traceback", "asyncpg", "syntax error", "SELECT ", 'File "'):
        assert word not in answer.text, (told, answer.text[:500])


def test_hostile_values_in_every_parameter_find_nothing_and_break_nothing(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("township") as client:
                before = await everything(database)
                document = (await client.get("/schema/openapi.json")).json()
                gate = asyncio.Semaphore(AT_ONCE)

                async def ask(method: str, path: str, parameter: dict[str, Any], value: str) -> None:
                    name, where = parameter["name"], parameter["in"]
                    async with gate:
                        answer = await client.request(
                            method,
                            filled(path, value if where == "path" else None),
                            params={name: value} if where == "query" else None,
                            headers={name: value.encode()} if where == "header" else None,
                        )
                    refused_in_words(answer, (method, path, name, value))
                    # The township knows 企业E1 and 企业E10; no trick shows it another.
                    assert not re.search("企业E[23]", answer.text), (path, name, value)

                async with asyncio.TaskGroup() as tasks:
                    for method, path, parameters in operations(document):
                        for parameter in parameters:
                            for value in HOSTILE:
                                tasks.create_task(ask(method, path, parameter, value))
            assert await everything(database) == before

    asyncio.run(run())


def test_bodies_that_are_none_are_refused_at_every_address(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("admin") as client:
                before = await everything(database)
                document = (await client.get("/schema/openapi.json")).json()
                for method, path, _ in operations(document):
                    if "requestBody" not in document["paths"][path][method]:
                        continue
                    for name, body in BODIES:
                        answer = await client.request(
                            method,
                            filled(path),
                            content=body,
                            headers={"content-type": "application/json", "if-match": '"1"'},
                        )
                        refused_in_words(answer, (method, path, name))
                        assert answer.status_code >= 400 or name in {"nothing", "one key twice"}, (path, name)
                    big = b'{"reason":"' + b"x" * (9 << 20) + b'"}'
                    answer = await client.request(
                        method, filled(path), content=big, headers={"content-type": "application/json"}
                    )
                    assert answer.status_code in {400, 403, 404, 413, 428}, (method, path, answer.status_code)
            assert await everything(database) == before

    asyncio.run(run())


async def everything(urls: DatabaseUrls) -> dict[str, int]:
    """How many rows each table that people write to holds; reading and refusals leave it as it is."""
    admin = await connect(urls.admin)
    try:
        names = await admin.fetch(
            "SELECT c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname NOT LIKE 'audit%' "
            "AND c.relname NOT IN ('session', 'live_event') ORDER BY 1"
        )
        return {row[0]: await admin.fetchval(f'SELECT count(*) FROM "{row[0]}"') for row in names}
    finally:
        await admin.close()
