"""law-warning 16, at the plant: silencing is not acknowledging, acknowledging is not clearing."""

from edge.core.alarm import ACKNOWLEDGE, CLEAR, RAISE, Limit, Transition
from edge.core.annunciator import ACKNOWLEDGE_ALL, SILENCED, Annunciator
from edge.core.point import HIGH_FIRST, INT16, Block, Point
from edge.core.watch import Watch
from protocol.quality import GOOD


def test_the_button_on_the_wall_during_a_leak() -> None:
    block = Block([Point("GT-101", INT16, HIGH_FIRST, 0, 0.1, 0.0, 0.0, 20.0)], 1)
    watch = Watch(block, [Limit("GT-101/H", 0, "H", 1.0)], lambda: "0000002a-1")
    horn_and_beacon = Annunciator()

    def hear(transitions: list[Transition], now_ms: int) -> list[int]:
        for transition in transitions:
            horn_and_beacon.take(transition, now_ms)
        return [transition.transition for transition in transitions]

    assert hear(watch.take(0, (15,), GOOD), 0) == [RAISE]
    assert horn_and_beacon.outputs(0) == (True, True)

    # The first press stops the noise; the alarm is as unacknowledged as before, and the beacon flashes.
    assert horn_and_beacon.press(3000) == SILENCED
    assert horn_and_beacon.outputs(3000) == (False, True)
    assert horn_and_beacon.outputs(3600) == (False, False)
    assert [held.state for held in watch.active()] == ["B"]

    # The second acknowledges: the light is steady as long as the gas is there.
    assert horn_and_beacon.press(5000) == ACKNOWLEDGE_ALL
    assert hear(watch.acknowledge_all(5000), 5000) == [ACKNOWLEDGE]
    assert [held.state for held in watch.active()] == ["C"]
    assert all(horn_and_beacon.outputs(t) == (False, True) for t in range(5000, 9000, 100))

    # Only the gas ends it.
    assert hear(watch.take(9000, (5,), GOOD), 9000) == [CLEAR]
    assert horn_and_beacon.outputs(9000) == (False, False)
