"""What a digest says: how many cases of which level, at which enterprises, and which came first."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from central.warning.models import BLUE, LEVELS, RED
from central.warning.notify.models import DELIVERED, IN_APP, READ, SENT, Delivery
from central.warning.notify.store import Row
from central.warning.wording import CHINA, LEVEL_WORDS

_OWNERS: Final = 4  # so many enterprises are named: a message is one screen of a telephone
_TITLE: Final = 30
_WAYS: Final = {IN_APP: "站内", "sms": "短信"}
_ENDS: Final = {SENT: "平台已受理", DELIVERED: "已送达", READ: "已读"}


def name(number: int) -> str:
    """Give the name of a digest that people say on the telephone."""
    return f"HZ{number:08d}"


def count(number: int, cases: int) -> str:
    """Name a digest and say how much it holds."""
    return f"汇总 {name(number)}，共 {cases} 条预警"


def by_level(levels: Mapping[str, int]) -> str:
    """Say how many cases of which level, from what `levels_of` counted."""
    found = {int(level): cases for level, cases in levels.items()}
    return "、".join(f"{LEVEL_WORDS[level]} {found[level]}" for level in sorted(found, reverse=True))


def way(channel: str) -> str:
    """Name a way to call people."""
    return _WAYS.get(channel, channel)


def carried(digest: Row, call: Delivery) -> tuple[str, str]:
    """Give the line of each case for what became of its digest: title, before the name, and detail."""
    twice = "；可能重复送达" if call.possibly_twice else ""
    return f"{way(call.channel)}{_ENDS[call.state]}（汇总）：", f"汇总 {name(digest['number'])}{twice}"


def levels_of(rows: Iterable[Any]) -> dict[str, int]:
    """Count cases by the number of their level, the worst first."""
    cases = {row["warning_id"]: row["level"] for row in rows}
    return {str(level): found for level in reversed(LEVELS) if (found := _count(cases.values(), level))}


def text(number: int, rows: Sequence[Any], *, is_test: bool, site: str) -> str:
    """Give the text of a digest.

    Args:
        number: of the digest.
        rows: its calls with level, owner, title, raised_at, first_up and warning_id.
        is_test: of TEST cases.
        site: where people reach the console; empty: no link.
    """
    cases = {row["warning_id"]: row for row in rows}
    owners: dict[str, list[Any]] = {}
    for row in sorted(cases.values(), key=lambda row: (-row["level"], row["raised_at"])):
        owners.setdefault(row["owner"] or "", []).append(row)
    worst = sorted(owners.items(), key=lambda each: _order([row["level"] for row in each[1]]), reverse=True)
    told = "；".join(_of_owner(owner, held) for owner, held in worst[:_OWNERS])
    more = f"；等共 {len(worst)} 家" if len(worst) > _OWNERS else ""
    head = "【烽燧】" + ("［测试］" if is_test else "")
    total = _levels([row["level"] for row in cases.values()])
    link = f"{site.rstrip('/')}/warnings?digest={number}" if site else ""
    return (
        f"{head}预警集中发生，{len(cases)} 条合并告知：{total}。{told}{more}。"
        f"汇总{name(number)}，请立即登录确认接警并处置{'：' + link if link else '。'}"
    )


def _of_owner(owner: str, held: Sequence[Any]) -> str:
    words = f"{owner} {_levels([row['level'] for row in held])}"
    first = next((row for row in held if row["first_up"]), None)
    if first is None:
        return words
    title = first["title"] if len(first["title"]) <= _TITLE else first["title"][: _TITLE - 1] + "…"
    return f"{words}（首发 {title} {_time(first['raised_at'])}）"


def _levels(levels: Sequence[int]) -> str:
    return "、".join(
        f"{LEVEL_WORDS[level]} {found}"
        for level in range(RED, BLUE - 1, -1)
        if (found := _count(levels, level))
    )


def _order(levels: Sequence[int]) -> tuple[int, ...]:
    return tuple(_count(levels, level) for level in range(RED, BLUE - 1, -1))


def _count(levels: Iterable[int], level: int) -> int:
    return sum(each == level for each in levels)


def _time(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%H:%M:%S")
