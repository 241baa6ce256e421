"""The page of a pack that people read: one file without anything from outside, in plain Chinese."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

import msgspec

from central.warning import wording
from central.warning.models import LEVEL_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from central.warning.evidence_file import Member
    from central.warning.evidence_parts import Curve
    from central.warning.views import WarningDetail

_STATES: Final = {
    "open": "待接警", "acknowledged": "处理中", "handled": "待核验", "closed": "已关闭",
    "cleared": "自行消除", "false_alarm": "误报",
}  # fmt: skip
_CALLS: Final = {
    "pending": "待发送", "sending": "发送中", "sent": "已发出，未见回执", "delivered": "已送达",
    "read": "已读", "failed": "失败", "superseded": "已撤回", "unreachable": "未能联系上",
}  # fmt: skip
_CHANNELS: Final = {"in_app": "站内", "sms": "短信", "voice": "语音", "mail": "邮件"}
_COLOURS: Final = {"blue": "#1677ff", "yellow": "#d4a017", "orange": "#e8710a", "red": "#d4202a"}
_SOURCES: Final = {
    "instrument": "仪表",
    "gateway": "网关",
    "centre": "中心",
    "person": "人员",
    "provider": "短信平台",
}
_STYLE: Final = """
body { font: 15px/1.6 "Microsoft YaHei", "PingFang SC", "Noto Sans CJK SC", sans-serif; color: #1f2329;
  max-width: 960px; margin: 24px auto; padding: 0 16px }
