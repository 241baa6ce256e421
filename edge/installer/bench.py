"""`fengsui edge bench`: what this very box can do with our real gateway, measured without touching the plant.

Source of the aims: points a second, CPU and memory are those of a Raspberry Pi 3B+; the reaction is counted
beyond the poll period, which every reading may wait; the spool stands beside bare SQLite in the same run.
"""

import asyncio
import fcntl
import json
import os
import platform
import secrets
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from edge import figures
from edge.clock import Clock
from edge.installer import bench_phases as phases
from edge.installer.bench_field import REACT_PERIOD_MS
from edge.installer.bench_gateway import BenchFailed
from protocol.messages import Figure, Machine

PREFIX: Final = ".fengsui-bench-"
SPARE_MB: Final = 200.0
MEASUREMENTS: Final = 8 / 9  # of a full spool; the rest are events, as the default quotas have it
_AT_MOST, _AT_LEAST = "≤", "≥"


class Row(msgspec.Struct, frozen=True):
    """One line of the table: what a figure says, and its aim; `of_ratio` where the aim is of the ratio."""

    bench: str
    metric: str
    words: str
    sign: str = ""
    aim: float = 0.0
    of_ratio: bool = False


ROWS: Final = (
    Row("edge-poll", "values_per_s_500", "500 points at 1 s: values a second", _AT_LEAST, 495),
    Row("edge-poll", "cpu_share_500", "    share of one core", _AT_MOST, 0.25),
    Row("edge-memory", "rss_mb", "    memory", _AT_MOST, 80),
    Row(
        "edge-poll", "values_per_s_1000", "1,000 points at 1 s, with a horn: values a second", _AT_LEAST, 990
    ),
    Row("edge-poll", "cpu_share_1000", "    share of one core"),
    Row("edge-memory", "rss_mb_1000", "    memory"),
    Row("edge-poll", "lost_rows", "rows shown but not in the spool", _AT_MOST, 0),
    Row("edge-poll", "repeated_rows", "rows twice in the spool", _AT_MOST, 0),
    Row("edge-react", "p50_ms", "reaction, register to horn: half within"),
    Row("edge-react", "p99_ms", "    99 of 100 within"),
    Row("edge-react", "p99_over_period_ms", "    beyond the poll period, no centre", _AT_MOST, 20),
    Row("edge-react", "p99_over_period_draining_ms", "    the same while a backlog drains", _AT_MOST, 20),
    Row("edge-react", "rounds", "    so often was it measured"),
    Row("edge-spool", "append_rows_per_s", "spool: values appended a second", _AT_LEAST, 0.5, of_ratio=True),
    Row("edge-drain", "values_per_s", "backlog: values drained a second"),
    Row("edge-drain", "backlog_over_live", "    times as fast as they are made", _AT_LEAST, 1),
    Row("edge-drain", "live_lag_ms", "    live values behind meanwhile", _AT_MOST, 1000),
    Row("edge-drain", "event_lag_ms", "    alarms behind meanwhile", _AT_MOST, 1000),
    Row("edge-start", "polls_s", "start on a full spool: all polled after", _AT_MOST, 5),
    Row("edge-start", "spool_s", "    both its files open after", _AT_MOST, 5),
    Row("edge-start", "spool_mb", "    with files of"),
)


class BenchRefused(Exception):
    """The measurement would disturb a gateway, or has no room; the text says what would be right."""


def refuse_beside(state: Path) -> None:
    """Refuse while a gateway runs on this state folder; nothing is kept locked.

    Raises:
        BenchRefused: one does.
    """
    if _locked(state / "lock"):
        raise BenchRefused(
            f"a gateway runs on {state}: a measurement beside it slows its alarms and gives false figures;"
            " stop it first (nobody watches the plant then)"
        )


def refuse_unsendable(state: Path) -> None:
    """Refuse to make a state folder: it would belong to whoever measures, not to the gateway's user.

    Raises:
        BenchRefused: there is none, or it takes no file.
    """
    if not (state.is_dir() and os.access(state, os.W_OK)):
        raise BenchRefused(
            f"{state}: no folder that takes a file; start the gateway once, so that it makes its own,"
            " and measure as its user or as root"
        )


