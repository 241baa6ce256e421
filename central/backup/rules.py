"""Names, ages and sizes of backups: which are kept, when the next is due, how much room one needs. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from central.db.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from central.backup.models import BackupRow

_NAME: Final = re.compile(r"^fengsui-([0-9a-f]{8})-(\d{8}T\d{6}Z)-([0-9a-f]{4})$")
_KEEP: Final = re.compile(r"^(\d{1,4})/(\d{1,4})/(\d{1,4})$")
_STAMP: Final = "%Y%m%dT%H%M%SZ"
HALF_MADE: Final = ".part"

FIRST_AFTER: Final = timedelta(hours=1)
"""A new centre has keys worth keeping from its first hour; our proposal."""
AGAIN_AFTER: Final = timedelta(minutes=30)
"""After a failure it is tried again so much later; our proposal."""
_LATE: Final = timedelta(hours=2)
_MARGIN: Final = 64 << 20
_RESERVE_MOST: Final = 1 << 30


class Keep(msgspec.Struct, frozen=True):
    """How many backups stay: the newest of so many days, of so many weeks, of so many months (UTC)."""

    daily: int
    weekly: int
    monthly: int

    @staticmethod
    def read(text: str) -> Keep:
        """Read "7/4/6": days, weeks, months.

        Raises:
            ConfigurationError: it is not so.
        """
        match = _KEEP.match(text.strip())
        if match is None or not any(int(number) for number in match.groups()):
            raise ConfigurationError(
                f"backups to keep {text!r}: must be days/weeks/months with one above 0, for example 7/4/6 "
                "(FENGSUI_BACKUP_KEEP or --keep)"
            )
        return Keep(*(int(number) for number in match.groups()))


def name_of(centre: str, made_at: datetime, salt: str) -> str:
    """Name a backup.

    Args:
        centre: first eight hexadecimal digits of the centre's public key: several centres share a folder.
        made_at: when, UTC.
        salt: four hexadecimal digits, so that two in one second are two.
    """
    return f"fengsui-{centre}-{made_at.astimezone(UTC).strftime(_STAMP)}-{salt}"


def made_at(name: str) -> datetime | None:
    """When a backup of this name was begun; None for a name that is none of ours."""
    match = _NAME.match(name)
    if match is None:
        return None
    try:
        return datetime.strptime(match[2], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def is_of(name: str, centre: str) -> bool:
    """Whether a name is that of a backup of this centre."""
    match = _NAME.match(name)
    return match is not None and match[1] == centre


def kept(backups: Iterable[tuple[str, datetime]], keep: Keep, proved: Iterable[str] = ()) -> set[str]:
    """Which backups stay.

    The newest stays always, and of those that were restored on trial with success the newest too: a rule
    about dates must not leave only copies that nobody ever tried.

    Args:
        backups: names and times of the complete ones.
        keep: the rule.
        proved: names of those that were restored on trial with success.
    """
    ordered = sorted(backups, key=lambda each: each[1], reverse=True)
    stay = {ordered[0][0]} if ordered else set()
    stay |= {name for name, _ in [each for each in ordered if each[0] in set(proved)][:1]}
    spans: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (keep.daily, lambda at: at.date()),
        (keep.weekly, lambda at: at.isocalendar()[:2]),
        (keep.monthly, lambda at: (at.year, at.month)),
    )
    for most, span in spans:
        seen: dict[object, str] = {}
        for name, at in ordered:
            seen.setdefault(span(at.astimezone(UTC)), name)
        stay |= set(list(seen.values())[:most])
    return stay


def needed(raw_bytes: int, last: tuple[int, int] | None) -> int:
    """How much room a backup will take, on the safe side.

    Args:
        raw_bytes: size of the database and the state folder.
        last: (size on its disk, size unpacked) of the last one; None without any.
    """
    share = min(last[0] / last[1] * 1.5, 1.0) if last and last[1] else 0.6
    return int(raw_bytes * share) + _MARGIN


def reserve(total: int) -> int:
    """What stays free on a disk that the database shares: full, it would stop the centre."""
    return min(total // 20, _RESERVE_MOST)


def next_due(now: datetime, every: timedelta, *, failed: bool) -> datetime:
    """When the next one is due."""
    return now + (min(every, AGAIN_AFTER) if failed else every)


def attention(rows: Iterable[BackupRow], every: timedelta, since: datetime, now: datetime) -> str:
    """What a person should be told about the backups; "" when all is well.

    Args:
        rows: newest first.
        every: how often one is due; zero: never by itself.
        since: since when the schedule runs.
        now: the database's time.
    """
    known = list(rows)
    good = [row for row in known if row.state == "good" and row.gone_at is None]
    newest = max((row.began_at or row.asked_at for row in good), default=None)
    ended = [row for row in known if row.state in {"good", "failed"}]
    if ended and ended[0].state == "failed":
        return f"最近一次备份失败：{ended[0].error}"
    if every and now - (newest or since) > every + _LATE:
        hours = int((now - (newest or since)).total_seconds() // 3600)
        return f"已有 {hours} 小时没有完成备份" if newest else f"启用 {hours} 小时以来还没有完成过备份"
    if good and good[0].check_good is False:
        return f"最近一份备份未通过恢复验证：{good[0].check_words}"
    return ""
