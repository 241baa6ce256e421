"""Suggestions for quieter settings come from the same replay, and say what they would have cost."""

from __future__ import annotations

import numpy as np

from central.telemetry.backtest import Replay, Setting
from central.telemetry.backtest_models import Suggestion
from central.telemetry.tuning import IN_FORCE, Start, candidates, suggestions

LEVEL = Setting("", "H", 80.0, 0.1, 0, 0)
START = Start(0.05, 60_000, 60_000)


def tried(values: list[float], start: Start = START, current: Setting = LEVEL) -> list[Suggestion]:
    """A value a second."""
    chosen = candidates(current, start, 0.0, 100.0)
    replay = Replay(chosen, 5_000)
    at = np.arange(len(values), dtype=np.int64) * 1_000
    replay.take(at, np.array(values), np.full(len(values), 192, np.int16))
    replay.finish(int(at[-1]))
    return suggestions(chosen, replay.raised, int(at[-1]))


def test_the_search_begins_at_the_recommended_share_of_the_range() -> None:
    chosen = candidates(LEVEL, START, 0.0, 100.0)
    assert (chosen[0].name, chosen[0].deadband) == (IN_FORCE, 0.1)
    assert {one.deadband for one in chosen} == {0.1, 2.5, 5.0, 10.0}
    assert {one.off_delay_ms for one in chosen} == {0, 30_000, 60_000, 120_000}
    assert len({(c.deadband, c.on_delay_ms, c.off_delay_ms) for c in chosen}) == len(chosen)


def test_what_a_gateway_would_refuse_is_not_suggested() -> None:
    near_the_end = Setting("", "H", 6.0, 0.1)
    assert {one.deadband for one in candidates(near_the_end, START, 0.0, 100.0)} == {0.1, 2.5, 5.0}


def test_a_value_that_trembles_at_its_limit_wants_the_smallest_dead_band_that_calms_it() -> None:
    found = tried([79.5, 80.5] * 300)
    best = [one for one in found if one.best]
    assert [(one.deadband, one.off_delay_s, one.on_delay_s, one.raises) for one in best] == [
        (2.5, 0.0, 0.0, 1)
    ]
    assert best[0].missed == 0
    assert best[0].reduction > 99


def test_an_on_delay_is_never_preferred_to_what_misses_nothing() -> None:
    spikes = ([70.0] * 59 + [81.0]) * 20
    found = tried(spikes)
    assert any(one.on_delay_s and one.missed for one in found)
    assert all(not one.on_delay_s and not one.missed for one in found if one.best)


def test_where_alarms_must_not_wait_no_on_delay_is_tried() -> None:
    found = tried([79.5, 80.5] * 300, Start(0.02, 0, 60_000))
    assert found
    assert not any(one.on_delay_s for one in found)


def test_a_quiet_alarm_gets_no_suggestion() -> None:
    assert tried([50.0] * 100 + [81.0] * 100 + [50.0] * 100) == []
