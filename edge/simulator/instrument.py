"""A simulated instrument: its points move by their processes and show as raw numbers of its protocol.

    process --step--> quantity --shown--> value in the point's unit --raw--> number as the instrument names it

Time is handed in as milliseconds; the physics moves in equal steps, however often somebody asks.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Final

from edge.config_models import PointTable
from edge.simulator.fault import NO_FAULT, Fault, FaultName
from edge.simulator.process import Moment, State
from edge.simulator.settings import Simulator

STEP_S: Final = 0.25
BEYOND: Final = 2.0  # spans above the range: farther than any instrument overshoots


class Instrument:
    """What one template shows, from its seed and the time since its start."""

    def __init__(
        self,
        points: Mapping[str, PointTable],
        simulator: Simulator,
        mono_ms: Callable[[], int],
        fault: Fault = NO_FAULT,
    ) -> None:
        """Begin at the processes' starts.

        Args:
            points: the template's points by id, as the configuration laid them out.
            simulator: a process for each of them.
            mono_ms: a clock that never jumps.
            fault: what goes wrong.
        """
        self.points = dict(points)
        self.simulator = simulator
        self._mono_ms = mono_ms
        self._began_ms = mono_ms()
        self.planned_fault = fault
        self._steps = 0
        # Each point has dice of its own: a point more in a template changes no other.
        self._chances = {name: Random(f"{simulator.seed}/{name}") for name in simulator.points}
        self._states = {name: State(process.begin()) for name, process in simulator.points.items()}
        self._shown = {name: process.begin() for name, process in simulator.points.items()}
        self._truth = self._converted()
        self._last = self._truth

    @property
    def since_start_s(self) -> float:
        """Seconds since the start."""
        return (self._mono_ms() - self._began_ms) / 1000

    @property
    def fault(self) -> FaultName:
        """What is wrong now."""
        return self.planned_fault.active(self.since_start_s)

    def truth(self) -> dict[str, float]:
        """Return what every point is now, by id, in its unit (without any fault)."""
        self._advance()
        return {name: value_of(self.points[name], raw) for name, raw in self._truth.items()}

    def raws(self) -> dict[str, float]:
        """Return the number that every point shows now, by id, before it is rounded to its encoding."""
        fault = self.fault
        if fault == "stuck":
            return dict(self._last)
        self._advance()
        self._last = self._truth
        if fault != "out-of-range":
            return dict(self._truth)
        return {name: self._beyond(point, self._truth[name]) for name, point in self.points.items()}

    def _advance(self) -> None:
        wanted = math.floor(self.since_start_s / STEP_S)
        if wanted == self._steps:
            return
        while self._steps < wanted:
            self._steps += 1
            now_s = self._steps * STEP_S
            for name, process in self.simulator.points.items():
                chance, state = self._chances[name], self._states[name]
                # What follows another follows what is there, not the noise of the instrument that shows it.
                others = {source: self._states[source].value for source in process.sources}
                state.value = process.step(state, Moment(now_s, STEP_S, chance, others))
        for name, process in self.simulator.points.items():
            # Dice of their own for the noise: how often somebody asks must not change what happens next.
            noise = Random(f"{self.simulator.seed}/{name}/{self._steps}")
            self._shown[name] = process.shown(self._states[name].value, noise)
        self._truth = self._converted()

    def _converted(self) -> dict[str, float]:
        return {
            name: value if self.simulator.points[name].raw else raw_of(self.points[name], value)
            for name, value in self._shown.items()
        }

    @staticmethod
    def _beyond(point: PointTable, raw: float) -> float:
        if point.range is None or getattr(point, "type", "") in {"bit", "bits"}:
            return raw
        low, high = point.range
        away = high + BEYOND * (high - low)
        return raw_of(point, away) if not point.polynomial else 0.0


def raw_of(point: PointTable, value: float) -> float:
    """Return the raw number, not yet rounded, that a point shows for a value in its unit.

    Raises:
        ValueError: the point has a polynomial, which this does not turn round.
    """
    if point.polynomial:
        raise ValueError(f"{point.key}: a point with a polynomial needs a process with raw = true")
    loop = _loop(point)
    if loop is not None:
        low, high, at_4, at_20 = loop
        return at_4 + (value - low) / (high - low) * (at_20 - at_4)
    return (value - point.offset) / point.scale


def value_of(point: PointTable, raw: float) -> float:
    """Return the value, in the point's unit, of a raw number."""
    if point.polynomial:
        return math.fsum(c * raw**i for i, c in enumerate(point.polynomial))
    loop = _loop(point)
    if loop is not None:
        low, high, at_4, at_20 = loop
        return low + (raw - at_4) / (at_20 - at_4) * (high - low)
    return raw * point.scale + point.offset


def _loop(point: PointTable) -> tuple[float, float, float, float] | None:
    ends: Sequence[float] | None = getattr(point, "current_loop", None)
    if not ends or point.range is None:
        return None
    return point.range[0], point.range[1], ends[0], ends[1]
