"""Lays the links of `edge.core.linked` over what a plant watches."""

from collections.abc import Sequence

from edge.core import alarm, linked
from edge.core.links import Link
from edge.core.second import Reading
from edge.watched import Watched

Moves = list[tuple[Watched, list[alarm.Transition]]]


class Linked:
    """Everything at one plant that hangs on something else."""

    def __init__(self, which: Sequence[Link], watched: Sequence[Watched]) -> None:
        """Find whose points and alarms are asked for."""
        self._core = linked.Linked(which, [w.watch for w in watched])
        self._of = {w.watch: w for w in watched}

    def before(self, watched: Watched, held: Reading, now: int) -> Moves:
        """Hear of a reading that is about to be judged; gives what changed by it elsewhere or here."""
        return [(self._of[watch], made) for watch, made in self._core.before(watched.watch, held, now)]

    def after(self, watched: Watched, now: int) -> Moves:
        """Look at a block that was judged, by a reading or by time; gives what changed by it."""
        return [(self._of[watch], made) for watch, made in self._core.after(watched.watch, now)]
