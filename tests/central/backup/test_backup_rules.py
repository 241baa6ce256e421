"""Which backups stay, how their names read, when one is late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from central.backup import rules
from central.backup.models import BackupRow
from central.backup.rules import Keep
from central.db.errors import ConfigurationError

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def daily(count: int) -> list[tuple[str, datetime]]:
    return [(f"b{age}", NOW - age * DAY) for age in range(count)]


def row(state: str, hours_ago: float, error: str = "", good: bool | None = None) -> BackupRow:
    at = NOW - timedelta(hours=hours_ago)
    return BackupRow(
        1, "n", "/t", state, "physical", "x", at, at, at, 1, 1, 22, False, error, None, good, "坏了", None
    )


def test_the_newest_of_each_day_week_and_month_stay_as_many_as_the_rule_says() -> None:
    stay = rules.kept(daily(400), Keep(7, 4, 6))
    ages = sorted(int(name[1:]) for name in stay)
    assert ages[:7] == [0, 1, 2, 3, 4, 5, 6]
    # A Sunday: the weeks end a week apart; the months end on their last days.
    assert {7, 14, 21} <= set(ages)
    assert {22, 53, 83, 114, 145} <= set(ages)
    assert len(ages) == 15


def test_several_of_one_day_count_as_one_and_a_gap_of_a_month_lets_nothing_go() -> None:
    hourly = [(f"h{hour}", NOW - timedelta(hours=hour)) for hour in range(12)]
    assert rules.kept(hourly, Keep(7, 0, 0)) == {"h0"}
    old = [("new", NOW), ("old", NOW - 40 * DAY), ("older", NOW - 41 * DAY)]
    assert rules.kept(old, Keep(3, 0, 0)) == {"new", "old", "older"}


def test_the_newest_that_was_restored_on_trial_stays_whatever_the_dates_say() -> None:
    assert rules.kept(daily(30), Keep(2, 0, 0), proved=["b20", "b25"]) == {"b0", "b1", "b20"}
    assert rules.kept([], Keep(2, 0, 0)) == set()


@pytest.mark.parametrize("text", ["", "7", "0/0/0", "7/4", "a/b/c", "-1/4/6"])
def test_a_rule_that_keeps_nothing_or_reads_as_none_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="7/4/6"):
        Keep.read(text)


def test_a_name_tells_its_centre_and_its_time_and_nothing_else_is_one() -> None:
    name = rules.name_of("0a1b2c3d", NOW, "00ff")
    assert name == "fengsui-0a1b2c3d-20261122T180000Z-00ff"
    assert rules.made_at(name) == NOW
    assert rules.is_of(name, "0a1b2c3d")
    assert not rules.is_of(name, "0a1b2c3e")
    for other in ("", "..", f".{name}.part", f"{name}/..", "fengsui-0a1b2c3d-20269922T180000Z-00ff"):
        assert rules.made_at(other) is None


def test_a_failed_or_late_or_unproved_backup_wants_attention() -> None:
    every = 24 * timedelta(hours=1)
    long_ago = NOW - 10 * DAY
    assert rules.attention([row("good", 3)], every, long_ago, NOW) == ""
    assert "磁盘满" in rules.attention([row("failed", 1, "磁盘满"), row("good", 3)], every, long_ago, NOW)
    assert "30 小时" in rules.attention([row("good", 30)], every, long_ago, NOW)
    assert rules.attention([row("good", 30)], timedelta(0), long_ago, NOW) == ""
    assert "坏了" in rules.attention([row("good", 3, good=False)], every, long_ago, NOW)
    assert rules.attention([row("wanted", 0), row("good", 3)], every, long_ago, NOW) == ""


def test_room_is_estimated_from_the_last_one_and_never_below_a_margin() -> None:
    assert rules.needed(1000 << 20, None) > 600 << 20
    assert 150 << 20 < rules.needed(1000 << 20, (100, 1000)) < 250 << 20
    assert rules.needed(0, (0, 0)) == 64 << 20
    assert rules.reserve(100 << 30) == 1 << 30
    assert rules.reserve(1 << 30) == (1 << 30) // 20
