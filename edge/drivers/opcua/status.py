"""OPC UA StatusCode to quality byte and reason (OPC 10000-4, 7.39; -8, 6.3; OPC DA 3.0, 6.8).

    31 30 | 29 28 | 27 … 16  | 15        | 14          | 13 12 | 11 10   | 9 8    | 7        | 6 … 0
    class | –     | sub-code | structure | semantics   | –     | info    | limit  | overflow | –
    00 good, 01 uncertain, 10 bad  changed (both: what the value means)  01 = value   low high constant

What the table does not name is judged by its class alone; 11 is reserved and counts as bad. Two codes are
taken more strictly than their class: a value that a person forced or edited is good to the server, and
uncertain here, since no instrument showed it. Uncertain values still raise alarms.
"""

from typing import Final

import msgspec

from protocol import quality as q

LOW_16: Final = 0xFFFF
SEMANTICS_CHANGED: Final = 0x4000
_INFO: Final = 0x0C00
_INFO_VALUE: Final = 0x0400
_LIMITS: Final = {0x0100: "at its low limit", 0x0200: "at its high limit", 0x0300: "held constant"}


class Status(msgspec.Struct, frozen=True):
    """What one status says: our quality byte, and why in words ("" where there is nothing to say)."""

    quality: int
    reason: str = ""


# Names and numbers: OPC 10000-6, A.2 (StatusCode.csv); a test holds them against the library's own list.
_CODES: Final[dict[int, tuple[str, int, str]]] = {
    0x0000: ("Good", q.GOOD, ""),
    0x002F: ("GoodOverload", q.GOOD, "the server samples more slowly than asked"),
    0x0096: ("GoodLocalOverride", q.UNCERTAIN, "forced by hand at the server"),
    0x00A5: ("GoodNoData", q.GOOD, ""),
    0x00DC: ("GoodEdited", q.UNCERTAIN, "edited by hand, not from the real source"),
    0x0407: ("GoodFaultStateActive", q.UNCERTAIN, "the source is in its fault state"),
    0x4000: ("Uncertain", q.UNCERTAIN, "uncertain"),
    0x408F: (
        "UncertainNoCommunicationLastUsableValue",
        q.LAST_USABLE,
        "the source is lost; last usable value",
    ),
    0x4090: ("UncertainLastUsableValue", q.LAST_USABLE, "no longer updated; last usable value"),
    0x4091: ("UncertainSubstituteValue", q.UNCERTAIN, "written by hand in place of the measurement"),
    0x4092: ("UncertainInitialValue", q.UNCERTAIN, "still the initial value"),
    0x4093: (
        "UncertainSensorNotAccurate",
        q.SENSOR_INACCURATE,
        "at a limit of the sensor, or not calibrated",
    ),
    0x4094: ("UncertainEngineeringUnitsExceeded", q.SENSOR_INACCURATE, "outside its stated range"),
    0x4095: ("UncertainSubNormal", q.UNCERTAIN, "fewer good sources than required"),
    0x40DE: ("UncertainDominantValueChanged", q.UNCERTAIN, "its unit or range was changed"),
    0x40F2: ("UncertainOverRange", q.SENSOR_INACCURATE, "over its range"),
    0x40F3: ("UncertainUnderRange", q.SENSOR_INACCURATE, "under its range"),
    0x4208: ("UncertainTransducerInManual", q.UNCERTAIN, "the transducer is in manual mode"),
    0x4209: ("UncertainSimulatedValue", q.UNCERTAIN, "simulated"),
    0x420A: ("UncertainSensorCalibration", q.SENSOR_INACCURATE, "calibration fault of the sensor"),
    0x420F: ("UncertainConfigurationError", q.UNCERTAIN, "configuration fault at the source"),
    0x8000: ("Bad", q.BAD, "bad"),
    0x8002: ("BadInternalError", q.DEVICE_FAILURE, "internal error of the server"),
    0x8003: ("BadOutOfMemory", q.DEVICE_FAILURE, "the server is out of memory"),
    0x8004: ("BadResourceUnavailable", q.DEVICE_FAILURE, "the server lacks a resource"),
    0x8005: ("BadCommunicationError", q.LAST_KNOWN, "communication between server and source failed"),
    0x8006: ("BadEncodingError", q.DEVICE_FAILURE, "the server cannot encode it"),
    0x8008: ("BadEncodingLimitsExceeded", q.CONFIG_ERROR, "too long for one message"),
    0x800A: ("BadTimeout", q.COMM_FAILURE, "the server waited in vain for its source"),
    0x800B: ("BadServiceUnsupported", q.CONFIG_ERROR, "the server does not know this service"),
    0x800C: ("BadShutdown", q.NOT_CONNECTED, "the server shuts down"),
    0x800D: ("BadServerNotConnected", q.NOT_CONNECTED, "the server is not connected"),
    0x800E: ("BadServerHalted", q.NOT_CONNECTED, "the server has stopped"),
    0x8010: ("BadTooManyOperations", q.CONFIG_ERROR, "too much asked in one request"),
    0x801F: ("BadUserAccessDenied", q.CONFIG_ERROR, "this user may not read it; let the server allow it"),
    0x8031: ("BadNoCommunication", q.COMM_FAILURE, "no communication between server and source"),
    0x8032: ("BadWaitingForInitialData", q.COMM_FAILURE, "the server has no value from its source yet"),
    0x8033: ("BadNodeIdInvalid", q.CONFIG_ERROR, "the server calls this node id invalid; correct `node`"),
    0x8034: ("BadNodeIdUnknown", q.CONFIG_ERROR, "the server has no such node; correct `node`"),
    0x8035: ("BadAttributeIdInvalid", q.CONFIG_ERROR, "the node is no variable; correct `node`"),
    0x8036: ("BadIndexRangeInvalid", q.CONFIG_ERROR, "no such element"),
    0x8037: ("BadIndexRangeNoData", q.CONFIG_ERROR, "no such element"),
    0x803A: ("BadNotReadable", q.CONFIG_ERROR, "the node cannot be read; let the server allow it"),
    0x803C: ("BadOutOfRange", q.SENSOR_FAILURE, "out of range"),
    0x803D: ("BadNotSupported", q.CONFIG_ERROR, "the server does not support it"),
    0x803E: ("BadNotFound", q.CONFIG_ERROR, "the server does not find it"),
    0x803F: ("BadObjectDeleted", q.CONFIG_ERROR, "the node was deleted at the server"),
    0x8044: ("BadMonitoredItemFilterUnsupported", q.CONFIG_ERROR, "the server knows no change filter"),
    0x8045: ("BadFilterNotAllowed", q.CONFIG_ERROR, "no change filter is allowed here"),
    0x805F: ("BadNodeClassInvalid", q.CONFIG_ERROR, "the node is no variable; correct `node`"),
    0x8074: ("BadTypeMismatch", q.CONFIG_ERROR, "type mismatch at the server"),
    0x8089: ("BadConfigurationError", q.CONFIG_ERROR, "configuration fault at the server"),
    0x808A: ("BadNotConnected", q.NOT_CONNECTED, "not wired to a source at the server"),
    0x808B: ("BadDeviceFailure", q.DEVICE_FAILURE, "the device failed"),
    0x808C: ("BadSensorFailure", q.SENSOR_FAILURE, "the sensor failed"),
    0x808D: ("BadOutOfService", q.OUT_OF_SERVICE, "out of service"),
    0x809B: ("BadNoData", q.COMM_FAILURE, "no data"),
    0x809D: ("BadDataLost", q.COMM_FAILURE, "data were lost"),
    0x809E: ("BadDataUnavailable", q.COMM_FAILURE, "data are not available"),
    0x80B1: ("BadNoDataAvailable", q.COMM_FAILURE, "no data are available"),
    0x80DB: ("BadTooManyMonitoredItems", q.CONFIG_ERROR, "the server watches no more variables"),
    0x80E1: ("BadDominantValueChanged", q.CONFIG_ERROR, "its unit or range was changed"),
    0x80EE: ("BadServerTooBusy", q.COMM_FAILURE, "the server is too busy"),
    0x810E: ("BadLicenseExpired", q.OUT_OF_SERVICE, "the server's licence has expired"),
    0x810F: ("BadLicenseLimitsExceeded", q.OUT_OF_SERVICE, "the server's licence allows no more"),
    0x8110: ("BadLicenseNotAvailable", q.OUT_OF_SERVICE, "the server has no licence"),
}

