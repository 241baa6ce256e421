"""The self-measurement refuses to disturb, finds what is missing, and says plainly what misses its aim."""

import asyncio
import fcntl
import json
from pathlib import Path

import pytest

from edge.clock import Clock
from edge.core.batch import Batcher
from edge.installer import bench
from edge.installer.bench_field import Field, Unit, gateway_toml
from edge.installer.bench_phases import unaccounted
from edge.installer.bench_spool import fill, missing, stored_answers
from edge.spool.spool import Spool
from protocol import codec, messages
from protocol.messages import Figure, Machine
from protocol.quality import COMM_FAILURE, GOOD
from tests.edge.spool.spool_at_hand import running

LATER_MS = 1_000_000
BLOCKS = [messages.BlockInfo(number, f"u{number}", "field", number, 3, 0, 50, 1000) for number in (3, 8)]
DESCRIPTION = codec.encode_description(messages.Description("gw-bench", "hash", 1, "test", BLOCKS, [], []))
BOX = Machine("Raspberry Pi 3 Model B Plus Rev 1.3", 4, 905, "3.11.2", 0.25)
GOOD_FIGURES = [
    Figure(row.bench, row.metric, row.aim, "u", 1.0 if row.of_ratio else None) for row in bench.ROWS
]


def show(spool: Spool, numbers: list[int], quality: int = GOOD) -> None:
    batcher = Batcher(1000)
    for at, number in enumerate(numbers):
        batcher.take(at, 1, 1000 + at, at, 3, 1, quality, [number, 5])
    closed = batcher.close()
    assert closed is not None
    spool.add_measurements(closed)


def field_of(answered: int) -> Field:
    field = Field(50, horn=False)
    field.counting[1].answered = answered
    return field


def test_a_measurement_is_refused_while_a_gateway_runs_there(tmp_path: Path) -> None:
    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(bench.BenchRefused, match="a gateway runs on"):
            bench.refuse_beside(tmp_path)
    bench.refuse_beside(tmp_path)
    bench.refuse_beside(tmp_path / "nowhere")


def test_two_measurements_on_one_disk_are_refused(tmp_path: Path) -> None:
    other = tmp_path / f"{bench.PREFIX}abc"
    other.mkdir()
    with (other / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(bench.BenchRefused, match="another measurement"):
            bench.place_for(tmp_path, 1.0)
    assert other.exists()


def test_no_state_folder_is_made_for_figures_that_are_to_be_sent(tmp_path: Path) -> None:
    with pytest.raises(bench.BenchRefused, match="start the gateway once"):
        bench.refuse_unsendable(tmp_path / "state")


def test_what_a_killed_measurement_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / f"{bench.PREFIX}abc").mkdir()
    (tmp_path / f"{bench.PREFIX}abc" / "measurements.db").write_bytes(b"x")
    assert bench.place_for(tmp_path, 1.0) == tmp_path
    assert list(tmp_path.iterdir()) == []


def test_a_disk_without_room_is_named_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(bench.BenchRefused, match="--spool-mb"):
        bench.place_for(tmp_path, 1e12)


def test_a_counting_unit_numbers_only_reads_of_all_its_points() -> None:
    unit = Unit(counting=True)
    assert unit.answer(bytes((3, 0, 0, 0, 50)))[2:4] == b"\x00\x01"
    unit.answer(bytes((3, 0, 0, 0, 7)))
    assert unit.answer(bytes((3, 0, 0, 0, 50)))[2:4] == b"\x00\x02"
    assert unit.answered == 2


def test_what_was_shown_and_is_not_stored_is_counted(tmp_path: Path) -> None:
    async def story() -> None:
        (tmp_path / "gateway.toml").write_text(gateway_toml(50, 502, horn=False))
        async with running(tmp_path / "state") as spool:
            show(spool, [1, 2, 4, 4])
            show(spool, [7])
        assert unaccounted(tmp_path, field_of(9), LATER_MS) == (5, 1)

    asyncio.run(story())


def test_an_answer_that_came_too_late_is_told_by_the_bad_row_in_its_place(tmp_path: Path) -> None:
    async def story() -> None:
        (tmp_path / "gateway.toml").write_text(gateway_toml(50, 502, horn=False))
        async with running(tmp_path / "state") as spool:
            show(spool, [1, 2])
            show(spool, [3], COMM_FAILURE)
            show(spool, [4])
        assert unaccounted(tmp_path, field_of(4), LATER_MS) == (0, 0)

    asyncio.run(story())


def test_bad_rows_excuse_no_loss_elsewhere_and_none_after_the_field_fell_silent() -> None:
    rows = [(1, 0), (None, 10), (None, 20), (4, 30), (6, 40), (None, 99)]
    assert missing(rows, 6, 100) == (1, 0)
    assert missing(rows, 7, 100) == (1, 0)
    assert missing(rows, 7, 99) == (2, 0)


def test_nothing_is_missing_where_all_was_stored(tmp_path: Path) -> None:
    async def story() -> None:
        (tmp_path / "gateway.toml").write_text(gateway_toml(50, 502, horn=False))
        async with running(tmp_path / "state") as spool:
            show(spool, list(range(1, 8)))
        assert unaccounted(tmp_path, field_of(7), LATER_MS) == (0, 0)

    asyncio.run(story())


def test_filling_gives_the_rows_of_a_gateway_of_so_many_points(tmp_path: Path) -> None:
    async def story() -> None:
        filled = await fill(tmp_path, DESCRIPTION, Clock(True), batches=5)
        assert (filled.batches, filled.records, filled.values) == (5, 10, 500)
        stored = stored_answers(tmp_path)
        good = {block: [number is not None for number, _ in rows] for block, rows in stored.items()}
        assert good == {3: [True] * 5, 8: [True] * 5}

    asyncio.run(story())


def test_the_table_judges_each_figure_by_its_aim() -> None:
    text = bench.table(GOOD_FIGURES, BOX, "fengsui 0.1.0")
    assert "✗" not in text
    assert text.count("✓") == sum(bool(row.sign) for row in bench.ROWS)
    worse = [
        Figure(f.bench, f.metric, 81.0 if f.metric == "rss_mb" else f.value, "u", f.baseline)
        for f in GOOD_FIGURES
    ]
    judged = [line for line in bench.table(worse, BOX, "fengsui 0.1.0").splitlines() if "✗" in line]
    assert [line.split() for line in judged] == [["memory", "81", "u", "✗", "aim", "≤", "80"]]


def test_a_line_of_json_has_what_every_benchmark_has() -> None:
    (line,) = bench.lines([Figure("edge-spool", "append_rows_per_s", 150_000.0, "1/s", 100_000.0)])
    assert json.loads(line) == {
        "bench": "edge-spool", "metric": "append_rows_per_s", "value": 150_000.0, "unit": "1/s",
        "baseline": 100_000.0, "ratio": 1.5,
    }  # fmt: skip