h1 { font-size: 24px; margin: 0 0 4px }
h2 { font-size: 17px; margin: 28px 0 8px; border-bottom: 1px solid #d0d4da; padding-bottom: 4px }
table { border-collapse: collapse; width: 100%; font-size: 13px }
td, th { border: 1px solid #dfe2e7; padding: 4px 8px; text-align: left; vertical-align: top }
th { background: #f4f5f7; font-weight: 600 }
dl { display: grid; grid-template-columns: 9em 1fr; gap: 4px 12px; margin: 0 }
dt { color: #646a73 }
dd { margin: 0 }
.level { display: inline-block; color: #fff; border-radius: 4px; padding: 1px 10px; margin-right: 8px }
.faint { color: #646a73 }
code { font-size: 12px; word-break: break-all }
svg { width: 100%; height: 200px; background: #fafbfc; border: 1px solid #dfe2e7 }
@media (max-width: 600px) {
  dl { grid-template-columns: 1fr }
  dd { margin-bottom: 6px }
  table { display: block; overflow-x: auto }
}
@media print { body { margin: 0; max-width: none } }
"""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What the page tells besides the warning itself.

    `left_out`: sentences that say what is not in the pack, and why.
    """

    made_at: datetime
    made_by: str
    place: str
    story: Sequence[dict[str, Any]]
    messages: Sequence[dict[str, Any]]
    pictures: Sequence[dict[str, Any]]
    points: Sequence[dict[str, Any]]
    events: int
    left_out: Sequence[str]
    position: int
    head: str
    curve: Curve


def page(detail: WarningDetail, told: Told, members: Sequence[Member]) -> bytes:
    """The page as the bytes of an HTML file."""
    level = wording.LEVEL_WORDS[LEVEL_NUMBERS[detail.level]]
    parts = [
        f"<h1>预警证据包 {escape(detail.number)}</h1>",
        f'<p><span class="level" style="background:{_COLOURS[detail.level]}">{level}</span>'
        f"<strong>{escape(detail.title)}</strong> · {escape(detail.enterprise_name)}"
        + ("（测试）" if detail.is_test else "")
        + "</p>",
        (
            f'<p class="faint">{escape(told.place)}{escape(told.made_by)}于 '
            f"{wording.clock(told.made_at)} 调取。"
            "电话号码已隐去中间部分。</p>"
        ),
        "<h2>预警</h2>",
        _facts(detail),
        *_picture(detail, told.curve),
        "<h2>处置全过程</h2>",
        _table(
            ("时间", "来源", "事项", "说明", "人员"),
            (
                (
                    wording.clock(line["at"]),
                    _SOURCES.get(line["source"], line["source"]),
                    line["title"],
                    line["detail"],
                    line["who"],
                )
                for line in told.story
            ),
        ),
        "<h2>呼叫与回执</h2>",
        _table(
            ("时间", "单位", "姓名", "方式", "号码", "结果", "结果时间"),
            (
                (
                    wording.clock(one["created_at"]),
                    one["agency_name"],
                    one["person_name"],
                    _CHANNELS.get(one["channel"], one["channel"]),
                    one["number"],
                    _CALLS.get(one["state"], one["state"])
                    + (f"：{one['reason']}" if one["reason"] else "")
                    + ("（可能重复）" if one["possibly_twice"] else ""),
                    _clock(one["read_at"] or one["delivered_at"] or one["ended_at"] or one["sent_at"]),
                )
                for one in told.messages
            ),
        ),
        "<h2>本预警所用的升级方案（开立时固定）</h2>",
        (
            f"<p>{escape(detail.policy.name)}，第 {detail.policy.version} 版，"
            f"{escape(detail.policy.source)}。"
            f"接警后处置时限 {_minutes(detail.policy.handling_s)}，"
            f"末级每 {_minutes(detail.policy.repeat_s)} 重复。</p>"
        ),
        _table(
            ("级次", "等待", "呼叫"),
            (
                (
                    str(step.index + 1),
                    _minutes(step.delay_s),
                    wording.RANK_WORDS.get(step.rank, str(step.rank)),
                )
                for step in detail.policy.steps
            ),
        ),
        "<h2>测点与数据</h2>",
        (
            f"<p>预警前后各时段的原始数据共 {sum(point['rows'] for point in told.points)} 行，"
            f"{len(told.points)} 个测点；网关事件 {told.events} 条。</p>"
        ),
        _table(
            ("测点", "名称", "单位", "行数", "文件"),
            (
                (point["key"], point["name"], point["unit"], str(point["rows"]), point["file"])
                for point in told.points
            ),
        ),
        *(f'<p class="faint">{escape(words)}</p>' for words in told.left_out),
        "<h2>文件与核验</h2>",
        (
            "<p>下列每个文件的 SHA-256 记在 manifest.json 中，由本中心的密钥签名（Ed25519）。离线核验："
            "<code>fengsui verify-evidence 本文件.zip --key 中心公钥</code>。"
            "改动、缺失或多出任何一个字节都会被指出。</p>"
        ),
        (
            f"<p>制作时审计链位于第 {told.position} 条，哈希 <code>{escape(told.head)}</code>；"
            "本预警各条审计记录的位置见 audit.csv。</p>"
        ),
        _table(
            ("文件", "内容", "字节", "SHA-256"),
            ((one.path, one.title, str(one.size), one.sha256) for one in members),
        ),
    ]
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="content-security-policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>预警证据包 {escape(detail.number)}</title><style>{_STYLE}</style></head><body>"
        + "\n".join(parts)
        + "</body></html>\n"
    ).encode()


def _facts(detail: WarningDetail) -> str:
    held = "仍在持续" if detail.condition == "active" else "已恢复"
    rows: list[tuple[str, str | None]] = [
        ("级别理由", detail.level_reason),
        ("对象", detail.subject_name),
        ("所在地", detail.region_name),
        ("状态", f"{_STATES[detail.state]}，现场{held}"),
        ("发生时间", wording.clock(detail.raised_at)),
        ("中心收到", wording.clock(detail.received_at) + ("（迟到）" if detail.late else "")),
        ("数值与限值", wording.value_text(detail.value, detail.limit, detail.unit)),
        ("接警", _who(detail.acknowledged_by, detail.acknowledged_at)),
        ("处置", _who(detail.handled_by, detail.handled_at)),
        ("原因", detail.cause),
        ("措施", detail.measures),
        ("误报", " · ".join(part for part in (detail.false_by, detail.false_reason) if part)),
        ("核验关闭", _who(detail.closed_by, detail.closed_at)),
        ("核验意见", detail.opinion),
    ]
    return "<dl>" + "".join(
        f"<dt>{name}</dt><dd>{escape(words)}</dd>" for name, words in rows if words
    ) + "</dl>"  # fmt: skip


def _picture(detail: WarningDetail, curve: Curve) -> list[str]:
    """The point's curve over the window as a drawing, with its limits and the moment of the alarm."""
    known = [piece for piece in curve.pieces if piece is not None]
    if detail.point is None or not known:
        return []
    limits = detail.point.limits
    marks = [
        (name, value)
        for name, value in (("低低", limits.ll), ("低", limits.l), ("高", limits.h), ("高高", limits.hh))
        if value is not None
    ]
    lowest = min([low for low, _ in known] + [value for _, value in marks])
    highest = max([high for _, high in known] + [value for _, value in marks])
    span = (highest - lowest) or 1.0
    wide, tall, edge = 960.0, 200.0, 14.0

    def height(value: float) -> float:
        return round(tall - edge - (value - lowest) / span * (tall - 2 * edge), 2)

    step = wide / len(curve.pieces)
    bars = "".join(
        f"M{n * step + step / 2:.1f} {height(piece[0])}V{height(piece[1]) - 1}"
        for n, piece in enumerate(curve.pieces)
        if piece is not None
    )
    moment = (detail.raised_at - curve.window.begin) / (curve.window.end - curve.window.begin) * wide
    rules = "".join(
        f'<path d="M0 {height(value)}H{wide:.0f}" stroke="#d4202a" stroke-dasharray="6 4" fill="none"/>'
        f'<text x="6" y="{height(value) - 3}" font-size="12" fill="#d4202a">{name} {value:g}</text>'
        for name, value in marks
    )
    return [
        (
            f'<p class="faint">{escape(detail.point.name)}，{wording.clock(curve.window.begin)} 至 '
            f"{wording.clock(curve.window.end)}，最低 {min(low for low, _ in known):g}，"
            f"最高 {max(high for _, high in known):g} {escape(detail.point.unit)}；"
            "竖线为报警时刻，无效数据不画。</p>"
        ),
        (
            f'<svg viewBox="0 0 {wide:.0f} {tall:.0f}" preserveAspectRatio="none" role="img" '
            'aria-label="趋势">'
            f'{rules}<path d="{bars}" stroke="#1f2329" stroke-width="{step * 0.7:.2f}" fill="none"/>'
            f'<path d="M{moment:.1f} 0V{tall:.0f}" stroke="#646a73" fill="none"/></svg>'
        ),
    ]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    if not body:
        return '<p class="faint">无。</p>'
    return "<table><tr>" + "".join(f"<th>{name}</th>" for name in head) + f"</tr>{body}</table>"


def _who(name: str | None, at: datetime | None) -> str | None:
    return None if at is None else " ".join(part for part in (name or "", wording.clock(at)) if part)


def _clock(at: datetime | None) -> str:
    return wording.clock(at) if at else ""


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:g} 分钟" if seconds >= 60 else f"{seconds:g} 秒"
