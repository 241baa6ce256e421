"""What people do about alarms, at the plant by a push button and at the centre by a command.

Keeps law-warning 16: acknowledging an alarm (somebody heard the horn) is recorded as what it is, with who did
it, and answers no warning.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from edge.core import alarm, annunciator
from edge.drivers.models import BlockReading, ButtonBlock
from edge.spool.spool import Clock, Spool
from edge.uplink.commands import DONE, REFUSED, Outcome
from edge.watched import Panel, Source, Watched
from protocol import messages as m

NOBODY: Final = "nothing to acknowledge"


class Desk:
    """Buttons, commands and the page, and what they do to panels and alarms."""

    ACTIONS = ("silence", "acknowledge")

    def __init__(
        self,
        panels: dict[str, Panel],
        watched: Sequence[Watched],
        sources: dict[str, Source],
        buttons: Sequence[ButtonBlock],
        spool: Spool,
        clock: Clock,
        told: Callable[[Panel | None, list[alarm.Transition], int], None],
    ) -> None:
        """Join what belongs together.

        Args:
            panels: annunciators by name.
            watched: every block of the plant.
            sources: by key; those of the buttons are added.
            buttons: as laid out.
            spool: takes records.
            clock: of the gateway.
            told: sounds and records transitions.
        """
        self._panels = panels
        self._watched = watched
        self._sources = sources
        self._spool = spool
        self._clock = clock
        self._told = told
        self._pressed: dict[str, bool] = {}
        # Takes a press while nothing sounds; True: it meant something else (a sign-in at the page).
        self.claim: Callable[[], bool] = bool
        self._buttons: dict[str, dict[int, ButtonBlock]] = {}
        now = clock.mono_ms()
        for button in buttons:
            self._buttons.setdefault(button.bus, {})[button.plan.number] = button
            for name in button.buttons:
                key = f"{name}.button"
                sources.setdefault(key, Source(key, button.plan.period_ms, now))

    def take(self, bus: str, reading: BlockReading) -> None:
        """Take a poll of a block of buttons; others are nobody's."""
        button = self._buttons.get(bus, {}).get(reading.block.number)
        if button is None:
            return
        for name, (address, inverted) in button.buttons.items():
            self._sources[f"{name}.button"].seen(reading, reading.quality, reading.reason)
            if reading.data is None:
                continue
            pressed = reading.block.bit(reading.data, address) != inverted
            before = self._pressed.get(name)
            self._pressed[name] = pressed
            if pressed and before is False:  # a button found pressed at the start is a stuck one
                self._press(self._panels[name])

    def _press(self, panel: Panel) -> None:
        now = self._clock.mono_ms()
        if not panel.core.sounding and self.claim():
            return
        done = panel.core.press(now)
        if done == annunciator.SILENCED:
            self._operated(panel, "silence", "button", f"button {panel.name}")
        elif done == annunciator.ACKNOWLEDGE_ALL:
            self._acknowledge(panel, panel.core.acknowledge(now), "button", f"button {panel.name}")
        elif done == annunciator.RESET_ALL:
            self._operated(panel, "reset", "button", f"button {panel.name}")
            made = [t for w in panel.watched for t in w.watch.reset_all(now)]
            self._told(panel, made, now)

    def _operated(
        self, panel: Panel | None, action: str, origin: str, by: str, which: str = "", command: str = ""
    ) -> None:
        if panel is not None:
            panel.drive(self._clock.mono_ms())
            panel.announce()
        self._spool.record(
            partial(m.OperatorEvent, action=action, origin=origin, by=by, alarm=which, command=command)
        )

    def _acknowledge(
        self, panel: Panel | None, names: list[str], origin: str, by: str, which: str = "", command: str = ""
    ) -> int:
        now = self._clock.mono_ms()
        made: list[alarm.Transition] = []
        for watched in self._watched:
            for name in names:
                if watched.watch.alarm(name) is not None:
                    made += watched.watch.acknowledge(name, now)
        if made:
            self._operated(panel, "acknowledge", origin, by, which, command)
            self._told(panel, made, now)
        return len(made)

    def obey(self, command: m.Command) -> Outcome:
        """Carry out a command of the centre that was found good."""
        return self.operate(command.command, command.alarm, "centre", command.by, command=command.id)

    def operate(self, action: str, which: str, origin: str, by: str, *, command: str = "") -> Outcome:
        """Do what somebody wants who is not at the button.

        Args:
            action: one of ACTIONS.
            which: alarm id; "" for all.
            origin: "centre" or "page".
            by: who, for the record.
            command: id of the centre's command.
        """
        if action not in self.ACTIONS:
            return Outcome(REFUSED, f"{action!r} is unknown here; known: {', '.join(self.ACTIONS)}")
        owners = [w for w in self._watched if which and w.watch.alarm(which) is not None]
        if which and not owners:
            return Outcome(REFUSED, f"no alarm {which!r} here")
        panels = [w.panel for w in owners] if which else list(self._panels.values())
        if action == "silence":
            now = self._clock.mono_ms()
            sounding = [panel for panel in panels if panel is not None and panel.core.silence(now)]
            for panel in sounding:
                self._operated(panel, "silence", origin, by, which, command)
            return Outcome(DONE, "" if sounding else "nothing was sounding")
        if which:
            count = self._acknowledge(owners[0].panel, [which], origin, by, which, command)
            return Outcome(DONE, "" if count else NOBODY)
        count = 0
        everyone: list[Panel | None] = [*self._panels.values(), None]
        for one in everyone:
            names = [
                s.alarm
                for w in self._watched
                if w.panel is one
                for s in w.watch.active()
                if s.state in {"B", "D", "E"}
            ]
            count += self._acknowledge(one, names, origin, by, "", command)
        return Outcome(DONE, f"{count} acknowledged" if count else NOBODY)
