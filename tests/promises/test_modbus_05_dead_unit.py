"""Dead units cost the others almost nothing: together at most a tenth of the line's time."""

from __future__ import annotations

from rig.faults import Faults, Instruments
from rig.scenario import line_config, poll_virtually


def kill_unit_1(line: Instruments) -> None:
    line.dead.add(1)


def kill_half(line: Instruments) -> None:
    line.dead |= set(range(1, 6))


def test_nine_of_ten_units_keep_their_rate_when_one_is_dead() -> None:
    config = line_config(units=10, blocks=1, period_ms=1000)
    outcome = poll_virtually(config, Faults(), 10**9, limit_s=600, prepare=kill_unit_1)
    assert outcome.good_of.get(1, 0) == 0
    assert all(outcome.good_of[unit] >= 590 for unit in range(2, 11))


def test_dead_units_together_take_at_most_a_tenth_of_the_line() -> None:
    config = line_config(units=10, blocks=1, period_ms=1000)
    outcome = poll_virtually(config, Faults(), 10**9, limit_s=3600, prepare=kill_half)
    stats = outcome.stats
    assert stats is not None
    answered_s = sum(unit.good for unit in stats.units) * 0.0059
    dead_share = stats.utilisation - answered_s / outcome.elapsed_s
    assert dead_share <= 0.1
    assert all(outcome.good_of[unit] >= 0.99 * 3590 for unit in range(6, 11))


def test_a_cable_cut_before_twenty_units_leaves_the_other_ten_nine_tenths_of_the_line() -> None:
    def cut(line: Instruments) -> None:
        line.dead |= set(range(11, 31))

    config = line_config(units=30, blocks=1, period_ms=2000)
    outcome = poll_virtually(config, Faults(), 10**9, limit_s=60, prepare=cut)
    stats = outcome.stats
    assert stats is not None
    answered_s = sum(unit.good for unit in stats.units) * 0.0059
    first_polls_s = 20 * 0.3
    assert stats.utilisation * outcome.elapsed_s - answered_s - first_polls_s <= 0.1 * outcome.elapsed_s
    assert all(outcome.good_of[unit] >= 24 for unit in range(1, 11))


def test_each_missed_poll_of_a_dead_unit_is_told_once() -> None:
    config = line_config(units=2, blocks=1, period_ms=1000)
    outcome = poll_virtually(config, Faults(), 10**9, limit_s=600, prepare=kill_unit_1)
    assert 590 <= outcome.bad <= 600


def test_a_unit_that_comes_back_is_read_again_within_the_longest_probe_pause() -> None:
    lines: list[Instruments] = []
    config = line_config(units=2, blocks=1, period_ms=1000)

    def kill(line: Instruments) -> None:
        line.dead.add(1)
        lines.append(line)

    def revive(_: object, loop: object) -> None:
        loop.call_later(600, lines[0].dead.clear)  # type: ignore[attr-defined]

    outcome = poll_virtually(config, Faults(), 10**9, limit_s=700, prepare=kill, meddle=revive)
    assert outcome.good_of[1] >= 20  # 100 s less a pause of 60 s and its spread
