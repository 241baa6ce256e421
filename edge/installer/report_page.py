"""The commissioning report as one HTML page: Chinese first, nothing loaded from elsewhere, to be printed."""

import html
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from edge.installer.report import embedded

CHINA: Final = timezone(timedelta(hours=8))  # GB/T 7408: the report is read in China; the offset is printed
HEARD: Final = {"y": "是", "Y": "是", "n": "否"}
RESULTS: Final = {"passed": "合格", "failed": "不合格", "skipped": "未试验", "": "未试验"}
COLUMNS: Final = (
    ("序号", "No."),
    ("监测点", "Point"),
    ("报警", "Alarm"),
    ("报警时数值", "Value at alarm"),
    ("报警时间", "Raised"),
    ("输出回读", "Outputs read back"),
    ("中心入库回执", "Receipt of the centre"),
    ("现场听到看到", "Heard and seen"),
    ("恢复", "Normal again"),
    ("结论", "Result"),
)
SIGNERS: Final = (
    ("调试单位", "Commissioned by"),
    ("使用单位", "Taken over by"),
    ("监理或监管", "Witnessed by"),
)
WAY: Final = (
    "每项均以实际物理量（标准气体、液位等）在运行中的网关上试验，未使用模拟注入；"
    "试验期间的报警在中心标记为“测试”。 "
    "Each alarm was tried by the real quantity through the running gateway;"
    " the centre shows these alarms as TEST."
)
STYLE: Final = """
@page { size: A4 landscape; margin: 14mm 12mm }
* { box-sizing: border-box }
body { font: 10.5pt/1.5 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC",
  sans-serif;
  color: #1a1a1a; margin: 0 auto; max-width: 277mm; padding: 8mm; background: #fff }
h1 { font-size: 19pt; margin: 0; letter-spacing: .08em } h1 small { font-size: 10pt; letter-spacing: 0;
  color: #666; font-weight: 400; margin-left: .6em }
h2 { font-size: 12pt; margin: 7mm 0 2mm; border-left: 3pt solid #a51c1c; padding-left: 2mm }
header { border-bottom: 1.5pt solid #1a1a1a; padding-bottom: 3mm; display: flex; align-items: flex-end }
header .verdict { margin-left: auto; font-size: 13pt; font-weight: 700; border: 1.5pt solid;
  padding: 1mm 4mm }
.good { color: #17652f } .bad { color: #a51c1c } .soft { color: #666 }
dl { display: grid; grid-template-columns: max-content 1fr max-content 1fr; gap: 1mm 5mm; margin: 3mm 0 }
dt { color: #666 } dd { margin: 0; overflow-wrap: anywhere }
table { border-collapse: collapse; width: 100%; font-size: 9pt } th, td { border: .5pt solid #999;
  padding: 1mm 1.6mm; text-align: left; vertical-align: top } th { background: #f0eee8; font-weight: 600 }
th small { display: block; font-weight: 400; color: #666 } td.number { text-align: right; white-space: nowrap;
  font-variant-numeric: tabular-nums } tr { break-inside: avoid } thead { display: table-header-group }
td small { color: #666; display: block }
.sign { display: grid; grid-template-columns: repeat(3, 1fr); gap: 8mm; margin-top: 10mm;
  break-inside: avoid }
.sign div { border-top: .7pt solid #1a1a1a; padding-top: 1.5mm; min-height: 14mm }
.key { font: 8pt/1.4 ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere }
.warning { border: 1.5pt solid #a51c1c; color: #a51c1c; padding: 2mm 4mm; margin: 3mm 0; font-weight: 600 }
@media print { body { padding: 0; max-width: none } }
"""


def page(whole: dict[str, Any]) -> str:
    """Return the page of a report, signed or not."""
    report = whole["report"]
    told = report["summary"]
    complete = told["passed"] == told["alarms"] and told["alarms"] > 0
    verdict = "全部合格 ALL PASSED" if complete else "未全部合格 NOT COMPLETE"
    newest = {one["alarm"]: one for one in report["results"]}
    rows = "".join(_row(i, step, newest.get(step["alarm"], {})) for i, step in enumerate(report["steps"], 1))
    unsigned = "" if whole["signature"] else _unsigned()
    return "\n".join(
        [
            '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">',
            f"<title>报警系统调试报告 {_e(report['gateway'])}</title>",
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<style>{STYLE}</style></head><body><header>",
            "<h1>报警系统调试报告<small>Commissioning report of an alarm system</small></h1>",
            f'<span class="verdict {"good" if complete else "bad"}">{verdict}</span></header>{unsigned}',
            _head(report),
            '<h2>逐项试验 <span class="soft">Each alarm, by the real quantity</span></h2>',
            f"<table><thead><tr>{_columns()}</tr></thead><tbody>{rows}</tbody></table>",
            f'<p class="soft">{WAY}</p><div class="sign">{_places()}</div>',
            f"{_signature(whole)}{embedded(whole)}</body></html>",
            "",
        ]
    )


