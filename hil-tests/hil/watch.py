"""Looks at the horn all the time and writes down when it changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Self

from hil.story import HORN, Story
from rig.programs import ProgramFailed


class HornWatch:
    """A thread of its own; what it read last and every change, by the monotonic clock."""

    def __init__(self, sounding: Callable[[], bool], every_s: float, story: Story) -> None:
        """Describe it.

        Args:
            sounding: reads the horn; may raise OSError when it cannot be read at the moment.
            every_s: pause between two looks: what times it tells are late by that much at most.
            story: where changes are written.
        """
        self._sounding = sounding
        self._every_s = every_s
        self._story = story
        self._end = threading.Event()
        self._changed = threading.Condition()
        self.changes: list[tuple[float, bool]] = []
        self.unread = 0
        self._thread = threading.Thread(target=self._look, name="horn watch", daemon=True)

    def _look(self) -> None:
        while not self._end.wait(self._every_s):
            try:
                now = self._sounding()
            except OSError:
                self.unread += 1
                continue
            at = time.monotonic()
            if not self.changes or self.changes[-1][1] != now:
                with self._changed:
                    self.changes.append((at, now))
                    self._changed.notify_all()

    @property
    def sounds(self) -> bool:
        """Whether it sounds, as last seen."""
        return bool(self.changes) and self.changes[-1][1]

    def wait(self, wanted: bool, timeout_s: float = 30.0) -> float:
        """Wait until the horn sounds (or is silent); returns when that was seen, by the monotonic clock.

        Raises:
            rig.programs.ProgramFailed: it never was.
        """
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while not self.changes or self.changes[-1][1] != wanted:
                if not self._changed.wait(max(0.0, deadline - time.monotonic())):
                    says = "to sound" if wanted else "to be silent"
                    raise ProgramFailed(f"waited {timeout_s:g} s for the horn {says}")
            return self.changes[-1][0]

    def ever(self, wanted: bool, since: float) -> bool:
        """Whether the horn sounded (or was silent) at any time since then."""
        before = [state for at, state in self.changes if at < since][-1:]
        return wanted in before or any(state == wanted for at, state in self.changes if at >= since)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join(10)
        end = time.monotonic()
        ends = [at for at, _ in self.changes[1:]] + [end]
        for (began, sounds), until in zip(self.changes, ends, strict=True):
            if sounds:
                self._story.span(HORN, "sounds", began, until)
