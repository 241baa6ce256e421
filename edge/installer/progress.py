"""A bar with the remaining time, on the terminal only: a pipe or `--json` gets nothing of it."""

import sys
from typing import Final, TextIO

from edge.installer.ear import Clock

WIDTH: Final = 24
REDRAW_MS: Final = 100


class Bar:
    """Shows how far something is; silent where nobody looks."""

    def __init__(self, total: int, clock: Clock, out: TextIO = sys.stderr, *, silent: bool = False) -> None:
        self._total = max(total, 1)
        self._clock = clock
        self._out = out
        self._shown = not silent and out.isatty()
        self._began_ms = clock.mono_ms()
        self._drawn_ms = -REDRAW_MS
        self._done = 0

    def step(self, done: int, what: str) -> None:
        """Show that `done` of all is done and what happens now."""
        self._done = done
        now = self._clock.mono_ms()
        if not self._shown or now - self._drawn_ms < REDRAW_MS:
            return
        self._drawn_ms = now
        self._out.write(f"\r\x1b[K{self.line(what)}")
        self._out.flush()

    def line(self, what: str) -> str:
        """Return the bar as text."""
        share = min(self._done / self._total, 1.0)
        filled = round(share * WIDTH)
        spent = self._clock.mono_ms() - self._began_ms
        left = f", {minutes(spent / share - spent)} left" if share > 0.01 else ""
        return f"[{'#' * filled}{'.' * (WIDTH - filled)}] {share:4.0%}{left}  {what}"

    def say(self, text: str) -> None:
        """Print a line above the bar."""
        if self._shown:
            self._out.write("\r\x1b[K")
            print(text, file=self._out, flush=True)

    def end(self) -> None:
        """Take the bar away."""
        if self._shown:
            self._out.write("\r\x1b[K")
            self._out.flush()


def minutes(ms: float) -> str:
    """Say a duration as a person does: 40 s, 3 min."""
    seconds = max(0, round(ms / 1000))
    return f"{seconds} s" if seconds < 100 else f"{round(seconds / 60)} min"
