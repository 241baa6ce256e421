"""The same samples give the same event log on CPython and on MicroPython, to the byte.

The MicroPython of the test environment has 64-bit floats; a build with 32-bit floats is not tested.
"""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tests.edge.core.recording import record, singles
from tests.edge.core.replay import replay
from tests.edge.core.replay_faults import replay as replay_faults

ROOT = Path(__file__).parents[3]
HERE = Path(__file__).parent
RECORDED = HERE / "recorded"
STEPS = 100_000 if os.environ.get("FENGSUI_SOAK") == "1" else 5_000
MODULES = sorted(path.stem for path in (ROOT / "edge" / "core").glob("*.py") if path.stem != "__init__")


def micropython(*arguments: str | Path) -> str:
    """Run the real MicroPython; what it prints."""
    program = Path(sys.executable).with_name("micropython")
    if not program.exists() and platform.machine() != "x86_64":
        pytest.skip(f"no wheel of MicroPython for {platform.machine()}")
    done = subprocess.run(
        [str(program), "-X", "heapsize=64m", *map(str, arguments)],
        env={"MICROPYPATH": f"{ROOT}:.frozen", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def cpython(recording: Path) -> str:
    lines: list[str] = []
    with recording.open() as opened:
        replay(opened, lines.append)
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize("module", MODULES)
def test_every_module_of_the_core_is_imported_by_micropython(module: str) -> None:
    assert micropython("-c", f"import edge.core.{module}; print('imported')") == "imported\n"


def test_a_recorded_night_shift_gives_its_known_log_on_both() -> None:
    recording = RECORDED / "night-shift.txt"
    known = (RECORDED / "night-shift.log").read_text()
    assert cpython(recording) == known
    assert micropython(HERE / "replay.py", recording) == known


@pytest.mark.parametrize("seed", [20261122, 1, 2, 3])
def test_a_long_bad_day_gives_the_same_log_on_both(seed: int, tmp_path: Path) -> None:
    recording = tmp_path / "recording.txt"
    recording.write_text("".join(f"{line}\n" for line in record(seed, STEPS)))
    log = cpython(recording)
    made = {tuple(line.split()[4:6]) for line in log.splitlines() if line.startswith("event ")}
    assert {("1", "B"), ("2", "A"), ("2", "D"), ("2", "E"), ("2", "F")} <= made
    assert {("3", "A"), ("3", "C"), ("3", "F"), ("4", "A")} <= made
    assert {("5", "G"), ("6", "A"), ("6", "B"), ("7", "H"), ("8", "A"), ("9", "I"), ("10", "A")} <= made
    assert {("1", "G"), ("2", "G"), ("1", "H"), ("1", "I")} <= made
    sides = {line.split()[2].split("/")[1] for line in log.splitlines() if line.startswith("event ")}
    assert {"ROC", "DEV", "ON", "OFF"} <= sides
    assert "cover - True" in log
    assert {line.split()[2] for line in log.splitlines() if line.startswith("press ")} == {"0", "1", "2", "3"}
    assert micropython(HERE / "replay.py", recording) == log


@pytest.mark.parametrize("seed", [4, 5])
def test_a_bad_day_of_every_kind_of_number_gives_the_same_log_on_both(seed: int, tmp_path: Path) -> None:
    recording = tmp_path / "recording.txt"
    recording.write_text("".join(f"{line}\n" for line in record(seed, STEPS // 2, most=17)))
    log = cpython(recording)
    raised = {
        words[2] for words in map(str.split, log.splitlines()) if words[0] == "event" and words[4] == "1"
    }
    keys = {"FQ-502", "FQ-503", "PT-303", "ET-601", "ET-602", "XS-701", "XS-702", "WL-801", "TT-802"}
    assert keys <= {alarm.split("/")[0] for alarm in raised if not alarm.endswith("/Q")}
    assert {f"{key}/Q" for key in ("PT-303", "ET-601", "ET-602", "WL-801")} <= raised
    assert micropython(HERE / "replay.py", recording) == log


def test_every_kind_and_order_is_the_same_number_on_both(tmp_path: Path) -> None:
    recording = tmp_path / "recording.txt"
    recording.write_text("".join(f"{line}\n" for line in singles(7, STEPS // 5)))
    log = cpython(recording)
    assert {line.split()[0] for line in log.splitlines()} == {"number", "coils", "loop", "text", "values"}
    assert micropython(HERE / "replay.py", recording) == log


@pytest.mark.parametrize("seed", [20261122, 3])
def test_faulty_readings_are_judged_alike_on_both(seed: int) -> None:
    lines: list[str] = []
    replay_faults(seed, STEPS, lines.append)
    sides = {line.split()[1].split("/")[-1] for line in lines if "/" in line}
    assert sides >= {"H", "L", "Q", "STALE", "BLANK", "RANGE", "RATE", "STUCK", "SIBLINGS"}
    assert micropython(HERE / "replay_faults.py", str(seed), str(STEPS)).splitlines() == lines
