"""The gate: a new version stays when all that was good is good again, and settled."""

from __future__ import annotations

from edge.trial.gate import GREEN, RED, WAIT, Gate

BEFORE = frozenset({"GT-1", "GT-2", "output horn"})


def test_good_again_and_settled_it_is_kept() -> None:
    gate = Gate(BEFORE, 0, settled_ms=15_000, longest_ms=60_000)
    assert gate.look(frozenset({"GT-1"}), frozenset(), 1_000).result == WAIT
    assert gate.look(BEFORE, frozenset(), 5_000).result == WAIT
    assert gate.look(BEFORE, frozenset(), 19_999).result == WAIT
    assert gate.look(BEFORE | {"GT-9"}, frozenset(), 20_000).result == GREEN


def test_a_break_begins_the_wait_again() -> None:
    gate = Gate(BEFORE, 0, settled_ms=15_000, longest_ms=60_000)
    gate.look(BEFORE, frozenset(), 1_000)
    assert gate.look(BEFORE - {"GT-2"}, frozenset(), 15_000).why == "GT-2"
    assert gate.look(BEFORE, frozenset(), 16_000).result == WAIT
    assert gate.look(BEFORE, frozenset(), 31_000).result == GREEN


def test_what_stays_bad_is_named_when_it_is_taken_back() -> None:
    gate = Gate(BEFORE, 0, settled_ms=15_000, longest_ms=60_000)
    for now in range(0, 60_000, 1_000):
        assert gate.look(BEFORE - {"output horn"}, frozenset(), now).result == WAIT
    verdict = gate.look(BEFORE - {"output horn"}, frozenset(), 60_000)
    assert (verdict.result, verdict.why) == (RED, "good before and not now: output horn")


def test_a_part_that_hangs_is_as_bad_as_an_instrument_that_is_gone() -> None:
    gate = Gate(BEFORE, 0, settled_ms=0, longest_ms=10)
    assert gate.look(BEFORE, frozenset({"event writer"}), 10).why.endswith("event writer")


def test_what_was_bad_before_may_stay_so() -> None:
    gate = Gate(frozenset(), 0, settled_ms=1_000, longest_ms=60_000)
    gate.look(frozenset(), frozenset(), 0)
    assert gate.look(frozenset(), frozenset(), 1_000).result == GREEN
