"""A reading that would set an alarm moving waits for a second one, and what that says decides."""

import itertools

from edge.core.alarm import Limit
from edge.core.point import HIGH_FIRST, UINT16, Block, Point
from edge.core.second import DOUBT, DROP, INSISTS, INSISTS_MS, PATIENCE, TAKE, Reading, SecondSpan
from edge.core.watch import Watch
from protocol.quality import COMM_FAILURE, DEVICE_FAILURE, GOOD, UNCERTAIN

BLOCK = Block([Point(key, UINT16, HIGH_FIRST, i, 0.1, 0.0, 0.0, 100.0) for i, key in enumerate("AB")], 2)


class Bench:
    """Two detectors with H at 50 and 1 of dead-band, second reads at hand."""

    def __init__(self, on_delay_ms: int = 0, higher: float | None = None, stale_ms: int = 0) -> None:
        numbers = itertools.count(1)
        limits = [Limit(f"{key}/H", i, "H", 50.0, 1.0, on_delay_ms) for i, key in enumerate("AB")]
        limits += [Limit("A/HH", 0, "HH", higher, 1.0)] if higher is not None else []
        limits += [Limit("A/STALE", 0, "STALE", None, 0.0, stale_ms)] if stale_ms else []
        self.watch = Watch(BLOCK, limits, lambda: f"1-{next(numbers)}", quality_delay_ms=5_000)
        self.second = SecondSpan(BLOCK, self.watch, 500)

    def held(self, now: int, *raws: int, quality: int = GOOD) -> bool:
        """Give a reading; taken at once if nothing moves."""
        reading = Reading(raws, quality, BLOCK.exceptions(raws), ())
        if self.second.wants(now, reading):
            return True
        self.take(now, reading)
        return False

    def take(self, now: int, reading: Reading) -> None:
        self.watch.take(now, reading.raws, reading.quality, reading.exceptions, reading.faults)

    def answer(self, now: int, *raws: int, quality: int = GOOD) -> int:
        """Give the second read; what became of the held reading."""
        settled = self.second.answered(raws or None, quality)
        assert settled is not None
        self.take(now, settled[0])
        return settled[1]

    def silence(self, now: int) -> int:
        settled = self.second.unanswered()
        assert settled is not None
        self.take(now, settled[0])
        return settled[1]

    @property
    def standing(self) -> list[tuple[str, str]]:
        return [(s.alarm, s.state) for s in self.watch.active() if s.side in ("H", "HH")]


def test_a_quiet_reading_waits_for_nothing() -> None:
    assert not Bench().held(0, 100, 100)


def test_a_raise_that_a_second_read_confirms_is_taken() -> None:
    bench = Bench()
    assert bench.held(0, 600, 100)
    assert bench.standing == []
    assert bench.second.next_due() == 500
    assert bench.answer(40, 640, 100) == TAKE
    assert bench.standing == [("A/H", "B")]
    assert bench.second.next_due() is None


def test_a_raise_that_a_second_read_contradicts_is_dropped_and_counted() -> None:
    bench = Bench()
    assert bench.held(0, 600, 100)
    assert bench.answer(40, 100, 100) == DROP
    assert bench.standing == []
    assert bench.second.contradicted == 1


def test_a_dropped_reading_counts_as_bad_and_its_numbers_are_nobodys() -> None:
    bench = Bench()
    reading = Reading((600, 100), GOOD, [], [])
    assert bench.second.wants(0, reading)
    bench.answer(40, 100, 100)
    assert (reading.raws, reading.quality) == (None, DEVICE_FAILURE)


def test_contradicted_readings_are_no_silence_and_ring_after_the_delay_of_bad_values() -> None:
    bench = Bench(stale_ms=600_000)
    for at in range(0, 7000, 1800):  # fewer than make it believed
        assert bench.held(at, 600, 100)
        assert bench.answer(at + 40, 100, 100) == DROP
    assert "A/Q" in [s.alarm for s in bench.watch.active()]


def test_a_raise_is_taken_all_the_same_when_nobody_answers() -> None:
    bench = Bench()
    bench.held(0, 600, 100)
    assert bench.silence(500) == DOUBT
    assert bench.standing == [("A/H", "B")]


def test_a_second_read_that_failed_is_no_answer() -> None:
    bench = Bench()
    bench.held(0, 600, 100)
    assert bench.answer(40, quality=COMM_FAILURE) == DOUBT
    assert bench.standing == [("A/H", "B")]


def test_a_clear_is_not_taken_when_nobody_answers() -> None:
    bench = Bench()
    bench.held(0, 600, 100)
    bench.answer(40, 600, 100)
    assert bench.held(1000, 100, 100)
    assert bench.silence(1500) == DOUBT
    assert bench.standing == [("A/H", "B")]
    assert bench.held(2000, 100, 100)
    assert bench.answer(2040, 100, 100) == TAKE
    assert bench.standing == [("A/H", "D")]


