"""The demo's control socket, its folder and its children, without a plant or a centre."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from central.db.errors import ConfigurationError
from central.demo.control import NoDemo, ask, listening
from central.demo.household import Household
from central.demo.processes import Child


def test_a_command_reaches_the_running_demo_and_its_answer_comes_back(tmp_path: Path) -> None:
    done: list[tuple[str, str]] = []

    async def act(do: str, plant: str) -> str:
        if plant == "nowhere":
            raise ValueError("no plant nowhere")
        done.append((do, plant))
        return "pressed"

    async def scenario() -> list[tuple[bool, str]]:
        path = tmp_path / "control.sock"
        async with listening(path, act):
            assert path.stat().st_mode & 0o077 == 0
            return [
                await asyncio.to_thread(ask, path, "press", "chlorine"),
                await asyncio.to_thread(ask, path, "press", "nowhere"),
            ]

    assert asyncio.run(scenario()) == [(True, "pressed"), (False, "no plant nowhere")]
    assert done == [("press", "chlorine")]
    with pytest.raises(NoDemo, match="make demo"):
        ask(tmp_path / "control.sock", "press", "chlorine")


def test_a_folder_holds_one_demo_and_keeps_its_password(tmp_path: Path) -> None:
    home = Household(tmp_path / "demo")
    with home.occupied(fresh=False):
        password = home.secret("password")
        with (
            pytest.raises(ConfigurationError, match="running already"),
            Household(tmp_path / "demo").occupied(fresh=False),
        ):
            pass
    again = Household(tmp_path / "demo")
    with again.occupied(fresh=False):
        assert again.secret("password") == password
        assert again.secret("password", "given") == "given"
    with again.occupied(fresh=True):
        assert again.secret("password") not in {password, "given"}


def test_a_configuration_gets_a_new_version_only_when_it_changes(tmp_path: Path) -> None:
    home = Household(tmp_path)
    path = home.site("chlorine") / "gateway.toml"
    for text, version in (("a {version}", "a 1"), ("a {version}", "a 1"), ("b {version}", "b 2")):
        home.write_config(path, text)
        assert path.read_text() == version


def test_a_child_that_dies_is_started_again_and_stops_when_told(tmp_path: Path) -> None:
    said: list[str] = []

    async def scenario() -> None:
        child = Child(
            "sleeper", [sys.executable, "-c", "import time; time.sleep(60)"], tmp_path / "log", said.append
        )
        await child.start()
        keeping = asyncio.create_task(child.keep())
        first = child.pid
        assert first is not None
        os.kill(first, 9)
        async with asyncio.timeout(10):
            while child.pid == first:
                await asyncio.sleep(0.05)
        await child.stop()
        await keeping
        assert not child.running

    asyncio.run(scenario())
    assert len(said) == 1
    assert "sleeper" in said[0]
