"""What a scenario is, what it asks of a rig, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hil.stage import Stage

# How a scenario ended.
PASSED, FAILED, IMPOSSIBLE = "passed", "failed", "not possible"

# What a scenario may need. A rig says of each why it has not got it.
INSTRUMENT = "an instrument whose every answer the bench knows"
MISBEHAVIOUR = "an instrument that misbehaves on the wire"
ADAPTER = "an adapter that can be pulled"
BUTTON = "a button that the bench can press"
CENTRE = "a centre on this machine"
NETWORK = "an uplink that can be cut and slowed"
SMALL_DISK = "a small file system for the spool"
DYING_DISK = "a file system that can be taken away from under the spool"
BENT_CLOCK = "a wall clock that can be wrong"

# How a scenario uses a centre: those that kill parts of it have another than those that share one.
NONE, USES, SHAKES = "none", "uses", "shakes"

# Kinds of relay board.
PULSE, WATCHDOG, PLAIN = "pulse", "watchdog", "plain"


@dataclass(frozen=True)
class Scenario:
    """One thing that is tried; `run` does the steps and says the verdicts on the stage that it is given."""

    name: str
    title: str
    title_zh: str
    proves: str
    rows: tuple[str, ...]
    needs: tuple[str, ...]
    run: Callable[[Stage], None]
    board: str = PULSE
    centre: str = NONE


@dataclass(frozen=True)
class Check:
    """One sentence of a verdict; a `figure` is to be read beside the load of the machine and fails nobody."""

    says: str
    holds: bool
    found: str
    figure: bool = False


@dataclass(frozen=True)
class Mark:
    """Something happened on one lane of the timeline, `at_s` after the beginning; a span ends later."""

    lane: str
    at_s: float
    says: str
    until_s: float | None = None


@dataclass
class Series:
    """Numbers of one kind, to be drawn; `limit` is the line that they are held against."""

    name: str
    unit: str
    values: list[float]
    limit: float | None = None


@dataclass
class Result:
    """What came of one scenario on one rig."""

    scenario: Scenario
    rig: str
    verdict: str = FAILED
    why: str = ""
    began: str = ""
    took_s: float = 0.0
    checks: list[Check] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Impossible(Exception):
    """This rig cannot do that; the message says why."""
