"""A simulated electricity meter by DL/T 645-2007: reads of its data identifiers, and of its address."""

from typing import Any

from edge.drivers.dlt645 import frame
from edge.drivers.dlt645.identifiers import Form, form_of
from edge.simulator.instrument import Instrument
from edge.simulator.registers import whole

NO_SUCH_DATA = b"\x02"
OTHER_ERROR = b"\x01"


class Meter:
    """Answers what is asked of its own address; a request to anybody (AA…) is answered too."""

    def __init__(self, address: str, points: dict[str, Any], instrument: Instrument) -> None:
        """Prepare.

        Args:
            address: the number on its face.
            points: of the DL/T 645 family, by id.
            instrument: their physics.

        Raises:
            ValueError: nobody says how many digits a point has.
        """
        self._address = frame.address_bytes(address)
        self._instrument = instrument
        self._forms = {name: _form(point) for name, point in points.items()}
        self._names = {frame.identifier_bytes(point.di): name for name, point in points.items()}
        self._stream = frame.Stream()

    def hears(self, data: bytes) -> bytes:
        """See `Voice`."""
        return b"".join(self._answer(one) for one in self._stream.take(data))

    def speaks(self) -> bytes:
        """A meter never speaks unasked."""
        return b""

    def _answer(self, asked: frame.Frame) -> bytes:
        if asked.address not in {self._address, frame.ANYBODY}:
            return b""
        if self._instrument.fault == "exception":
            return frame.build(self._address, frame.REFUSED, OTHER_ERROR)
        if asked.control == frame.READ_ADDRESS:
            return frame.build(self._address, frame.ADDRESS_REPLY, self._address)
        if asked.control != frame.READ:
            return b""
        name = self._names.get(asked.data[:4])
        if name is None:
            return frame.build(self._address, frame.REFUSED, NO_SUCH_DATA)
        number = digits(self._instrument.raws()[name], self._forms[name])
        return frame.PREAMBLE + frame.build(self._address, frame.REPLY, asked.data[:4] + number)


def digits(value: float, form: Form) -> bytes:
    """Write a number as a meter does: BCD, lowest pair first, the sign in the top bit."""
    shown = whole(abs(value) * 10**form.decimals, 0, 10**form.digits - 1)
    data = bytearray.fromhex(f"{shown:0{form.digits}d}")
    if value < 0 and form.signed:
        data[0] |= 0x80
    return bytes(data[::-1]) + bytes(form.behind)


def _form(point: Any) -> Form:
    known = form_of(point.di)
    if known is None and (point.digits is None or point.decimals is None):
        raise ValueError(f"{point.key}: give digits and decimals of {point.di}")
    known = known or Form(8, 0)
    return known._replace(
        digits=known.digits if point.digits is None else point.digits,
        decimals=known.decimals if point.decimals is None else point.decimals,
        signed=known.signed if point.signed is None else point.signed,
    )
