"""Where a scenario is played: field, gateway, uplink, disk and centre, and the book of what happened."""

from __future__ import annotations

import contextlib
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from hil import disks, lines, stored
from hil.box import Box, wait_reading
from hil.field import Field, Rig
from hil.models import Check, Impossible, Result, Series
from hil.story import BUTTON, CENTRE, INSTRUMENT, Story
from hil.watch import HornWatch
from rig.centre import Centre
from rig.programs import ROOT, ProgramFailed, wait_until

CALM, HIGH, HIGHER = 20, 150, 250  # ppm: below all limits, above H, above HH
PATIENCE_S = 6.0
LET_GO_S = 0.6  # two looks at the button on a slow machine: the next press is one of its own
REACT_OVER_MS = 200.0  # row 11: p99 within the poll period and that much more


class Stage:
    """Given to a scenario's `run`. What `must` hold decides the verdict; `within` only where times count."""

    def __init__(self, rig: Rig, result: Result, folder: Path, centre: Centre | None, pace: float) -> None:
        """Set the stage.

        Args:
            rig: whose field is used.
            result: where everything is written.
            folder: of this scenario alone.
            centre: the one of this run, if the scenario needs one.
            pace: 1 is the short form; counts grow with it.
        """
        self.rig = rig
        self.centre = centre
        self.story = Story()
        self.folder = folder
        self.pace = pace
        self._result = result
        self._stack = contextlib.ExitStack()
        self._field: Field | None = None
        self._box: Box | None = None
        self._horn: HornWatch | None = None
        self._line: lines.Line | None = None
        self._disk: disks.Disk | None = None
        self._shown = CALM, time.monotonic()
        self.switched_off_ms = float("inf")

    # --- the furniture ---

    @property
    def field(self) -> Field:
        """The wired field; `begin` first."""
        assert self._field is not None
        return self._field

    @property
    def box(self) -> Box:
        """The gateway."""
        assert self._box is not None
        return self._box

    @property
    def horn(self) -> HornWatch:
        """Who looks at the horn."""
        assert self._horn is not None
        return self._horn

    @property
    def line(self) -> lines.Line:
        """The uplink's wire."""
        assert self._line is not None
        return self._line

    @property
    def disk(self) -> disks.Disk:
        """The file system of the spool."""
        assert self._disk is not None
        return self._disk

    def begin(
        self,
        *,
        quirks: str = "bad_after_s = 60",
        disk: str = "",
        cable: bool = False,
        launcher: list[str] | None = None,
        clock: str = "assume-synchronised",
        started: bool = True,
    ) -> None:
        """Wire everything up and start the gateway; returns when it reads and its horn is silent.

        Args:
            quirks: more keys of the alarm point.
            disk: "" leaves the spool where it is; "full" and "dying" put it on a file system of its own.
            cable: the uplink runs over a wire that can be cut.
            launcher: another way to start Python, with a bent clock.
            clock: as in `[gateway]`.
            started: False leaves the start to the scenario.
        """
        scenario = self._result.scenario
        self._field = self._stack.enter_context(self.rig.field(self.folder, scenario.board))
        self._box = Box(self.folder / "gw", f"bench-{scenario.name}", self.story, self.centre)
        if disk:
            self._disk = self._stack.enter_context(self._made(disk))
        self._stack.callback(self.box.stop)  # before its disk goes
        router = self.centre.router_address if self.centre else ""
        if launcher:
            self.box.program.launcher = launcher
        if cable and router:
            self._line = self._stack.enter_context(lines.line_to(router))
            self._stack.callback(self.box.stop)  # before its wire goes
            self.box.program.launcher = [*self.line.launcher, *self.box.program.launcher]
            router = self.line.address
            self.note(f"The uplink can be cut: {self.line.how}.")
        self.field.set_level(CALM)
        self.box.configure(self.field.tables(quirks), router, clock)
        self._horn = self._stack.enter_context(HornWatch(self.field.sounding, self.rig.look_s, self.story))
        if started:
            self.box.start()
            self.settled()

    def _made(self, disk: str) -> contextlib.AbstractContextManager[disks.Disk]:
        if disk == "full":
            return disks.full_disk(self.box.state)
        return disks.dying_disk(self.box.state, self.folder / "card.img")

    def settled(self) -> None:
        """Wait until the gateway reads every instrument and the horn is silent."""
        wait_reading(self.box)
        self.horn.wait(False, 60.0)

    def end(self) -> None:
        """Take everything down."""
        if self._field is not None:
            with contextlib.suppress(OSError):
                self.show(CALM)  # ends the last bar of the timeline
        self._stack.close()
        self._result.marks = self.story.told()

    # --- what people and instruments do ---

    def show(self, level: int) -> float:
        """The instrument shows a level from now on; returns when, by the monotonic clock."""
        at = time.monotonic()
        self.field.set_level(level)
        before, since = self._shown
        if before > CALM:
            self.story.span(INSTRUMENT, f"{before} ppm", since, at)
        self._shown = level, at
        return at

    def alarm(self, level: int = HIGH, timeout_s: float = 30.0) -> float:
        """Cross a limit and wait for the horn; returns the milliseconds between."""
        crossed = self.show(level)
        return (self.horn.wait(True, timeout_s) - crossed) * 1000

    def _press_until(self, what: str, answered: Callable[[], bool], timeout_s: float) -> None:
        """Hold the button until it is answered, and press again when it is not, as a person does.

        On a machine that others share the gateway may miss that the button was let go in between.
        """
        deadline = time.monotonic() + timeout_s
        pause_s = LET_GO_S
        while True:
            began = time.monotonic()
            self.field.press(True)
            try:
                wait_until(what, answered, min(PATIENCE_S, deadline - began), every_s=0.02)
            except ProgramFailed:
                if time.monotonic() >= deadline:
                    raise ProgramFailed(f"waited {timeout_s:g} s for {what}") from None
            finally:
                self.field.press(False)
                self.story.span(BUTTON, "pressed", began, time.monotonic())
            time.sleep(pause_s)
            if answered():
                return
            pause_s *= 2
            self.note(f"The button was pressed again, since {what} was not yet so.")

    def silence(self, timeout_s: float = 30.0) -> float:
        """Press until the horn is silent; returns the milliseconds that took."""
        pressed = time.monotonic()
        self._press_until("the horn to be silent", lambda: not self.horn.sounds, timeout_s)
        return (max(pressed, self.horn.changes[-1][0]) - pressed) * 1000

    def acknowledge(self, timeout_s: float = 30.0) -> None:
        """Press once more, until the gateway says that nothing waits for an answer.

        Raises:
            rig.programs.ProgramFailed: it never took the press.
        """

        def answered() -> bool:
            said = self.box.status()
            # B and D of ISA-18.2 (and E) wait for an acknowledgement.
            return "alarms" in said and not any(alarm["state"] in "BDE" for alarm in said["alarms"])

        self._press_until("the alarm to be acknowledged", answered, timeout_s)

    def pause(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)

    @staticmethod
    def chance(low: float, high: float) -> float:
        """A random moment, so that nothing keeps step with the polling."""
        return random.uniform(low, high)

    @contextlib.contextmanager
    def lasting(self, lane: str, says: str) -> Iterator[None]:
        """Something lasts, drawn as a bar on the timeline."""
        with self.story.lasting(lane, says):
            yield

    # --- the book ---

    def must(self, says: str, holds: bool, found: str = "") -> None:
        """One sentence of the verdict."""
        self._result.checks.append(Check(says, holds, found or ("yes" if holds else "no")))

    def within(self, says: str, found_ms: float, limit_ms: float) -> None:
        """A time that counts on a rack, and is a figure on a machine that others share."""
        self._result.checks.append(
            Check(
                f"{says}: at most {limit_ms:,.0f} ms",
                found_ms <= limit_ms,
                f"{found_ms:,.0f} ms",
                figure=not self.rig.strict,
            )
        )

    def series(self, name: str, values: list[float], limit: float | None = None) -> None:
        """Numbers to be drawn, in milliseconds."""
        self._result.series.append(Series(name, "ms", values, limit))

    def note(self, says: str) -> None:
        """Something that the reader of the report should know."""
        self._result.notes.append(says)

    # --- what the centre holds ---

    def whole_story(self, *, timeout_s: float = 120.0) -> None:
        """Switch the instrument off, wait for all to arrive, compare what was shown with what is stored."""
        assert self.centre is not None
        if self.field.shown is not None:
            self.switched_off_ms = time.time() * 1000
            self.field.shown.silent = True  # what was shown is all, and must arrive
            self.story.mark(INSTRUMENT, "switched off")
        began = time.monotonic()
        lost = stored.arrived(self.centre, self.box, timeout_s)
        self.story.span(CENTRE, "waits for the rest", began, time.monotonic())
        self.box.stop()
        stored.judge(self, self.centre, lost)


@contextlib.contextmanager
def staged(rig: Rig, result: Result, centre: Centre | None, pace: float) -> Iterator[Stage]:
    """Set a stage in a temporary folder while the block runs; what fails is the verdict's reason."""
    with tempfile.TemporaryDirectory(prefix="fsb-") as folder:
        stage = Stage(rig, result, Path(folder), centre, pace)
        try:
            yield stage
        except Impossible:
            raise
        except (ProgramFailed, OSError) as exc:
            stage.must("Played to its end", False, str(exc).splitlines()[0])
            result.notes += _last_words(stage, str(exc))
        finally:
            stage.end()


def _last_words(stage: Stage, said: str) -> list[str]:
    words = [line for line in said.splitlines()[1:] if line.strip()]
    log = stage.folder / "gw" / "gateway.log"
    if log.exists():
        words += log.read_text(encoding="utf-8", errors="replace").splitlines()[-12:]
    return [word.replace(str(ROOT), ".") for word in words]
