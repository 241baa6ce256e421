"""What people do about alarms on a leaf: at the plant by the push button, at the centre by a command.

Keeps law-warning 16: silencing and acknowledging are recorded as what they are, with who did them. The same
actions, refusals and words as `edge/desk.py`, with one annunciator. Runs on MicroPython as it is.
"""

from edge.core import annunciator, shelf

# How mypy knows the names of `typing`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from edge.core.alarm import Transition

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
DONE, REFUSED = "done", "refused"
NOBODY = "nothing to acknowledge"
NOTHING_TO_RESET = "nothing to reset: only what is latched, acknowledged and back to normal can be"
_OF_ONE = {
    "shelve": "name one alarm: all cannot be shelved at once",
    "unshelve": "name one alarm",
    "out-of-service": "name one alarm: all cannot be taken out at once",
    "in-service": "name one alarm",
}


class Desk:
    """Button and commands, and what they do to the panel and the alarms."""

    def __init__(self, plant: "Any", name: str, longest_shelf_ms: int) -> None:
        """Serve the annunciator `name` of a plant."""
        self._plant = plant
        self._name = name
        self._longest_ms = longest_shelf_ms
        self._pressed: bool | None = None

    def button(self, down: bool, now: int) -> None:
        """Take the state of the button; one found pressed at the start is a stuck one."""
        before, self._pressed = self._pressed, down
        if not down or before is not False:
            return
        plant, by = self._plant, "button " + self._name
        done = plant.panel.press(now)
        if done == annunciator.SILENCED:
            plant.operated("silence", "button", by)
            plant.drive(now)
        elif done == annunciator.ACKNOWLEDGE_ALL:
            self.operate(now, "acknowledge", "", "button", by)
        elif done == annunciator.RESET_ALL:
            self.operate(now, "reset", "", "button", by)

    def operate(
        self,
        now: int,
        action: str,
        which: str,
        origin: str,
        by: str,
        command: str = "",
        reason: str = "",
        for_ms: int = 0,
        output: str = "",
    ) -> "tuple[str, str]":
        """Do what somebody wants.

        Args:
            now: monotonic ms.
            action: one of ACTIONS.
            which: alarm id; "" for all, where the action can mean all.
            origin: "centre" or "button".
            by: who, for the record.
            command: id of the centre's command.
            reason: why, in his words.
            for_ms: how long to shelve.
            output: what to test: the annunciator, one of its outputs, or "" for all.

        Returns:
            (DONE or REFUSED, what came of it or why not).
        """
        plant = self._plant
        if action not in ACTIONS:
            return REFUSED, "%r is unknown here; known: %s" % (action, ", ".join(ACTIONS))
        watches = [w.watch for w in plant.watched]
        if which:
            watches = [watch for watch in watches if watch.alarm(which) is not None]
            if not watches:
                return REFUSED, "no alarm %r here" % which
        elif action in _OF_ONE:
            return REFUSED, _OF_ONE[action]
        said = (action, origin, by, which, command, reason)
        if action == "test":
            why = plant.trial.begin(output, said[1:], now)
            return (REFUSED, why) if why else (DONE, "the test has begun")
        if action == "silence":
            if not plant.panel.silence(now):
                return DONE, "nothing was sounding"
            plant.operated(*said)
            plant.drive(now)
            return DONE, ""
        if action in ("acknowledge", "reset"):
            return DONE, self._all(watches, said, now)
        return self._cover(watches[0], said, for_ms, now)

    def _all(self, watches: "list[Any]", said: "tuple[str, ...]", now: int) -> str:
        """Acknowledge or reset one alarm, or all that are not covered; says what came of it."""
        which = said[3]
        made: list[Transition] = []
        for watch in watches:
            if said[0] == "acknowledge":
                made += watch.acknowledge(which, now) if which else watch.acknowledge_all(now)
            else:
                made += watch.reset(which, now) if which else watch.reset_all(now)
        self._told(made, said, now)
        if said[0] == "reset":
            return "%d reset" % len(made) if made else NOTHING_TO_RESET
        if not made:
            return NOBODY
        return "" if which else "%d acknowledged" % len(made)

    def _cover(self, watch: "Any", said: "tuple[str, ...]", for_ms: int, now: int) -> "tuple[str, str]":
        """Lay a cover over one alarm, or lift it."""
        action, _, by, which, _, reason = said
        why = ""
        if action == "shelve":
            priority = watch.alarm(which).config.priority
            why = shelf.may_shelve(priority, for_ms, by, reason, self._longest_ms)
        elif action == "out-of-service":
            why = shelf.may_take_out(by, reason)
        if why:
            return REFUSED, why
        if action == "shelve":
            made = watch.shelve(which, now + for_ms, by, reason, now)
            detail = "shelved for %d minutes" % (for_ms // 60_000)
        elif action == "unshelve":
            made = watch.unshelve(which, by, reason, now)
            detail = "" if made else "it was not shelved"
        elif action == "out-of-service":
            made = watch.take_out(which, by, reason, now)
            detail = "" if made else "it was out of service already"
        else:
            made = watch.put_back(which, by, reason, now)
            detail = "" if made else "it was in service"
        self._told(made, said, now)
        return DONE, detail

    def _told(self, made: "list[Transition]", said: "tuple[str, ...]", now: int) -> None:
        if made:
            self._plant.operated(*said)
            self._plant.told(made, now)
