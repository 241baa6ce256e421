"""Brings the values of points and the state of alarms to the alarms that hang on them.

    a reading ─▶ before: conditions and setpoints of its points ─▶ Watch.take ─▶ after: alarms as conditions

So an alarm and the value that suppresses it may come in one reading, and the horn stays silent. Where they
come in two, an on-delay longer than a poll bridges the gap. Gateway and leaf have it in common.

Runs on MicroPython as it is.
"""

from edge.core import links
from edge.core.alarm import QUALITY_SIDES
from protocol.quality import GOOD, is_bad, is_good

# How mypy knows the names of `collections.abc`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from edge.core.alarm import Transition
    from edge.core.second import Reading
    from edge.core.watch import Watch

    Moves = list[tuple[Watch, list[Transition]]]


class Linked:
    """Everything at one plant that hangs on something else."""

    def __init__(self, which: "Sequence[links.Link]", watches: "Sequence[Watch]") -> None:
        """Find whose points and alarms are asked for.

        Args:
            which: all links; each is of an alarm of these watches.
            watches: every watch of the plant.
        """
        self._links = links.Links(which)
        self._owner = {limit.alarm_id: watch for watch in watches for limit in watch.limits}
        self._points = {watch: self._links.sources([p.key for p in watch.block.points]) for watch in watches}
        self._alarms = {watch: self._links.sources([a.alarm_id for a in watch.limits]) for watch in watches}

    def before(self, watch: "Watch", held: "Reading", now_ms: int) -> "Moves":
        """Hear of a reading that is about to be judged; gives what changed by it elsewhere or here."""
        moves: Moves = []
        sources = self._points[watch]
        if sources:
            doubted = [i for i, _ in held.exceptions] + [i for i, _, _ in held.faults]
            for i, key in sources:
                good = held.raws is not None and held.quality == GOOD and i not in doubted
                value = watch.block.scaled(i, held.raws[i]) if good and held.raws is not None else None
                self._pass_on(key, value, now_ms, moves)
        return moves

    def after(self, watch: "Watch", now_ms: int) -> "Moves":
        """Look at a block that was judged, by a reading or by time; gives what changed by it."""
        moves: Moves = []
        for i, key in self._points[watch]:
            value, quality = watch.reading(i)
            self._pass_on(key, value if is_good(quality) else None, now_ms, moves)
        for _, name in self._alarms[watch]:
            source = watch.alarm(name)
            if source is not None:
                known = not is_bad(watch.reading(source.config.point_index)[1])
                quality_alarm = source.config.side in QUALITY_SIDES
                holds = source.active and (known or quality_alarm)
                self._pass_on(name, 1.0 if holds else 0.0, now_ms, moves)
        return moves

    def _pass_on(self, source: str, value: float | None, now_ms: int, moves: "Moves") -> None:
        for link, told in self._links.take(source, value):
            owner = self._owner[link.alarm]
            if link.how == links.SETPOINT:
                owner.refer(link.alarm, told)
                continue
            words = link.words if told else link.words + " no longer"
            made = owner.suppress(link.alarm, bool(told), words, now_ms)
            if made:
                moves.append((owner, made))
