"""One message of every kind with fixed contents, for the golden bytes."""

import msgspec

from protocol import codec
from protocol import messages as m

DESCRIPTION = m.Description(
    gateway="gw-chlorine",
    config_hash="9f2c",
    config_version=3,
    software="0.1.0",
    blocks=[
        m.BlockInfo(0, "detector-1", "bus-1", 5, 3, 100, 4, 1000),
        m.BlockInfo(1, "meter-1", "line-2", 0, 0, 0, 0, 60_000, "dlt645"),
    ],
    points=[
        m.PointInfo("GT-101", "氯气浓度", 0, 0, "toxic gas", "mg/m³", 0.01, 0.0, 0.0, 20.0),
        m.PointInfo("PT-102", "总管压力", 0, 1, "pressure", "MPa", 1.0, 0.0),
        m.PointInfo("WL-103", "堰流量", 1, 0, "flow", "m³/h", 1.0, 0.0, 0.0, None, [0.5, 0.25, 0.125], 60.0),
    ],
    alarms=[m.AlarmInfo("GT-101/H", "GT-101", "H", "high", 1.0, 0.05, 0, 3000, False, 2)],
)
ENCODED_DESCRIPTION = codec.encode_description(DESCRIPTION)
BIRTH_HASH = codec.birth_hash(ENCODED_DESCRIPTION)
EPOCH = 0x0123456789ABCDEF
BOOT = 0x1122334455667788

EVENTS: list[m.Event] = [
    m.OpenedEvent(1, 1_790_000_000_000, 5_000, 1, EPOCH, 0, True, "0.1.0"),
    m.AlarmEvent(2, 1_790_000_001_000, 6_000, 1, "GT-101/H", f"{BOOT:x}-1", m.RAISE, "B", 1.25, 192, 2),
    m.OperatorEvent(3, 1_790_000_002_000, 7_000, 1, "silence", "button", "plant"),
    m.PresenceEvent(4, 1_790_000_003_000, 8_000, 1, "detector-1", "late"),
    m.ClockEvent(5, 1_790_000_004_000, 9_000, 1, -2_500),
    m.GapEvent(6, 1_790_000_005_000, 10_000, 1, m.MEASUREMENT, EPOCH, 10, 20, "space"),
    m.OutputEvent(7, 1_790_000_006_000, 11_000, 1, "horn", "on", True),
]
MEASUREMENTS = m.MeasurementBody(
    base_ms=1_790_000_000_000,
    base_mono_ms=5_000,
    blocks=[
        m.BlockRows(
            0, [0, 1], [0, 1_000], [0, 1_000], [12, 300], [1, 1], [192, 24], [[125, 0.5], None], [(0, 1, 80)]
        )
    ],
)


def _batch(stream: int, first: int, last: int, body: bytes) -> m.Batch:
    return m.Batch(
        stream, EPOCH, first, last, BIRTH_HASH, BOOT, body, BOOT, 12_000, 1_790_000_007_000, m.SYNCHRONISED
    )


