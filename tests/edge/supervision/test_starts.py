"""Why a gateway begins again, and when it is better to run only what protects people."""

from pathlib import Path

from edge.supervision.starts import (
    ALARMS_ONLY,
    FIRST,
    FULL,
    HORN_ONLY,
    KILLED,
    LOOP_WINDOW_MS,
    ORDERED,
    REBOOTED,
    RESET,
    Start,
    Starts,
    judge,
)

BOOT, OTHER = "boot-a", "boot-b"


def test_each_way_to_end_has_its_cause() -> None:
    assert judge([], BOOT, 0, by_watchdog=False, crash_loop=4).cause == FIRST
    assert (
        judge([Start(BOOT, 0, 0, ended=ORDERED)], BOOT, 9, by_watchdog=False, crash_loop=4).cause == ORDERED
    )
    assert judge([Start(BOOT, 0, 0)], BOOT, 9, by_watchdog=False, crash_loop=4).cause == KILLED
    assert judge([Start(OTHER, 0, 0)], BOOT, 9, by_watchdog=False, crash_loop=4).cause == REBOOTED
    assert judge([Start(OTHER, 0, 0)], BOOT, 9, by_watchdog=True, crash_loop=4).cause == RESET


def test_four_ends_without_order_within_ten_minutes_leave_only_the_alarms() -> None:
    history = [Start(BOOT, at, at) for at in (0, 60_000, 120_000)]
    assert judge(history, BOOT, 150_000, by_watchdog=False, crash_loop=4).profile == FULL
    history.append(Start(BOOT, 180_000, 180_000))
    assert judge(history, BOOT, 200_000, by_watchdog=False, crash_loop=4).profile == ALARMS_ONLY
    # The first of them lies outside the window again: the next start is a full one.
    assert judge(history, BOOT, LOOP_WINDOW_MS + 1, by_watchdog=False, crash_loop=4).profile == FULL


def test_who_goes_on_failing_with_less_around_it_runs_with_still_less() -> None:
    history = [Start(BOOT, at, at) for at in range(0, 40_000, 10_000)]
    history += [Start(BOOT, at, at, ALARMS_ONLY) for at in range(40_000, 70_000, 10_000)]
    assert judge(history, BOOT, 80_000, by_watchdog=False, crash_loop=4).profile == ALARMS_ONLY
    history.append(Start(BOOT, 80_000, 80_000, ALARMS_ONLY))
    assert judge(history, BOOT, 90_000, by_watchdog=False, crash_loop=4).profile == HORN_ONLY
    assert judge(history, BOOT, 90_000, by_watchdog=False, crash_loop=0).profile == FULL


def test_power_cuts_are_no_crash_loop() -> None:
    history = [Start(f"boot-{i}", 1000, i) for i in range(10)]
    assert judge(history, BOOT, 2000, by_watchdog=False, crash_loop=4).profile == FULL


def test_the_history_outlives_the_process_and_stays_short(tmp_path: Path) -> None:
    for i in range(30):
        starts = Starts(tmp_path)
        starts.begin(Start(BOOT, i, i))
    Starts(tmp_path).end(ORDERED)
    kept = Starts(tmp_path).history
    assert [start.uptime_ms for start in kept] == list(range(10, 30))
    assert kept[-1].ended == ORDERED
    assert kept[0].ended == ""


def test_a_damaged_history_never_keeps_the_gateway_from_starting(tmp_path: Path) -> None:
    (tmp_path / "starts.json").write_bytes(b"\0\1 not json")
    starts = Starts(tmp_path)
    assert starts.history == []
    starts.begin(Start(BOOT, 1, 1))
    assert len(Starts(tmp_path).history) == 1


def test_a_folder_that_takes_no_file_costs_only_the_history(tmp_path: Path) -> None:
    starts = Starts(tmp_path / "nowhere")
    starts.begin(Start(BOOT, 1, 1))
    assert len(starts.history) == 1
