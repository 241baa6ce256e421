"""`fengsui edge scan`: what the person types, what he sees, and what is written into gateway.toml."""

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any, Final

import msgspec

from edge.clock import Clock
from edge.installer.candidates import known_templates
from edge.installer.check import check
from edge.installer.ear import Place, Setting
from edge.installer.ports import BadAddress, numbers, reachable, serial_ports, tcp_places, used_by_gateway
from edge.installer.progress import Bar
from edge.installer.scan import Findings, Plan, Scan
from edge.installer.scan_words import in_words, piece

BAUDRATES: Final = "9600,19200,4800,2400,38400,57600,115200"
PARITIES: Final = ("N", "E", "O")
NEW_HEAD: Final = """[gateway]
id = "gw-new-1"          # as the centre registered it
name = "新网关"
credentials = "credentials.json"
state = "/var/lib/fengsui/state"
"""


class Asked(msgspec.Struct, frozen=True):
    """What the command line said, understood."""

    plan: Plan
    config: Path
    resume: Path | None
    write: Path | None
    json: bool
    yes: bool


def plan_of(
    ports: list[str],
    tcp: list[str],
    servers: list[str],
    units: str,
    baud: str,
    parity: str,
    *,
    thorough: bool,
    patience_ms: int,
    meters: bool,
) -> Plan:
    """Understand what was asked for.

    Raises:
        BadAddress: something cannot be meant.
    """
    places = [Place("rtu", device=one) for one in ports]
    places += [place for text in tcp for place in tcp_places(text)]
    places += [place for text in servers for place in tcp_places(text, "rtu-over-tcp")]
    wanted = [one.strip().upper() for one in parity.split(",")]
    wrong = [one for one in wanted if one not in PARITIES]
    if wrong:
        raise BadAddress(f"parity {wrong[0]!r}: write N, E or O, or several with commas")
    settings = [
        Setting(speed, letter)  # type: ignore[arg-type]
        for letter in wanted
        for speed in numbers(baud, 300, 4_000_000)
    ]
    return Plan(list(dict.fromkeys(places)), settings, numbers(units, 1, 247), thorough, patience_ms, meters)


def no_ports() -> str:
    """Say which ports there are when none was named: nothing is asked that nobody asked for."""
    found = serial_ports()
    listed = (
        "\n".join(f"  --port {name}" for name in found) or "  (no serial port found: plug the adapter in)"
    )
    return (
        f"say where to look: --tcp HOST, --serial-server HOST:PORT, or\n{listed}\n(--all-ports: all of these)"
    )


def run(asked: Asked) -> int:
    """Search, show, write; returns the exit code."""
    reason = asyncio.run(used_by_gateway(asked.plan.places, asked.config))
    if reason:
        return _refuse(reason, asked.json)
    findings = _kept(asked.resume)
    plan = asyncio.run(_reachable(asked.plan))
    clock = Clock()
    bar = Bar(plan.steps, clock, silent=asked.json)
    interrupted = False

    def keep(now: Findings) -> None:
        if asked.resume is not None:
            _store(asked.resume, now)

    search = Scan(plan, known_templates(), clock, bar.step, keep, findings)
    try:
        asyncio.run(search.run())
    except KeyboardInterrupt:
        interrupted = True
        keep(search.findings)
    bar.end()
    return _show(search.findings, asked, interrupted=interrupted)


async def _reachable(plan: Plan) -> Plan:
    """Leave out the hosts of a range that take no connection; one that was named alone says why itself."""
    hosts = [place for place in plan.places if place.host]
    if len(hosts) < 2:
        return plan
    there = set(await reachable(hosts))
    places = [place for place in plan.places if not place.host or place in there]
    return msgspec.structs.replace(plan, places=places)


