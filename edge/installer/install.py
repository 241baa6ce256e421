"""Puts the gateway onto a machine as a service: user, folders, systemd unit, udev rules; and takes it off.

    steps ─▶ already so? ─▶ nothing to do
                └─ no ───▶ shown (--dry-run) or done

Each step knows whether it is done, so a second run changes nothing. Below another root (`--root`, an image
that is being built) files are laid out and no program is run. What holds records or keys is never taken away.
"""

import grp
import os
import pwd
import shutil
import subprocess
import sysconfig
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

USER: Final = "fengsui"
UNIT: Final = "fengsui-edge.service"
RULES: Final = "60-fengsui.rules"
PLAIN_EXEC: Final = "/opt/fengsui/bin/fengsui"
WRITES: Final = "ReadWritePaths=/var/lib/fengsui -/etc/fengsui"
SOURCES: Final = (
    Path(__file__).parent.parent.parent / "firmware-config" / "systemd",
    Path(sysconfig.get_path("data")) / "share" / "fengsui" / "systemd",
)
CONFIG: Final = "etc/fengsui/gateway.toml"
FIRST_CONFIG: Final = """# The gateway of this plant; docs/gateway-config.md explains every key.
# Instruments are found by: fengsui edge scan --port … --write /etc/fengsui/gateway.toml

[gateway]
id = "gw-new-1"          # as the centre registered it
name = "新网关"
credentials = "credentials.json"
state = "/var/lib/fengsui/state"
"""


class Refused(Exception):
    """It cannot be installed here; says what would be right."""


class Step(msgspec.Struct, frozen=True):
    """One thing that has to be so: what, whether it is, and what makes it so."""

    what: str
    done: Callable[[], bool]
    do: Callable[[], None]


class Outcome(msgspec.Struct, frozen=True):
    """What became of a step: "there", "done" or "would be done"."""

    what: str
    outcome: str


def install_steps(root: Path, program: Path) -> list[Step]:
    """Return what an installed gateway consists of, in order.

    Args:
        root: "/" or the root of an image.
        program: the fengsui command that the service runs.
    """
    live = root == Path("/")
    slots = slots_of(program)
    unit = _unit(program, slots)
    steps = [_user()] if live else []
    steps += [
        _folder(root / "etc/fengsui", 0o755, live=live),
        _folder(root / "var/lib/fengsui", 0o750, live=live),
        _first(root / CONFIG),
        *([_own(slots / "control")] if live and slots is not None else []),
        _file(root / "etc/systemd/system" / UNIT, unit),
        _file(root / "etc/udev/rules.d" / RULES, _source(RULES).read_text(encoding="utf-8")),
    ]
    if live and shutil.which("systemctl"):
        steps += [
            _run("systemd knows the unit", lambda: False, ["systemctl", "daemon-reload"]),
            _run("the gateway starts with the machine", _enabled, ["systemctl", "enable", UNIT]),
        ]
    if live and shutil.which("udevadm"):
        reload = ["udevadm", "control", "--reload-rules"]
        steps.append(_run("udev knows the rules", lambda: False, reload))
    return steps


def slots_of(program: Path) -> Path | None:
    """Return where the slots are of which this program is one (`edge/update/slots.py`); None: of none."""
    root = program.resolve().parent.parent.parent
    return root if (root / "launcher").is_file() and (root / "control").is_dir() else None


def _unit(program: Path, slots: Path | None) -> str:
    """Return the unit: it starts the program, or the launcher that knows which slot's program to start."""
    text = _source(UNIT).read_text(encoding="utf-8")
    if slots is None:
        return text.replace(PLAIN_EXEC, str(program))
    text = text.replace(PLAIN_EXEC, f"{slots}/launcher {slots}")
    return text.replace(f"\n{WRITES}\n", f"\n{WRITES} {slots}/control\n")


def uninstall_steps(root: Path) -> list[Step]:
    """Return what takes the service away; configuration, keys and records stay."""
    live = root == Path("/")
    steps = []
    if live and shutil.which("systemctl"):
        stop = ["systemctl", "disable", "--now", UNIT]
        steps.append(_run("the gateway is stopped", lambda: not _enabled(), stop))
    return [
        *steps,
        _gone(root / "etc/systemd/system" / UNIT),
        _gone(root / "etc/udev/rules.d" / RULES),
    ]


def carry_out(steps: Sequence[Step], *, dry_run: bool) -> list[Outcome]:
    """Do what is not so yet.

    Raises:
        Refused: a step failed; what was done before it stays, and a second run goes on there.
    """
    outcomes = []
    for step in steps:
        if step.done():
            outcomes.append(Outcome(step.what, "there"))
        elif dry_run:
            outcomes.append(Outcome(step.what, "would be done"))
        else:
            try:
                step.do()
            except PermissionError as exc:
                raise Refused(f"{step.what}: not allowed ({exc.filename}); run it with sudo") from exc
            except (OSError, subprocess.SubprocessError) as exc:
                raise Refused(f"{step.what}: {exc}") from exc
            outcomes.append(Outcome(step.what, "done"))
    return outcomes


def _source(name: str) -> Path:
    for folder in SOURCES:
        if (folder / name).is_file():
            return folder / name
    raise Refused(f"{name} is not part of this installation; install the whole distribution")


def _user_there() -> bool:
    try:
        pwd.getpwnam(USER)
    except KeyError:
        return False
    return True


def _user() -> Step:
    add = ["useradd", "--system", "--home-dir", "/var/lib/fengsui", "--shell", "/usr/sbin/nologin"]
    groups = ["--groups", "dialout"] if _group("dialout") else []
    return _run(f"user {USER}", _user_there, [*add, *groups, USER])


def _group(name: str) -> bool:
    try:
        grp.getgrnam(name)
    except KeyError:
        return False
    return True


def _folder(path: Path, mode: int, *, live: bool) -> Step:
    def do() -> None:
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(mode)
        if live:
            shutil.chown(path, USER, USER)

    return Step(f"folder {path}", path.is_dir, do)


def _own(path: Path) -> Step:
    """What the service itself changes: which slot runs, and how its trial goes."""

    def do() -> None:
        user = pwd.getpwnam(USER)
        for one in (path, *path.iterdir()):
            os.chown(one, user.pw_uid, user.pw_gid, follow_symlinks=False)

    def done() -> bool:
        return _user_there() and path.stat().st_uid == pwd.getpwnam(USER).pw_uid

    return Step(f"{path} belongs to {USER}", done, do)


def _first(path: Path) -> Step:
    """A first configuration; one that is there is never touched."""

    def do() -> None:
        path.write_text(FIRST_CONFIG, encoding="utf-8")
        path.chmod(0o644)

    return Step(f"file {path}", path.exists, do)


def _file(path: Path, text: str) -> Step:
    def done() -> bool:
        return path.is_file() and path.read_text(encoding="utf-8") == text

    def do() -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".{path.name}.new")
        new.write_text(text, encoding="utf-8")
        new.chmod(0o644)
        new.replace(path)

    return Step(f"file {path}", done, do)


def _gone(path: Path) -> Step:
    return Step(f"{path} is taken away", lambda: not path.exists(), path.unlink)


def _run(what: str, done: Callable[[], bool], command: list[str]) -> Step:
    def do() -> None:
        subprocess.run(command, check=True, timeout=60)

    return Step(f"{what} ({' '.join(command)})", done, do)


def _enabled() -> bool:
    return Path(f"/etc/systemd/system/multi-user.target.wants/{UNIT}").is_symlink()
