"""What docs/installer.md leads through, with real processes: from an unknown instrument to a signed report.

    scan --write ─▶ check ─▶ enrol over HTTPS ─▶ run over mutual TLS ─▶ commission ─▶ verify-report

and at the centre every case of it is TEST.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from rig.slave import Slave
from tests.central.county import credit_code
from tests.faults.test_enrolled_over_mutual_tls import ROOT, Site, eventually, site

__all__ = ["site"]
pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

RELAYS = """
[[buses]]
name = "relays"
kind = "tcp"
host = "127.0.0.1"
port = {port}

[[annunciators]]
name = "main"
template = "relay-board"
bus = "relays"
unit = 10
"""


def completed(text: str, port: int) -> str:
    """What the newcomer changes by hand: id, state, plate, and the template that the label names."""
    text = re.sub(r'id = ".*?"', 'id = "gw-e1-1"', text, count=1)
    text = re.sub(r'state = ".*?"', 'state = "state"', text, count=1)
    text = re.sub(r'key = ".*?"', 'key = "GT-101"', text, count=1)
    text = re.sub(r'template = ".*?"', 'template = "gas-chlorine"', text, count=1)
    return text + RELAYS.format(port=port)


def alarm_cases(site: Site) -> list[dict[str, Any]]:
    with site.client() as client:
        client.cookies.update(site.cookies)
        answer = client.get("/api/v1/warnings", params={"tests": "true"})
    assert answer.status_code == 200, answer.text
    return [case for case in answer.json()["items"] if case["kind"] == "alarm"]


def walk(site: Site, config: Path, detector: Slave) -> None:
    """A technician: gas on when he is told to, what he hears, gas off."""
    words = [
        "edge",
        "commission",
        "--by",
        "张工",
        "-c",
        str(config),
        "--out",
        str(config.parent / "handover"),
    ]
    which = 0
    with subprocess.Popen(
        [sys.executable, str(ROOT / "fengsui.py"), *words],
        env={**site.env, "PYTHONUNBUFFERED": "1"}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as walking:  # fmt: skip
        assert walking.stdin is not None
        assert walking.stdout is not None
        said = ""
        while letter := walking.stdout.read(1):
            said += letter
            which = int("GT-101.state/" in said[-200:])
            if said.endswith("q ends the sitting\n"):
                detector[5].holding[which] = (100, 3)[which]
            elif said.endswith("[y / n 原因] "):
                walking.stdin.write("y\n")
                walking.stdin.flush()
            elif said.endswith("Take it away\n"):
                detector[5].holding[0:2] = [0, 0]
    assert walking.returncode == 0, said


def test_a_newcomer_gets_from_an_unknown_instrument_to_a_signed_report(site: Site) -> None:
    regions = site.folder / "regions.csv"
    regions.write_text("42,某省\n4299,云泽市\n429981,临江县\n429981101,青石镇\n")
    detector, board = Slave(5, size=16), Slave(10, size=64)
    line, config = site.folder / "tty", site.folder / "box/gateway.toml"
    config.parent.mkdir()
    with (
        detector.serial_thread(str(line)),
        board.tcp_thread() as relays,
        site.running("serve", "central", "serve"),
    ):
        found = json.loads(
            site.fengsui(
                *("edge", "scan", "--port", str(line), "--units", "1-8", "--baud", "9600", "--parity", "N"),
                *("--write", str(config), "--yes", "--json"),
            )
        )
        assert [one["unit"] for one in found["found"]] == [5]
        config.write_text(completed(config.read_text(), relays))
        assert json.loads(site.fengsui("edge", "check", "-c", str(config), "--json"))["good"]

        eventually(lambda: site.ready() or (site.state / "pki/ca.pem").exists(), lambda: site.log("serve"))
        eventually(site.ready, lambda: site.log("serve"))
        site.fengsui("central", "region", "load", str(regions))
        site.fengsui("central", "enterprise", "add", "E1", "企业一", credit_code(1), "429981101")
        # Nobody holds a telephone with an authenticator here.
        site.fengsui("central", "sign-in-rules", "--second-factor", "none")
        site.fengsui("central", "account", "add", "admin", "admin", "管理员")
        site.sign_in()
        shown = site.fengsui("central", "gateway", "code", "gw-e1-1", "--enterprise", "E1", "--no-qr")
        link = re.search(r"'(https://.*)'", shown)
        assert link
        site.fengsui("edge", "enrol", "--link", link[1], "-c", str(config), "--json")

        with site.running("box", "edge", "run", "-c", str(config)):
            eventually(lambda: site.gateway()["presence"] == "online", lambda: site.log("box"))
            walk(site, config, detector)
            report = config.parent / "handover/report-gw-e1-1.html"
            verified = json.loads(
                site.fengsui("edge", "verify-report", str(report), "-c", str(config), "--json")
            )
            assert verified == {
                "good": True,
                "gateway": "gw-e1-1",
                "key": verified["key"],
                "known": True,
                "alarms": 3,
                "passed": 3,
                "failed": 0,
                "not_tried": 0,
            }
            whole = json.loads(report.with_suffix(".json").read_text())
            assert all(one["receipted_ms"] and one["marked_test"] for one in whole["report"]["results"])
            assert {case["is_test"] for case in alarm_cases(site)} == {True}