def _show(findings: Findings, asked: Asked, *, interrupted: bool) -> int:
    toml = piece(findings)
    if asked.json:
        said: dict[str, Any] = {
            "interrupted": interrupted,
            "found": findings.found,
            "meters": findings.meters,
            "lines": [
                {"place": line.place, "trouble": line.trouble, "hints": line.hints, "counts": line.tallies}
                for line in findings.lines
            ],
            "toml": toml,
        }
        print(msgspec.json.encode(said).decode())
    else:
        print(in_words(findings) or "nothing was asked: no host took a connection")
        if toml:
            print(f"\nFor gateway.toml:\n\n{toml}")
    if interrupted:
        way = "the same command goes on there" if asked.resume else "with --resume FILE it could go on there"
        print(f"interrupted; {way}", file=sys.stderr)
    written = 0
    if asked.write is not None and toml and not interrupted:
        try:
            written = append(asked.write, findings, yes=asked.yes)
        except OSError as exc:
            print(f"{asked.write} cannot be written ({exc.strerror}); try with sudo", file=sys.stderr)
            written = 1
    if interrupted:
        return 130
    return written or (0 if toml else 1)


def append(path: Path, findings: Findings, *, yes: bool) -> int:
    """Append the piece to a gateway.toml that stays in order; returns the exit code."""
    before = path.read_text(encoding="utf-8") if path.is_file() else NEW_HEAD
    try:
        raw = tomllib.loads(before)
    except tomllib.TOMLDecodeError as exc:
        print(f"{path} is not TOML ({exc}); nothing was written", file=sys.stderr)
        return 1
    buses = [bus for bus in raw.get("buses", []) if isinstance(bus, dict)]
    keys = [unit.get("key", "") for bus in buses for unit in bus.get("units", [])]
    there = {(bus.get("device") or f"{bus.get('host')}:{bus.get('port', 502)}") for bus in buses}
    places = [one.place for one in findings.found] + [one.place for one in findings.meters]
    doubled = sorted({str(place) for place in places if str(place) in there})
    if doubled:
        print(
            f"{path} has a bus at {', '.join(doubled)} already; add the units there by hand."
            " Nothing was written",
            file=sys.stderr,
        )
        return 1
    after = before.rstrip("\n") + "\n\n" + piece(findings, [bus.get("name", "") for bus in buses], keys)
    with tempfile.TemporaryDirectory() as folder:
        tried = Path(folder) / path.name
        tried.write_text(after, encoding="utf-8")
        if path.parent.joinpath("templates").is_dir():
            shutil.copytree(path.parent / "templates", tried.parent / "templates")
        finding = check(tried)
        text = finding.text.replace(str(tried), str(path))
    if "problem" in finding.text.split("\n", 1)[0]:
        print(f"it would not be in order, so nothing was written:\n{text}", file=sys.stderr)
        return 1
    if not yes and not _confirmed(path):
        print("nothing was written", file=sys.stderr)
        return 1
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}", delete=False
    ) as new:
        new.write(after)
        new.flush()
        os.fsync(new.fileno())
    target = Path(new.name)
    if path.is_file():
        shutil.copymode(path, target)
    else:
        target.chmod(0o644)
    target.replace(path)
    print(
        f"{path}: {len(places)} found and appended; look: fengsui edge check --config {path}",
        file=sys.stderr,
    )
    return 0


def _confirmed(path: Path) -> bool:
    if not sys.stdin.isatty():
        print("nobody can be asked here: say --yes", file=sys.stderr)
        return False
    with contextlib.suppress(EOFError):
        return input(f"append this to {path}? [y/N] ").strip().lower() in {"y", "yes", "是"}
    return False


def _kept(path: Path | None) -> Findings:
    if path is None or not path.is_file():
        return Findings()
    try:
        return msgspec.json.decode(path.read_bytes(), type=Findings)
    except msgspec.DecodeError as exc:
        print(f"{path} is no search of ours ({exc}): it begins anew", file=sys.stderr)
        return Findings()


def _store(path: Path, findings: Findings) -> None:
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(msgspec.json.encode(findings))
    new.replace(path)


def _refuse(reason: str, json: bool) -> int:
    if json:
        print(msgspec.json.encode({"error": reason}).decode())
    else:
        print(reason, file=sys.stderr)
    return 1
