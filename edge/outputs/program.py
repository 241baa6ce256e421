"""What is to be said or shown next: pure, given what stands and the time.

    take(standing) --> next(now) --> Item | None       due(now) says when there may be more

A speaker says each new alarm at once, the most urgent first, and everything that still sounds again every
`repeat_ms`, until it is silenced; it never repeats what somebody has silenced. A screen shows all that
stands, silenced or not, and is written again now and then, because a screen that lost its supply forgets.

Time is monotonic milliseconds.
"""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from edge.outputs.models import Announcement
from edge.outputs.wording import NORMAL, together


class Item(msgspec.Struct, frozen=True):
    """One text with the greatest priority in it; `alarms` says whose it is."""

    text: str
    priority: int
    alarms: tuple[str, ...]


class Program(Protocol):
    """What both kinds have."""

    def take(self, standing: Sequence[Announcement]) -> None: ...
    def next(self, now: int) -> Item | None: ...
    def told(self, item: Item, now: int) -> None: ...
    def due(self, now: int) -> int | None: ...


class Spoken:
    """The program of a loudspeaker."""

    def __init__(self, from_priority: int, repeat_ms: int) -> None:
        """Speak alarms of at least this priority; 0 `repeat_ms` says each only once."""
        self._from = from_priority
        self._repeat_ms = repeat_ms
        self._sounding: list[Announcement] = []
        self._said: dict[str, str] = {}  # alarm -> what was said of it last
        self._last_ms: int | None = None

    def take(self, standing: Sequence[Announcement]) -> None:
        """Note what stands now; who sounds no more may be said anew when it is raised again."""
        self._sounding = [a for a in standing if a.sounding and a.priority >= self._from]
        names = {a.alarm for a in self._sounding}
        self._said = {alarm: text for alarm, text in self._said.items() if alarm in names}

    def next(self, now: int) -> Item | None:
        """Return what to say now."""
        fresh = [a for a in self._sounding if a.alarm not in self._said]
        if fresh:
            return _item(fresh)
        due = self.due(now)
        return _item(self._sounding) if due is not None and due <= now else None

    def told(self, item: Item, now: int) -> None:
        """Note that it was said."""
        self._last_ms = now
        for alarm in item.alarms:
            self._said[alarm] = item.text

    def due(self, now: int) -> int | None:
        """Return when there is something to say again; None: not by time."""
        if not self._sounding:
            return None
        if any(a.alarm not in self._said for a in self._sounding):
            return now
        if not self._repeat_ms or self._last_ms is None:
            return None
        return self._last_ms + self._repeat_ms


class Shown:
    """The program of a screen."""

    def __init__(self, from_priority: int, lines: int, refresh_ms: int, idle: str) -> None:
        """Show so many lines of alarms of at least this priority; `idle` when nothing stands."""
        self._from = from_priority
        self._lines = lines
        self._refresh_ms = refresh_ms
        self._idle = idle or NORMAL
        self._page = Item(self._idle, 0, ())
        self._shown: Item | None = None
        self._last_ms = 0

    def take(self, standing: Sequence[Announcement]) -> None:
        """Note what stands now."""
        listed = [a for a in standing if a.priority >= self._from]
        lines = [a.text for a in listed[: self._lines]]
        if len(listed) > self._lines:
            lines[-1] = f"共{len(listed)}项报警，{lines[-1]}"
        self._page = (
            Item("\n".join(lines), max(a.priority for a in listed), tuple(a.alarm for a in listed))
            if listed
            else Item(self._idle, 0, ())
        )

    def next(self, now: int) -> Item | None:
        """Return the page if it has to be written."""
        due = self.due(now)
        return self._page if due is not None and due <= now else None

    def told(self, item: Item, now: int) -> None:
        """Note that it was shown."""
        self._shown = item
        self._last_ms = now

    def due(self, now: int) -> int | None:
        """Return when the page has to be written (again)."""
        return now if self._shown != self._page else self._last_ms + self._refresh_ms


def _item(announcements: Sequence[Announcement]) -> Item:
    return Item(
        together([a.text for a in announcements]),
        max(a.priority for a in announcements),
        tuple(a.alarm for a in announcements),
    )
