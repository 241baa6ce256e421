"""A file in parts: it goes on where it broke off, belongs to whoever announced it, and is bounded."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING, Any

from central.db.scope import acting
from central.registry import files_parts
from central.registry.files_objects import UPLOADS
from central.settings import Settings
from tests.central import county
from tests.central.serving import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import httpx

    from central.db.pool import DatabaseUrls

PDF = b"%PDF-1.7\n" + b"x" * 900_000
PATH = "/api/v1/files/uploads"
LONG_S = 60


async def begun(client: httpx.AsyncClient, size: int, status: int = 201, **more: Any) -> dict[str, Any]:
    answer = await client.post(PATH, json={"name": "预案.pdf", "size": size, **more})
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def part(
    client: httpx.AsyncClient, upload_id: str, offset: int, content: Any, status: int = 200
) -> dict[str, Any]:
    answer = await client.patch(f"{PATH}/{upload_id}", params={"offset": offset}, content=content)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def offset_of(client: httpx.AsyncClient, upload_id: str) -> int:
    answer = await client.get(f"{PATH}/{upload_id}")
    assert answer.status_code == 200, answer.text
    found: int = answer.json()["offset"]
    return found


def test_a_file_goes_on_where_it_broke_off_and_is_then_as_any_other(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with serving(database, Settings(state=tmp_path, file_mb=1)) as server:
            await county.found(server.database)
            async with (
                server.client("enterprise") as mine,
                server.client("enterprise", device="phone") as again,
            ):
                begin = await begun(mine, len(PDF), sha256=hashlib.sha256(PDF).hexdigest())
                upload_id = begin["id"]
                assert begin == {"id": upload_id, "offset": 0, "size": len(PDF), "file": None}
                assert (await part(mine, upload_id, 0, PDF[:300_000]))["offset"] == 300_000

                # The line dies in the middle of a part, and nobody hangs up.
                dead = asyncio.Event()

                async def dying() -> AsyncIterator[bytes]:
                    yield PDF[300_000:700_000]
                    await dead.wait()

                hanging = asyncio.create_task(part(mine, upload_id, 300_000, dying()))
                async with asyncio.timeout(LONG_S):
                    while await offset_of(again, upload_id) < 550_000:
                        await asyncio.sleep(0.02)
                came = await offset_of(again, upload_id)
                wrong = await part(again, upload_id, 5, PDF[5:], 409)
                assert (wrong["type"], wrong["offset"]) == ("/problems/upload-offset", came)
                done = await part(again, upload_id, came, PDF[came:])
                sha256 = hashlib.sha256(PDF).hexdigest()
                assert done["file"] == {
                    "sha256": sha256, "name": "预案.pdf", "size": len(PDF),
                    "media_type": "application/pdf", "scan": "clean",
                }  # fmt: skip
                hanging.cancel()
                await asyncio.gather(hanging, return_exceptions=True)
                # Whoever lost that answer gets it once more, and nothing is left half.
                assert (await again.get(f"{PATH}/{upload_id}")).json() == done
                assert await part(again, upload_id, len(PDF), b"") == done
                assert not list((tmp_path / UPLOADS).iterdir())
                assert (tmp_path / "files" / sha256[:2] / sha256).read_bytes() == PDF
                audited = "SELECT count(*) FROM audit WHERE action = 'uploaded'"
                assert await server.database.worker.fetchval(audited) == 1

    asyncio.run(run())


def test_what_comes_in_parts_is_judged_and_bounded_as_every_file(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with serving(database, Settings(state=tmp_path, file_mb=10)) as server:
            await county.found(server.database)
            async with server.client("enterprise") as mine, server.client("county") as other:
                # Nobody else's: as if it were not there.
                first = (await begun(mine, 20))["id"]
                for answer in (
                    await other.get(f"{PATH}/{first}"), await other.delete(f"{PATH}/{first}"),
                    await other.patch(f"{PATH}/{first}", params={"offset": 0}, content=b"%PDF-"),
                    await mine.get(f"{PATH}/{'0' * 32}"),
                ):  # fmt: skip
                    assert answer.status_code == 404, answer.text
                for odd in ("x", "../../key", "0" * 31, "0" * 33):
                    assert (await mine.get(f"{PATH}/{odd}")).status_code in {400, 404}
                bodies: tuple[Any, ...] = (
                    {}, [], {"name": "", "size": 1}, {"name": "a", "size": 0}, {"name": "a", "size": -1},
                    {"name": "a", "size": 1, "sha256": "x"}, {"name": "a", "size": 1, "id": "x"},
                )  # fmt: skip
                for body in bodies:
                    assert (await mine.post(PATH, json=body)).status_code == 400
                await begun(mine, (10 << 20) + 1, 413)

                # Longer than announced, longer than a part, another content, another kind.
                assert "upload-too-long" in (await part(mine, first, 0, b"%PDF-" + bytes(30), 400))["type"]
                assert await offset_of(mine, first) == 0
                await part(mine, first, 0, bytes(files_parts.PART_BYTES + 1), 413)
                await part(mine, first, -1, b"x", 400)
                damaged = (await begun(mine, 9, sha256="0" * 64))["id"]
                assert "upload-damaged" in (await part(mine, damaged, 0, b"%PDF-1.7\n", 400))["type"]
                script = (await begun(mine, 10))["id"]
                assert "file-kind" in (await part(mine, script, 0, b"#!/bin/sh\n", 400))["type"]
                for refused in (damaged, script):
                    assert (await mine.get(f"{PATH}/{refused}")).status_code == 404
                assert not list((tmp_path / UPLOADS).iterdir())

                # Bounded, given up, swept.
                await part(mine, first, 0, b"%PDF")
                for _ in range(19):
                    await begun(mine, 100)
                assert "uploads-many" in (await begun(mine, 100, 429))["type"]
                assert (await mine.delete(f"{PATH}/{first}")).status_code == 204
                kept = (await begun(mine, 100))["id"]
                await part(mine, kept, 0, b"%PDF")
                (tmp_path / UPLOADS / ("f" * 32)).write_bytes(b"left by a crash")
                assert await files_parts.sweep(server.database, tmp_path / UPLOADS) == 1
                assert await offset_of(mine, kept) == 4
                async with acting(server.database.worker) as conn:
                    await conn.execute("UPDATE file_in_parts SET at = now() - interval '25 hours'")
                assert await files_parts.sweep(server.database, tmp_path / UPLOADS) == 1
                assert (await mine.get(f"{PATH}/{kept}")).status_code == 404
                async with acting(server.database.worker) as conn:
                    await conn.execute(
                        "INSERT INTO file_in_parts (id, account_id, name, size, sha256, at) "
                        "SELECT $1, id, 'x', 1::bigint << 30, '', now() FROM account "
                        "WHERE login = 'enterprise'", "a" * 32,
                    )  # fmt: skip
                assert "files-unused" in (await begun(mine, 100, 429))["type"]

    asyncio.run(run())
