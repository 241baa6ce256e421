"""An update as a site has it: a bundle, no network, a plant that goes on; and versions that must not stay."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from edge.update.slots import Slots
from rig.programs import wait_until
from rig.slave import Slave
from tests.edge.plant_at_hand import write_config

SOURCE = Path(__file__).resolve().parents[2]
WHEELS = Path(sys.prefix) / "wheels"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"

pytestmark = [pytest.mark.faults, pytest.mark.timeout(900)]


class Site:
    """One plant with a gateway in slots, begun again whenever it ends, as systemd does."""

    def __init__(self, folder: Path, slave: Slave, port: int) -> None:
        self.folder = folder
        self.slave = slave
        self.root = folder / "opt"
        self.slots = Slots(self.root)
        self.config = write_config(folder, port)
        self.log = folder / "gateway.log"
        self._stop = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._serve)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        if self._process is not None:
            self._process.terminate()
        self._thread.join(60)

    def _serve(self) -> None:
        command = [str(self.root / "launcher"), str(self.root), "edge", "run", "--config", str(self.config)]
        with self.log.open("ab") as log:
            while not self._stop.is_set():
                self._process = subprocess.Popen(
                    command, stdout=log, stderr=log, env=clean(), cwd=self.folder
                )
                self._process.wait()
                self._stop.wait(0.2)

    def said(self) -> dict[str, Any]:
        program = self.root / "control" / "current" / "bin" / "fengsui"
        done = run(str(program), "edge", "status", "--config", str(self.config), "--json")
        answer: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
        return answer

    def well(self) -> bool:
        answer = self.said()
        sources = answer.get("sources", [])
        return bool(sources) and all(s["state"] == "online" and s["good_age_ms"] >= 0 for s in sources)

    def update(self, *words: str) -> tuple[int, list[dict[str, object]]]:
        program = self.slots.program(self.slots.current())
        limits = ["--settle", "2", "--within", "20"]
        places = ["--config", str(self.config), "--root", str(self.root), "--json"]
        done = run(str(program), "edge", "update", *words, *limits, *places)
        print(done.stdout, done.stderr, self.log.read_text(errors="replace")[-3000:])
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()]


def clean() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV", "FENGSUI"))}


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, env=clean(), check=False, timeout=600)


def pack(folder: Path, version: str) -> Path:
    """Pack this source as another version, from wheels that are here already."""
    assert WHEELS.is_dir(), "the wheels are missing: make .venv/stamps/wheels"
    copy = folder / "source"
    skipped = shutil.ignore_patterns(
        ".*", "node_modules", "dist", "tests", "hil-tests", "*.egg-info", "build"
    )
    shutil.copytree(SOURCE, copy, ignore=skipped)
    project = copy / "pyproject.toml"
    project.write_text(project.read_text().replace('version = "0.1.0"', f'version = "{version}"'))
    machine = platform.machine()
    key, out = str(folder / "release.key"), str(folder / "dist")
    pack = [sys.executable, "-m", "edge.update.pack"]
    if not (folder / "release.key").exists():
        assert run(*pack, "key", key).returncode == 0
    where = ["--key", key, "--out", out, "--wheels", str(WHEELS), "--source", str(copy), "--python", PYTHON]
    done = subprocess.run(
        [*pack, "bundle", "edge", machine, *where], cwd=SOURCE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.rmtree(copy)
    return folder / "dist" / f"fengsui-edge-{version}-{machine}.tar"


@contextmanager
def installed(folder: Path, bundle: Path) -> Iterator[Site]:
    slave = Slave(1, 10)
    slave[1].holding[0] = 50
    with slave.tcp_thread() as port, tarfile.open(bundle) as tar:
        site = Site(folder, slave, port)
        tar.extractall(folder / "unpacked", filter="data")
        done = run(
            "sh", str(folder / "unpacked" / "install"), str(folder / "release.key.pem"), str(site.root)
        )
        assert done.returncode == 0, done.stdout + done.stderr
        site.start()
        try:
            wait_until("the gateway is well", site.well, 120, every_s=0.5)
            yield site
        finally:
            site.stop()


def test_a_version_stays_when_all_is_well_and_goes_when_it_is_not(tmp_path: Path) -> None:
    old = pack(tmp_path, "0.1.1")
    with installed(tmp_path, old) as site:
        site.slave[1].holding[0] = 300  # an alarm stands while all this happens
        wait_until("the horn", lambda: site.slave[10].coils[0])

        # A good one: kept; the alarm stands on.
        code, lines = site.update(str(pack(tmp_path, "0.1.2")))
        assert (code, lines[-1]) == (0, {"result": "0.1.2: kept", "good": True})
        assert (site.slots.current(), site.slots.version("b"), site.slots.switch.trial()) == (
            "b",
            "0.1.2",
            None,
        )
        wait_until("the gateway is well", site.well)
        assert [alarm["alarm"] for alarm in site.said()["alarms"]] == ["GT-101/H"]
        assert site.slave[10].coils[0]

        # One that does not start at all: the launcher takes it back.
        broken = next((site.root / "a").rglob("edge/gateway.py"))
        whole = broken.read_text()
        broken.write_text("raise RuntimeError('a broken version')\n")
        code, lines = site.update("--back")
        assert code == 1
        assert "did not stay up" in str(lines[-1]["result"])
        assert site.slots.current() == "b"
        wait_until("the gateway is well", site.well)

        # One that runs and reads nothing: its own gate takes it back.
        broken.write_text(whole)
        takes = next((site.root / "a").rglob("edge/plant.py"))
        blind = re.sub(r"(    def take\(self, bus: str.*\n)", r"\1        return\n", takes.read_text())
        assert blind != takes.read_text()
        takes.write_text(blind)
        code, lines = site.update("--back")
        assert code == 1
        assert "good before and not now: GT-101" in str(lines[-1]["result"])
        wait_until("the gateway is well", site.well)
        assert site.slots.current() == "b"
        assert site.slave[10].coils[0]


def test_a_site_installs_nothing_that_was_changed_on_the_way(tmp_path: Path) -> None:
    bundle = pack(tmp_path, "0.1.1")
    with tarfile.open(bundle) as tar:
        tar.extractall(tmp_path / "unpacked", filter="data")
    (tmp_path / "unpacked" / "launcher").write_text("#!/bin/sh\n")
    install, key = str(tmp_path / "unpacked" / "install"), str(tmp_path / "release.key.pem")
    done = run("sh", install, key, str(tmp_path / "opt"))
    assert done.returncode != 0
    assert "launcher is not what was signed" in done.stderr
    assert not (tmp_path / "opt").exists()
    stranger = [sys.executable, "-m", "edge.update.pack", "key", str(tmp_path / "stranger")]
    subprocess.run(stranger, cwd=SOURCE, check=True)
    done = run("sh", install, str(tmp_path / "stranger.pem"), str(tmp_path / "opt"))
    assert "was not signed with" in done.stderr
