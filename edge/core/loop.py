"""Scales 4-20 mA loops and draws the lines of NAMUR NE 43 between a measured value and a broken transmitter.

    mA:   ...  3.6   3.8   4            20   20.5   21  ...
       failure  | unc. |  good  (range)  good | unc. | failure

Runs on MicroPython as it is.
"""

INFINITY = float("inf")

# NAMUR NE 43, in mA: a measured value is between 3.8 and 20.5; a transmitter that knows itself broken sends
# 3.6 or less, or 21 or more. The recommendation itself was not at hand: the four numbers are from memory and
# agree with secondary sources (g-sensor.net, "Transmitters 4-20mA Current Failure Alarm Limits"; Beckhoff's
# EL3751 calls 3.6 to 21 mA "technically usable"). These differ on 3.6 and 21.0 themselves, which are taken as
# failures, the safer reading. So that rounding decides nothing, each line stands a millionth of a milliampere
# on the side to which its number belongs.
_LOOP_LOW = 3.8 - 1e-6
_LOOP_HIGH = 20.5 + 1e-6
_LOOP_USABLE_LOW = 3.6 + 1e-6
_LOOP_USABLE_HIGH = 21.0 - 1e-6


def current_loop(
    raw_at_4ma: float, raw_at_20ma: float, value_at_4ma: float, value_at_20ma: float
) -> tuple[float, float, float, float, float, float]:
    """Scale a 4-20 mA loop, and draw the lines of NAMUR NE 43 (source: see `_LOOP_LOW`).

    Good from 3.8 to 20.5 mA; a failure from 3.6 mA down and from 21 mA up, which is how a transmitter says
    that it is broken, or a wire is; uncertain between. A live zero thus tells a broken wire from no gas.

    Args:
        raw_at_4ma: what the input module's register shows at 4 mA.
        raw_at_20ma: at 20 mA.
        value_at_4ma: of the transmitter's range, in the point's unit; may be the greater one.
        value_at_20ma: of the same.

    Returns:
        (scale, offset, low, high, usable_low, usable_high) as `Point` takes them.

    Raises:
        ValueError: the two raw numbers or the two values are the same, or not finite.
    """
    raw_span = raw_at_20ma - raw_at_4ma
    span = value_at_20ma - value_at_4ma
    if raw_span == 0 or not -INFINITY < raw_span < INFINITY:
        raise ValueError("current loop: 4 mA and 20 mA must be two different raw numbers")
    if span == 0 or not -INFINITY < span < INFINITY:
        raise ValueError("current loop: 4 mA and 20 mA must be two different values")
    scale = span / raw_span
    if scale == 0 or not -INFINITY < scale < INFINITY:
        raise ValueError("current loop: the raw numbers and values do not fit each other")
    lines = [
        value_at_4ma + (current - 4.0) / 16.0 * span
        for current in (_LOOP_USABLE_LOW, _LOOP_LOW, _LOOP_HIGH, _LOOP_USABLE_HIGH)
    ]
    if span < 0:
        lines.reverse()
    return (scale, value_at_4ma - raw_at_4ma * scale, lines[1], lines[2], lines[0], lines[3])
