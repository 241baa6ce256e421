"""Says which parts of the gateway have not met their deadline: pure, fed with signs of life and with time.

    watch(name, limit) --> met(name, now) ... met(name, now)          every part, by itself
                           overdue(now) --> names                     [] feeds the watchdogs

One part that hangs while all others run is a gateway that looks alive and is not (a bus that nobody reads, an
alarm engine that nobody calls). So the watchdogs are fed only while nothing is overdue: who hangs is begun
again by systemd, and where systemd hangs too, by the hardware.

Time is monotonic milliseconds, given by the caller.
"""


class Deadlines:
    """Signs of life of each part."""

    def __init__(self) -> None:
        self._limits: dict[str, int] = {}
        self._met: dict[str, int] = {}

    def watch(self, name: str, limit_ms: int, now_ms: int) -> None:
        """Expect a sign of life of `name` at least every `limit_ms`, beginning now.

        Raises:
            ValueError: the limit is not above zero.
        """
        if limit_ms <= 0:
            raise ValueError(f"{name}: a deadline of {limit_ms} ms can never be met")
        self._limits[name] = limit_ms
        self._met[name] = now_ms

    def met(self, name: str, now_ms: int) -> None:
        """Note a sign of life; of a part that nobody watches it means nothing."""
        if name in self._met:
            self._met[name] = now_ms

    def overdue(self, now_ms: int) -> list[str]:
        """List the parts that have been silent for longer than they may, in the order of watching."""
        return [name for name, limit in self._limits.items() if now_ms - self._met[name] > limit]

    def silence(self, name: str, now_ms: int) -> int:
        """Return for how many milliseconds a watched part has been silent."""
        return now_ms - self._met[name]


class Progress:
    """The sign of life of a queue: it is empty, or its head moves.

    A writer that has nothing to write is well, one that writes is well, and one that has work and does
    nothing is not. A disk that takes nothing is no hang: beginning again would not help (`excused`).
    """

    def __init__(self) -> None:
        self._head: object = None

    def alive(self, waiting: int, head: object, *, excused: bool) -> bool:
        """Say whether this look at the queue is a sign of life."""
        moved = head != self._head
        self._head = head
        return moved or not waiting or excused
