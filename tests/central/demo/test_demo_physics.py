"""The demo plants behave like plants: calm for long, alarming within seconds of a leak, calm again later."""

from __future__ import annotations

import pytest

from central.demo.physics import Plant, Room
from central.demo.plants import SITES, Site

LEAK_SHOWS_AT = {"chlorine": "GT-101", "ammonia": "GT-201", "lpg": "GT-302"}


def _run(model: Plant, seconds: float) -> None:
    for _ in range(int(seconds / 0.2)):
        model.step(0.2)


def _beyond_limits(site: Site, readings: dict[str, float]) -> set[str]:
    beyond = set()
    for channel in site.channels:
        value, limits = readings[channel.key], channel.limits
        if value > limits.get("H", 1e9) or value < limits.get("L", -1e9):
            beyond.add(channel.key)
    return beyond


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.key)
def test_an_untouched_plant_keeps_its_limits_for_an_hour(site: Site) -> None:
    model = site.model()
    for _ in range(3600):
        model.step(1.0)
        assert _beyond_limits(site, model.readings) == set()


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.key)
def test_a_leak_passes_the_first_limit_within_a_minute_and_ends_after_it_is_stopped(site: Site) -> None:
    model = site.model()
    model.step(1.0)
    model.leak()
    _run(model, 60)
    assert LEAK_SHOWS_AT[site.key] in _beyond_limits(site, model.readings)
    model.calm()
    _run(model, 600)
    assert _beyond_limits(site, model.readings) == set()


def test_a_room_settles_where_source_and_ventilation_balance() -> None:
    room = Room(100.0, 36.0)
    for _ in range(1000):
        room.step(1.0, 50.0)
    assert room.concentration == pytest.approx(50.0 / (100.0 * 36.0 / 3600.0), rel=1e-3)


def test_a_step_of_a_minute_ends_where_sixty_of_a_second_do() -> None:
    coarse, fine = Room(220.0, 8.0), Room(220.0, 8.0)
    coarse.step(60.0, 60.0)
    for _ in range(60):
        fine.step(1.0, 60.0)
    assert coarse.concentration == pytest.approx(fine.concentration)
