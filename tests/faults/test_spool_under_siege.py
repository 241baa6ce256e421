"""Disks that fill, freeze, vanish or rot under a running gateway, and a card that runs in two boxes.

Each siege ends alike: what the instrument showed is stored once, or declared gone; missing 0, duplicate 0.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from edge import status
from rig.centre import Centre
from rig.checker import arrived, expected_transitions, transitions
from rig.gateway import LIMIT, Gateway, witness_toml
from rig.programs import Program, wait_until
from rig.slave import Slave
from rig.witness import WitnessUnit, witness
from tests.faults.siege import Disk, accounted, events_of

pytestmark = [pytest.mark.faults, pytest.mark.timeout(0)]

ALARM = "u1-level/H"


@pytest.fixture
def slave() -> Slave:
    return witness(1)


@pytest.fixture
def instrument(slave: Slave) -> WitnessUnit:
    unit = slave[1]
    assert isinstance(unit, WitnessUnit)
    return unit


@pytest.fixture
def box(centre: Centre, tmp_path: Path) -> Iterator[Callable[[str], Gateway]]:
    """Makes gateways that end with the test, however it ends."""
    made: list[Gateway] = []

    def make(name: str) -> Gateway:
        made.append(Gateway(tmp_path / "gateway", centre, name))
        return made[-1]

    yield make
    for gateway in made:
        if gateway.program.running:
            gateway.program.kill()
    if not centre.router.running:
        centre.router.start()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    try:
        small = Disk(tmp_path / "gateway" / "state", 6)
    except PermissionError as exc:
        pytest.skip(f"a small disk can only be mounted by root: {exc}")
    try:
        yield small
    finally:
        small.take_away()


def reads(instrument: WitnessUnit, more: int) -> None:
    """Wait until the instrument was read so many times more."""
    seen = len(instrument.shown)
    wait_until("the gateway reads", lambda: len(instrument.shown) >= seen + more, 120.0)


def move(instrument: WitnessUnit, level: int) -> None:
    """Set the level and wait long enough for its alarm to be judged and read back."""
    instrument.level = level
    reads(instrument, 8)


def sent(gateway: Gateway) -> bool:
    """Whether the gateway is on a road to the centre, and nothing but the newest batch waits."""
    try:
        said = asyncio.run(status.ask(gateway.state))
    except (OSError, ValueError):
        return False
    waits = said["events"]["waiting"] + said["measurements"]["waiting"]
    return bool(said["uplink"] == "connected" and waits <= 1)


def finish(gateway: Gateway, centre: Centre, instrument: WitnessUnit) -> None:
    """Wait until the centre has all there is, and hold it against what was shown."""
    try:
        # While the road is still shut the centre knows of nothing that it lacks.
        wait_until("the gateway has sent what waited", lambda: sent(gateway), 180.0, every_s=0.5)
        arrived(centre)
    finally:
        gateway.stop()
    verdict = asyncio.run(accounted(centre, gateway, instrument))
    assert verdict.clean, str(verdict)


def raises_on_disk(disk: Disk) -> int:
    """How often the alarm's raise stands in the event file at this moment."""
    with events_of(disk.folder) as db:
        return sum(bytes(body).count(ALARM.encode()) for (body,) in db.execute("SELECT body FROM batch"))


def test_on_a_full_disk_alarms_are_still_stored_and_nothing_is_lost_unsaid(
    box: Callable[[str], Gateway], centre: Centre, slave: Slave, instrument: WitnessUnit, disk: Disk
) -> None:
    gateway = box("gw-full")
    with slave.tcp_thread() as port:
        gateway.configure(witness_toml(gateway.id, port))
        gateway.start()
        reads(instrument, 15)
        centre.router.kill()
        disk.fill()
        reads(instrument, 10)
        move(instrument, LIMIT + 50)
        wait_until("the raise is on the full disk", lambda: raises_on_disk(disk) > 0, 60.0)
        gateway.kill()
        gateway.start()  # on a disk that is still full
        reads(instrument, 10)
        move(instrument, 0)
        disk.clear()
        reads(instrument, 10)
        centre.router.start()
    finish(gateway, centre, instrument)
    assert asyncio.run(transitions(centre, gateway.id, ALARM)) == expected_transitions(instrument, LIMIT)


def test_a_disk_that_turns_read_only_and_back_loses_nothing(
    box: Callable[[str], Gateway], centre: Centre, slave: Slave, instrument: WitnessUnit, disk: Disk
) -> None:
    gateway = box("gw-frozen")
    with slave.tcp_thread() as port:
        gateway.configure(witness_toml(gateway.id, port))
        gateway.start()
        reads(instrument, 15)
        centre.router.kill()
        gateway.program.pause()
        disk.read_only(True)
        gateway.program.resume()
        move(instrument, LIMIT + 50)
        move(instrument, 0)
        disk.read_only(False)
        reads(instrument, 10)
        centre.router.start()
    finish(gateway, centre, instrument)
    assert asyncio.run(transitions(centre, gateway.id, ALARM)) == expected_transitions(instrument, LIMIT)


