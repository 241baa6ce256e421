"""What a gateway runs with when the disk, the credentials or a frame fail: it begins all the same."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.configuration import store
from edge.configuration.force import CENTRE, FILE, Force, in_force
from edge.configuration.store import Configurations, name_of
from edge.installer import ports
from edge.installer.ear import Place
from edge.trial import switch
from edge.trial.switch import Trial, TrialError
from protocol import codec
from protocol import messages as m
from tests.edge.plant_at_hand import write_config

PEN = Ed25519PrivateKey.generate()


class Disk:
    """A gateway.toml, its credentials, and the centre's configurations beside it."""

    def __init__(self, folder: Path) -> None:
        self.path = write_config(folder, 1502)
        self.credentials = folder / "credentials.json"
        said = {
            "gateway": "gw-test",
            "seed": base64.b64encode(os.urandom(32)).decode(),
            "centre_public_key": base64.b64encode(PEN.public_key().public_bytes_raw()).decode(),
        }
        self.credentials.write_text(json.dumps(said))
        self.credentials.chmod(0o600)
        self.held = Configurations(folder / "state")
        self.control = folder / "state" / "config" / "control"

    def bring(self, version: int, text: str = "") -> Trial:
        frame = codec.seal(
            m.CENTRE,
            m.Configuration("gw-test", version, text or self.path.read_text(), "county", "because", 1),
            PEN.sign,
        )
        trial = Trial(name_of(version), self.held.switch.current(), str(version))
        self.held.begin(version, frame, trial)
        return trial

    def keep(self, version: int) -> None:
        self.held.switch.commit(self.bring(version))

    def start(self) -> Force:
        return in_force(self.path, starting=True)


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path)


def fill(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be written any more."""

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(switch, "write", refuse)
    monkeypatch.setattr(store, "write", refuse)
    monkeypatch.setattr(Path, "symlink_to", refuse)


def test_a_trial_on_a_full_disk_goes_back_and_the_gateway_begins(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk.keep(2)
    disk.bring(3)
    fill(monkeypatch)
    for _ in range(2):
        force = disk.start()
        assert (force.master, force.version, force.trial) == (CENTRE, 2, None)


def test_a_frame_that_rotted_on_a_disk_that_takes_nothing_is_left(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk.keep(2)
    disk.keep(3)
    (disk.control.parent / "3.frame").write_bytes(b"rot")
    fill(monkeypatch)
    assert disk.start().version == 2


@pytest.mark.parametrize("name", ["trial", "starts"])
@pytest.mark.parametrize("rot", [b"", b"\x00\xff\x00", b"now=3.frame\n"])
def test_a_rotten_file_of_a_trial_keeps_no_gateway_down(disk: Disk, name: str, rot: bytes) -> None:
    disk.keep(2)
    disk.bring(3)
    (disk.control / name).write_bytes(rot)
    assert disk.start().version in {2, 3}


def test_nobody_falls_back_on_one_that_was_taken_back(disk: Disk) -> None:
    disk.keep(2)
    disk.bring(3)
    for _ in range(switch.TRIES):
        assert disk.start().version == 3
    assert disk.start().version == 2
    disk.keep(4)
    (disk.control.parent / "4.frame").write_bytes(b"rot")
    assert disk.start().version == 2


def test_credentials_that_are_away_for_one_start_do_not_end_the_centres_configuration(disk: Disk) -> None:
    disk.keep(2)
    away = disk.credentials.rename(disk.credentials.with_suffix(".away"))
    assert disk.start().master == FILE
    away.rename(disk.credentials)
    force = disk.start()
    assert (force.master, force.version) == (CENTRE, 2)


def test_one_that_comes_during_a_trial_leaves_no_trace(disk: Disk) -> None:
    disk.bring(3)
    with pytest.raises(TrialError):
        disk.bring(4)
    assert disk.held.newest() == 3


def test_who_goes_back_to_the_file_during_a_trial_stays_there(disk: Disk) -> None:
    disk.keep(2)
    trial = disk.bring(3)
    disk.held.switch.point("")
    disk.held.switch.revert(trial, "a point is bad")
    assert disk.start().master == FILE


def test_what_a_program_on_trial_cannot_use_the_one_before_finds_as_it_was(disk: Disk) -> None:
    disk.keep(2)
    disk.keep(3)
    frame = disk.control.parent / "3.frame"
    good = frame.read_bytes()
    frame.write_bytes(b"what this program cannot read")
    assert in_force(disk.path, starting=True, lasting=False).version == 2
    frame.write_bytes(good)
    assert disk.start().version == 3


def test_a_scan_keeps_off_the_buses_of_the_centres_configuration(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answered(_: Path) -> dict[str, object]:
        return {}

    monkeypatch.setattr(ports, "ask", answered)
    disk.keep(2)
    own = "[gateway]\nid = 'gw-test'\nstate = 'state'\ncredentials = 'credentials.json'\n"
    disk.path.write_text(own)
    used = asyncio.run(ports.used_by_gateway([Place("tcp", host="127.0.0.1", port=1502)], disk.path))
    assert "field" in used


def test_without_credentials_and_without_a_usable_file_the_gateway_begins_with_what_it_holds(
    disk: Disk,
) -> None:
    disk.keep(2)
    disk.path.write_text(
        "[gateway]\nid = 'gw-test'\nstate = 'state'\ncredentials = 'credentials.json'\n[[buses]]\n"
    )
    disk.credentials.unlink()
    force = disk.start()
    assert (force.master, force.version) == (CENTRE, 2)
