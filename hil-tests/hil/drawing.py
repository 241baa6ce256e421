"""Pictures of the report, as SVG of our own: the timeline of a scenario and the distribution of its times."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from hil.models import Mark, Series
from hil.numbers import bins, percentile, round_up
from hil.story import LANES

WIDTH = 920
_LEFT, _RIGHT, _LANE, _TOP = 108, 14, 30, 8
_FONT = 'font-family="system-ui, Noto Sans CJK SC, sans-serif"'
_CHINESE = {
    "instrument": "仪表",
    "adapter": "转换器",
    "horn": "声光",
    "button": "按钮",
    "gateway": "网关",
    "disk": "存储",
    "clock": "时钟",
    "network": "网络",
    "centre": "中心",
    "receipt": "入库",
}
_COLOUR = {
    "instrument": "#1d4e89",
    "adapter": "#7a4b94",
    "horn": "#c8102e",
    "button": "#00703c",
    "gateway": "#333f48",
    "disk": "#8a5a00",
    "clock": "#7a4b94",
    "network": "#8a5a00",
    "centre": "#8a5a00",
    "receipt": "#1d4e89",
}
_LETTER = 5.6  # width of a small letter, roughly: labels must not lie over each other


def timeline(marks: Sequence[Mark]) -> str:
    """Draw what happened: one lane each for instrument, horn, button …, in seconds from left to right."""
    if not marks:
        return ""
    end = max(max(mark.at_s, mark.until_s or 0.0) for mark in marks)
    end = max(1.0, end * 1.01)
    lanes = [lane for lane in LANES if any(mark.lane == lane for mark in marks)]
    height = _TOP + _LANE * len(lanes) + 26
    scale = (WIDTH - _LEFT - _RIGHT) / end
    parts = [_svg(height)]
    for number, lane in enumerate(lanes):
        y = _TOP + number * _LANE
        parts.append(
            f'<rect x="{_LEFT}" y="{y}" width="{WIDTH - _LEFT - _RIGHT}" height="{_LANE - 4}" '
            f'fill="{"#f4f6f8" if number % 2 else "#eceff2"}"/>'
            f'<text x="4" y="{y + 17}" font-size="12" fill="#222">{lane}'
            f'<tspan fill="#777" font-size="10"> {_CHINESE[lane]}</tspan></text>'
        )
    parts += _seconds(end, scale, _TOP + _LANE * len(lanes))
    for number, lane in enumerate(lanes):
        parts += _lane([mark for mark in marks if mark.lane == lane], _TOP + number * _LANE, scale)
    return "".join([*parts, "</svg>"])


def _lane(marks: Sequence[Mark], y: int, scale: float) -> list[str]:
    parts: list[str] = []
    marks = sorted(marks, key=lambda one: one.at_s)
    places = [_LEFT + max(0.0, mark.at_s) * scale for mark in marks]
    free = 0.0
    for mark, x, following in zip(marks, places, [*places[1:], WIDTH - _RIGHT], strict=True):
        colour = _COLOUR[mark.lane]
        title = f"<title>{escape(mark.says)}, {mark.at_s:.2f} s</title>"
        width = len(mark.says) * _LETTER + 6
        if mark.until_s is None:
            parts.append(f'<path d="M{x:.1f} {y + 2}v22" stroke="{colour}" stroke-width="2">{title}</path>')
            inside, start = "#222", x + 4
        else:
            wide = max(2.0, (mark.until_s - mark.at_s) * scale)
            parts.append(
                f'<rect x="{x:.1f}" y="{y + 3}" width="{wide:.1f}" height="20" rx="2" fill="{colour}" '
                f'stroke="#fff">'
                f"{title}</rect>"
            )
            inside, start = ("#fff", x + 4) if width < wide else ("#222", x + wide + 3)
        # A label that would lie under the next mark is left to its tool tip.
        if start >= free and (inside == "#fff" or start + width <= following):
            parts.append(
                f'<text x="{start:.1f}" y="{y + 17}" font-size="10.5" fill="{inside}">'
                f"{escape(mark.says)}</text>"
            )
            free = start + width
    return parts


def _seconds(end: float, scale: float, y: int) -> list[str]:
    step = round_up(end / 12)
    parts = []
    for number in range(int(end / step) + 1):
        x = _LEFT + number * step * scale
        parts.append(
            f'<path d="M{x:.1f} {_TOP}V{y + 3}" stroke="#ccd2d8" stroke-width="0.7"/>'
            f'<text x="{x:.1f}" y="{y + 16}" font-size="10.5" fill="#555" text-anchor="middle">'
            f"{number * step:g} s</text>"
        )
    return parts


def distribution(series: Series) -> str:
    """Draw how often which time came (bars), and the share that was not slower (line), beside the limit."""
    values = series.values
    if not values:
        return ""
    height, floor, ceiling = 190, 158, 24
    end = round_up(max([*values, series.limit or 0.0]) * 1.05)
    count = 24
    found = bins(values, end, count)
    plot = WIDTH / 2 - 70
    bar = plot / count
    parts = [_svg(height, WIDTH // 2)]
    parts.append(f'<text x="40" y="14" font-size="12" fill="#222">{escape(series.name)}</text>')
    for number, times in enumerate(found):
        high = (floor - ceiling) * times / max(found)
        parts.append(
            f'<rect x="{40 + number * bar + 0.5:.1f}" y="{floor - high:.1f}" width="{bar - 1:.1f}" '
            f'height="{high:.1f}" fill="#8fb3d9"><title>{times}</title></rect>'
        )
    ordered = sorted(values)
    steps = "".join(
        f"H{40 + min(1.0, value / end) * plot:.1f}V{floor - (floor - ceiling) * (i + 1) / len(ordered):.1f}"
        for i, value in enumerate(ordered)
    )
    parts.append(
        f'<path d="M40 {floor}{steps}H{40 + plot:.1f}" fill="none" stroke="#1d4e89" stroke-width="1.6"/>'
    )
    parts.append(f'<path d="M40 {ceiling}V{floor}H{40 + plot:.1f}" fill="none" stroke="#555"/>')
    for share in range(5):
        x = 40 + plot * share / 4
        parts.append(
            f'<text x="{x:.1f}" y="{floor + 14}" font-size="10.5" fill="#555" text-anchor="middle">'
            f"{end * share / 4:g}</text>"
        )
    parts.append(
        f'<text x="{40 + plot:.1f}" y="{floor + 27}" font-size="10.5" fill="#555" text-anchor="end">'
        f"{series.unit}</text>"
        f'<text x="36" y="{ceiling + 4}" font-size="10.5" fill="#555" text-anchor="end">100 %</text>'
        f'<text x="36" y="{floor}" font-size="10.5" fill="#555" text-anchor="end">0</text>'
    )
    lines = [("p50", percentile(values, 0.5), "#1d4e89"), ("p99", percentile(values, 0.99), "#1d4e89")]
    if series.limit is not None:
        lines.append(("limit", series.limit, "#c8102e"))
    for row, (name, value, colour) in enumerate(lines):
        x = 40 + min(1.0, value / end) * plot
        parts.append(
            f'<path d="M{x:.1f} {ceiling}V{floor}" stroke="{colour}" stroke-dasharray="4 3"/>'
            f'<text x="{x + 3:.1f}" y="{ceiling + 9 + 12 * row}" font-size="10.5" fill="{colour}">'
            f"{name} {value:,.0f}</text>"
        )
    parts.append(
        f'<text x="40" y="{height - 4}" font-size="10.5" fill="#555">{len(values)} measured; bars: how many, '
        "line: share not slower</text>"
    )
    return "".join([*parts, "</svg>"])


def _svg(height: float, width: int = WIDTH) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:g}" width="{width}" '
        f'height="{height:g}" role="img" {_FONT}>'
    )