COVERED: list[m.Event] = [
    m.AlarmEvent(
        8,
        1_790_000_010_000,
        15_000,
        1,
        "GT-101/ROC",
        f"{BOOT:x}-1",
        m.SHELVE,
        "G",
        1.25,
        192,
        3,
        "B",
        False,
        "王工",
        "calibration",
        1_790_003_610_000,
    ),
    m.AlarmEvent(
        9, 1_790_000_011_000, 16_000, 1, "PT-102/DEV", f"{BOOT:x}-2", m.RAISE, "B", 1.5, 192, 2, "", True
    ),
    m.OperatorEvent(
        10, 1_790_000_012_000, 17_000, 1, "shelve", "centre", "王工", "GT-101/ROC", "c-1", "calibration"
    ),
]
MEASURED = m.FiguresEvent(
    11,
    1_790_000_013_000,
    18_000,
    1,
    "9f2c41d7",
    "fengsui 0.1.0",
    1_789_999_000_000,
    m.Machine("Raspberry Pi 3 Model B Plus Rev 1.3", 4, 905, "3.11.2", 0.25),
    [
        m.Figure("edge-poll", "cpu_share_500", 0.21, "core"),
        m.Figure("edge-spool", "append_rows_per_s", 91_000.0, "1/s", 60_500.0),
    ],
)
HEAD = m.EpochHead(EPOCH, 0, 7, 2)
CONFIGURED = m.ConfigurationEvent(
    12,
    1_790_000_008_000,
    14_000,
    1,
    "taken-back",
    "centre",
    12,
    "ab" * 32,
    "county",
    "GT-101 was good before",
)
MESSAGES: dict[str, m.Message] = {
    "birth": m.Birth(
        BOOT,
        5_000,
        1_790_000_000_000,
        m.SYNCHRONISED,
        ENCODED_DESCRIPTION,
        True,
        [m.ActiveAlarm("GT-101/H", f"{BOOT:x}-1", "B", 1_790_000_001_000, 6_000, 1, 1.25, 192, 2)],
        (EPOCH, 7),
        [HEAD],
    ),
    "birth_covered": m.Birth(
        BOOT,
        5_000,
        1_790_000_000_000,
        m.SYNCHRONISED,
        ENCODED_DESCRIPTION,
        True,
        [
            m.ActiveAlarm(
                "GT-101/ROC",
                f"{BOOT:x}-1",
                "G",
                1_790_000_001_000,
                6_000,
                1,
                1.25,
                192,
                3,
                "C",
                False,
                "王工",
                "calibration",
                1_790_003_610_000,
            )
        ],
        (EPOCH, 10),
        [HEAD],
    ),
    "covered_batch": _batch(m.EVENT, 8, 10, codec.encode_events([codec.encode_event(e) for e in COVERED])),
    "figures_batch": _batch(m.EVENT, 11, 11, codec.encode_events([codec.encode_event(MEASURED)])),
    "event_batch": _batch(m.EVENT, 1, 7, codec.encode_events([codec.encode_event(e) for e in EVENTS])),
    "measurement_batch": _batch(m.MEASUREMENT, 1, 2, codec.encode_measurements(MEASUREMENTS)),
    "heartbeat": m.Heartbeat(
        BOOT,
        9,
        12_000,
        1_790_000_007_000,
        1,
        5_000,
        HEAD,
        0,
        1,
        [m.SourceState("detector-1", 0, 800, "氯气探测器")],
        [m.OutputState("horn", True, True)],
        1,
        "0.1.0",
        [m.AnnunciatorState("main", 12, True, [("GT-101/H", 4)], 604_800)],
        [m.BusState("rs485", True, 412, 9_000, 3, 1), m.BusState("plc", False, -1, 0, 40, 0, "refused")],
    ),
    "receipt": m.Receipt(m.STORED, "gw-chlorine", m.EVENT, EPOCH, 1, 7, b"\x01" * 32, 8),
    "birth_receipt": m.Receipt(
        m.STORED, "gw-chlorine", hash=BIRTH_HASH, cursors=[m.Cursor(m.EVENT, EPOCH, 7)]
    ),
    "command": m.Command(
        "c-1", "gw-chlorine", BOOT, "acknowledge", "GT-101/H", "county", "heard by phone", 60_000
    ),
    "command_shelve": m.Command(
        "c-2", "gw-chlorine", BOOT, "shelve", "GT-101/ROC", "county", "calibration", 60_000, 3_600_000
    ),
    "command_test": m.Command(
        "c-3", "gw-chlorine", BOOT, "test", "", "county", "before the drill", 60_000, output="main.horn"
    ),
    "command_switch": m.Command(
        "c-4", "gw-chlorine", BOOT, "switch-on", "", "王工", "smoke", 60_000, output="FAN-1", who="enterprise"
    ),
    "command_tape": m.Command(
        "c-5", "gw-chlorine", BOOT, "tape", "", "王工", "late replies", 60_000, output="rs485", part=2
    ),
    "birth_switched": m.Birth(
        BOOT,
        5_000,
        1_790_000_000_000,
        m.SYNCHRONISED,
        codec.encode_description(
            msgspec.structs.replace(
                DESCRIPTION,
                outputs=[
                    m.OutputInfo(
                        "FAN-1", "排风机", True, 5_000, ["GT-101/H"], ["not GT-101/H"], ["enterprise"]
                    ),
                    m.OutputInfo("VALVE-1", "切断阀"),
                ],
            )
        ),
        True,
        [],
        (EPOCH, 7),
        [HEAD],
    ),
    "configuration": m.Configuration(
        "gw-chlorine",
        12,
        '[gateway]\nid = "gw-chlorine"\n',
        "county",
        "limit of 氯气 lowered",
        1_790_000_007_000,
    ),
    "configuration_batch": _batch(m.EVENT, 12, 12, codec.encode_events([codec.encode_event(CONFIGURED)])),
    "reply": m.Reply("c-1", "gw-chlorine", BOOT, "done", "", 13_000),
    "reply_tape": m.Reply("c-5", "gw-chlorine", BOOT, "done", "", 13_000, 3, b"\x1f\x8b\x08"),
}


def sign(data: bytes) -> bytes:
    """A stand-in for a signer whose output depends on every byte: golden frames need no key."""
    import hashlib

    return hashlib.sha512(data).digest()


def verify(signature: bytes, data: bytes) -> bool:
    """The other half of `sign`."""
    return signature == sign(data)
