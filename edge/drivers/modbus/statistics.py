"""Collects what a bus counted since its start, for the heartbeat, `fengsui edge status` and the metrics."""

from __future__ import annotations

from dataclasses import dataclass

from edge.core.transaction import Port
from edge.drivers.modbus.line import Line
from edge.drivers.modbus.models import BusStats, UnitStats
from edge.drivers.modbus.schedule import Schedule

STATES = ("suspect", "resync", "in step")


@dataclass
class Counts:
    """What only the bus task itself can count."""

    started_ms: int
    writes: int = 0
    connections: int = 0


def count(name: str, port: Port, line: Line, schedule: Schedule, counts: Counts, now: int) -> BusStats:
    """Return the statistics of a bus at the monotonic time `now`."""
    skipped = dict.fromkeys(port.units, 0)
    for poll in schedule.polls:
        skipped[poll.block.unit] += poll.skipped
    units = [
        UnitStats(
            unit=unit.number,
            state=STATES[unit.state],
            good=unit.good,
            failed=unit.failed,
            refused=unit.refused,
            heard_late=unit.heard_late,
            lateness_ms=unit.lateness_ms,
            strays=unit.strays,
            doubled=unit.doubled,
            skipped=skipped[unit.number],
            hold_ms=unit.hold_ms,
            one_behind=unit.one_behind(),
        )
        for unit in port.units.values()
    ]
    return BusStats(
        name=name,
        connected=line.is_open,
        trouble="" if line.is_open else line.trouble,
        units=units,
        good=sum(unit.good for unit in units),
        failed=sum(unit.failed for unit in units),
        heard_late=sum(unit.heard_late for unit in units),
        lateness_ms=max(unit.lateness_ms for unit in units),
        skipped=sum(skipped.values()),
        writes=counts.writes,
        connections=counts.connections,
        framing_lost=line.framing_lost,
        second_master=port.second_master,
        never_quiet=port.never_quiet,
        foreign=port.foreign,
        malformed=line.malformed,
        utilisation=port.busy_ms / max(1, now - counts.started_ms),
    )
