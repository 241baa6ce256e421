"""Each benchmark runs through, in a tenth of its time, and prints lines that other programs can read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

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
        ("edge-silent", {"edge-silent.others_rate", "edge-silent.longest_gap_ms"}),
        ("edge-react", {"edge-react.p50_ms", "edge-react.p99_over_period_ms"}),
        ("ingest", {"ingest.rows_per_s", "ingest.cpu_s_per_million"}),
        ("warn", {"warn.p50_ms", "warn.p99_ms", "warn.notify_p99_ms"}),
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
