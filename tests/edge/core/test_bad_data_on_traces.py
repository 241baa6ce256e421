"""Seven clean days give no false alarm; of faults put into clean hours 95 of 100 and more ring by name."""

import os
import random

import pytest

from tests.edge.core.traces import BLOCK, DAY_MS, KEYS, SIDES, Plant, Weather, raws, registers

SOAK = os.environ.get("FENGSUI_SOAK") == "1"
STEP_MS = 1000 if SOAK else 15_000
TRIALS = 200 if SOAK else 12
FAULTS = ("stuck", "spike", "step", "range", "blank", "silence", "drift", "none")
RINGS = {
    "stuck": "STUCK",
    "spike": "RATE",
    "step": "RATE",
    "range": "RANGE",
    "blank": "BLANK",
    "silence": "STALE",
    "drift": "SIBLINGS",
    "none": "Q",
}
ABLE = {
    "stuck": [i for i, sides in SIDES.items() if "STUCK" in sides],
    "drift": [i for i, sides in SIDES.items() if "SIBLINGS" in sides],
    "none": [3],  # a register that holds NaN
}
STEPS = {0: 300.0, 1: 300.0, 2: 300.0, 3: 0.7, 4: 700.0}  # raw; far more than can be true in one poll


def test_seven_clean_days_give_no_false_alarm() -> None:
    plant = Plant()
    weather = Weather(20261122)
    for now in range(0, 7 * DAY_MS, STEP_MS):
        plant.take(now, registers(raws(weather.values(now))))
    assert [alarm for alarm in plant.raised if alarm != "GT-105/H"] == []
    assert plant.raised.count("GT-105/H") == 7


def spoilt(kind: str, i: int, numbers: list[float], frozen: list[float], passed: int) -> bytes | None:
    """What comes over the line `passed` milliseconds after the fault began."""
    wrong = list(numbers)
    wrong[i] = {
        "stuck": frozen[i],
        "spike": numbers[i] + (STEPS[i] if passed < 1000 else 0.0),
        "step": numbers[i] + STEPS[i],
        "range": numbers[i] if i == 3 else 32_000,
        "drift": numbers[i] + passed / 1000 * 0.05,  # a third of a degree a minute
        "none": float("nan"),
    }.get(kind, numbers[i])
    if kind == "range" and i == 3:
        wrong[3] = 9.9
    return {"blank": b"\xff" * 2 * BLOCK.count, "silence": None}.get(kind, registers(wrong))


def trial(kind: str, number: int) -> list[str]:
    """Half a clean hour, then the fault for 40 minutes: what rang since it began."""
    dice = random.Random(f"{kind}-{number}")
    weather = Weather(number, gas_every_ms=10**15)
    begin = dice.randrange(DAY_MS, 6 * DAY_MS, 1000)
    i = dice.choice(ABLE.get(kind, list(SIDES)))
    plant = Plant()
    for now in range(begin, begin + 600_000, 1000):
        plant.take(now, registers(raws(weather.values(now))))
    assert plant.raised == []
    since = begin + 600_000
    frozen = raws(weather.values(since))
    for now in range(since, since + 2_400_000, 1000):
        plant.take(now, spoilt(kind, i, raws(weather.values(now)), frozen, now - since))
    rung = f"{KEYS[i]}/{RINGS[kind]}"
    return [alarm for alarm in plant.raised if alarm == rung]


@pytest.mark.parametrize("kind", FAULTS)
def test_injected_faults_ring_by_their_name(kind: str) -> None:
    caught = [bool(trial(kind, number)) for number in range(TRIALS)]
    assert sum(caught) >= 0.95 * len(caught)
