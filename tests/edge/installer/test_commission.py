"""The walk of a technician through a gateway that runs, and the report that he hands over."""

import asyncio
import base64
import json
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.clock import Clock
from edge.config import load
from edge.installer.commission import Result, Sheet, Step, Walk, steps_of
from edge.installer.commission_command import Asked, verify_report, write
from edge.installer.report import NotSigned, canonical, document, read, signed, verify
from edge.installer.report_page import page
from edge.status import ask
from rig.slave import Slave
from tests.edge.plant_at_hand import running_gateway, until, write_config

STEP = Step("GT-101/H", "GT-101", "氯气 <1>", "H", "高报 ≥ 10 ppm", "ppm", 2, ["main.horn", "main.beacon"])


class Script:
    """A technician who follows a script: what he does when he is told something, and what he answers."""

    def __init__(self, does: Mapping[str, Callable[[], object]], answers: str = "y", types: str = "") -> None:
        self.said: list[str] = []
        self._does = does
        self._answers = answers
        self._types = types

    def say(self, text: str) -> None:
        self.said.append(text)
        for words, act in self._does.items():
            _ = words in text and act()

    def live(self, text: str) -> None:
        """He looks."""

    def typed(self) -> str | None:
        return self._types or None

    async def ask(self, question: str) -> str:
        return self._answers


def sheet(*results: Result) -> Sheet:
    return Sheet(
        "gw-test", "test", 1, "abc", "张工", 1_790_000_000_000, [STEP], list(results), 1_790_000_100_000
    )


def credentials(folder: Path) -> Path:
    path = folder / "credentials.json"
    key = base64.b64encode(bytes(range(32))).decode()
    centre = base64.b64encode(
        Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    ).decode()
    path.write_text(
        json.dumps({"gateway": "gw-test", "seed": key, "centre_public_key": centre, "router": ""})
    )
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    return path


async def walked(folder: Path, script: Script, slave: Slave) -> tuple[Sheet, list[bool], dict[str, Any]]:
    async with slave.tcp() as port:
        path = write_config(folder, port)
        loaded = load(path)
        state = loaded.beside(loaded.config.gateway.state)
        kept: list[bool] = []
        async with running_gateway(path):
            await until(lambda: slave[1].requests > 5)
            done = Sheet("gw-test", "test", 1, loaded.hash, "张工", 1, steps_of(loaded))
            await Walk(
                done,
                lambda line: ask(state, line),
                script,
                Clock(),
                asyncio.sleep,
                lambda now: kept.append(bool(now.results)),
            ).run()
            return done, kept, await ask(state)


def test_every_alarm_of_the_process_is_walked_and_none_of_bad_data(tmp_path: Path) -> None:
    steps = steps_of(load(write_config(tmp_path, 5020)))
    assert [(step.alarm, step.what, step.outputs) for step in steps] == [
        ("GT-101/H", "高报 ≥ 10 ppm", ["main.horn", "main.beacon"])
    ]


def test_a_walk_sees_value_alarm_horn_and_return_and_leaves_no_test_behind(tmp_path: Path) -> None:
    slave = Slave(1, 10)

    def gas(raw: int) -> None:
        slave[1].holding[0] = raw

    script = Script({"Apply test gas": lambda: gas(150), "Take it away": lambda: gas(20)})
    done, kept, after = asyncio.run(walked(tmp_path, script, slave))
    result = done.results[0]
    assert (result.result, result.note) == ("passed", "")
    assert (result.value, result.marked_test) == (15.0, True)
    assert result.outputs == {"main.horn": True, "main.beacon": True}
    assert result.receipt == "no uplink configured"
    assert result.began_ms <= result.raised_ms <= result.normal_ms <= done.ended_ms
    assert kept[0]
    assert after["point_tests"] == []
    assert after["alarms"] == []


def test_what_nobody_heard_is_a_fault_of_the_report(tmp_path: Path) -> None:
    slave = Slave(1, 10)

    def gas(raw: int) -> None:
        slave[1].holding[0] = raw

    does = {"Apply test gas": lambda: gas(150), "Take it away": lambda: gas(20)}
    done, _, _ = asyncio.run(walked(tmp_path, Script(does, "n 喇叭没接"), slave))
    assert (done.results[0].result, done.results[0].note) == ("failed", "not heard or seen: 喇叭没接")


def test_no_alarm_is_recorded_with_the_technicians_words(tmp_path: Path) -> None:
    done, _, after = asyncio.run(walked(tmp_path, Script({}, types="f sensor dead"), Slave(1, 10)))
    assert (done.results[0].result, done.results[0].note) == ("failed", "sensor dead")
    assert after["point_tests"] == []


def test_a_sitting_that_was_ended_goes_on_at_the_same_alarm(tmp_path: Path) -> None:
    done, _, _ = asyncio.run(walked(tmp_path, Script({}, types="q"), Slave(1, 10)))
    assert done.results == []
    assert done.ended_ms == 0
    assert [step.alarm for step in done.open] == ["GT-101/H"]


def test_a_signed_report_verifies_from_json_and_html_and_a_changed_one_does_not(tmp_path: Path) -> None:
    whole = signed(
        document(sheet(Result(alarm="GT-101/H", result="passed", value=15.0))), credentials(tmp_path)
    )
    as_json, as_html = tmp_path / "r.json", tmp_path / "r.html"
    as_json.write_text(json.dumps(whole))
    as_html.write_text(page(whole))
    key = verify(read(as_json))
    assert verify(read(as_html), key) == key
    as_json.write_text(json.dumps(whole).replace("15.0", "16.0"))
    with pytest.raises(NotSigned, match="changed after it was signed"):
        verify(read(as_json))
    with pytest.raises(NotSigned, match="not by"):
        verify(whole, base64.b64encode(bytes(32)).decode())


def test_the_canonical_form_does_not_depend_on_the_order_of_keys() -> None:
    assert canonical({"b": 1, "a": {"d": "é", "c": None}}) == '{"a":{"c":null,"d":"é"},"b":1}'.encode()


def test_the_page_escapes_what_people_typed_and_says_when_nothing_is_signed(tmp_path: Path) -> None:
    whole = signed(
        document(sheet(Result(alarm="GT-101/H", result="failed", note="<b>x</b>"))), tmp_path / "none"
    )
    text = page(whole)
    assert "未签名" in text
    assert "<b>x</b>" not in text
    assert "&lt;b&gt;x&lt;/b&gt;" in text
    assert "氯气 &lt;1&gt;" in text
    with pytest.raises(NotSigned, match="not signed"):
        verify(whole)


def test_the_report_lies_in_its_folder_and_verifies_on_the_command_line(tmp_path: Path) -> None:
    credentials(tmp_path)
    path = write_config(tmp_path, 5020)
    asked = Asked(path, "张工", [], tmp_path, pdf=False, again=False, json=True)
    assert write(asked, load(path), sheet(Result(alarm="GT-101/H", result="passed"))) == 0
    made = tmp_path / "report-gw-test.html"
    assert verify_report(made, "", path, as_json=False) == 0
    made.write_text(made.read_text().replace('"passed": 1', '"passed": 7'))
    assert verify_report(made, "", path, as_json=False) == 1
