"""Collects what a bus counted since its start, for the heartbeat, `fengsui edge status` and the metrics."""

from __future__ import annotations

from edge.drivers.modbus.asking import Asking
from edge.drivers.modbus.line import Line
from edge.drivers.modbus.models import BusConfig, BusStats, UnitStats
from edge.drivers.modbus.schedule import Schedule

STATES = ("suspect", "resync", "in step")
BREAKERS = ("closed", "open", "half-open")


def count(
    config: BusConfig,
    line: Line,
    schedule: Schedule,
    asking: Asking,
    started: int,
    connections: int,
    now: int,
) -> BusStats:
    """Return the statistics of a bus at the monotonic time `now`; `started` likewise."""
    port = line.port
    skipped = dict.fromkeys(port.units, 0)
    late = dict.fromkeys(port.units, 0)
    for poll in schedule.polls:
        skipped[poll.block.unit] += poll.skipped
        late[poll.block.unit] += poll.late
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
            breaker=BREAKERS[unit.breaker(now)],
            timeout_ms=unit.timeout_ms,
            reply_ms=unit.reply_time.mean_ms(),
            reply_p99_ms=unit.reply_time.p99_ms(),
            late=late[unit.number],
        )
        for unit in port.units.values()
    ]
    return BusStats(
        name=config.name,
        connected=line.is_open,
        trouble=line.trouble,
        units=units,
        good=sum(unit.good for unit in units),
        failed=sum(unit.failed for unit in units),
        heard_late=sum(unit.heard_late for unit in units),
        lateness_ms=max(unit.lateness_ms for unit in units),
        skipped=sum(skipped.values()),
        writes=asking.writes,
        connections=connections,
        framing_lost=line.framing_lost,
        second_master=port.second_master,
        never_quiet=port.never_quiet,
        foreign=port.foreign,
        malformed=line.malformed,
        utilisation=port.busy_ms / max(1, now - started),
        late=sum(late.values()),
        confirmations=asking.confirmations,
        learned=list(asking.hunt.told.values()),
    )