def test_a_contradicted_clear_leaves_the_alarm() -> None:
    bench = Bench()
    bench.held(0, 600, 100)
    bench.answer(40, 600, 100)
    assert bench.held(1000, 100, 100)
    assert bench.answer(1040, 600, 100) == DROP
    assert bench.standing == [("A/H", "B")]


def test_a_span_that_never_answers_cannot_hold_an_alarm_for_ever() -> None:
    bench = Bench()
    bench.held(0, 600, 100)
    bench.answer(40, 600, 100)
    became = []
    for second in range(1, PATIENCE + 1):
        assert bench.held(second * 1000, 100, 100)
        became.append(bench.silence(second * 1000 + 500))
    assert became == [DOUBT] * (PATIENCE - 1) + [TAKE]
    assert bench.standing == [("A/H", "D")]


def test_noise_around_a_limit_contradicts_nothing() -> None:
    bench = Bench()
    assert bench.held(0, 500, 100)
    assert bench.answer(40, 498, 100) == TAKE
    assert bench.standing == [("A/H", "B")]


def test_one_point_that_is_contradicted_does_not_hold_off_the_alarm_of_another() -> None:
    bench = Bench()
    assert bench.held(0, 600, 700)
    assert bench.answer(40, 600, 100) == TAKE
    assert bench.standing == [("A/H", "B")]


def test_what_both_reads_are_beyond_is_raised_though_they_differ_on_the_higher_limit() -> None:
    bench = Bench(higher=90.0)
    assert bench.held(0, 950, 100)
    assert bench.answer(40, 850, 100) == TAKE
    assert bench.standing == [("A/H", "B")]
    assert bench.second.contradicted == 1


def test_a_value_that_two_reads_disagree_on_clears_nothing() -> None:
    bench = Bench(higher=90.0)
    bench.held(0, 950, 100)
    bench.answer(40, 950, 100)
    assert bench.standing == [("A/H", "B"), ("A/HH", "B")]
    assert bench.held(1000, 100, 100)
    assert bench.answer(1040, 700, 100) == TAKE
    assert bench.standing == [("A/H", "B"), ("A/HH", "B")]


def test_a_running_delay_is_not_confirmed_at_every_reading() -> None:
    bench = Bench(on_delay_ms=3000)
    assert bench.held(0, 600, 100)
    bench.answer(40, 600, 100)
    assert not bench.held(1000, 600, 100)
    assert not bench.held(2000, 600, 100)
    bench.watch.tick(3040)
    assert bench.standing == [("A/H", "B")]
    assert not bench.held(4000, 600, 100)


def test_a_reading_without_a_value_waits_for_nothing() -> None:
    bench = Bench()
    assert not bench.held(0, 600, 100, quality=COMM_FAILURE)
    assert not bench.second.wants(0, Reading(None, COMM_FAILURE, [], []))


def test_an_uncertain_value_that_would_raise_is_confirmed_too() -> None:
    bench = Bench()
    assert bench.held(0, 600, 100, quality=UNCERTAIN)
    assert not bench.held(1000, 100, 100, quality=UNCERTAIN)


def test_an_answer_that_comes_too_late_changes_nothing() -> None:
    bench = Bench()
    bench.held(0, 600, 100)
    bench.silence(500)
    assert bench.second.answered((100, 100), GOOD) is None


def test_a_raise_that_is_contradicted_again_and_again_is_believed_as_doubtful() -> None:
    bench = Bench()
    for poll in range(INSISTS - 1):
        assert bench.held(1000 * poll, 600, 100)
        assert bench.answer(1000 * poll + 50, 100, 100) == DROP
        assert bench.standing == []
    assert bench.held(1000 * INSISTS, 600, 100)
    assert bench.answer(1000 * INSISTS + 50, 100, 100) == DOUBT
    assert bench.standing == [("A/H", "B")]


def test_rare_contradictions_never_add_up_to_an_alarm() -> None:
    bench = Bench()
    for poll in range(3 * INSISTS):
        now = poll * (INSISTS_MS + 1000)
        assert bench.held(now, 600, 100)
        assert bench.answer(now + 50, 100, 100) == DROP
    assert bench.standing == []


def test_one_confirmed_raise_begins_the_count_anew() -> None:
    bench = Bench()
    for poll in range(INSISTS - 1):
        bench.held(1000 * poll, 600, 100)
        bench.answer(1000 * poll + 50, 100, 100)
    bench.held(60_000, 100, 600)
    assert bench.answer(60_050, 100, 600) == TAKE
    bench.held(61_000, 600, 600)
    assert bench.answer(61_050, 100, 600) == DROP
