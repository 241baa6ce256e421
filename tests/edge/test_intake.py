"""One block whose readings cannot be judged stops no other."""

import pytest

from edge.drivers.models import BlockReading, ValueBlock
from edge.intake import Intake


def reading(number: int, now: int) -> BlockReading:
    return BlockReading(ValueBlock(number, 1000, 100, f"block {number}"), (1.0,), 192, now, now, 10)


def test_a_defect_of_one_block_stops_neither_its_bus_nor_the_others(caplog: pytest.LogCaptureFixture) -> None:
    taken: list[int] = []
    met: list[tuple[str, int]] = []
    defect = [True]

    def take(bus: str, one: BlockReading) -> None:
        if one.block.number == 7 and defect[0]:
            raise ZeroDivisionError
        taken.append(one.block.number)

    intake = Intake(take, lambda bus, now: met.append((bus, now)))
    for now in (1, 2, 3):
        intake.take("field", reading(7, now))
        intake.take("field", reading(8, now))
    assert taken == [8, 8, 8]
    assert met == [("field", 1), ("field", 2), ("field", 3)]
    assert [r.message for r in caplog.records] == ["bus field, block 7: its readings cannot be judged"]
    defect[0] = False
    intake.take("field", reading(7, 4))
    assert taken[-1] == 7
    assert caplog.records[-1].message == "bus field, block 7: its readings are judged again"
