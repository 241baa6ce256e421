"""The operator's commands on a real state folder with an embedded PostgreSQL of its own."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from central.db.pool import Database
from tests.central import county

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

ROOT = Path(__file__).parents[3]


def fengsui(state: Path, urls: DatabaseUrls, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "FENGSUI_STATE": str(state),
        "FENGSUI_DATABASE_URL": urls.admin,
        "FENGSUI_DATABASE_WEB_URL": urls.web,
        "FENGSUI_DATABASE_WORKER_URL": urls.worker,
    }
    return subprocess.run(
        [sys.executable, "fengsui.py", "central", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_gateway_is_registered_listed_and_counted(database: DatabaseUrls, tmp_path: Path) -> None:
    async def begin() -> None:
        async with Database.open(database) as db:
            await county.found(db)

    asyncio.run(begin())
    out = tmp_path / "gw-a.json"
    done = fengsui(tmp_path, database, "gateway", "add", "gw-a", "--enterprise", "E1", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert out.stat().st_mode & 0o777 == 0o600
    credential = json.loads(out.read_text(encoding="utf-8"))
    assert credential["gateway"] == "gw-a"
    assert credential["router"] == "tcp/127.0.0.1:7447"

    for words, complaint in (
        (("gateway", "add", "gw-a", "--enterprise", "E1", "--out", str(tmp_path / "x.json")), "已经存在"),
        (("gateway", "add", "gw-b", "--enterprise", "nope", "--out", str(tmp_path / "x.json")), "nope"),
        (("gateway", "add", "GW B", "--enterprise", "E1", "--out", str(tmp_path / "x.json")), "网关编号"),
        (("gateway", "add", "gw-b", "--enterprise", "E1", "--out", str(out)), "已存在"),
    ):
        refused = fengsui(tmp_path, database, *words)
        assert refused.returncode == 2
        assert complaint in refused.stderr
    assert not (tmp_path / "x.json").exists()

    listed = fengsui(tmp_path, database, "gateway", "list")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["gw-a"]

    counted = fengsui(tmp_path, database, "gaps", "--json")
    assert counted.returncode == 0, counted.stderr
    assert json.loads(counted.stdout.strip().splitlines()[-1]) == {
        "gateways": 1, "records": 0, "missing": 0, "duplicate": 0, "declared_lost": 0,
    }  # fmt: skip


def test_a_router_that_would_reach_beyond_this_machine_does_not_start(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    refused = fengsui(tmp_path, database, "router", "--listen", "tcp/0.0.0.0:7447")
    assert refused.returncode == 2
    assert "mutual TLS" in refused.stderr


@pytest.mark.parametrize("words", [("quarantine", "replay", "1", "--by", "x"), ("quarantine", "list")])
def test_an_empty_quarantine_says_so(database: DatabaseUrls, tmp_path: Path, words: tuple[str, ...]) -> None:
    answer = fengsui(tmp_path, database, *words)
    assert answer.returncode == (0 if words[1] == "list" else 2)
    assert "Traceback" not in answer.stderr
