"""Turns the data of a DL/T 645 reply into a number: BCD, lowest pair first, a sign in the top bit.

    75-33 39-33 45-33 33-33 = 42 06 12 00 -> 00120642, two decimals: 1206.42

Nothing is guessed: a digit that is none, or another length than the form's, is no value.
"""

from edge.drivers.dlt645.identifiers import Form

SIGN = 0x80


class NoNumber(ValueError):
    """The data holds no number of this form; says why."""


def number(data: bytes, form: Form) -> float:
    """Read a number.

    Args:
        data: what follows the data identifier, without the 33H.
        form: how it is written.

    Raises:
        NoNumber: another length, a nibble that is no digit, or all FF (the meter has no value there).
    """
    size = form.digits // 2
    if len(data) != size + form.behind:
        raise NoNumber(f"{len(data)} bytes of data where {size + form.behind} belong; correct digits or di")
    digits = bytearray(data[:size][::-1])
    if digits == b"\xff" * size:
        raise NoNumber("the meter shows no value here (all FF)")
    negative = form.signed and digits[0] & SIGN
    if negative:
        digits[0] &= ~SIGN
    text = digits.hex()
    if not text.isdecimal():
        raise NoNumber(f"{data.hex(' ')} are no decimal digits")
    value = float(int(text)) / float(10**form.decimals)
    return -value if negative else value
