"""How a simulated quantity moves: small models of a lag, a day, a leak, a tank, a rain, a counter.

Every process is a frozen Struct of its parameters, in the unit of its point and in seconds. It keeps nothing:
what has to be remembered stands in a `State`, chance and time are handed in, so that the same seed and the
same steps give the same values to the last bit.

    plant       steady, wave (a day), walk (wanders and returns), leak (bursts out, is aired), tank (fills and
                is drawn off), burst (a shower)
    follows     lag (behind another point), total (counts another one up), above (a bit), product
"""

import math
from collections.abc import Mapping
from random import Random
from typing import Annotated, Final, NamedTuple

import msgspec

Positive = Annotated[float, msgspec.Meta(gt=0)]
NotNegative = Annotated[float, msgspec.Meta(ge=0)]


class State:
    """What a process remembers: the quantity itself, whether something is going on, and until when."""

    __slots__ = ("busy", "until_s", "value")

    def __init__(self, value: float) -> None:
        self.value = value
        self.busy = False
        self.until_s = 0.0


class Moment(NamedTuple):
    """One step: where time stands, how long the step is, the dice, and what the other points are."""

    now_s: float
    dt_s: float
    chance: Random
    others: Mapping[str, float]


class Process(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What all processes share; each kind says how it begins and moves (a Struct can't be an `abc.ABC`).

    Attributes:
        noise: standard deviation of what the instrument shows around the quantity.
        floor: what the instrument shows at least (gas detectors suppress the noise around zero).
        ceiling: what it shows at most.
        raw: the numbers are those in the registers, before scale or polynomial.
    """

    noise: NotNegative = 0.0
    floor: float | None = None
    ceiling: float | None = None
    raw: bool = False

    @property
    def sources(self) -> tuple[str, ...]:
        """The ids of the points that this one follows."""
        return ()

    def begin(self) -> float:
        """Return the quantity at the start."""
        raise NotImplementedError

    def step(self, state: State, moment: Moment) -> float:
        """Return the quantity one step on; `state.value` holds it before."""
        raise NotImplementedError

    def shown(self, value: float, chance: Random) -> float:
        """Return what the instrument makes of the quantity."""
        seen = value + chance.gauss(0.0, self.noise) if self.noise else value
        if self.floor is not None:
            seen = max(self.floor, seen)
        return seen if self.ceiling is None else min(self.ceiling, seen)


class Steady(Process, frozen=True, kw_only=True):
    """Stays where it is."""

    value: float

    def begin(self) -> float:
        return self.value

    def step(self, state: State, _moment: Moment) -> float:
        return state.value


class Wave(Process, frozen=True, kw_only=True):
    """Swings around a middle, by default once a day; `shift` in periods."""

    middle: float
    swing: NotNegative
    period_s: Positive = 86_400.0
    shift: float = 0.0

    def begin(self) -> float:
        return self._at(0.0)

    def step(self, _state: State, moment: Moment) -> float:
        return self._at(moment.now_s)

    def _at(self, now_s: float) -> float:
        return self.middle + self.swing * math.sin(2 * math.pi * (now_s / self.period_s + self.shift))


class Walk(Process, frozen=True, kw_only=True):
    """Wanders around a middle and is pulled back within `back_s`; `spread` is its standard deviation.

    An Ornstein-Uhlenbeck process, stepped exactly, and turned back at three spreads from the middle.
    """

    middle: float
    spread: NotNegative
    back_s: Positive = 600.0

    def begin(self) -> float:
        return self.middle

    def step(self, state: State, moment: Moment) -> float:
        keep = math.exp(-moment.dt_s / self.back_s)
        kick = self.spread * math.sqrt(1.0 - keep * keep) * moment.chance.gauss(0.0, 1.0)
        away = (state.value - self.middle) * keep + kick
        return self.middle + min(3 * self.spread, max(-3 * self.spread, away))


class Leak(Process, frozen=True, kw_only=True):
    """Quiet, until something leaks: rises to `peak` within about `rise_s`, and is aired within `clear_s`.

    `every_s` is the mean pause between two leaks (0: never leaks), `lasts_s` the duration of one.
    """

    quiet: float
    peak: float
    every_s: NotNegative = 3600.0
    lasts_s: Positive = 120.0
    rise_s: Positive = 15.0
    clear_s: Positive = 60.0

    def begin(self) -> float:
        return self.quiet

    def step(self, state: State, moment: Moment) -> float:
        _take_turns(state, moment, self.every_s, self.lasts_s)
        aim, lag_s = (self.peak, self.rise_s) if state.busy else (self.quiet, self.clear_s)
        return aim + (state.value - aim) * math.exp(-moment.dt_s / lag_s)


class Burst(Process, frozen=True, kw_only=True):
    """Nothing, then a shower that swells to at most `peak` and ebbs away within `lasts_s`."""

    peak: Positive
    every_s: Positive = 7200.0
    lasts_s: Positive = 1800.0

    def begin(self) -> float:
        return 0.0

    def step(self, state: State, moment: Moment) -> float:
        _take_turns(state, moment, self.every_s, self.lasts_s)
        if not state.busy:
            return 0.0
        left = (state.until_s - moment.now_s) / self.lasts_s
        return self.peak * math.sin(math.pi * min(1.0, max(0.0, left)))


class Tank(Process, frozen=True, kw_only=True):
    """Fills from `low` to `high` at `fill_per_h`, is then drawn off at `draw_per_h`, and so on."""

    low: float
    high: float
    fill_per_h: Positive
    draw_per_h: Positive

    def begin(self) -> float:
        return (self.low + self.high) / 2

    def step(self, state: State, moment: Moment) -> float:
        rate = -self.draw_per_h if state.busy else self.fill_per_h
        value = min(self.high, max(self.low, state.value + rate * moment.dt_s / 3600.0))
        if value in {self.low, self.high}:
            state.busy = value == self.high
        return value


class Lag(Process, frozen=True, kw_only=True):
    """Follows another point with a first-order lag: gain * other + offset."""

    of: str
    lag_s: Positive
    gain: float = 1.0
    offset: float = 0.0
    start: float = 0.0

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.of,)

    def begin(self) -> float:
        return self.start

    def step(self, state: State, moment: Moment) -> float:
        aim = self.gain * moment.others[self.of] + self.offset
        return aim + (state.value - aim) * math.exp(-moment.dt_s / self.lag_s)


class Total(Process, frozen=True, kw_only=True):
    """Counts another point up; `per_s` is the time in that point's unit: 3600 for m³/h, 1 for l/s.

    `wrap` is where the counter begins again from 0.
    """

    of: str
    per_s: Positive = 3600.0
    gain: Positive = 1.0
    start: NotNegative = 0.0
    wrap: Positive | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.of,)

    def begin(self) -> float:
        return self.start

    def step(self, state: State, moment: Moment) -> float:
        added = max(0.0, moment.others[self.of]) * self.gain * moment.dt_s / self.per_s
        value = state.value + added
        return value if self.wrap is None or value < self.wrap else value - self.wrap


class Above(Process, frozen=True, kw_only=True):
    """1 (or `value`) while another point is at `limit` or above it, else 0; `below` turns it round."""

    of: str
    limit: float
    below: bool = False
    value: float = 1.0

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.of,)

    def begin(self) -> float:
        return 0.0

    def step(self, _state: State, moment: Moment) -> float:
        other = moment.others[self.of]
        return self.value if (other <= self.limit if self.below else other >= self.limit) else 0.0


class Product(Process, frozen=True, kw_only=True):
    """The product of other points, times `gain`: a power of voltage, current and power factor."""

    of: Annotated[list[str], msgspec.Meta(min_length=1)]
    gain: float = 1.0

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(self.of)

    def begin(self) -> float:
        return 0.0

    def step(self, _state: State, moment: Moment) -> float:
        return self.gain * math.prod(moment.others[name] for name in self.of)


PROCESSES: Final[Mapping[str, type[Process]]] = {
    "steady": Steady,
    "wave": Wave,
    "walk": Walk,
    "leak": Leak,
    "burst": Burst,
    "tank": Tank,
    "lag": Lag,
    "total": Total,
    "above": Above,
    "product": Product,
}


def _take_turns(state: State, moment: Moment, every_s: float, lasts_s: float) -> None:
    """Let events of `lasts_s` happen with a mean pause of `every_s` between them."""
    if state.busy:
        state.busy = moment.now_s < state.until_s
    elif every_s > 0 and moment.chance.random() < moment.dt_s / every_s:
        state.busy = True
        state.until_s = moment.now_s + lasts_s
