"""A simulated instrument that speaks lines of text: weighing indicators, UPSs, and the like."""

from typing import Any

from edge.drivers.serial_line.forms import ADDRESS, framing_of
from edge.drivers.serial_line.frame import build
from edge.drivers.serial_line.settings import text_bytes
from edge.simulator.instrument import Instrument
from edge.strict import Problems

MOST_HEARD = 4096


class TextInstrument:
    """Says its `reply`, framed, when it is asked; or every so often where nobody asks it."""

    def __init__(self, unit: Any, instrument: Instrument) -> None:
        """Prepare.

        Args:
            unit: of the serial-line family.
            instrument: the physics of its points.

        Raises:
            ValueError: the reply cannot be written; says why.
        """
        self._unit = unit
        self._framing = framing_of(unit, "$.unit", Problems("template"))
        self._ask = text_bytes(unit.ask.replace(ADDRESS, unit.address))
        self._instrument = instrument
        self._heard = b""
        if not instrument.simulator.reply:
            raise ValueError('missing: write what it says, for example reply = "{weight:08.2f}"')
        self._line()

    def hears(self, data: bytes) -> bytes:
        """See `Voice`."""
        if not self._ask:
            return b""
        self._heard = (self._heard + data)[-MOST_HEARD:]
        answers = self._heard.count(self._ask)
        if answers:
            self._heard = self._heard.rpartition(self._ask)[2]
        return self._line() * answers

    def speaks(self) -> bytes:
        """See `Voice`."""
        return b"" if self._ask else self._line()

    def _line(self) -> bytes:
        words = {**self._instrument.raws(), "address": self._unit.address}
        try:
            body = text_bytes(self._instrument.simulator.reply.format_map(words))
        except (KeyError, IndexError) as exc:
            raise ValueError(f"{exc} is no point of this template") from exc
        return build(self._framing, body)
