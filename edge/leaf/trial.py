"""Tries horn and beacon of a leaf on request, and records what each of them did.

As `edge/sounders.py` does: a test is an operator's action (who) and then one result an output, marked "test".
It does not begin while an alarm sounds, and an alarm that begins meanwhile takes the horn over at once. Runs
on MicroPython as it is.
"""

# How mypy knows the names of `typing`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SOUNDS_MS = 3000
OFF_MS = 4000  # a board confirms that it is silent again well within
BUSY = "an alarm sounds: tested when it is silent"
RUNNING = "a test is running"


class Trial:
    """The test of one annunciator, or of one of its outputs."""

    def __init__(self, plant: "Any", name: str) -> None:
        """Serve the annunciator `name` of a plant."""
        self._plant = plant
        self._name = name
        self.sounding = False  # the tried outputs are to be on
        self._tried: list[Any] = []
        self._until = 0
        self._on: list[str] = []
        self._cut = False

    def wants(self, output: "Any") -> bool:
        """Say whether this output is to be on because it is tried."""
        return self.sounding and output in self._tried

    def begin(self, which: str, said: "tuple[str, ...]", now: int) -> str:
        """Begin a test; says why not, "" if it has begun.

        Args:
            which: the annunciator, one of its outputs, or "" for all.
            said: (origin, who, alarm, command, reason) for the record.
            now: monotonic ms.
        """
        plant = self._plant
        outputs = [plant.outputs[part] for part in sorted(plant.outputs)]
        if not outputs:
            return "no horn is configured here"
        if which not in ("", self._name):
            there = [self._name] + [one.name for one in outputs]
            outputs = [one for one in outputs if one.name == which]
            if not outputs:
                return "nothing to test is called %r; there are %s" % (which, ", ".join(there))
        if plant.panel.sounding:
            return BUSY
        if self._tried:
            return RUNNING
        origin, by, _, command, reason = said
        words = "test of " + (which or self._name) + (": " + reason if reason else "")
        plant.operated("test", origin, by, "", command, words)
        self._tried, self._on, self._cut = outputs, [], False
        self._until = now + SOUNDS_MS
        self.sounding = True
        plant.drive(now)
        return ""

    def tick(self, now: int) -> None:
        """Let time pass."""
        if not self._tried:
            return
        plant = self._plant
        if self.sounding:
            for one in self._tried:
                if one.confirmed and one.wanted and one.name not in self._on:
                    self._on.append(one.name)
            if now >= self._until or plant.panel.sounding:
                self._cut = plant.panel.sounding
                self.sounding = False
                self._until = now + OFF_MS
                plant.drive(now)
            return
        taken = self._cut or [one for one in self._tried if one.wanted]  # an alarm has begun meanwhile
        still = [] if taken else [one.name for one in self._tried if one.confirmed]
        if still and now < self._until:
            return
        tried, self._tried = self._tried, []
        for one in tried:
            faults = []
            if one.reads_back and one.name not in self._on:
                faults.append("did not switch on")
            if one.name in still:
                faults.append("did not switch off")
            words = "read back on and off" if one.reads_back else "told, cannot be read back"
            reason = "test: " + (" and ".join(faults) or words)
            if self._cut:
                reason += "; cut short by an alarm"
            plant.output_event(one.name, "put-off" if self._cut else "test", not faults, reason)
