"""What stands in `bench.toml`: how the rack is wired; every mistake is named with its place and a remedy."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from edge.strict import Problem, Problems, read
from hil.models import PULSE

Unit = Annotated[int, msgspec.Meta(ge=1, le=247)]
Register = Annotated[int, msgspec.Meta(ge=0, le=65_535)]
Parity = Literal["N", "E", "O"]


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One RS-485 line and the gateway's adapter on it; `bench` is the bench's adapter on the same line."""

    gateway: str
    bench: str = ""
    baudrate: Annotated[int, msgspec.Meta(ge=1200, le=4_000_000)] = 115_200
    parity: Parity = "N"
    timeout_ms: Annotated[int, msgspec.Meta(ge=20, le=2000)] = 150
    adapter_ms: Annotated[int, msgspec.Meta(ge=0, le=100)] = 16
    unplug: tuple[str, ...] = ()
    plug: tuple[str, ...] = ()


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A current source on the bench's module: the register that sets it, and its values at 4 and 20 mA."""

    register: Register
    raw: tuple[int, int]


class Instrument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the gateway asks: a slave played by the bench, or an analogue input on a current source."""

    kind: Literal["slave", "analogue"] = "slave"
    unit: Unit = 1
    table: Literal["input", "holding"] = "input"
    register: Register = 0
    raw: tuple[int, int] = (4000, 20_000)
    source: Source | None = None


class Board(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One relay board on the relay line, and the module's input that its horn contact is wired to."""

    kind: Literal["pulse", "watchdog", "plain"]
    unit: Unit
    contact: Register
    coil: Register = 0
    address: Register = 512
    timeout_ms: Annotated[int, msgspec.Meta(ge=300, le=1000)] = 900
    contact_inverted: bool = False


class Button(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The gateway's button: an input on one of its lines, wired to an output of the bench's module."""

    line: Literal["field", "relays"]
    unit: Unit
    input: Register
    output: Register


class Module(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The bench's own input and output module, on a line of its own."""

    device: str
    unit: Unit = 1
    baudrate: Annotated[int, msgspec.Meta(ge=1200, le=4_000_000)] = 115_200
    parity: Parity = "N"


class Bench(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of `bench.toml`."""

    name: str
    field: Line
    relays: Line
    boards: tuple[Board, ...]
    module: Module
    instrument: Instrument = Instrument()
    button: Button | None = None
    strict: bool = True


class BenchError(Exception):
    """What is wrong in bench.toml, or with what it names; one line each."""

    def __init__(self, found: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in found))
        self.found = found


def load(path: Path) -> Bench:
    """Read a bench.toml.

    Raises:
        BenchError: with everything that is wrong in it, and every device that is not there.
    """
    problems = Problems(path.name)
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        problems.add(
            "$", f"cannot be read: {exc.strerror}", "name the file with --bench; docs/bench.md has one"
        )
        raise BenchError(problems.found) from exc
    except tomllib.TOMLDecodeError as exc:
        problems.add("$", f"is not TOML: {exc}", "mend that line")
        raise BenchError(problems.found) from exc
    bench = read(Bench, raw, "$", problems)
    if bench is not None:
        _agree(bench, problems)
        _present(bench, problems)
    if bench is None or problems.found:
        raise BenchError(problems.found)
    return bench


def _agree(bench: Bench, problems: Problems) -> None:
    if not bench.boards:
        problems.add("$.boards", "there is no relay board", "add a [[boards]]: kind, unit, contact")
    kinds = [board.kind for board in bench.boards]
    for number, board in enumerate(bench.boards):
        place = f"$.boards[{number}]"
        if board.kind in kinds[:number]:
            problems.add(f"{place}.kind", f"a second {board.kind} board", "keep one of each kind")
        if board.contact in [other.contact for other in bench.boards[:number]]:
            problems.add(
                f"{place}.contact", f"input {board.contact} is another board's", "wire each to its own"
            )
    instrument = bench.instrument
    if instrument.kind == "slave" and not bench.field.bench:
        problems.add(
            "$.field.bench", "missing", "the bench plays the instrument: name its adapter on the line"
        )
    if instrument.kind == "analogue" and instrument.source is None:
        problems.add("$.instrument.source", "missing", "say which register of the module sets the current")
    if bool(bench.field.unplug) != bool(bench.field.plug):
        missing = "plug" if bench.field.unplug else "unplug"
        problems.add(
            f"$.field.{missing}", "missing", "unplug and plug go together: each is a command in words"
        )
    if bench.relays.bench:
        problems.add("$.relays.bench", "nobody speaks there", "remove it: the boards on this line are real")
    _one_place_a_device(bench, problems)


def _devices(bench: Bench) -> list[tuple[str, str]]:
    named = [
        ("$.field.gateway", bench.field.gateway),
        ("$.field.bench", bench.field.bench),
        ("$.relays.gateway", bench.relays.gateway),
        ("$.module.device", bench.module.device),
    ]
    return [(place, device) for place, device in named if device]


def _one_place_a_device(bench: Bench, problems: Problems) -> None:
    seen: dict[str, str] = {}
    for place, device in _devices(bench):
        if device in seen:
            problems.add(
                place, f"{device} is {seen[device]} already", "each end of a line has an adapter of its own"
            )
        seen.setdefault(device, place)


def _present(bench: Bench, problems: Problems) -> None:
    for place, device in _devices(bench):
        if not Path(device).exists():
            problems.add(place, f"{device} is not there", f"plug the adapter in, or name one of: {_known()}")


def _known() -> str:
    found = sorted(str(path) for path in Path("/dev/serial/by-path").glob("*"))
    return ", ".join(found) or "no serial adapter is plugged in (ls /dev/serial/by-path)"


def board_of(bench: Bench, kind: str) -> Board | None:
    """The relay board of a kind; None if the rack has none."""
    return next((board for board in bench.boards if board.kind == (kind or PULSE)), None)
