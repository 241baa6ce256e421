"""The slots: whatever moment the power goes at, what starts next is a whole version, the old or the new."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from edge.trial.switch import Trial, TrialError
from edge.update.slots import Slots

SOURCE = Path(__file__).resolve().parents[3]
LAUNCHER = SOURCE / "firmware-config" / "systemd" / "fengsui-slot"


def stand(root: Path, **versions: str) -> Slots:
    """Two slots whose `fengsui` says which version it is; `a` runs."""
    slots = Slots(root)
    (root / "control").mkdir(parents=True)
    for name, version in versions.items():
        program = slots.program(name)
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\necho "{version} $*"\n')
        program.chmod(0o755)
        slots.ready(name, version)
    (root / "control" / "current").symlink_to("../a")
    return slots


def launched(slots: Slots) -> str:
    done = subprocess.run(
        ["sh", str(LAUNCHER), str(slots.root), "edge", "run"], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_launcher_starts_what_is_current_and_hands_its_words_on(tmp_path: Path) -> None:
    assert launched(stand(tmp_path, a="1.0")) == "1.0 edge run"


def test_a_trial_starts_the_new_version_and_is_kept_by_a_commit(tmp_path: Path) -> None:
    slots = stand(tmp_path, a="1.0", b="2.0")
    trial = slots.begin(("GT-1", "output horn"))
    assert launched(slots) == "2.0 edge run"
    assert slots.switch.trial() == trial == Trial("b", "a", "2.0", ("GT-1", "output horn"))
    slots.switch.commit(trial)
    assert (slots.current(), slots.other(), slots.switch.trial(), slots.switch.last()) == (
        "b",
        "a",
        None,
        "2.0: kept",
    )
    assert launched(slots) == "2.0 edge run"


def test_a_trial_that_is_taken_back_runs_the_old_version_and_says_why(tmp_path: Path) -> None:
    slots = stand(tmp_path, a="1.0", b="2.0")
    slots.switch.revert(slots.begin(()), "GT-1 was good before")
    assert (slots.current(), slots.switch.trial()) == ("a", None)
    assert slots.switch.last() == "2.0: taken back: GT-1 was good before"
    assert launched(slots) == "1.0 edge run"


def test_a_version_that_cannot_stay_up_is_taken_back_by_the_launcher(tmp_path: Path) -> None:
    slots = stand(tmp_path, a="1.0", b="2.0")
    slots.begin(())
    assert [launched(slots) for _ in range(5)] == ["2.0 edge run"] * 3 + ["1.0 edge run"] * 2
    assert "2.0: taken back: it did not stay up, started 3 times" in slots.switch.last()
    assert (slots.current(), slots.switch.trial()) == ("a", None)


def test_where_no_start_can_be_counted_the_version_before_runs_and_no_trial_goes_on_for_ever(
    tmp_path: Path,
) -> None:
    slots = stand(tmp_path, a="1.0", b="2.0")
    slots.begin(())
    (tmp_path / "control" / "starts.new").mkdir()  # as on a disk that has become read-only: no file is taken
    assert [launched(slots) for _ in range(2)] == ["1.0 edge run"] * 2
    (tmp_path / "control" / "starts.new").rmdir()
    assert launched(slots) == "2.0 edge run"


def test_a_count_of_starts_that_rotted_holds_nothing_up(tmp_path: Path) -> None:
    slots = stand(tmp_path, a="1.0", b="2.0")
    slots.begin(())
    (tmp_path / "control" / "starts").write_text("x\x00y; rm\n")
    assert [launched(slots) for _ in range(4)] == ["2.0 edge run"] * 3 + ["1.0 edge run"]


def test_a_trial_whose_switch_was_cut_off_never_began(tmp_path: Path) -> None:
    slots = stand(tmp_path, a="1.0", b="2.0")
    slots.begin(())
    link = tmp_path / "control" / "current"
    link.unlink()
    link.symlink_to("../a")  # as it is when the power goes between the two
    assert slots.switch.trial() is None
    assert launched(slots) == "1.0 edge run"
    assert not (tmp_path / "control" / "trial").exists()


def test_a_slot_is_filled_only_when_nobody_needs_it(tmp_path: Path) -> None:
    slots = stand(tmp_path, a="1.0", b="2.0")
    with pytest.raises(TrialError, match="slot a is the one that runs"):
        slots.clear("a")
    trial = slots.begin(())
    with pytest.raises(TrialError, match=r"2\.0 is on trial"):
        slots.clear("a")
    slots.switch.commit(trial)
    assert slots.clear("a") == tmp_path / "a"
    assert slots.version("a") == ""
    with pytest.raises(TrialError, match="no whole version"):
        slots.begin(())


def test_where_nothing_was_installed_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(TrialError, match="install first"):
        Slots(tmp_path).current()


class PowerCut(BaseException):
    """The machine stops here."""


def cut_after(steps: int) -> Callable[..., None]:
    """An auditor of file operations that stops the process's work after so many changes."""
    left = [steps]

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if left[0] >= 0 and event in {"os.rename", "os.symlink", "os.remove"}:
            left[0] -= 1
            if left[0] < 0:
                raise PowerCut

    return watch


CHILD = """
import sys
from pathlib import Path
from edge.update.slots import Slots
from tests.edge.update.test_slots import PowerCut, cut_after
slots = Slots(Path(sys.argv[1]))
sys.addaudithook(cut_after(int(sys.argv[2])))
try:
    trial = slots.begin(("GT-1",))
    slots.switch.commit(trial) if sys.argv[3] == "commit" else slots.switch.revert(trial, "bad")
except PowerCut:
    sys.exit(9)
"""


@pytest.mark.parametrize("how", ["commit", "revert"])
def test_cut_off_after_any_step_a_whole_version_starts_and_the_trial_can_be_repeated(
    how: str, tmp_path: Path
) -> None:
    ended = 9
    steps = 0
    while ended == 9:
        root = tmp_path / str(steps)
        slots = stand(root, a="1.0", b="2.0")
        ended = subprocess.run(
            [sys.executable, "-c", CHILD, str(root), str(steps), how], cwd=SOURCE, check=False
        ).returncode
        first = launched(slots)
        assert first in {"1.0 edge run", "2.0 edge run"}
        # Whatever was left on trial and is never kept is taken back.
        last = [launched(slots) for _ in range(4)][-1]
        assert slots.switch.trial() is None
        assert slots.version(slots.current()) + " edge run" == last
        slots.switch.commit(slots.begin(()))
        steps += 1
    assert ended == 0
    assert steps > 4
