"""Brings the values of points and the state of alarms to the alarms that hang on them.

    a reading ─▶ before: conditions and setpoints of its points ─▶ Watch.take ─▶ after: alarms as conditions

So an alarm and the value that suppresses it may come in one reading, and the horn stays silent. Where they
come in two, an on-delay longer than a poll bridges the gap.
"""

from collections.abc import Sequence
from typing import Final

from edge.core import alarm, links
from edge.core.second import Reading
from edge.watched import Watched
from protocol.quality import GOOD, is_bad, is_good

Moves = list[tuple[Watched, list[alarm.Transition]]]

_LIFTED: Final = "{} no longer"


class Linked:
    """Everything at one plant that hangs on something else."""

    def __init__(self, which: Sequence[links.Link], watched: Sequence[Watched]) -> None:
        """Find whose points and alarms are asked for."""
        self._links = links.Links(which)
        self._owner = {limit.alarm_id: w for w in watched for limit in w.watch.limits}
        self._points = {w.block.number: self._links.sources([p.key for p in w.block.points]) for w in watched}
        self._alarms = {
            w.block.number: self._links.sources([limit.alarm_id for limit in w.watch.limits]) for w in watched
        }

    def before(self, watched: Watched, held: Reading, now: int) -> Moves:
        """Hear of a reading that is about to be judged; gives what changed by it elsewhere or here."""
        moves: Moves = []
        sources = self._points[watched.block.number]
        if sources:
            doubted = {i for i, _ in held.exceptions} | {i for i, _, _ in held.faults}
            for i, key in sources:
                good = held.raws is not None and held.quality == GOOD and i not in doubted
                value = watched.block.core.scaled(i, held.raws[i]) if good and held.raws is not None else None
                self._pass_on(key, value, now, moves)
        return moves

    def after(self, watched: Watched, now: int) -> Moves:
        """Look at a block that was judged, by a reading or by time; gives what changed by it."""
        moves: Moves = []
        watch = watched.watch
        for i, key in self._points[watched.block.number]:
            value, quality = watch.reading(i)
            self._pass_on(key, value if is_good(quality) else None, now, moves)
        for _, name in self._alarms[watched.block.number]:
            source = watch.alarm(name)
            if source is not None:
                known = not is_bad(watch.reading(source.config.point_index)[1])
                quality_alarm = source.config.side in alarm.QUALITY_SIDES
                holds = source.active and (known or quality_alarm)
                self._pass_on(name, 1.0 if holds else 0.0, now, moves)
        return moves

    def _pass_on(self, source: str, value: float | None, now: int, moves: Moves) -> None:
        for link, told in self._links.take(source, value):
            owner = self._owner[link.alarm]
            if link.how == links.SETPOINT:
                owner.watch.refer(link.alarm, told)
                continue
            words = (
                f"{link.source} in alarm"
                if link.how == links.IN_ALARM
                else f"{link.source} {link.how} {link.number:g}"
            )
            made = owner.watch.suppress(link.alarm, bool(told), words if told else _LIFTED.format(words), now)
            if made:
                moves.append((owner, made))
