"""Writes the report of a run: one HTML file that needs nothing else, to be printed and handed over."""

from __future__ import annotations

from html import escape
from pathlib import Path

from hil.drawing import distribution, timeline
from hil.models import FAILED, IMPOSSIBLE, PASSED, Check, Result
from hil.runner import Run
from hil.surroundings import surroundings

_WORDS = {
    PASSED: ("passed", "通过"),
    FAILED: ("FAILED", "未通过"),
    IMPOSSIBLE: ("not possible", "本台架不具备"),
}
_CLASS = {PASSED: "ok", FAILED: "bad", IMPOSSIBLE: "none"}
_ENOUGH = 4  # times to draw a distribution of
_STYLE = Path(__file__).with_name("style.css")


_READING = """\
A scenario has passed when every sentence under “What must hold” holds; a figure decides nothing.
“Not possible” means that this rig lacks what the scenario needs; it has neither passed nor failed.
On the timelines seconds run from left to right, from the moment at which the scenario began.
The horn's bar is what its contact said, not the gateway; a held horn sounds until it is held.
Missing and duplicate are counted by “fengsui central gaps” over all gateways of the run.
""".splitlines()


def write(run: Run, path: Path) -> None:
    """Write the report of a run that has been played.

    Args:
        run: what came of it.
        path: the file; its folder is made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(run), encoding="utf-8")


def page(run: Run) -> str:
    """The whole report as HTML."""
    body = [_head(run), _overview(run), _scenarios(run), _environment(run), _reading(run), _signatures()]
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Fengsui bench report {run.began:%Y-%m-%d %H:%M} UTC</title>"
        f"<style>{_STYLE.read_text(encoding='utf-8')}</style></head><body>{''.join(body)}</body></html>\n"
    )


def _head(run: Run) -> str:
    counts = run.counts
    good = not counts[FAILED] and counts[PASSED] > 0
    says, zh = ("Every scenario that this rig can play has passed.", "本台架可执行的场景全部通过。")
    if not good:
        says, zh = (f"{counts[FAILED]} of {len(run.results)} scenarios failed.", "存在未通过的场景。")
    boxes = [
        ("passed", "通过", counts[PASSED]),
        ("failed", "未通过", counts[FAILED]),
        ("not possible", "不具备", counts[IMPOSSIBLE]),
    ]
    if run.audit:
        boxes += [
            ("records stored", "存储记录", run.audit["records"]),
            ("missing", "缺失", run.audit["missing"]),
            ("duplicate", "重复", run.audit["duplicate"]),
        ]
    tiles = "".join(
        f'<div><b>{number:,}</b>{name} <span class="zh">{zh_}</span></div>' for name, zh_, number in boxes
    )
    return (
        '<header><h1>Fengsui 烽燧 · bench report <span class="zh">台架试验报告</span></h1>'
        f"<p>{run.began:%Y-%m-%d %H:%M:%S} UTC · rig: {escape(run.rig.name)} · {run.took_s:,.0f} s · "
        f"{len(run.results)} scenarios</p></header>"
        f'<div class="sum">{tiles}</div><p class="verdict"><span class="tag {"ok" if good else "bad"}">'
        f'{"passed" if good else "FAILED"}</span> {says} <span class="zh">{zh}</span></p>'
    )


def _tag(result: Result) -> str:
    says, zh = _WORDS[result.verdict]
    return f'<span class="tag {_CLASS[result.verdict]}">{says} {zh}</span>'


def _zh(says: str) -> str:
    return f'<span class="zh">{says}</span>'


def _heading(says: str, zh: str) -> str:
    return f"<h2>{says} {_zh(zh)}</h2>"


def _overview(run: Run) -> str:
    columns = (("Scenario", "场景"), ("Requirement", "依据"), ("Took", "用时"), ("Verdict", "结论"))
    rows = "".join(
        f'<tr><td><a href="#{result.scenario.name}">{escape(result.scenario.title)}</a><br>'
        f'<span class="zh">{escape(result.scenario.title_zh)}</span></td>'
        f'<td class="rows">{escape("; ".join(result.scenario.rows))}</td>'
        f'<td class="n">{result.took_s:.1f} s</td><td>{_tag(result)}</td></tr>'
        for result in run.results
    )
    return (
        f"{_heading('Overview', '总览')}<table><tr>"
        f"{''.join(f'<th>{name} {_zh(zh)}</th>' for name, zh in columns)}</tr>{rows}</table>"
    )


def _check(check: Check) -> str:
    tag, word = ("ok", "yes") if check.holds else ("bad", "NO")
    if check.figure:
        tag, word = ("ok", "within") if check.holds else ("over", "over")
    what = ' <span class="zh">(figure)</span>' if check.figure else ""
    return (
        f'<tr><td><span class="tag {tag}">{word}</span></td><td>{escape(check.says)}{what}</td>'
        f"<td>{escape(check.found)}</td></tr>"
    )


def _scenarios(run: Run) -> str:
    return '<h2>Scenarios <span class="zh">各场景</span></h2>' + "".join(
        _scenario(one) for one in run.results
    )


def _scenario(result: Result) -> str:
    scenario = result.scenario
    parts = [
        (
            f'<section id="{scenario.name}"><div class="top"><h3>{escape(scenario.title)}<br>'
            f"{_zh(escape(scenario.title_zh))}</h3><div>{_tag(result)}</div></div>"
            f"<p>{escape(scenario.proves)}<br>"
            f'<span class="rows">{escape(scenario.name)} · {escape("; ".join(scenario.rows))}'
            f"{f' · began {result.began} UTC' if result.took_s else ''}</span></p>"
        )
    ]
    if result.why:
        parts.append(f"<p><b>Why:</b> {escape(result.why)}</p>")
    if result.checks:
        rows = "".join(_check(check) for check in result.checks)
        parts.append(f"<table><tr><th></th><th>What must hold</th><th>Found</th></tr>{rows}</table>")
    parts.append(timeline(result.marks))
    drawn = "".join(distribution(series) for series in result.series if len(series.values) >= _ENOUGH)
    if drawn:
        parts.append(f'<div class="pair">{drawn}</div>')
    if result.notes:
        parts.append(f'<ul class="notes">{"".join(f"<li>{escape(note)}</li>" for note in result.notes)}</ul>')
    return "".join([*parts, "</section>"])


def _environment(run: Run) -> str:
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in surroundings())
    wiring = "".join(f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in run.rig.wiring())
    return (
        f'<h2>Environment <span class="zh">试验环境</span></h2><dl>{listed}</dl>'
        f'<h2>Rig and wiring <span class="zh">台架与接线</span></h2><dl>{wiring}</dl>'
    )


def _reading(run: Run) -> str:
    notes = "".join(f"<li>{escape(note)}</li>" for note in (*_READING, *run.rig.notes))
    return f'{_heading("How to read this", "说明")}<ul class="notes">{notes}</ul>'


def _signatures() -> str:
    lines = ("Tested by 试验人员", "Accepted by 验收人员", "Date 日期")
    return f'<div class="sign">{"".join(f"<div>{line}</div>" for line in lines)}</div>'
