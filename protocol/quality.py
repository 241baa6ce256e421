"""OPC DA quality byte: whether a value may be believed, and if not, why.

Source: OPC Data Access Custom Interface 3.0, clause 6.8 (quality flags). The two top bits are the class
(11 good, 01 uncertain, 00 bad), the next four the reason. Runs on MicroPython as it is.
"""

GOOD = 192
UNCERTAIN = 64
LAST_USABLE = 68  # uncertain: the source stopped updating
SENSOR_INACCURATE = 80  # uncertain: outside the sensor's stated range
SUB_NORMAL = 88  # uncertain: the sources that should agree do not
BAD = 0
CONFIG_ERROR = 4
NOT_CONNECTED = 8
DEVICE_FAILURE = 12
SENSOR_FAILURE = 16
LAST_KNOWN = 20
COMM_FAILURE = 24
OUT_OF_SERVICE = 28

CLASS_MASK = 0xC0

REASONS = {
    GOOD: "good",
    UNCERTAIN: "uncertain",
    LAST_USABLE: "last usable value",
    SENSOR_INACCURATE: "outside the physical range",
    SUB_NORMAL: "sources disagree",
    BAD: "bad",
    CONFIG_ERROR: "configuration error",
    NOT_CONNECTED: "not connected",
    DEVICE_FAILURE: "device failure",
    SENSOR_FAILURE: "sensor failure",
    LAST_KNOWN: "last known value",
    COMM_FAILURE: "communication failure",
    OUT_OF_SERVICE: "out of service",
}


def is_good(quality: int) -> bool:
    """Say whether a value of this quality may be used without care."""
    return quality & CLASS_MASK == GOOD


def is_bad(quality: int) -> bool:
    """Say whether a value of this quality must not be used at all."""
    return quality & CLASS_MASK == BAD