def _head(report: dict[str, Any]) -> str:
    told = report["summary"]
    result = (
        f"共 {told['alarms']} 项报警：合格 {told['passed']}，不合格 {told['failed']}，"
        f"未试验 {told['not_tried']}"
    )
    version = f"第 {report['config_version']} 版"
    pairs = {
        "网关 Gateway": f"{_e(report['name'])}（{_e(report['gateway'])}）",
        "调试人 By": _e(report["by"]),
        "开始 Begun": _moment(report["began_ms"]),
        "结束 Ended": _moment(report["ended_ms"]),
        "配置 Configuration": f"{version}，<span class='key'>{_e(report['config_hash'])}</span>",
        "软件 Software": _e(report["software"]),
        "结果 Result": result,
    }
    return "<dl>" + "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in pairs.items()) + "</dl>"


def _columns() -> str:
    return "".join(f"<th>{name}<small>{english}</small></th>" for name, english in COLUMNS)


def _places() -> str:
    return "".join(
        f'<div>{name}（签字、日期）<br><small class="soft">{english}</small></div>'
        for name, english in SIGNERS
    )


def _row(number: int, step: dict[str, Any], result: dict[str, Any]) -> str:
    outcome = result.get("result", "")
    value = result.get("value")
    began = result.get("began_ms", 0)
    outputs = "<br>".join(
        f"{_e(name)} <span class='{'good' if on else 'bad'}'>{'已动作' if on else '未动作'}</span>"
        for name, on in result.get("outputs", {}).items()
    )
    took = _after(result.get("raised_ms", 0), result.get("output_ms", 0))
    receipt = _after(result.get("raised_ms", 0), result.get("receipted_ms", 0))
    note = f"<small>{_e(result['note'])}</small>" if result.get("note") else ""
    shown = "" if value is None else f"{value:g} {_e(step['unit'])}"
    mark = {"passed": "good", "failed": "bad"}.get(outcome, "soft")
    return (
        f"<tr><td class='number'>{number}</td><td>{_e(step['name'])}<small>{_e(step['point'])}</small></td>"
        f"<td>{_e(step['what'])}<small>{_e(step['limit_name'])}，优先级 {step['priority']}</small></td>"
        f"<td class='number'>{shown}</td>"
        f"<td class='number'>{_moment(result.get('raised_ms', 0) or began, short=True)}</td>"
        f"<td>{outputs}<small>{took}</small></td>"
        f"<td>{_e(result.get('receipt', ''))}<small>{receipt}</small></td>"
        f"<td>{_e(HEARD.get(result.get('heard', ''), result.get('heard', '')))}</td>"
        f"<td class='number'>{_moment(result.get('normal_ms', 0), short=True)}</td>"
        f"<td class='{mark}'><b>{RESULTS.get(outcome, outcome)}</b>{note}</td></tr>"
    )


def _after(first: int, then: int) -> str:
    return f"报警后 {max(0, then - first) / 1000:.1f} s" if first and then else ""


def _moment(utc_ms: int, *, short: bool = False) -> str:
    if not utc_ms:
        return "—"
    at = datetime.fromtimestamp(utc_ms / 1000, UTC).astimezone(CHINA)
    return at.strftime("%m-%d %H:%M:%S" if short else "%Y-%m-%d %H:%M:%S +08:00")


def _signature(whole: dict[str, Any]) -> str:
    if not whole["signature"]:
        return ""
    return (
        "<h2>电子签名 <span class='soft'>Signature of the gateway (Ed25519)</span></h2>"
        f"<p class='key'>公钥 key {_e(whole['public_key'])}<br>签名 signature {_e(whole['signature'])}</p>"
        "<p class='soft'>核验 verify: fengsui edge verify-report 本文件 this file</p>"
    )


def _unsigned() -> str:
    return (
        "<p class='warning'>未签名：网关还没有凭证，本报告不能核验。"
        " NOT SIGNED: the gateway has no credentials yet.</p>"
    )


def _e(text: object) -> str:
    return html.escape(str(text))
