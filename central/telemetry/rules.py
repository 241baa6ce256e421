"""When a record was taken: by the gateway's clock if it may be believed, else receive time less age.

Keeps law-never-lose 9 and the dating rule of modbus-rule (a value is as old as its request). Nothing is
refused for its time: a board without a clock boots in 1970 and its gas alarm must ring. The same arithmetic
is done here for one record and in `columns.py` for whole columns; a test holds them together.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from central.telemetry.models import DATED_BY_CENTRE, QUALITY_BYTE, Anchor
from protocol import quality
from protocol.messages import SYNCHRONISED

OLDEST_BELIEVED_MS: Final = 1_577_836_800_000  # 2020-01-01: before the first gateway was made
MOST_AHEAD_MS: Final = 60_000  # a record cannot be younger than its receipt; a minute for clocks that drift
MOST_APART_MS: Final = 60_000  # of a record's time and its age: more is a clock that was set, no drift
DRIFT: Final = 5_000  # monotonic clocks run wrong by one part in so many at most (200 ppm: a cheap crystal)
HELD_PERIODS: Final = 1.5  # a row may come half a period late before the value it stands for is missing
PARTITION_DAYS: Final = 400  # older values stay in the default partition: no gateway may create silly days
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

QUALITY_WORDS: Final = {
    quality.GOOD: "正常",
    quality.UNCERTAIN: "不确定",
    quality.LAST_USABLE: "末次可用值",
    quality.SENSOR_INACCURATE: "超出量程",
    quality.SUB_NORMAL: "与相邻测点不符",
    quality.BAD: "无效",
    quality.CONFIG_ERROR: "配置错误",
    quality.NOT_CONNECTED: "未连接",
    quality.DEVICE_FAILURE: "设备故障",
    quality.SENSOR_FAILURE: "传感器故障",
    quality.LAST_KNOWN: "末次已知值",
    quality.COMM_FAILURE: "通信失败",
    quality.OUT_OF_SERVICE: "停用",
}


def to_ms(moment: datetime) -> int:
    """Milliseconds of UTC since 1970, rounded down."""
    return (moment - EPOCH) // timedelta(milliseconds=1)


def from_ms(ms: int) -> datetime:
    """The moment `ms` milliseconds after 1970, aware UTC."""
    return EPOCH + timedelta(milliseconds=ms)


def believed(time_ms: int, mono_ms: int, clock: int, received_ms: int, anchor: Anchor) -> bool:
    """Whether a gateway's time may stand as it is.

    A clock that calls itself synchronised and contradicts the age of its record was set wrong by somebody,
    for a minute or a year: a monotonic clock has no hands that could be moved.
    """
    if clock != SYNCHRONISED or not OLDEST_BELIEVED_MS <= time_ms <= received_ms + MOST_AHEAD_MS:
        return False
    age_ms = anchor.mono_ms - mono_ms
    apart_ms = abs(time_ms - (anchor.at_ms - age_ms))
    return not anchor.exact or apart_ms <= MOST_APART_MS + abs(age_ms) // DRIFT


def dated_ms(time_ms: int, mono_ms: int, clock: int, received_ms: int, anchor: Anchor) -> tuple[int, bool]:
    """Date one record.

    Args:
        time_ms: UTC as the gateway says.
        mono_ms: the gateway's monotonic clock at the record.
        clock: its clock state then.
        received_ms: the centre's receive time.
        anchor: where the monotonic clock of the record's boot stood at a moment of ours.

    Returns:
        (milliseconds of UTC, whether the centre had to date it).
    """
    if believed(time_ms, mono_ms, clock, received_ms, anchor):
        return time_ms, False
    at = anchor.at_ms - (anchor.mono_ms - mono_ms)
    return max(OLDEST_BELIEVED_MS, min(at, received_ms)), True


def anchor_of(
    boot: int, sent_boot: int, sent_mono_ms: int, received_ms: int, last_mono_ms: int, known: Anchor | None
) -> Anchor:
    """Find where a record's monotonic clock stood.

    Args:
        boot: under which the records were taken.
        sent_boot: under which the frame was sent.
        sent_mono_ms: the monotonic clock at sending.
        received_ms: the centre's receive time.
        last_mono_ms: monotonic time of the youngest record, for the last resort.
        known: what a heartbeat or birth of `boot` once told, or a record of it that had the right time.

    Returns:
        The frame's own times when the boot is the same; else what was heard of that boot; else the moment at
        which the present boot began, which is the latest that a record of an older one can be.
    """
    if boot == sent_boot:
        return Anchor(received_ms, sent_mono_ms)
    if known is not None:
        return known
    return Anchor(received_ms - max(sent_mono_ms, 0), last_mono_ms, exact=False)


def quality_class(stored: int) -> str:
    """good, uncertain or bad, of a stored quality."""
    code = stored & QUALITY_BYTE
    if quality.is_good(code):
        return "good"
    return "bad" if quality.is_bad(code) else "uncertain"


def shown_quality(stored: int, *, silent: bool) -> int:
    """The stored quality as it is to be shown: of a gateway that is not heard, a good value is its last one.

    Source: OPC DA 3.0 §6.8, "uncertain, last usable value": the source no longer updates it.
    """
    return (
        stored & ~QUALITY_BYTE | quality.LAST_USABLE if silent and quality_class(stored) == "good" else stored
    )


def quality_reason(stored: int) -> str:
    """The reason in plain Chinese, of a stored quality."""
    code = stored & QUALITY_BYTE
    for known in (code, code & 0xFC, code & quality.CLASS_MASK):
        if known in QUALITY_WORDS:
            return QUALITY_WORDS[known]
    return QUALITY_WORDS[quality.BAD]


def synchronised(stored: int) -> bool:
    """Whether the gateway's own time was believed, of a stored quality."""
    return not stored & DATED_BY_CENTRE


def bucket_seconds(span_s: float, buckets: int) -> float:
    """Width of a trend bucket: a round number of seconds so that `span_s` has at most `buckets` of them."""
    wanted = max(span_s / max(buckets, 1), 1.0)
    for round_s in (
        1,
        2,
        5,
        10,
        15,
        20,
        30,
        60,
        120,
        300,
        600,
        900,
        1200,
        1800,
        3600,
        7200,
        10800,
        21600,
        43200,
    ):
        if wanted <= round_s:
            return float(round_s)
    return float(-(-wanted // 86400) * 86400)
