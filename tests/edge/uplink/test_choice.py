"""When a gateway leaves a road and when it comes back, without any network."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.uplink.choice import LONGEST_PAUSE_MS, Choice
from edge.uplink.matching import about
from protocol import codec
from protocol import messages as m

PATIENCE = 10_000
PROBE = 30_000


def fallen_over(at: int = 0) -> Choice:
    choice = Choice(2, PATIENCE, PROBE)
    choice.answered(0, at)
    assert choice.unanswered(0, at, at + PATIENCE)
    return choice


def test_a_road_is_left_only_when_it_was_silent_for_the_patience() -> None:
    choice = Choice(2, PATIENCE, PROBE)
    assert not choice.unanswered(0, 0, 2_000)
    assert not choice.unanswered(0, 2_000, 9_999)
    assert choice.unanswered(0, 10_000, 10_001)
    assert choice.present == 1


def test_an_answer_in_between_begins_the_patience_anew() -> None:
    choice = Choice(2, PATIENCE, PROBE)
    assert not choice.unanswered(0, 0, 9_000)
    choice.answered(0, 9_500)
    assert not choice.unanswered(0, 1_000, 16_000)  # asked before that answer
    assert choice.unanswered(0, 16_000, 19_500)


def test_the_only_road_is_never_left() -> None:
    choice = Choice(1, PATIENCE, PROBE)
    assert not choice.unanswered(0, 0, 10 * PATIENCE)
    assert choice.present == 0


def test_a_question_of_a_road_that_was_left_meanwhile_is_asked_on_the_other() -> None:
    choice = fallen_over()
    assert choice.unanswered(0, PATIENCE, PATIENCE + 1)
    assert choice.present == 1


def test_a_better_road_is_probed_and_taken_again_when_it_answers() -> None:
    choice = fallen_over()
    assert choice.probe(PATIENCE + PROBE - 1) is None
    assert choice.probe(PATIENCE + PROBE) == 0
    assert choice.probe(PATIENCE + PROBE + 1) is None
    assert choice.probed(0, PATIENCE + PROBE + 500)
    assert choice.present == 0


def test_who_falls_over_again_soon_comes_back_later_and_later() -> None:
    choice = Choice(2, PATIENCE, PROBE)
    now, pauses = 0, []
    for _ in range(8):
        assert choice.unanswered(0, now, now + PATIENCE)
        now += PATIENCE
        due = next(t for t in range(now, now + 2 * LONGEST_PAUSE_MS, 1000) if choice.probe(t) == 0)
        pauses.append(due - now)
        now = due
        assert choice.probed(0, now)
    assert pauses[:4] == [PROBE, 2 * PROBE, 4 * PROBE, 8 * PROBE]
    assert max(pauses) == LONGEST_PAUSE_MS


def test_when_all_are_silent_they_take_turns() -> None:
    choice = fallen_over()
    assert choice.unanswered(1, PATIENCE, 2 * PATIENCE)
    assert choice.present == 0
    assert not choice.unanswered(0, 2 * PATIENCE, 2 * PATIENCE + 1)


def test_a_quiet_gateway_asks_on_its_present_road_whether_anybody_is_there() -> None:
    choice = Choice(2, PATIENCE, PROBE)
    choice.answered(0, 0)
    assert choice.probe(0) is None
    assert choice.probe(PROBE) == 0
    choice.answered(0, PROBE + 10)
    assert choice.probe(2 * PROBE) is None


def test_a_receipt_tells_what_it_is_about() -> None:
    key = Ed25519PrivateKey.generate()
    batch = m.Batch(m.EVENT, 5, 1, 1, b"b", 7, b"body", 7, 0, 0, 1)
    other = m.Batch(m.EVENT, 5, 2, 2, b"b", 7, b"body", 7, 0, 0, 1)
    name = codec.hash_of(batch)
    stored = m.Receipt(m.STORED, "gw-a", m.EVENT, 5, 1, 1, name)
    assert about(codec.seal("gw-a", batch, key.sign)) == about(codec.seal(m.CENTRE, stored, key.sign)) == name
    assert about(codec.seal("gw-a", other, key.sign)) != name
    assert about(codec.seal(m.CENTRE, m.Receipt(m.BUSY, "gw-a"), key.sign)) == b""
    assert about(b"nonsense") == b""
