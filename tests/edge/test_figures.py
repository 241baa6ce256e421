"""Figures of a self-measurement: left as a file, recorded once as an event, and gone when that is durable."""

import asyncio
from pathlib import Path

from edge.figures import FILE, Figures, Report, leave
from protocol import messages as m
from rig.slave import Slave
from tests.edge.plant_at_hand import running_gateway, until, write_config
from tests.edge.spool.spool_at_hand import drain, events_of, running

BOX = m.Machine("Raspberry Pi 3 Model B Plus Rev 1.3", 4, 905, "3.11.2", 0.25)
FOUND = [m.Figure("edge-poll", "cpu_share_500", 0.21, "core")]
REPORT = Report("9f2c", "fengsui 0.1.0", 1_790_000_000_000, BOX, FOUND)


async def sent(folder: Path) -> list[m.FiguresEvent]:
    async with running(folder) as spool:
        found = events_of(await drain(spool, m.EVENT))
    return [event for event in found if isinstance(event, m.FiguresEvent)]


def test_figures_left_behind_become_one_event_and_the_file_goes(tmp_path: Path) -> None:
    async def story() -> None:
        leave(tmp_path, REPORT)
        async with running(tmp_path) as spool:
            figures = Figures(tmp_path, spool)
            await figures.take()
            assert not (tmp_path / FILE).exists()
        (event,) = await sent(tmp_path)
        assert (event.id, event.software, event.measured_ms) == ("9f2c", "fengsui 0.1.0", 1_790_000_000_000)
        assert (event.machine, event.figures) == (BOX, FOUND)

    asyncio.run(story())


def test_a_file_that_cannot_be_removed_is_recorded_once_a_run(tmp_path: Path) -> None:
    async def story() -> None:
        async with running(tmp_path) as spool:
            figures = Figures(tmp_path, spool)
            leave(tmp_path, REPORT)
            await figures.take()
            leave(tmp_path, REPORT)
            await figures.take()
        assert len(await sent(tmp_path)) == 1

    asyncio.run(story())


def test_a_file_that_is_no_report_is_removed_without_an_event(tmp_path: Path) -> None:
    async def story() -> None:
        (tmp_path / FILE).write_text("{")
        async with running(tmp_path) as spool:
            await Figures(tmp_path, spool).take()
        assert not (tmp_path / FILE).exists()
        assert await sent(tmp_path) == []

    asyncio.run(story())


def test_a_gateway_that_begins_takes_what_was_left_for_it(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        state = tmp_path / "state"
        state.mkdir()
        leave(state, REPORT)
        async with board.tcp() as port, running_gateway(write_config(tmp_path, port)):
            await until(lambda: not (state / FILE).exists())
        (event,) = await sent(state)
        assert event.id == "9f2c"

    asyncio.run(run())