def _locked(path: Path) -> bool:
    """Whether another process holds this lock; no such file is no lock."""
    try:
        with path.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def place_for(state: Path | None, spool_mb: float) -> Path:
    """Choose where the temporary folder is made: on the disk of the gateway's own spool, if there is one.

    Raises:
        BenchRefused: no room there, or another measurement.
    """
    wanted = [] if state is None else [state, state.parent]
    place = next((p for p in [*wanted, Path.cwd()] if p.is_dir() and os.access(p, os.W_OK)), None)
    place = place or Path(tempfile.gettempdir())
    for left in place.glob(f"{PREFIX}*"):  # of a measurement that was killed
        if _locked(left / "lock"):
            raise BenchRefused(f"another measurement runs in {place}: two would disturb each other")
        shutil.rmtree(left, ignore_errors=True)
    free_mb = shutil.disk_usage(place).free / 1e6
    if free_mb < spool_mb + SPARE_MB:
        raise BenchRefused(
            f"{place} has {free_mb:.0f} MB free, {spool_mb + SPARE_MB:.0f} are needed;"
            " a smaller full spool is measured with --spool-mb"
        )
    return place


async def measure(
    place: Path, clock: Clock, seconds: float, spool_mb: float, tell: Callable[[str], None]
) -> list[Figure]:
    """Measure everything.

    Args:
        place: where the temporary folder is made.
        clock: of this process.
        seconds: about how long, without the time to fill and start on the full spool.
        spool_mb: quota of the full spool, events included.
        tell: takes a line about what is measured now.

    Raises:
        BenchFailed: a part could not be measured.
    """
    with (
        tempfile.TemporaryDirectory(prefix=PREFIX, dir=place) as folder,
        (Path(folder) / "lock").open("wb") as lock,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        parts = {name: Path(folder) / name for name in ("spool", "poll", "react", "start")}
        for part in parts.values():
            part.mkdir()
        tell("the spool, beside bare SQLite")
        filled, bare = await phases.append(parts["spool"], clock, max(300, round(seconds * 12)))
        tell("500 points at 1 s")
        polled = await phases.watch(parts["poll"], clock, phases.POINTS, seconds / 6)
        tell("1,000 points at 1 s, with a horn, without a centre")
        rounds = max(2, round(seconds / 6))
        horn = await phases.watch(parts["react"], clock, phases.MANY_POINTS, seconds / 6, rounds=rounds)
        tell("a backlog to a stand-in for the centre, 500 points live")
        drained = await phases.drain(parts["spool"], clock, filled, seconds / 3, rounds)
        tell(f"start on a full spool of {spool_mb:.0f} MB (filling it takes a while)")
        quotas = spool_mb * MEASUREMENTS, spool_mb * (1 - MEASUREMENTS)
        polls_s, spool_s, size_mb = await phases.start(parts["start"], clock, *quotas)
    late_p99 = percentile(horn.late_ms, 0.99)
    return [
        Figure("edge-poll", "values_per_s_500", polled.values_per_s, "1/s", float(phases.POINTS)),
        Figure("edge-poll", "cpu_share_500", polled.cpu_share, "core"),
        Figure("edge-memory", "rss_mb", polled.rss_mb, "MB"),
        Figure("edge-poll", "values_per_s_1000", horn.values_per_s, "1/s", float(phases.MANY_POINTS)),
        Figure("edge-poll", "cpu_share_1000", horn.cpu_share, "core"),
        Figure("edge-memory", "rss_mb_1000", horn.rss_mb, "MB"),
        Figure("edge-poll", "lost_rows", polled.lost + horn.lost, "rows"),
        Figure("edge-poll", "repeated_rows", polled.twice + horn.twice, "rows"),
        Figure("edge-react", "p50_ms", percentile(horn.late_ms, 0.5), "ms"),
        Figure("edge-react", "p99_ms", late_p99, "ms"),
        Figure("edge-react", "p99_over_period_ms", late_p99 - REACT_PERIOD_MS, "ms"),
        Figure(
            "edge-react", "p99_over_period_draining_ms",
            percentile(drained.late_ms, 0.99) - REACT_PERIOD_MS, "ms",
        ),
        Figure("edge-react", "rounds", float(len(horn.late_ms) + len(drained.late_ms)), "rounds"),
        Figure("edge-spool", "append_rows_per_s", filled.values / filled.took_s, "1/s", bare),
        Figure("edge-drain", "values_per_s", drained.values_per_s, "1/s"),
        Figure("edge-drain", "backlog_over_live", drained.values_per_s / phases.POINTS, "times"),
        Figure("edge-drain", "live_lag_ms", percentile(drained.live_lag_ms, 0.99), "ms"),
        Figure("edge-drain", "event_lag_ms", percentile(drained.event_lag_ms, 0.99), "ms"),
        Figure("edge-start", "polls_s", polls_s, "s"),
        Figure("edge-start", "spool_s", spool_s, "s"),
        Figure("edge-start", "spool_mb", size_mb, "MB"),
    ]  # fmt: skip


def machine() -> Machine:
    """Say what this box is, as its own firmware or kernel names it."""
    model = platform.machine()
    for file, key in ((Path("/proc/device-tree/model"), ""), (Path("/proc/cpuinfo"), "model name")):
        if file.exists():
            text = file.read_text(encoding="utf-8", errors="replace").strip("\0\n ")
            named = [line.partition(":")[2].strip() for line in text.splitlines() if line.startswith(key)]
            model = (named if key else [text, *named])[0] if (named or not key) else model
            break
    ram_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e6
    cores = len(os.sched_getaffinity(0))
    return Machine(model[:100], cores, round(ram_mb), platform.python_version(), round(os.getloadavg()[0], 2))


def report(found: list[Figure], box: Machine, software: str, clock: Clock) -> figures.Report:
    """Put the figures of one run together, as the gateway hands them on."""
    return figures.Report(secrets.token_hex(8), software, clock.utc_ms(), box, found)


def lines(found: list[Figure]) -> list[str]:
    """One JSON object a figure, as `make bench` prints them."""
    return [
        json.dumps(
            {
                "bench": f.bench,
                "metric": f.metric,
                "value": _short(f.value),
                "unit": f.unit,
                "baseline": None if f.baseline is None else _short(f.baseline),
                "ratio": round(f.value / f.baseline, 3) if f.baseline else None,
            }
        )
        for f in found
    ]


def table(found: list[Figure], box: Machine, software: str) -> str:
    """The figures for a person, with the aims beside them."""
    by_name = {(f.bench, f.metric): f for f in found}
    text = [
        f"{software} on {box.model}, {box.cores} cores, {box.ram_mb} MB RAM, Python {box.python}",
        f"load of the machine when it began: {box.load}",
        "",
    ]
    for row in ROWS:
        figure = by_name[row.bench, row.metric]
        ratio = "" if not figure.baseline else f"{figure.value / figure.baseline:.2f} of its baseline"
        judged = figure.value / figure.baseline if row.of_ratio and figure.baseline else figure.value
        verdict = ""
        if row.sign:
            met = judged <= row.aim if row.sign == _AT_MOST else judged >= row.aim
            verdict = f"{'✓' if met else '✗'} aim {row.sign} {row.aim:g}"
        value = f"{_short(figure.value):,.10g} {figure.unit}"
        text.append(f"{row.words:52}{value:>18}  {verdict:16}{ratio if row.of_ratio else ''}".rstrip())
    text += [
        "",
        "Instruments, network and centre were stand-ins on this box; a serial line is slower than they are.",
    ]
    return "\n".join(text)


def run(
    place: Path, clock: Clock, seconds: float, spool_mb: float, tell: Callable[[str], None]
) -> list[Figure]:
    """Measure and return the figures; see `measure`."""
    return asyncio.run(measure(place, clock, seconds, spool_mb, tell))


def percentile(values: list[float], share: float) -> float:
    """The value that `share` (0..1) of the sorted values do not exceed.

    Raises:
        BenchFailed: nothing was measured.
    """
    if not values:
        raise BenchFailed("nothing came to be measured; more time is given with --seconds")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _short(value: float) -> float:
    return float(f"{value:.4g}")