@pytest.mark.skipif(
    os.environ.get("FENGSUI_SOAK") != "1", reason="a soak; tests/edge/spool has it in one process"
)
def test_a_disk_that_is_pulled_out_is_followed_by_a_new_file_and_a_declaration(
    box: Callable[[str], Gateway], centre: Centre, slave: Slave, instrument: WitnessUnit, disk: Disk
) -> None:
    gateway = box("gw-pulled")
    with slave.tcp_thread() as port:
        gateway.configure(witness_toml(gateway.id, port))
        gateway.start()
        reads(instrument, 15)
        centre.router.kill()
        reads(instrument, 10)
        disk.take_away()
        move(instrument, LIMIT + 50)
        wait_until("it goes on in a new file", (disk.folder / "events.db").exists, 60.0)
        gateway.kill()
        gateway.start()
        reads(instrument, 10)
        centre.router.start()
    finish(gateway, centre, instrument)
    assert asyncio.run(transitions(centre, gateway.id, ALARM)) == expected_transitions(instrument, LIMIT)


def test_files_that_rot_under_a_running_gateway_cost_only_what_is_declared(
    box: Callable[[str], Gateway], centre: Centre, slave: Slave, instrument: WitnessUnit
) -> None:
    gateway = box("gw-rotten")
    chance = random.Random("rot")
    with slave.tcp_thread() as port:
        gateway.configure(witness_toml(gateway.id, port))
        gateway.start()
        reads(instrument, 15)
        centre.router.kill()
        for level in (LIMIT + 50, 0):
            move(instrument, level)
            gateway.program.pause()
            for file in gateway.state.glob("*.db*"):
                _overwrite(file, chance)
            gateway.program.resume()
            reads(instrument, 15)
        gateway.kill()
        gateway.start()
        reads(instrument, 10)
        centre.router.start()
    finish(gateway, centre, instrument)


def _overwrite(file: Path, chance: random.Random) -> None:
    """Let every second page of a file hold garbage; the index of the log is no file but shared memory."""
    if file.name.endswith("-shm"):
        return
    with file.open("r+b") as held:
        size = held.seek(0, 2)
        for at in range(0, size, 8192):
            held.seek(at)
            held.write(chance.randbytes(min(4096, size - at)))


def test_two_boxes_with_one_card_mix_nothing_and_are_told_of(
    box: Callable[[str], Gateway], centre: Centre, slave: Slave, instrument: WitnessUnit
) -> None:
    gateway = box("gw-cloned")
    other_slave = witness(1)
    other = other_slave[1]
    assert isinstance(other, WitnessUnit)
    other._count = 1_000_000  # so that its readings can be told from the first box's
    with slave.tcp_thread() as port, other_slave.tcp_thread() as other_port:
        gateway.configure(witness_toml(gateway.id, port))
        gateway.start()
        reads(instrument, 10)
        gateway.stop()
        shutil.copytree(gateway.folder, gateway.folder.with_name("clone"))
        config = gateway.folder.with_name("clone") / "gateway.toml"
        config.write_text(config.read_text().replace(f"port = {port}", f"port = {other_port}"))
        clone = Program(["edge", "run", "--config", str(config)], gateway.folder.with_name("clone.log"))
        gateway.start()
        clone.start()
        try:
            wait_until("both read", lambda: min(len(instrument.shown) - 10, len(other.shown)) > 40, 120.0)
            wait_until("somebody is told", lambda: _told_of_two(centre, gateway.id), 120.0)
            before = time.time_ns() // 1_000_000
        finally:
            clone.stop()
        gateway.stops_ms.append((before, time.time_ns() // 1_000_000))
    both = WitnessUnit()
    both.shown = [*instrument.shown, *other.shown]
    # The clone's last words arrived, or stay on its card, which is put back into the one box that is left.
    # Its own last words are on the card that goes: nothing new is shown until they have arrived.
    instrument.silent = True
    time.sleep(2.0)
    wait_until("the box that stays has sent all it saw", lambda: sent(gateway), 120.0, every_s=0.5)
    time.sleep(1.0)
    gateway.stop()
    instrument.silent = False
    shutil.rmtree(gateway.state)
    shutil.copytree(gateway.folder.with_name("clone") / "state", gateway.state)
    gateway.start()
    finish(gateway, centre, both)


def _told_of_two(centre: Centre, gateway: str) -> bool:
    query = "SELECT 1 FROM warning WHERE gateway_id = $1 AND kind = 'interleaved'"
    return bool(asyncio.run(centre.rows(query, gateway)))
