"""`fengsui edge simulate` as a person uses it: what it prints, that it answers, how it refuses."""

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pymodbus.client import ModbusTcpClient

from edge.cli import app
from edge.config import load
from edge.layout import lay_out
from edge.simulator.play import find, prepare
from edge.simulator.serve import Pty, served
from tests.edge.simulator.reading import free_port

PROGRAM = [sys.executable, "-c", "from fengsui import main; main()", "edge", "simulate"]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def running(port: int) -> Iterator[subprocess.Popen[str]]:
    command = [*PROGRAM, "gas-chlorine", "--tcp", f"127.0.0.1:{port}", "--unit", "7"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        yield process
        process.send_signal(signal.SIGINT)
        process.wait(10)


def said_until(process: subprocess.Popen[str], last: str) -> str:
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or last not in lines[-1]:
        lines.append(process.stdout.readline())
        assert lines[-1], "".join(lines)
    return "".join(lines)


def test_it_prints_a_configuration_that_a_gateway_takes(
    running: subprocess.Popen[str], port: int, tmp_path: Path
) -> None:
    text = said_until(running, "Ctrl-C")
    bus = re.search(r"\[\[buses\]\].*?(?=\nTry it)", text, re.DOTALL)
    assert bus is not None
    path = tmp_path / "gateway.toml"
    path.write_text(f'[gateway]\nid = "gw-test"\n\n{bus[0]}', encoding="utf-8")
    block = lay_out(load(path), "").blocks[0].plan
    with ModbusTcpClient("127.0.0.1", port=port) as client:
        reply = client.read_holding_registers(block.address, count=block.count, device_id=block.unit)
        refused = client.read_holding_registers(500, count=1, device_id=block.unit)
    assert block.unit == 7
    assert not reply.isError()
    assert refused.exception_code == 2


def test_ctrl_c_ends_it_in_good_order(running: subprocess.Popen[str]) -> None:
    said_until(running, "Ctrl-C")
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=10)
    assert running.returncode == 0
    assert "ended" in out
    assert "Traceback" not in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gas-chlorin"], ["TEMPLATE", "no template 'gas-chlorin'", "gas-chlorine"]),
        (["gas-chlorine", "--tcp", "localhost"], ["--tcp", "no HOST:PORT", "127.0.0.1:1502"]),
        (["gas-chlorine", "--tcp", "127.0.0.1:0"], ["--tcp", "no HOST:PORT"]),
        (["gas-chlorine", "--tcp", "127.0.0.1:9", "--pty", "x"], ["--pty", "there is --tcp too"]),
        (["gas-chlorine", "--kind", "dlt645"], ["does not speak dlt645", "tcp or rtu-over-tcp"]),
        (["opcua-tank", "--pty", "x"], ["--pty", "cannot be played this way", "--tcp"]),
        (["gas-chlorine", "--unit", "300"], ["$.unit.unit", "cannot be used"]),
        (["station-sl651", "--fault", "exception"], ["--fault", "means nothing", "silent, stuck"]),
        (["/nowhere/mine.toml"], ["no template 'mine'"]),
    ],
)
def test_what_cannot_be_played_is_refused_with_place_and_remedy(
    arguments: list[str], said: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        app(["simulate", *arguments])
    text = capsys.readouterr().err
    assert ended.value.code == 1
    assert [word for word in said if word not in text] == []
    assert "->" in text


def test_a_template_of_ones_own_is_refused_at_its_own_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        '[template]\ntitle = "x"\n[[points]]\nid = "a"\naddress = 0\nrange = [0, 10]\n'
        'limits.H = { limit = 11 }\n[simulator.points.a]\nprocess = "steady"\nvalue = 1\n'
    )
    with pytest.raises(SystemExit):
        app(["simulate", str(path)])
    assert "mine.toml  $.points[0].limits.H.limit" in capsys.readouterr().err


def test_a_template_without_physics_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('[template]\ntitle = "x"\n[[points]]\nid = "a"\naddress = 0\n')
    with pytest.raises(SystemExit):
        app(["simulate", str(path)])
    assert "$.simulator" in capsys.readouterr().err


def test_a_file_in_the_place_of_the_link_is_left_alone(tmp_path: Path) -> None:
    link = tmp_path / "tty"
    link.write_text("precious")
    play = prepare(find("gas-chlorine"), "rtu", {"device": str(link)}, lambda: 0)

    async def try_it() -> None:
        async with served(play, Pty(link), lambda: 0):
            raise AssertionError("served")

    with pytest.raises(FileExistsError, match="no link"):
        asyncio.run(try_it())
    assert link.read_text() == "precious"


def test_without_a_template_it_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    app(["simulate"], result_action="return_value")
    listed = capsys.readouterr().out
    assert "gas-chlorine" in listed
    assert "氯气" in listed


def test_a_path_may_be_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (find("gas-chlorine").file).read_text(encoding="utf-8")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "own.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    play = prepare(find("mine/own.toml"), "tcp", {"host": "127.0.0.1", "port": 9}, lambda: 0)
    assert play.unit is not None
