"""The `[simulator]` table of a template: which process each point follows, and how its protocol is played."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Final

import msgspec

from edge.simulator.process import PROCESSES, Process
from edge.strict import Problems, read

REFERENCE: Final = "follow a point of this template"


class Simulator(msgspec.Struct, frozen=True):
    """How a template is played.

    Attributes:
        points: process of each point, by its id, in an order in which each comes after those that it follows.
        seed: of the dice.
        reply_ms: how long the instrument takes to begin its answer.
        reply: what a serial-line instrument says, with the points' raw numbers in braces: "{weight:07.1f}".
        every_s: how often an instrument that speaks by itself does so.
        system: system code (ST) of an HJ 212 station: 22 air, 21 surface water, 31 fixed-source air.
    """

    points: dict[str, Process]
    seed: int = 1
    reply_ms: int = 5
    reply: str = ""
    every_s: float = 1.0
    system: str = "22"


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    seed: int = 1
    reply_ms: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 5
    reply: str = ""
    every_s: Annotated[float, msgspec.Meta(gt=0, le=86_400)] = 1.0
    system: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{2}$")] = "22"
    points: dict[str, dict[str, Any]] = {}


def read_simulator(raw: object, ids: Iterable[str], problems: Problems) -> Simulator | None:
    """Read `[simulator]`; None with every problem noted.

    Args:
        raw: the parsed table; None where the template has none.
        ids: of the template's points: each needs a process.
        problems: takes what is wrong, at `$.simulator…`.
    """
    table = read(_Table, {} if raw is None else raw, "$.simulator", problems)
    if table is None:
        return None
    known = list(ids)
    found: dict[str, Process] = {}
    before = len(problems.found)
    for name, one in table.points.items():
        place = f"$.simulator.points.{name}"
        if name not in known:
            problems.add(place, "the template has no such point", f"it has {', '.join(known) or 'none'}")
            continue
        process = _process(one, place, problems)
        if process is not None:
            found[name] = process
    if raw is not None:
        for name in known:
            if name not in table.points:
                problems.add(
                    f"$.simulator.points.{name}", "missing", f"give it a process: {', '.join(PROCESSES)}"
                )
    if len(problems.found) > before:
        return None
    ordered = _in_order(found, problems)
    if ordered is None:
        return None
    return Simulator(ordered, table.seed, table.reply_ms, table.reply, table.every_s, table.system)


def _process(raw: dict[str, Any], place: str, problems: Problems) -> Process | None:
    kind = raw.get("process")
    if not isinstance(kind, str) or kind not in PROCESSES:
        what = "missing" if kind is None else f"{kind!r} is no process"
        problems.add(f"{place}.process", what, f"use one of {', '.join(PROCESSES)}")
        return None
    rest = {key: value for key, value in raw.items() if key != "process"}
    return read(PROCESSES[kind], rest, place, problems)


def _in_order(found: Mapping[str, Process], problems: Problems) -> dict[str, Process] | None:
    """Put each process behind those that it follows."""
    ordered: dict[str, Process] = {}
    waiting = dict(found)
    for name, process in found.items():
        for source in process.sources:
            if source not in found:
                problems.add(
                    f"$.simulator.points.{name}.of", f"there is no point {source!r}", f"{REFERENCE} instead"
                )
                return None
    while waiting:
        ready = [name for name, one in waiting.items() if all(s in ordered for s in one.sources)]
        if not ready:
            problems.add(
                f"$.simulator.points.{next(iter(waiting))}.of",
                f"{', '.join(waiting)} follow each other in a circle",
                "let one of them have a process of its own",
            )
            return None
        for name in ready:
            ordered[name] = waiting.pop(name)
    return ordered
