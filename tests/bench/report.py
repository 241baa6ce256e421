"""One JSON object a line: what was measured, and what the bare library does in the same run."""

from __future__ import annotations

import json
import os


def emit(bench: str, metric: str, value: float, unit: str, baseline: float | None = None) -> None:
    """Print one result.

    Args:
        bench: name of the benchmark.
        metric: what was measured.
        value: the product's figure.
        unit: of value and baseline.
        baseline: the bare library's figure of the same run; the ratio is value / baseline.
    """
    ratio = round(value / baseline, 3) if baseline else None
    line = {
        "bench": bench,
        "metric": metric,
        "value": _short(value),
        "unit": unit,
        "baseline": _short(baseline) if baseline is not None else None,
        "ratio": ratio,
    }
    print(json.dumps(line), flush=True)


def seconds(full: float) -> float:
    """How long a run lasts: `full`, or a tenth of it in a trial run (FENGSUI_BENCH_TRIAL=1)."""
    return full / 10 if os.environ.get("FENGSUI_BENCH_TRIAL") == "1" else full


def percentile(values: list[float], share: float) -> float:
    """The value that `share` (0..1) of the sorted values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _short(value: float) -> float:
    return float(f"{value:.4g}")
