"""Instruments that stand side by side: who is apart, for how long, and what nobody can know."""

import random

import pytest

from edge.core.siblings import Kinship, Siblings


def run(siblings: Siblings, begin: int, end: int, **values: float | None) -> list[int]:
    """Feed values each second; when the first of them was apart."""
    first = next(iter(values))
    apart = []
    for now in range(begin, end, 1000):
        told = {key: siblings.take(now, key, value) for key, value in values.items()}
        if told[first]:
            apart.append(now)
    return apart


def pair() -> Siblings:
    return Siblings([Kinship("A", ["B"], 2.0, 60_000)])


def test_a_difference_that_lasts_is_found_and_one_that_ends_is_forgotten() -> None:
    siblings = pair()
    assert run(siblings, 0, 60_000, A=10.0, B=12.0) == []
    apart = run(siblings, 60_000, 240_000, A=10.0, B=12.1)
    assert 60_000 <= apart[0] - 60_000 <= 90_000
    assert run(siblings, 240_000, 300_000, A=10.0, B=11.0)[-1] < 270_000


def test_a_short_difference_is_none() -> None:
    siblings = pair()
    run(siblings, 0, 60_000, A=10.0, B=10.0)
    assert run(siblings, 60_000, 100_000, A=50.0, B=10.0) == []
    assert run(siblings, 100_000, 300_000, A=10.0, B=10.0) == []


def test_noise_decides_nothing() -> None:
    siblings = pair()
    dice = random.Random(5)
    for now in range(0, 3_600_000, 1000):
        siblings.take(now, "B", 10.0 + dice.gauss(0, 3.0))
        assert not siblings.take(now, "A", 10.0 + dice.gauss(0, 3.0))


def test_of_three_only_the_broken_one_is_apart() -> None:
    group = [
        Kinship("A", ["B", "C"], 2.0, 20_000),
        Kinship("B", ["A", "C"], 2.0, 20_000),
        Kinship("C", ["A", "B"], 2.0, 20_000),
    ]
    siblings = Siblings(group)
    told = {}
    for now in range(0, 60_000, 1000):
        told = {key: siblings.take(now, key, value) for key, value in (("A", 99.0), ("B", 10.0), ("C", 10.5))}
    assert told == {"A": True, "B": False, "C": False}


def test_while_nobody_can_be_asked_a_verdict_stays() -> None:
    siblings = pair()
    run(siblings, 0, 120_000, A=10.0, B=20.0)
    assert len(run(siblings, 120_000, 600_000, A=10.0, B=None)) == 480
    assert len(run(siblings, 600_000, 700_000, A=10.0, B=10.0)) < 40
    assert run(siblings, 700_000, 900_000, A=None, B=90.0) == []


def test_slow_members_get_windows_in_which_they_meet() -> None:
    siblings = Siblings([Kinship("A", ["B"], 1.0, 60_000, slowest_ms=60_000)])
    apart = False
    for now in range(0, 600_000, 60_000):
        siblings.take(now, "A", 10.0)
        siblings.take(now + 30_000, "B", 20.0)
        apart = siblings.take(now + 30_001, "A", None)
    assert apart


def test_only_members_are_wanted() -> None:
    assert pair().members(["X", "B", "A"]) == [(1, "B"), (2, "A")]
    assert Siblings([]).members(["X"]) == []


@pytest.mark.parametrize(
    "numbers", [("A", [], 1.0, 1), ("A", ["A"], 1.0, 1), ("A", ["B"], 0.0, 1), ("A", ["B"], 1.0, -1)]
)
def test_a_kinship_that_cannot_be_meant_is_refused(numbers: tuple[str, list[str], float, int]) -> None:
    with pytest.raises(ValueError, match="siblings"):
        Kinship(*numbers)


def test_a_point_is_held_against_siblings_once() -> None:
    with pytest.raises(ValueError, match="twice"):
        Siblings([Kinship("A", ["B"], 1.0, 1), Kinship("A", ["C"], 1.0, 1)])
