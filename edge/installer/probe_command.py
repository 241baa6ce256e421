"""`fengsui edge probe`: opens the line, looks, shows; again and again until Ctrl-C where that is wanted."""

import asyncio
import sys
from pathlib import Path
from typing import Final

import msgspec

from edge.clock import Clock
from edge.installer.ear import Ear, Place, Setting
from edge.installer.ports import used_by_gateway
from edge.installer.probe import Probe, as_data, table
from edge.installer.reading import Reader

CLEAR: Final = "\x1b[H\x1b[2J"


class Asked(msgspec.Struct, frozen=True):
    """What the command line said, understood."""

    place: Place
    setting: Setting
    unit: int
    table: str
    first: int
    count: int
    every_s: float
    times: int
    timeout_ms: int
    all_orders: bool
    json: bool
    config: Path


def run(asked: Asked) -> int:
    """Look; returns the exit code."""
    reason = asyncio.run(used_by_gateway([asked.place], asked.config))
    if reason:
        print(reason, file=sys.stderr)
        return 1
    try:
        return asyncio.run(_look(asked))
    except KeyboardInterrupt:
        return 130


async def _look(asked: Asked) -> int:
    clock = Clock()
    ear = Ear(asked.place, asked.setting, clock)
    reason = await ear.open()
    if reason:
        print(reason, file=sys.stderr)
        return 1
    if not asked.json and sys.stderr.isatty():
        words = f"reads {asked.table} {asked.first}..{asked.first + asked.count - 1} of unit {asked.unit}"
        print(f"{words}; each address that it refuses takes about two seconds", file=sys.stderr)
    probe = Probe(Reader(ear, asked.unit, clock, asked.timeout_ms), asked.table, asked.first, asked.count)
    looked = 0
    try:
        while True:
            view = await probe.look()
            looked += 1
            last = bool(asked.times and looked >= asked.times) or not asked.every_s
            _show(asked, probe, last=last)
            if view.trouble and looked == 1:
                return 1
            if last:
                return 0
            await asyncio.sleep(asked.every_s)
    finally:
        ear.close()


def _show(asked: Asked, probe: Probe, *, last: bool) -> None:
    view = probe.history[-1]
    if asked.json:
        print(msgspec.json.encode(as_data(probe, view)).decode(), flush=True)
        return
    if sys.stdout.isatty() and asked.every_s:
        sys.stdout.write(CLEAR)
    print(f"{asked.place} unit {asked.unit}, {asked.table} {asked.first}..{asked.first + asked.count - 1}")
    print("\n".join(table(probe, view, all_orders=asked.all_orders)))
    if not last:
        print("again and again; Ctrl-C ends it", flush=True)