NAMES: Final = {code: name for code, (name, _, _) in _CODES.items()}
_CLASSES: Final = (("Good", q.GOOD), ("Uncertain", q.UNCERTAIN), ("Bad", q.BAD), ("reserved class", q.BAD))

# OPC 10000-5, 12.6 (ServerState). "Test" is uncertain: outputs are off, inputs may be real or not.
RUNNING: Final = 0
_STATES: Final = {
    1: (q.DEVICE_FAILURE, "the server has failed"),
    2: (q.CONFIG_ERROR, "the server has no configuration"),
    3: (q.OUT_OF_SERVICE, "the server is suspended"),
    4: (q.UNCERTAIN, "the server is shutting down"),
    5: (q.UNCERTAIN, "the server is in test mode"),
    6: (q.COMM_FAILURE, "the server has lost its sources"),
    7: (q.UNCERTAIN, "the server does not know its own state"),
}
NO_DATA_LEVEL: Final = 1  # OPC 10000-4, 6.6.2.4.2: service level 0 = maintenance, 1 = no data


def judge(code: int) -> Status:
    """Turn a StatusCode of 32 bits into our quality and a reason."""
    if code == 0:
        return _GOOD
    known = _CODES.get(code >> 16)
    if known is None:
        words, quality = _CLASSES[code >> 30 & 3]
        reason = "" if quality == q.GOOD else f"{words}, code 0x{code & 0xFFFFFFFF:08X}"
    else:
        name, quality, words = known
        reason = f"{name}: {words}" if words else ""
    if code & SEMANTICS_CHANGED and q.is_good(quality):
        return Status(q.UNCERTAIN, "the server says that unit or range of the value were changed")
    if code & _INFO == _INFO_VALUE and (limit := _LIMITS.get(code & 0x0300)):
        reason = f"{reason}; {limit}" if reason else limit
    return Status(quality, reason)


_GOOD: Final = Status(q.GOOD)


def name(code: int) -> str:
    """Name a StatusCode for a person: "BadNodeIdUnknown" or its number."""
    return NAMES.get(code >> 16, f"status 0x{code & 0xFFFFFFFF:08X}")


def of_server(state: int | None, level: int | None) -> Status:
    """Say what the server's own state and service level make of all its values; None: it doesn't tell."""
    if level is not None and 0 <= level <= NO_DATA_LEVEL:
        return Status(q.OUT_OF_SERVICE, f"the server calls itself without data (service level {level})")
    if state is None or state == RUNNING:
        return _GOOD
    return Status(*_STATES.get(state, (q.UNCERTAIN, f"the server is in the unknown state {state}")))


def worse(one: Status, other: Status) -> Status:
    """Return the one that trusts less: bad before uncertain before good."""
    return other if other.quality & q.CLASS_MASK < one.quality & q.CLASS_MASK else one
