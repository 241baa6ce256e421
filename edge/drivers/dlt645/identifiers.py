"""What the data identifiers of DL/T 645-2007 mean: how many digits, where the decimal point is, which unit.

Source: DL/T 645-2007, annex A, from memory throughout; the formats agree with those of the PyPI package
`dlt645` 3.2.0 (a test compares the two). The energy 00010000 is verified by the frame in frame.py. An
identifier that is not here needs `digits` and `decimals` in the configuration.
"""

import re
from typing import Final, NamedTuple


class Form(NamedTuple):
    """How a number is written: BCD digits, how many of them behind the point, whether a sign bit leads.

    `behind` are bytes that follow the number and are not read (the time of a maximum demand).
    """

    digits: int
    decimals: int
    signed: bool = False
    unit: str = ""
    name: str = ""
    behind: int = 0


# (identifier as a regular expression over its eight hexadecimal digits, form); the first that fits counts.
_TARIFF: Final = "[0-3][0-9A-F]0[0-9A-C]"  # tariff 00 (total) to 3F, settlement 00 (now) to 0C
_PHASE: Final = "0[0-3]00"  # 00 the sum, 01 to 03 the phases
_TABLE: Final = (
    (f"0000{_TARIFF}", Form(8, 2, True, "kWh", "combined active energy")),
    (f"0001{_TARIFF}", Form(8, 2, False, "kWh", "forward active energy")),
    (f"0002{_TARIFF}", Form(8, 2, False, "kWh", "reverse active energy")),
    (f"000[34]{_TARIFF}", Form(8, 2, True, "kvarh", "combined reactive energy")),
    (f"000[5-8]{_TARIFF}", Form(8, 2, False, "kvarh", "reactive energy of a quadrant")),
    (f"0009{_TARIFF}", Form(8, 2, False, "kVAh", "forward apparent energy")),
    (f"000A{_TARIFF}", Form(8, 2, False, "kVAh", "reverse apparent energy")),
    (f"0101{_TARIFF}", Form(6, 4, False, "kW", "greatest forward active demand", 5)),
    (f"0102{_TARIFF}", Form(6, 4, False, "kW", "greatest reverse active demand", 5)),
    ("02010[1-3]00", Form(4, 1, False, "V", "voltage")),
    ("02020[1-3]00", Form(6, 3, True, "A", "current")),
    (f"0203{_PHASE}", Form(6, 4, True, "kW", "active power")),
    (f"0204{_PHASE}", Form(6, 4, True, "kvar", "reactive power")),
    (f"0205{_PHASE}", Form(6, 4, True, "kVA", "apparent power")),
    (f"0206{_PHASE}", Form(4, 3, True, "", "power factor")),
    ("02070[1-3]00", Form(4, 1, False, "°", "phase angle")),
    ("02080[1-3]00", Form(4, 2, False, "%", "distortion of the voltage")),
    ("02090[1-3]00", Form(4, 2, False, "%", "distortion of the current")),
    ("02800001", Form(6, 3, True, "A", "current of the neutral")),
    ("02800002", Form(4, 2, False, "Hz", "frequency")),
    ("02800003", Form(6, 4, True, "kW", "mean active power of a minute")),
    ("02800004", Form(6, 4, True, "kW", "present active demand")),
    ("02800005", Form(6, 4, True, "kvar", "present reactive demand")),
    ("02800006", Form(6, 4, True, "kVA", "present apparent demand")),
    ("02800007", Form(4, 1, True, "℃", "temperature inside")),
    ("02800008", Form(4, 2, False, "V", "voltage of the clock's battery")),
    ("02800009", Form(4, 2, False, "V", "voltage of the battery for reading without mains")),
    ("0280000A", Form(8, 0, False, "min", "working time of the internal battery")),
)
_COMPILED: Final = tuple((re.compile(pattern), form) for pattern, form in _TABLE)


def form_of(di: str) -> Form | None:
    """Return how an identifier's number is written, or None when this table does not know it."""
    for pattern, form in _COMPILED:
        if pattern.fullmatch(di.upper()):
            return form
    return None
