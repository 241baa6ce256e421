"""Backups and restores are killed at random moments and find no room: what has a name is whole."""

from __future__ import annotations

import asyncio
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.backup import reading, restoring, rules
from central.db.embedded import EmbeddedServer
from central.db.opening import opened
from central.settings import Settings
from rig.programs import ROOT

pytestmark = [pytest.mark.faults, pytest.mark.timeout(0)]

KILLS = 25 if os.environ.get("FENGSUI_SOAK") == "1" else 2


class Place:
    """A state folder, where its backups go, and the command line over both."""

    def __init__(self, folder: Path) -> None:
        self.state, self.kept = folder / "state", folder / "kept"

    def start(self, *words: str, limit: int | None = None) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "fengsui.py"), "central", *words, "--state", str(self.state)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip
        if limit is not None:
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (limit, limit))
        return process

    def run(self, *words: str, limit: int | None = None) -> tuple[int, str]:
        process = self.start(*words, limit=limit)
        out, err = process.communicate(timeout=200)
        return process.returncode, out + err

    def killed(self, chance: random.Random, within_s: float, *words: str) -> None:
        process = self.start(*words)
        time.sleep(chance.uniform(0.0, within_s))
        process.kill()
        process.communicate()

    def named(self) -> list[Path]:
        return [path for path in self.kept.iterdir() if rules.made_at(path.name)]


@pytest.fixture
def place() -> Iterator[Place]:
    # Not under pytest's own folder: for root PostgreSQL runs as another user, who may not walk in there.
    folder = Path(tempfile.mkdtemp(prefix="fengsui-siege-"))
    yield Place(folder)
    restoring.discard(folder / "state" / "restoring")
    restoring.discard(folder / "state")
    shutil.rmtree(folder, ignore_errors=True)


def test_what_was_killed_or_found_no_room_is_never_taken_for_a_backup_or_a_centre(place: Place) -> None:
    chance = random.Random("siege")
    backup = ("backup", "--to", str(place.kept))
    server = EmbeddedServer(place.state)
    with server.running():
        code, said = place.run("region", "load", str(regions(place)))
        assert code == 0, said
        began = time.monotonic()
        code, said = place.run(*backup)
        took_s = time.monotonic() - began
        assert code == 0, said
        (first,) = place.named()

        # A disk that takes no more: said, remembered, and nothing of it is left.
        code, said = place.run(*backup, limit=1 << 20)
        assert (code, place.named()) == (1, [first]), said
        assert [path.name for path in place.kept.iterdir()] == [first.name]
        _, said = place.run("backup", "list")
        assert "写入备份失败" in said

        for _ in range(KILLS):
            place.killed(chance, took_s * 1.2, *backup)
            for path in place.named():
                reading.check_parts(path, reading.manifest_of(path))
        code, said = place.run(*backup, "--keep", "1/0/0")
        assert code == 0, said
        assert [path for path in place.kept.iterdir() if path.name.startswith(".")] == []

    (last,) = place.named()
    restore = ("restore", str(last), "--over")
    for _ in range(KILLS):
        place.killed(chance, took_s * 2.0, *restore)
        # Whole as it was or as it became, or shut until it was done again: never one that begins anew.
        code, said = place.run("recovery", "status")
        assert code == 0 or "was interrupted" in said, said
        assert code != 0 or asyncio.run(known(place)) == 2
    code, said = place.run(*restore)
    assert code == 0, said
    assert asyncio.run(known(place)) == 2
    assert not (place.state / "restoring").exists()


def regions(place: Place) -> Path:
    file = place.state.with_name("regions.csv")
    file.write_text("42,湖北省\n4299,云泽市\n", encoding="utf-8")
    return file


async def known(place: Place) -> int:
    async with opened(Settings(state=place.state)) as database:
        count: int = await database.worker.fetchval("SELECT count(*) FROM region")
        return count
