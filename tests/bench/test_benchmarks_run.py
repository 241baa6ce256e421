"""Each benchmark runs through, in a tenth of its time, and prints lines that other programs can read."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from edge.figures import FILE, Report
from edge.installer.bench import ROWS
from edge.installer.bench_field import gateway_toml
from tests.bench import registers, scope

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("name", "metrics"),
    [
        (
            "edge-poll",
            {
                "edge-poll.cpu_per_1000_values",
                "edge-poll.cpu_share",
                "edge-poll.values_per_s",
                "edge-memory.rss_mb",
            },
        ),
        ("packed", {"packed.bytes_per_point", "packed.rows_per_s"}),
        ("trend", {"trend.rows", "trend.p95_ms", "trend.p95_growth"}),
        ("map", {"map.viewport_p50", "map.viewport_p95", "map.answer_max"}),
        ("edge-silent", {"edge-silent.others_rate", "edge-silent.longest_gap_ms"}),
        (
            "edge-react",
            {
                "edge-react.p50_ms",
                "edge-react.p99_over_period_ms",
                "edge-react.p99_over_period_uplink_down_ms",
                "edge-react.p99_over_period_draining_ms",
            },
        ),
        ("edge-spool", {"edge-spool.append_rows_per_s", "edge-spool.events_per_s"}),
        ("edge-drain", {"edge-drain.live_lag_ms", "edge-drain.backlog_over_live"}),
        ("ingest", {"ingest.rows_per_s", "ingest.cpu_s_per_million"}),
        (
            "edge-storm",
            {
                "edge-storm.gateways",
                "edge-storm.event_p50_s",
                "edge-storm.event_p99_s",
                "edge-storm.event_longest_s",
                "edge-storm.backlog_values_per_s",
            },
        ),
        ("warn", {"warn.p50_ms", "warn.p99_ms", "warn.notify_p99_ms"}),
        (
            "scope",
            {f"scope.{name}_{who}_p95" for name in scope.LISTS for who in scope.people(random.Random(1))}
            | {"scope.list_p50", "scope.list_p95", "scope.enter_p50"}
            | {"scope.list_several_ranges_p50", "scope.list_several_ranges_p95"},
        ),
        (
            "registers",
            {f"registers.{name}_{who}_p95" for name in registers.LISTS for who in registers.WHO}
            | {f"registers.{name}_{middle}" for name in ("list", "search") for middle in ("p50", "p95")}
            | {"registers.seeded_rows_per_s", "registers.many_rows_per_s"},
        ),
        (
            "import",
            {"import.time", "import.statements_per_1000", "import.unchanged_time"}
            | {
                f"import.export_{kind}_{what}"
                for kind in ("csv", "xlsx")
                for what in ("rows_per_s", "growth_mb", "rss_mb")
            },
        ),
    ],
)
def test_a_benchmark_prints_its_metrics(name: str, metrics: set[str]) -> None:
    done = subprocess.run(
        [sys.executable, "fengsui.py", "bench", name],
        cwd=ROOT, env={**os.environ, "FENGSUI_BENCH_TRIAL": "1"}, capture_output=True, text=True, timeout=240,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert {f"{line['bench']}.{line['metric']}" for line in lines} == metrics
    assert all(set(line) == {"bench", "metric", "value", "unit", "baseline", "ratio"} for line in lines)


def test_a_box_measures_itself_and_leaves_its_figures_for_the_gateway(tmp_path: Path) -> None:
    config = tmp_path / "gateway.toml"
    (tmp_path / "state").mkdir()
    # Nobody listens there: what is configured is not asked.
    config.write_text(gateway_toml(50, 9, horn=False))
    done = subprocess.run(
        [sys.executable, "fengsui.py", "edge", "bench", "--config", str(config), "--seconds", "3",
         "--spool-mb", "5", "--json", "--send"],
        cwd=ROOT, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["bench"], line["metric"]) for line in lines] == [(row.bench, row.metric) for row in ROWS]
    by_name = {line["metric"]: line["value"] for line in lines}
    assert (by_name["lost_rows"], by_name["repeated_rows"]) == (0, 0)
    report = msgspec.json.decode((tmp_path / "state" / FILE).read_bytes(), type=Report)
    assert [(figure.bench, figure.metric) for figure in report.figures] == [
        (row.bench, row.metric) for row in ROWS
    ]
    assert sorted(path.name for path in tmp_path.rglob("*")) == [FILE, "gateway.toml", "state"]
