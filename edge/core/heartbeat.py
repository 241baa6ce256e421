"""Judges presence by the receiver's own clock: online, late or offline, whatever the sender's clock says.

Keeps law-never-lose 5 and 9 for heartbeats: they are bound to a boot and a counter, so one that comes again
or late does not make anybody present. Shared by the gateway (its instruments) and the centre (its gateways).

Time is monotonic milliseconds of the receiver, given by the caller; it never goes back and never wraps.
Runs on MicroPython as it is.
"""

ONLINE = 1
LATE = 2
OFFLINE = 3

COUNTED = 1  # a new heartbeat
REPEATED = 2  # an old one of the running boot, or the same again: does not count
INTERLEAVED = 3  # of a boot that another one has replaced: a late frame, or two gateways with one name

_REMEMBERED_BOOTS = 8


class Presence:
    """Whether one sender is there."""

    def __init__(
        self, period_ms: int, late_after: int = 2, offline_after: int = 3, last_ms: int | None = None
    ) -> None:
        """Begin.

        Args:
            period_ms: between two heartbeats, as the sender promises.
            late_after: late when this many periods have passed without one.
            offline_after: offline when this many have.
            last_ms: when it was heard last, if that is known; else it is offline until it is heard.

        Raises:
            ValueError: the numbers do not ascend.
        """
        if not period_ms > 0 or not 0 < late_after <= offline_after:
            raise ValueError("presence needs period > 0 and 0 < late_after <= offline_after")
        self._late_ms = int(period_ms * late_after)
        self._offline_ms = int(period_ms * offline_after)
        self.last_ms = last_ms
        self._boot: int | None = None
        self._counter = 0
        self._replaced: list[int] = []
        self._told = OFFLINE if last_ms is None else ONLINE

    def heard(self, now_ms: int, boot: int = 0, counter: int | None = None) -> int:
        """Take one heartbeat.

        Args:
            now_ms: when it came, by the receiver's clock.
            boot: the sender's boot id.
            counter: ascends within a boot; None: the sender counts nothing (an instrument's reply).

        Returns:
            COUNTED, REPEATED or INTERLEAVED; only the first makes the sender present.
        """
        if boot != self._boot:
            if boot in self._replaced:
                return INTERLEAVED
            if self._boot is not None:
                self._replaced.append(self._boot)
                if len(self._replaced) > _REMEMBERED_BOOTS:
                    self._replaced.pop(0)
            self._boot = boot
        elif counter is not None and counter <= self._counter:
            return REPEATED
        self._counter = 0 if counter is None else counter
        self.last_ms = now_ms
        return COUNTED

    def state(self, now_ms: int) -> int:
        """Give ONLINE, LATE or OFFLINE as of now."""
        if self.last_ms is None:
            return OFFLINE
        age_ms = now_ms - self.last_ms
        if age_ms < self._late_ms:
            return ONLINE
        return LATE if age_ms < self._offline_ms else OFFLINE

    def tick(self, now_ms: int) -> int | None:
        """Give the state if it is another than at the last call; None: nothing new."""
        state = self.state(now_ms)
        if state == self._told:
            return None
        self._told = state
        return state

    def next_due(self, now_ms: int) -> int | None:
        """Give the time at which the state changes if nothing is heard; None: not by time."""
        state = self.state(now_ms)
        if self.last_ms is None or state == OFFLINE:
            return None
        return self.last_ms + (self._late_ms if state == ONLINE else self._offline_ms)
