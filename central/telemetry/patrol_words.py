"""What the patrol says to people, in Chinese: names of checks, what was found, why it is over."""

from __future__ import annotations

from typing import Final

from central.telemetry.patrol_rules import CONNECTION, RANGE, RARE, STALE, STUCK, SWING, Verdict

CHECK_WORDS: Final = {
    CONNECTION: "网关离线",
    STALE: "数据中断",
    STUCK: "数值长时间不变",
    RANGE: "超出合理范围",
    SWING: "波动过大",
    RARE: "上报频度不足",
}
_ENDED: Final = {
    STALE: "数据恢复上报",
    STUCK: "数值恢复变化，或处于正常的静止状态",
    RANGE: "数值回到合理范围",
    SWING: "波动恢复正常",
    RARE: "上报频度恢复正常",
}
RETIRED: Final = "测点已不在网关配置中"
UNASKED: Final = "本测点已没有生效的巡检规则"


def found(code: str, verdict: Verdict, unit: str) -> str:
    """Say what a check found; empty where it found nothing."""
    value, limit = verdict.value, verdict.limit
    if value is None or limit is None:
        return ""
    if code == STALE:
        return f"已 {_lasted(value)}没有数据，超过 {_lasted(limit)}即为中断"
    if code == STUCK:
        return f"{limit:.0f} 小时以来始终为 {_number(value, unit)}"
    if code == RANGE:
        return f"出现 {_number(value, unit)}，合理范围的界限为 {_number(limit, unit)}"
    if code == SWING:
        return f"一小时内波动达 {_number(value, unit)}，合理值不超过 {_number(limit, unit)}"
    return f"近几小时只收到 {value:.0f} 个数据，应不少于 {limit:.0f} 个"


def ended(code: str) -> str:
    """Say why a finding is over."""
    return _ENDED.get(code, "恢复正常")


def _number(value: float, unit: str) -> str:
    return f"{value:.6g} {unit}".rstrip()


def _lasted(seconds: float) -> str:
    if seconds < 5400:
        return f"{seconds / 60:.0f} 分钟"
    if seconds < 172_800:
        return f"{seconds / 3600:.1f} 小时"
    return f"{seconds / 86_400:.1f} 天"
