"""Knows which alarms hang on other points: suppression by design (ISA-18.2), and setpoints of deviations.

    a point's value ──▶ "FLOW-1 < 5" ─▶ holds, or not ─▶ Board.suppress
                   └──▶ setpoint ─────▶ a number ──────▶ Board.refer
    an alarm "VALVE-1/ON" in alarm ──▶ holds, or not ──▶ Board.suppress

A condition whose value is not good does not hold, and a setpoint that is not good is none: an instrument
that fails must not keep alarms silent. Nothing is told before the first value, so that what was suppressed
before a restart stays so until its condition is known again.

Runs on MicroPython as it is.
"""

# How mypy knows the names of `collections.abc`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

SETPOINT = "setpoint"
IN_ALARM = "alarm"
COMPARISONS = ("<", "<=", ">", ">=", "=", "!=")


class Link:
    """One alarm that hangs on one point, or on another alarm."""

    __slots__ = ("alarm", "how", "number", "source", "words")

    def __init__(self, alarm: str, source: str, how: str, number: float = 0.0, words: str = "") -> None:
        """Describe it.

        Args:
            alarm: id of the alarm that is suppressed, or whose setpoint it is.
            source: key of a point; with IN_ALARM the id of an alarm.
            how: one of COMPARISONS, SETPOINT or IN_ALARM.
            number: that the point's value is compared with.
            words: the condition as it is recorded; "" to build them. Two runtimes write one float in two
                ways, so that whoever prepares a board gives them along.

        Raises:
            ValueError: `how` is none of these.
        """
        if how not in (SETPOINT, IN_ALARM) and how not in COMPARISONS:
            raise ValueError("%s: %r compares nothing" % (alarm, how))
        self.alarm = alarm
        self.source = source
        self.how = how
        self.number = number
        if not words:
            words = source + " in alarm" if how == IN_ALARM else "%s %s %g" % (source, how, number)
        self.words = words

    def holds(self, value: float) -> bool:
        """Compare."""
        how, number = self.how, self.number
        if how == "<":
            return value < number
        if how == "<=":
            return value <= number
        if how == ">":
            return value > number
        if how == ">=":
            return value >= number
        return (value == number) == (how == "=")


class Links:
    """All links of one gateway."""

    def __init__(self, links: "Sequence[Link]" = ()) -> None:
        """Keep them."""
        self._of: dict[str, list[Link]] = {}
        for link in links:
            self._of.setdefault(link.source, []).append(link)
        self._told: dict[str, float | bool | None] = {}  # by alarm and kind

    def sources(self, names: "Sequence[str]") -> "list[tuple[int, str]]":
        """List (place, name) of those points or alarms that something hangs on."""
        return [(i, name) for i, name in enumerate(names) if name in self._of]

    def take(self, source: str, value: float | None) -> "list[tuple[Link, float | bool | None]]":
        """Hear of a point, or (1.0, 0.0) of an alarm that is in alarm or is not.

        Args:
            source: its key or id.
            value: None where it is not good.

        Returns:
            (link, new setpoint or whether it is suppressed now) of what changed.
        """
        changed: list[tuple[Link, float | bool | None]] = []
        for link in self._of.get(source, ()):
            now: float | bool | None = value
            if link.how == IN_ALARM:
                now = value == 1.0
            elif link.how != SETPOINT:
                now = value is not None and link.holds(value)
            name = link.alarm if link.how == SETPOINT else link.alarm + "|"
            if name not in self._told or self._told[name] != now:
                self._told[name] = now
                changed.append((link, now))
        return changed
