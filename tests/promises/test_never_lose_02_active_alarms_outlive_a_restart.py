"""law-never-lose 2: what stands in alarm keeps occurrence, start and acknowledgement over a restart."""

from edge.core.alarm import CLEAR, Limit
from edge.core.point import FLOAT32, HIGH_FIRST, Block, Point
from edge.core.watch import Watch
from protocol.quality import COMM_FAILURE, GOOD

BLOCK = Block([Point("GT-101", FLOAT32, HIGH_FIRST, 0, low=0.0, high=20.0)], 2)
LIMITS = [
    Limit("GT-101/H", 0, "H", 1.0, 0.2, on_delay_ms=3000, off_delay_ms=2000),
    Limit("GT-101/HH", 0, "HH", 3.0, 0.2, latch=True),
]
BOOTED_AT = 1_790_000_000_000  # UTC - monotonic of the first boot
BOOTED_AGAIN_AT = BOOTED_AT + 600_000


def watch(occurrence: str) -> Watch:
    return Watch(BLOCK, LIMITS, lambda: occurrence)


def test_the_power_fails_in_an_acknowledged_alarm() -> None:
    before = watch("00000001-1")
    before.take(10_000, (5.0,), GOOD)
    before.take(13_000, (5.0,), GOOD)
    before.acknowledge_all(14_000)
    saved = before.dump(BOOTED_AT)

    after = watch("00000002-1")
    assert after.restore(saved, BOOTED_AGAIN_AT) == []
    stands = [(s.alarm, s.occurrence, s.state, s.since_ms + BOOTED_AGAIN_AT) for s in after.active()]
    assert stands == [
        ("GT-101/H", "00000001-1", "C", BOOTED_AT + 13_000),
        ("GT-101/HH", "00000001-1", "C", BOOTED_AT + 10_000),
    ]

    # The gas is still there: nobody is told anew. The line is dead: nothing clears.
    assert after.take(0, (5.0,), GOOD) == []
    assert after.take(1_000, None, COMM_FAILURE) == []
    assert after.tick(4_000) == []
    # The gas is gone: it clears after its off-delay, under the occurrence it began with.
    after.take(5_000, (0.1,), GOOD)
    cleared = after.take(7_000, (0.1,), GOOD)
    assert [(t.alarm, t.occurrence, t.transition, t.state) for t in cleared] == [
        ("GT-101/H", "00000001-1", CLEAR, "A")
    ]
    assert [(s.alarm, s.occurrence, s.state) for s in after.active()] == [("GT-101/HH", "00000001-1", "F")]
