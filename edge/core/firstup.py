"""Remembers which alarm of a group came first since all of the group were normal (first-up, ISA-18.1).

What came first is mostly the cause, and what follows its consequence. Covered alarms do not stand. Only the
names are held here; the mark itself is kept with the alarm, so that it outlives a restart.

Runs on MicroPython as it is.
"""


class FirstUp:
    """The groups of one gateway, shared by all its boards."""

    def __init__(self) -> None:
        """Begin with everything normal."""
        self._standing: dict[str, list[str]] = {}
        self._first: dict[str, str] = {}

    def take(self, group: str, alarm: str, stands: bool) -> bool:
        """Hear of one alarm of a group; says whether it is the one that came first."""
        held = self._standing.setdefault(group, [])
        if not stands:
            if alarm in held:
                held.remove(alarm)
            if not held:
                self._first.pop(group, None)
            return False
        if not held:
            self._first[group] = alarm
        if alarm not in held:
            held.append(alarm)
        return self._first.get(group) == alarm

    def restore(self, group: str, alarm: str, first: bool) -> None:
        """Take over an alarm that stood when the last run ended."""
        held = self._standing.setdefault(group, [])
        held.append(alarm)
        if first or group not in self._first:
            self._first[group] = alarm
