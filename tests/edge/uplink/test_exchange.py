"""What receipts and commands mean, without any network."""

import pytest

from edge.spool.records import StoredBatch
from edge.uplink.commands import Commands, Outcome
from edge.uplink.exchange import ADVANCE, BACK_OFF, GO_TO, INTRODUCE, BackOff, judge
from protocol import messages as m

BATCH = StoredBatch(7, 11, 20, b"birth", 1, b"body", b"hash")


def receipt(status: int, **changes: object) -> m.Receipt:
    given: dict[str, object] = {
        "gateway": "gw",
        "stream": m.EVENT,
        "epoch": 7,
        "first": 11,
        "last": 20,
        "hash": b"hash",
        "expected": 0,
        **changes,
    }
    return m.Receipt(status, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "action"),
    [
        (receipt(m.STORED), ADVANCE),
        (receipt(m.STORED, hash=b"other"), BACK_OFF),
        (receipt(m.STORED, first=10), BACK_OFF),
        (receipt(m.STORED, last=21), BACK_OFF),
        (receipt(m.STORED, epoch=8), BACK_OFF),
        (receipt(m.STORED, stream=m.MEASUREMENT), BACK_OFF),
        (receipt(m.STORED, gateway="other"), BACK_OFF),
        (receipt(m.CONFLICT), ADVANCE),
        (receipt(m.CONFLICT, hash=b"other"), BACK_OFF),
        (receipt(m.EXPECTED, expected=5), GO_TO),
        (receipt(m.EXPECTED, expected=3, epoch=6), GO_TO),
        (receipt(m.EXPECTED, expected=0), BACK_OFF),
        (receipt(m.EXPECTED, expected=5, stream=m.MEASUREMENT), BACK_OFF),
        (receipt(m.BIRTH_WANTED), INTRODUCE),
        (receipt(m.BUSY), BACK_OFF),
        (receipt(m.REFUSED), BACK_OFF),
        (receipt(99), BACK_OFF),
    ],
)
def test_only_a_receipt_of_exactly_this_batch_moves_on(given: m.Receipt, action: int) -> None:
    assert judge(given, "gw", m.EVENT, BATCH).action == action


def test_a_refusal_and_a_conflict_are_complained_about_and_a_busy_centre_is_not() -> None:
    assert judge(receipt(m.REFUSED, reason="too new"), "gw", m.EVENT, BATCH).complaint.endswith("too new")
    assert "11..20" in judge(receipt(m.CONFLICT), "gw", m.EVENT, BATCH).complaint
    assert not judge(receipt(m.BUSY), "gw", m.EVENT, BATCH).complaint


def test_pauses_grow_to_their_most_with_jitter_and_begin_again_after_success() -> None:
    pause = BackOff(8.0, 1.0)
    seen = [pause.pause_s() for _ in range(6)]
    for step, value in zip((1, 2, 4, 8, 8, 8), seen, strict=True):
        assert step / 2 <= value <= step
    pause.reset()
    assert pause.pause_s() <= 1.0


def order(name: str = "c-1", *, boot: int = 5, expires: int = 1000, what: str = "silence") -> m.Command:
    return m.Command(name, "gw", boot, what, "", "county", "", expires)


def test_a_command_is_carried_out_once() -> None:
    commands = Commands("gw", 5)
    assert not commands.take(order(), 100).result
    commands.ended(order(), Outcome("done"))
    assert commands.take(order(), 200) == Outcome("repeated", "done")
    assert commands.take(order("c-2"), 200).result == ""


def test_a_command_that_was_carried_out_never_runs_again_not_even_after_it_was_forgotten() -> None:
    commands = Commands("gw", 5)
    commands.ended(order(), Outcome("done"))
    assert commands.take(order("c-2", expires=5000), 1001).result == ""  # c-1 has expired and is forgotten
    assert commands.take(order(), 1001).result == "expired"
