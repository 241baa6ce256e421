"""What a loudspeaker says and a screen shows of an alarm, in the plant's language: pure.

A sentence is built of what people need while they run: where, what, how much. Numbers are spoken with the
point's own unit; a value that is not to be believed is not spoken.
"""

from typing import Final

LIMITS: Final = {
    "LL": "低低限报警",
    "L": "低限报警",
    "H": "高限报警",
    "HH": "高高限报警",
    "Q": "信号故障",
    "STALE": "数据中断",
    "STUCK": "数值停滞",
    "RANGE": "超出量程",
    "RATE": "变化过快",
    "BLANK": "数据空白",
    "SIBLINGS": "与相邻测点不符",
}
ATTENTION: Final = {3: "紧急报警", 2: "报警", 1: "注意", 0: "提示"}
RETURNED: Final = "已恢复，待确认"
MANY: Final = "等{count}项报警"
NORMAL: Final = "运行正常"
TEST: Final = "试验，试验：报警器测试，不是报警"
SPOKEN_AT_ONCE: Final = 3


def of_alarm(name: str, limit: str, priority: int, value: str, unit: str, state: str) -> str:
    """Say one alarm.

    Args:
        name: of the point, as people call it.
        limit: "LL" … "SIBLINGS", the end of the alarm's id.
        priority: 0 to 3.
        value: as text, "" where there is none to believe.
        unit: of the value.
        state: letter of ISA-18.2; D and E are back to normal but unheard.
    """
    what = LIMITS.get(limit, limit)
    if state in {"D", "E"}:
        return f"{name}{what}{RETURNED}"
    shown = f"，当前{value}{unit}" if value else ""
    return f"{ATTENTION[min(max(priority, 0), 3)]}，{name}{what}{shown}"


def together(texts: list[str]) -> str:
    """Say several at once: the first ones whole, the rest as a number; nobody listens to a list of thirty."""
    said = "。".join(texts[:SPOKEN_AT_ONCE])
    return said + "，" + MANY.format(count=len(texts)) if len(texts) > SPOKEN_AT_ONCE else said


def shown(value: float | None) -> str:
    """Write a value as a person says it: at most three decimals, none that mean nothing."""
    if value is None or value != value:  # noqa: PLR0124  # NaN is the only number that differs from itself
        return ""
    text = f"{value:.3f}".rstrip("0").rstrip(".") if abs(value) < 1000 else f"{value:.0f}"
    return "0" if text == "-0" else text
