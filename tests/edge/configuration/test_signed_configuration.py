"""A configuration of the centre: tried, kept when all stays good, and otherwise gone within a minute."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge import status
from edge.trial.switch import Trial
from edge.update.slots import VARIABLE, Slots
from protocol import codec
from protocol import messages as m
from rig.programs import Program, wait_until
from rig.slave import Slave
from tests.edge.plant_at_hand import write_config
from tests.edge.test_gateway import events

CENTRE = Ed25519PrivateKey.generate()
LIMITS = "\n[supervision]\ntrial_settle_s = 1.0\ntrial_s = 6.0\ncrash_loop = 0\n"


class Site:
    """A gateway as a process, its instrument, and the centre's pen."""

    def __init__(
        self, folder: Path, slave: Slave, port: int, environment: Mapping[str, str] | None = None
    ) -> None:
        self.slave = slave
        self.folder = folder
        self.path = write_config(folder, port)
        self.path.write_text(self.path.read_text() + LIMITS)
        self.text = self.path.read_text()
        public = CENTRE.public_key().public_bytes_raw()
        said = {
            "gateway": "gw-test",
            "seed": base64.b64encode(os.urandom(32)).decode(),
            "centre_public_key": base64.b64encode(public).decode(),
        }
        credentials = folder / "credentials.json"
        credentials.write_text(json.dumps(said))
        credentials.chmod(0o600)
        arguments = ["edge", "run", "--config", str(self.path)]
        self.program = Program(arguments, folder / "gateway.log", environment)

    def said(self) -> dict[str, Any]:
        with contextlib.suppress(OSError, ValueError):
            return asyncio.run(status.ask(self.folder / "state"))
        return {}

    def well(self) -> bool:
        return {"GT-101", "output main.horn", "output main.beacon"} <= set(self.said().get("good", []))

    def signed(self, version: int, text: str, key: Ed25519PrivateKey = CENTRE, **more: Any) -> bytes:
        gateway = more.pop("gateway", "gw-test")
        message = m.Configuration(gateway, version, text, "county", "because", 1, **more)
        return codec.seal(m.CENTRE, message, key.sign)

    def bring(self, frame: bytes) -> dict[str, Any]:
        file = self.folder / "brought"
        file.write_bytes(frame)
        answer = asyncio.run(status.ask(self.folder / "state", f"configure {file}"))
        found: dict[str, Any] = answer["configure"]
        return found

    def stages(self) -> list[tuple[str, str, int]]:
        found = [e for e in events(self.folder) if isinstance(e, m.ConfigurationEvent)]
        return [(e.stage, e.master, e.version) for e in found]

    def until_stages(self, *stages: tuple[str, str, int]) -> None:
        wait_until(f"{stages}", lambda: self.stages()[-len(stages) :] == list(stages))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with running(tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site at which nothing ever changes."""
    with running(tmp_path_factory.mktemp("steady")) as made:
        yield made


@contextlib.contextmanager
def running(tmp_path: Path, environment: Mapping[str, str] | None = None) -> Iterator[Site]:
    slave = Slave(1, 10)
    slave[1].holding[0] = 50
    with slave.tcp_thread() as port:
        made = Site(tmp_path, slave, port, environment)
        made.program.start()
        try:
            wait_until("the gateway is well", made.well)
            yield made
        finally:
            made.program.stop()


def test_a_good_one_is_tried_kept_and_survives_a_start(site: Site) -> None:
    site.slave[1].holding[0] = 80  # 8 ppm: below the plant's own limit of 10
    lower = site.text.replace("limit = 10, deadband", "limit = 7, deadband")
    outcome = site.bring(site.signed(12, lower))
    assert outcome == {"result": "done", "detail": "changed: GT-101"}
    wait_until("the horn by the new limit", lambda: site.slave[10].coils[0])
    site.until_stages(
        ("in-force", "file", 1), ("trial", "centre", 12), ("in-force", "centre", 12), ("kept", "centre", 12)
    )
    site.program.stop()
    site.path.write_text("[gateway]\nid = 'gw-test'\nstate = 'state'\ncredentials = 'credentials.json'\n")
    site.program.start()
    wait_until("the gateway is well", site.well)
    assert site.slave[10].coils[0]
    site.until_stages(("kept", "centre", 12), ("in-force", "centre", 12))


def test_one_that_turns_a_good_point_bad_is_gone_and_the_point_is_good_again(site: Site) -> None:
    away = site.text.replace("unit = 1\n", "unit = 77\n")
    assert site.bring(site.signed(2, away))["result"] == "done"
    site.until_stages(("in-force", "centre", 2), ("taken-back", "centre", 2), ("in-force", "file", 1))
    wait_until("the gateway is well", site.well)
    why = [e.reason for e in events(site.folder) if isinstance(e, m.ConfigurationEvent)]
    assert "good before and not now: GT-101" in why
    again = site.bring(site.signed(2, site.text))
    assert (again["result"], "only a newer one counts" in again["detail"]) == ("refused", True)


def test_an_opinion_changes_nothing(steady: Site) -> None:
    site = steady
    more = site.text.replace("[[annunciators]]", SECOND_POINT + "[[annunciators]]")
    assert site.bring(site.signed(5, more, dry=True)) == {"result": "done", "detail": "new: GT-102"}
    wrong = site.text.replace("limit = 10", "limit = 1000")
    refused = site.bring(site.signed(5, wrong, dry=True))
    assert refused["result"] == "refused"
    assert "GT-101" in refused["detail"] or "limits" in refused["detail"]
    assert not (site.folder / "state" / "config").exists()
    assert site.stages()[:1] == [("in-force", "file", 1)]
    assert ("trial", "centre", 5) not in site.stages()


SECOND_POINT = """
    [[buses.units.points]]
    key = "GT-102"
    address = 2
    range = [0, 65535]

"""


def last_bit_turned(frame: bytes) -> bytes:
    return frame[:-1] + bytes([frame[-1] ^ 1])


@pytest.mark.parametrize(
    ("frame", "result", "words"),
    [
        (lambda s: s.signed(3, s.text, Ed25519PrivateKey.generate()), "foreign", "not the centre's"),
        (lambda s: last_bit_turned(s.signed(3, s.text)), "foreign", "not the centre's"),
        (lambda s: s.signed(3, s.text, gateway="gw-other"), "foreign", "is for 'gw-other'"),
        (lambda s: b"nonsense", "foreign", "not the centre's"),
        (lambda s: s.signed(3, "[gateway\n"), "refused", "is not TOML"),
        (lambda s: s.signed(3, s.text.replace('"state"', '"elsewhere"')), "refused", "stays the plant's"),
        (lambda s: s.signed(3, s.text.replace('"gw-test"', '"gw-new"', 1)), "refused", "stays the plant's"),
        (lambda s: s.signed(3, s.text.replace("poll_interval_ms = 100\n  read", "poll_ms = 1\n  read")),
         "refused", "unknown key"),
    ],
)  # fmt: skip
def test_what_is_not_for_us_or_not_right_is_refused_with_words(
    frame: Callable[[Site], bytes], result: str, words: str, steady: Site
) -> None:
    outcome = steady.bring(frame(steady))
    assert outcome["result"] == result
    assert words in outcome["detail"]
    assert steady.well()


def test_one_that_ends_the_program_again_and_again_is_taken_back_at_a_start(site: Site) -> None:
    stop = threading.Event()

    def killer() -> None:
        """Cut the power whenever the new one has begun, and begin it again, as systemd does."""
        for starts in range(1, 4):
            while not stop.is_set() and site.stages().count(("in-force", "centre", 4)) < starts:
                stop.wait(0.05)
            site.program.kill()
            site.program.start()

    thread = threading.Thread(target=killer)
    assert site.bring(site.signed(4, site.text + "\n# the same\n"))["result"] == "done"
    thread.start()
    try:
        site.until_stages(("taken-back", "centre", 4), ("in-force", "file", 1))
    finally:
        stop.set()
        thread.join()
    wait_until("the gateway is well", site.well)


def test_a_frame_that_was_changed_on_the_disk_is_not_used(site: Site) -> None:
    site.bring(site.signed(6, site.text + "\n# the centre's\n"))
    site.until_stages(("in-force", "centre", 6), ("kept", "centre", 6))
    site.program.stop()
    file = site.folder / "state" / "config" / "6.frame"
    file.write_bytes(file.read_bytes().replace(b"limit = 10", b"limit = 99"))
    site.program.start()
    wait_until("the gateway is well", site.well)
    site.until_stages(("taken-back", "centre", 6), ("in-force", "file", 1))


def test_whoever_ends_the_program_as_it_begins_again_ends_it(site: Site) -> None:
    assert site.bring(site.signed(7, site.text + "\n# the same\n"))["result"] == "done"
    site.program.stop(60)


def test_none_is_tried_while_the_program_itself_is_on_trial(tmp_path: Path) -> None:
    slots = Slots(tmp_path / "slots")
    (slots.root / "control").mkdir(parents=True)
    slots.switch.point("a")
    slots.switch.begin(Trial("b", "a", "2.0", ("never good",), 1.0, 3600.0))
    with running(tmp_path, {VARIABLE: str(slots.root)}) as site:
        outcome = site.bring(site.signed(2, site.text))
        assert (outcome["result"], "version 2.0 of the program is on trial" in outcome["detail"]) == (
            "refused",
            True,
        )
        trial = slots.switch.trial()
        assert trial is not None
        slots.switch.commit(trial)
        assert site.bring(site.signed(2, site.text))["result"] == "done"


def test_what_is_no_file_holds_nothing_up(steady: Site) -> None:
    pipe = steady.folder / "pipe"
    os.mkfifo(pipe)
    for said in (str(pipe), "/dev/zero", str(steady.folder), str(steady.folder / "none"), "a\x00b"):
        answer = asyncio.run(asyncio.wait_for(status.ask(steady.folder / "state", f"configure {said}"), 60))
        assert "error" in answer
    assert steady.well()


def test_systemd_hears_of_no_end_when_the_gateway_begins_again(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(60)
        with running(tmp_path, {"NOTIFY_SOCKET": str(tmp_path / "notify")}) as site:
            assert site.bring(site.signed(2, site.text))["result"] == "done"
            heard: list[bytes] = []
            while heard.count(b"READY=1") < 2:
                heard.append(systemd.recv(4096))
            assert b"STOPPING=1" not in heard
