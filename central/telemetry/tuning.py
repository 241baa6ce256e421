"""Looks for a dead-band and delays with which an alarm would have been quieter, and says what that costs.

    in force ─▶ candidates around what ISA-18.2 begins with ─▶ the same replay as a back-test ─▶ best

A dead-band and an off-delay keep an alarm raised a little longer; nobody misses anything. An on-delay has the
horn sound later and lets what is short pass: it is tried only where the rule of the quantity allows it, never
preferred to what reaches nearly as much without it, and what it would have missed is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from central.telemetry.backtest import Raised, Setting, lasted_ms, missed, refused
from central.telemetry.backtest_models import Suggestion

IN_FORCE: Final = "0"
_TIMES: Final = (0.5, 1.0, 2.0)
_NEARLY: Final = 0.9  # of the best reduction: a smaller change that reaches so much is the better one
_FIGURES: Final = 2
_SHOWN: Final = 6


class Start(Struct, frozen=True):
    """Where the search begins: a dead-band as a share of the range, delays in milliseconds."""

    deadband_share: float
    on_delay_ms: int
    off_delay_ms: int


def candidates(current: Setting, start: Start, low: float | None, high: float | None) -> list[Setting]:
    """Settings to try beside the one in force, which comes first and is named `IN_FORCE`.

    Args:
        current: as in force.
        start: of the quantity.
        low: of the point's range; None unknown.
        high: of the point's range; None unknown.

    Returns:
        Named by numbers; none that a gateway would refuse, none that is the same as another.
    """
    span = high - low if low is not None and high is not None else abs(current.limit)
    bands = [b for t in _TIMES if (b := _round(t * start.deadband_share * span)) > current.deadband]
    offs = [d for t in _TIMES if (d := round(t * start.off_delay_ms)) > current.off_delay_ms]
    ons = [d for t in _TIMES[:2] if (d := round(t * start.on_delay_ms)) > current.on_delay_ms]
    tried = [(band, current.on_delay_ms, current.off_delay_ms) for band in bands]
    tried += [(current.deadband, current.on_delay_ms, off) for off in offs]
    tried += [(band, current.on_delay_ms, off) for band, off in zip(bands, offs, strict=False)]
    tried += [(current.deadband, on, current.off_delay_ms) for on in ons]
    tried += [(band, on, off) for band, off, on in zip(bands[:1], offs[:1], ons[:1], strict=False)]
    new = [
        Setting(str(n), current.side, current.limit, band, on, off, current.latch)
        for n, (band, on, off) in enumerate(dict.fromkeys(tried), 1)
    ]
    bad = refused(new, low, high)
    in_force = Setting(
        IN_FORCE,
        current.side,
        current.limit,
        current.deadband,
        current.on_delay_ms,
        current.off_delay_ms,
        current.latch,
    )
    return [in_force, *(one for one in new if one.name not in bad)]


def suggestions(tried: Sequence[Setting], raised: Sequence[Raised], end_ms: int) -> list[Suggestion]:
    """What each of them would have come to, the quietest first; the one to take is marked.

    Args:
        tried: as `candidates` gave them.
        raised: of all of them, in the order of time.
        end_ms: so far it was judged.

    Returns:
        The one to take first, and no more than people look at.
    """
    by_name: dict[str, list[Raised]] = {one.name: [] for one in tried}
    for one in raised:
        by_name[one.name].append(one)
    before = by_name[IN_FORCE]
    in_force = tried[0]
    found = [
        Suggestion(
            deadband=one.deadband,
            on_delay_s=one.on_delay_ms / 1000,
            off_delay_s=one.off_delay_ms / 1000,
            raises=len(by_name[one.name]),
            reduction=100 * (1 - len(by_name[one.name]) / len(before)) if before else 0.0,
            missed=missed(before, by_name[one.name]),
            lasted_s=lasted_ms(by_name[one.name], end_ms) / 1000,
            later_s=(one.on_delay_ms - in_force.on_delay_ms) / 1000,
            best=False,
        )
        for one in tried[1:]
    ]
    useful = sorted(
        (one for one in found if one.raises < len(before)),
        key=lambda one: (one.raises, one.missed, _size(one)),
    )
    safe = [one for one in useful if not one.missed and not one.later_s]
    choice = safe or useful
    if not choice:
        return []
    enough = _NEARLY * max(one.reduction for one in choice)
    best = min((one for one in choice if one.reduction >= enough), key=_size)
    return [_marked(best), *(one for one in useful if one is not best)][:_SHOWN]


def _size(one: Suggestion) -> tuple[float, ...]:
    """What it costs: a horn that sounds later, an alarm that stands for longer than its cause."""
    return (one.later_s, one.lasted_s, one.off_delay_s, one.deadband)


def _marked(one: Suggestion) -> Suggestion:
    values = {name: getattr(one, name) for name in Suggestion.__struct_fields__}
    return Suggestion(**{**values, "best": True})


def _round(number: float) -> float:
    """Two figures: nobody sets a dead-band of 0.4716."""
    return float(f"{number:.{_FIGURES}g}")
