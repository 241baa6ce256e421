"""What people do about alarms, at the plant by a push button and at the centre by a command.

Keeps law-warning 16: acknowledging an alarm (somebody heard the horn) is recorded as what it is, with who did
it, and answers no warning.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from edge.core import alarm, annunciator, shelf
from edge.core.alarm import QUALITY_SIDES
from edge.drivers.models import BlockReading, ButtonBlock
from edge.sounders import Sounders
from edge.spool.spool import Clock, Spool
from edge.switching import Switching
from edge.uplink.commands import DONE, REFUSED, Outcome
from edge.watched import Panel, Source, Watched
from protocol import messages as m
from protocol.quality import is_good

NOBODY: Final = "nothing to acknowledge"
NOTHING_TO_RESET: Final = "nothing to reset: only what is latched, acknowledged and back to normal can be"


class Desk:
    """Buttons, commands and the page, and what they do to panels and alarms."""

    ACTIONS = (
        "silence",
        "acknowledge",
        "reset",
        "shelve",
        "unshelve",
        "out-of-service",
        "in-service",
        "test",
    )

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
        self.longest_shelf_ms = shelf.LONGEST_MS
        self.switching: Switching | None = None  # outputs that may be switched from afar
        self.sounders: Sounders | None = None  # tries horns and beacons; set with those of the plant
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
        self,
        panel: Panel | None,
        action: str,
        origin: str,
        by: str,
        which: str = "",
        command: str = "",
        reason: str = "",
    ) -> None:
        if panel is not None:
            panel.drive(self._clock.mono_ms())
            panel.announce()
        self._spool.record(
            partial(
                m.OperatorEvent,
                action=action,
                origin=origin,
                by=by,
                alarm=which,
                command=command,
                reason=reason,
            )
        )

    def _acknowledge(
        self,
        panel: Panel | None,
        names: list[str],
        origin: str,
        by: str,
        which: str = "",
        command: str = "",
        reason: str = "",
    ) -> int:
        now = self._clock.mono_ms()
        made: list[alarm.Transition] = []
        for watched in self._watched:
            for name in names:
                if watched.watch.alarm(name) is not None:
                    made += watched.watch.acknowledge(name, now)
        if made:
            self._operated(panel, "acknowledge", origin, by, which, command, reason)
            self._told(panel, made, now)
        return len(made)

    def obey(self, command: m.Command) -> Outcome:
        """Carry out a command of the centre that was found good."""
        return self.operate(
            command.command,
            command.alarm,
            "centre",
            command.by,
            command=command.id,
            reason=command.reason,
            for_ms=command.for_ms,
            output=command.output,
        )

    async def switch(self, command: m.Command) -> Outcome:
        """Have an output switched, where this plant allows it to this person at this moment."""
        if self.switching is None:
            return Outcome(REFUSED, "nothing here may be switched from afar")
        return await self.switching.obey(command)

    def in_alarm(self, which: str) -> bool | None:
        """Say whether an alarm's condition holds; None where its point is not good, or there is none."""
        owner = self._owner(which)
        held = None if owner is None else owner.watch.alarm(which)
        if owner is None or held is None:
            return None
        quality = held.config.side in QUALITY_SIDES
        good = quality or is_good(owner.watch.reading(held.config.point_index)[1])
        return held.active if good else None

    def operate(
        self,
        action: str,
        which: str,
        origin: str,
        by: str,
        *,
        command: str = "",
        reason: str = "",
        for_ms: int = 0,
        output: str = "",
    ) -> Outcome:
        """Do what somebody wants who is not at the button.

        Args:
            action: one of ACTIONS.
            which: alarm id; "" for all, where the action can mean all.
            origin: "centre" or "page".
            by: who, for the record.
            command: id of the centre's command.
            reason: why, in his words.
            for_ms: how long to shelve.
            output: what to test: an annunciator, one of its outputs, or "" for all.
        """
        if action not in self.ACTIONS:
            return Outcome(REFUSED, f"{action!r} is unknown here; known: {', '.join(self.ACTIONS)}")
        if which and self._owner(which) is None:
            return Outcome(REFUSED, f"no alarm {which!r} here")
        if action == "shelve":
            return self.shelve(which, for_ms, origin, by, reason, command=command)
        if action == "test":
            return self.test(output, origin, by, reason, command=command)
        do = {
            "silence": self.silence,
            "acknowledge": self.acknowledge,
            "reset": self.reset,
            "unshelve": self.unshelve,
            "out-of-service": self.take_out,
            "in-service": self.put_back,
        }[action]
        return do(which, origin, by, reason, command=command)

    # --- one method an action; `which` is an alarm id ---

    def silence(self, which: str, origin: str, by: str, reason: str = "", *, command: str = "") -> Outcome:
        """Stop the horn that tells this alarm, or every horn with ""."""
        owner = self._owner(which)
        panels = list(self._panels.values()) if owner is None else [owner.panel]
        now = self._clock.mono_ms()
        sounding = [panel for panel in panels if panel is not None and panel.core.silence(now)]
        for panel in sounding:
            self._operated(panel, "silence", origin, by, which, command, reason)
        return Outcome(DONE, "" if sounding else "nothing was sounding")

    def acknowledge(
        self, which: str, origin: str, by: str, reason: str = "", *, command: str = ""
    ) -> Outcome:
        """Acknowledge one alarm, or with "" all that are not covered."""
        owner = self._owner(which)
        if owner is not None:
            done = self._acknowledge(owner.panel, [which], origin, by, which, command, reason)
            return Outcome(DONE, "" if done else NOBODY)
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
            count += self._acknowledge(one, names, origin, by, "", command, reason)
        return Outcome(DONE, f"{count} acknowledged" if count else NOBODY)

    def reset(self, which: str, origin: str, by: str, reason: str = "", *, command: str = "") -> Outcome:
        """Let go of one latched alarm, or with "" of all that may be let go."""
        now = self._clock.mono_ms()
        count = 0
        for watched in self._watched:
            if not which:
                made = watched.watch.reset_all(now)
            elif watched.watch.alarm(which) is not None:
                made = watched.watch.reset(which, now)
            else:
                continue
            if made:
                self._operated(watched.panel, "reset", origin, by, which, command, reason)
                self._told(watched.panel, made, now)
                count += len(made)
        return Outcome(DONE, f"{count} reset" if count else NOTHING_TO_RESET)

    def shelve(
        self, which: str, for_ms: int, origin: str, by: str, reason: str = "", *, command: str = ""
    ) -> Outcome:
        """Take one alarm from sight for a time; it stays on the list and comes back by itself."""
        owner = self._owner(which)
        if owner is None:
            return Outcome(REFUSED, "name one alarm: all cannot be shelved at once")
        limit = owner.watch.alarm(which)
        assert limit is not None
        why = shelf.may_shelve(limit.config.priority, for_ms, by, reason, self.longest_shelf_ms)
        if why:
            return Outcome(REFUSED, why)
        now = self._clock.mono_ms()
        made = owner.watch.shelve(which, now + for_ms, by, reason, now)
        self._covered(owner, made, ("shelve", origin, by, which, command, reason))
        return Outcome(DONE, f"shelved for {for_ms // 60_000} minutes")

    def unshelve(self, which: str, origin: str, by: str, reason: str = "", *, command: str = "") -> Outcome:
        """Bring a shelved alarm back before its time; what stands sounds anew."""
        owner = self._owner(which)
        if owner is None:
            return Outcome(REFUSED, "name one alarm")
        made = owner.watch.unshelve(which, by, reason, self._clock.mono_ms())
        self._covered(owner, made, ("unshelve", origin, by, which, command, reason))
        return Outcome(DONE, "" if made else "it was not shelved")

    def take_out(self, which: str, origin: str, by: str, reason: str = "", *, command: str = "") -> Outcome:
        """Take one alarm out of service; it has no end by itself."""
        owner = self._owner(which)
        if owner is None:
            return Outcome(REFUSED, "name one alarm: all cannot be taken out at once")
        why = shelf.may_take_out(by, reason)
        if why:
            return Outcome(REFUSED, why)
        made = owner.watch.take_out(which, by, reason, self._clock.mono_ms())
        self._covered(owner, made, ("out-of-service", origin, by, which, command, reason))
        return Outcome(DONE, "" if made else "it was out of service already")

    def put_back(self, which: str, origin: str, by: str, reason: str = "", *, command: str = "") -> Outcome:
        """Put one alarm back in service; what stands sounds anew."""
        owner = self._owner(which)
        if owner is None:
            return Outcome(REFUSED, "name one alarm")
        made = owner.watch.put_back(which, by, reason, self._clock.mono_ms())
        self._covered(owner, made, ("in-service", origin, by, which, command, reason))
        return Outcome(DONE, "" if made else "it was in service")

    def test(self, output: str, origin: str, by: str, reason: str = "", *, command: str = "") -> Outcome:
        """Try an annunciator, one of its outputs, or with "" all; what came of it is an event each."""
        if self.sounders is None or not self._panels:
            return Outcome(REFUSED, "no horn is configured here")
        try:
            for name in [output] if output else list(self._panels):
                self.sounders.request(name, origin, by, command=command, reason=reason)
        except ValueError as exc:
            return Outcome(REFUSED, str(exc))
        return Outcome(DONE, "the test has begun")

    def _owner(self, which: str) -> Watched | None:
        if not which:
            return None
        return next((w for w in self._watched if w.watch.alarm(which) is not None), None)

    def _covered(
        self, owner: Watched, made: list[alarm.Transition], said: tuple[str, str, str, str, str, str]
    ) -> None:
        if made:
            self._operated(owner.panel, *said)
            self._told(owner.panel, made, self._clock.mono_ms())
