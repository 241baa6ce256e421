"""The gateway as a service, laid out below another root: no program of this machine is run."""

from pathlib import Path

from edge.installer.install import Outcome, carry_out, install_steps, uninstall_steps

PROGRAM = Path("/opt/here/bin/fengsui")


def laid(root: Path, *, dry_run: bool = False) -> list[Outcome]:
    return carry_out(install_steps(root, PROGRAM), dry_run=dry_run)


def test_a_dry_run_tells_every_step_and_changes_nothing(tmp_path: Path) -> None:
    outcomes = laid(tmp_path, dry_run=True)
    assert {one.outcome for one in outcomes} == {"would be done"}
    assert list(tmp_path.iterdir()) == []


def test_the_unit_runs_the_program_that_was_named(tmp_path: Path) -> None:
    laid(tmp_path)
    unit = (tmp_path / "etc/systemd/system/fengsui-edge.service").read_text()
    assert "ExecStart=/opt/here/bin/fengsui edge run --config /etc/fengsui/gateway.toml" in unit
    assert "ReadWritePaths=/var/lib/fengsui -/etc/fengsui\n" in unit  # where its certificate is renewed
    assert "StartLimitIntervalSec=0\n" in unit.partition("[Service]")[0]  # it is begun again, however often
    assert "latency_timer" in (tmp_path / "etc/udev/rules.d/60-fengsui.rules").read_text()


def test_a_program_in_a_slot_is_started_by_its_launcher(tmp_path: Path) -> None:
    slots = tmp_path / "opt"
    program = slots / "control" / "current" / "bin" / "fengsui"
    (slots / "a" / "bin").mkdir(parents=True)
    (slots / "a" / "bin" / "fengsui").touch()
    (slots / "control").mkdir()
    (slots / "control" / "current").symlink_to("../a")
    (slots / "launcher").touch()
    carry_out(install_steps(tmp_path / "image", program), dry_run=False)
    unit = (tmp_path / "image/etc/systemd/system/fengsui-edge.service").read_text()
    assert f"ExecStart={slots}/launcher {slots} edge run --config /etc/fengsui/gateway.toml" in unit
    assert f"ReadWritePaths=/var/lib/fengsui -/etc/fengsui {slots}/control\n" in unit


def test_a_second_run_changes_nothing_and_a_changed_unit_is_put_right(tmp_path: Path) -> None:
    laid(tmp_path)
    assert {one.outcome for one in laid(tmp_path)} == {"there"}
    unit = tmp_path / "etc/systemd/system/fengsui-edge.service"
    unit.write_text("changed")
    assert [one.what for one in laid(tmp_path) if one.outcome == "done"] == [f"file {unit}"]


def test_a_configuration_that_is_there_is_never_touched(tmp_path: Path) -> None:
    config = tmp_path / "etc/fengsui/gateway.toml"
    config.parent.mkdir(parents=True)
    config.write_text("mine")
    laid(tmp_path)
    assert config.read_text() == "mine"


def test_taking_it_off_leaves_configuration_and_records(tmp_path: Path) -> None:
    laid(tmp_path)
    carry_out(uninstall_steps(tmp_path), dry_run=False)
    assert not (tmp_path / "etc/systemd/system/fengsui-edge.service").exists()
    assert not (tmp_path / "etc/udev/rules.d/60-fengsui.rules").exists()
    assert (tmp_path / "etc/fengsui/gateway.toml").is_file()
    assert (tmp_path / "var/lib/fengsui").is_dir()
    again = carry_out(uninstall_steps(tmp_path), dry_run=False)
    assert {one.outcome for one in again} == {"there"}
