"""Lays covers over alarms and lifts them: shelved, suppressed by design, out of service (ISA-18.2 G, H, I).

Keeps law-warning 4. What each cover is stands at the top of `alarm.py`; who may lay one, in `shelf.py`.

Time is monotonic milliseconds of one boot, given by the caller; it never goes back and never wraps.
Runs on MicroPython as it is.
"""

from edge.core.alarm import (
    IN_SERVICE,
    OUT_OF_SERVICE,
    SHELVE,
    SUPPRESS,
    UNSHELVE,
    UNSUPPRESS,
    Alarm,
    Transition,
)
from edge.core.board import Board


class CoveredBoard(Board):
    """A board whose alarms can be covered."""

    def shelve(self, alarm_id: str, until_ms: int, by: str, reason: str, now_ms: int) -> list[Transition]:
        """Take this alarm from sight until a time, or till another time if it is shelved already.

        Whether that may be is said in `shelf.py`.

        Raises:
            ValueError: the alarm is not of this watch, or the time has passed.
        """
        alarm = self._own(alarm_id)
        if until_ms <= now_ms:
            raise ValueError("%s: cannot be shelved until a time that has passed" % alarm_id)
        if alarm.shelved_until is None:
            self._shelf.append(alarm)
        alarm.shelved_until = until_ms
        return self._cover(alarm, SHELVE, by, reason, now_ms)

    def unshelve(self, alarm_id: str, by: str, reason: str, now_ms: int) -> list[Transition]:
        """Bring a shelved alarm back before its time; nothing happens where it is not shelved.

        Raises:
            ValueError: the alarm is not of this watch.
        """
        alarm = self._own(alarm_id)
        made: list[Transition] = []
        if alarm.shelved_until is not None:
            self._unshelve(alarm, by, reason, now_ms, made)
            self._plan()
        return made

    def take_out(self, alarm_id: str, by: str, reason: str, now_ms: int) -> list[Transition]:
        """Take this alarm out of service, until somebody puts it back.

        Raises:
            ValueError: the alarm is not of this watch.
        """
        alarm = self._own(alarm_id)
        if alarm.out:
            return []
        alarm.out = True
        return self._cover(alarm, OUT_OF_SERVICE, by, reason, now_ms)

    def put_back(self, alarm_id: str, by: str, reason: str, now_ms: int) -> list[Transition]:
        """Put an alarm back in service; nothing happens where it is not out.

        Raises:
            ValueError: the alarm is not of this watch.
        """
        alarm = self._own(alarm_id)
        made: list[Transition] = []
        if alarm.out:
            alarm.out = False
            self._uncover(alarm, IN_SERVICE, by, reason, now_ms, made)
        return made

    def suppress(self, alarm_id: str, holds: bool, reason: str, now_ms: int) -> list[Transition]:
        """Suppress this alarm by design while a condition holds; tell each change, the same again is none.

        Raises:
            ValueError: the alarm is not of this watch.
        """
        alarm = self._own(alarm_id)
        made: list[Transition] = []
        if alarm.suppressed == holds:
            return made
        alarm.suppressed = holds
        if holds:
            if not alarm.out and alarm.shelved_until is None:
                alarm.covered_ms = now_ms
                alarm.reason = reason
            self._record(alarm, SUPPRESS, now_ms, made, "", reason)
        else:
            self._uncover(alarm, UNSUPPRESS, "", reason, now_ms, made)
        return made

    def _cover(self, alarm: Alarm, transition: int, by: str, reason: str, now_ms: int) -> list[Transition]:
        """Tell that a person covered an alarm; his name stays with it."""
        alarm.by, alarm.reason, alarm.covered_ms = by, reason, now_ms
        made: list[Transition] = []
        self._record(alarm, transition, now_ms, made, by, reason)
        self._plan()
        return made

    def _uncover(
        self, alarm: Alarm, transition: int, by: str, reason: str, now_ms: int, made: list[Transition]
    ) -> None:
        """Tell that one cover was lifted; under the last of them what is in alarm sounds anew."""
        if not alarm.cover and alarm.state == "C":
            alarm.state = "B"
        if not alarm.out and alarm.shelved_until is None:
            alarm.by, alarm.reason = "", ""
        self._record(alarm, transition, now_ms, made, by, reason)
        self._settle(alarm.config.point_index)

    def _unshelve(self, alarm: Alarm, by: str, reason: str, now_ms: int, made: list[Transition]) -> None:
        self._shelf.remove(alarm)
        alarm.shelved_until = None
        self._uncover(alarm, UNSHELVE, by, reason, now_ms, made)

    def _end_shelves(self, now_ms: int, made: list[Transition]) -> None:
        """Bring back what was shelved until now."""
        for alarm in list(self._shelf):
            if alarm.shelved_until is not None and alarm.shelved_until <= now_ms:
                self._unshelve(alarm, "", "its time is over", now_ms, made)
