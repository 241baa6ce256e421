"""HTTP of backups: who may see and start them, and what everybody is told of a recovery."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from central.backup import service, store
from central.clock import database_now
from central.db.scope import acting
from central.settings import Settings
from central.warning import recovery
from tests.central import county
from tests.central.serving import serving

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls


def test_administrators_see_and_start_backups_and_others_learn_of_a_recovery_alone(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        settings = Settings(state=tmp_path, backup_to=str(tmp_path / "kept"), backup_hours=12)
        async with serving(database, settings) as server:
            await county.found(server.database)
            async with server.client("enterprise") as plant, server.client("admin") as keeper:
                for method in ("GET", "POST"):
                    refused = await plant.request(method, "/api/v1/backups")
                    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/forbidden")
                quiet = (await plant.get("/api/v1/backups/recovery")).json()
                assert quiet == {
                    "recovering": False, "began_at": None, "held": None, "unconfirmed": None, "begun_by": "",
                    "attention": "",
                }  # fmt: skip

                started = await keeper.post("/api/v1/backups")
                assert started.status_code == 202, started.text
                again = await keeper.post("/api/v1/backups")
                assert (again.status_code, again.json()["type"]) == (409, "/problems/backup-runs")
                page = (await keeper.get("/api/v1/backups")).json()
                assert [row["state"] for row in page["items"]] == ["wanted"]
                assert page["items"][0]["asked_by"] == "admin甲"
                assert page["next"] is None
                standing = page["state"]
                assert standing["running"] is True
                assert (standing["every_hours"], standing["keep"]) == (12, "7/4/6")
                assert standing["same_disk"] is True
                assert (await keeper.get("/api/v1/backups?state=good")).json()["items"] == []

                async with acting(server.database.worker) as conn:
                    now = await database_now(conn)
                    await store.failed(conn, started.json()["id"], "磁盘已满", now)
                    await recovery.begin(conn, now, "自备份 x 恢复")
                told = (await plant.get("/api/v1/backups/recovery")).json()
                assert (told["recovering"], told["held"], told["begun_by"]) == (True, None, "")
                told = (await keeper.get("/api/v1/backups/recovery")).json()
                assert (told["held"], told["unconfirmed"], told["begun_by"]) == (0, 0, "自备份 x 恢复")
                assert told["attention"] == "最近一次备份失败：磁盘已满"

    asyncio.run(run())


def test_a_centre_without_any_backup_says_so_once_it_is_late(database: DatabaseUrls, tmp_path: Path) -> None:
    async def run() -> None:
        settings = Settings(state=tmp_path, backup_hours=24)
        async with serving(database, settings) as server, acting(server.database.worker) as conn:
            now = await database_now(conn)
            await store.timer_set(conn, service.BACKUP, now, now - timedelta(hours=20))
            assert (await service.standing(conn, settings)).attention == ""
            await conn.execute("UPDATE backup_timer SET since = $1", now - timedelta(hours=27))
            assert "还没有完成过备份" in (await service.standing(conn, settings)).attention
            never = Settings(state=tmp_path, backup_hours=0)
            assert (await service.standing(conn, never)).attention == ""

    asyncio.run(run())
