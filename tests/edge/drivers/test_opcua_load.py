"""A thousand variables at one second, in time and at what cost; slow servers, and small ones."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from asyncua import ua
from asyncua.ua.status_codes import StatusCodes
from asyncua.ua.uaerrors import BadTooManyOperations

from edge.drivers.opcua.driver import Client
from protocol import quality as q
from tests.edge.drivers.opcua_peer import Dcs, bus_of, dcs, free_port, running

ROOT = Path(__file__).parents[3]
NODES = 1000
Run = Callable[[Coroutine[Any, Any, None]], None]


async def many_served(port: int) -> asyncio.subprocess.Process:
    """Serve a thousand nodes in another process, half of them changing every second."""
    made = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.edge.drivers.opcua_peer",
        str(port),
        str(NODES),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert made.stdout is not None
    assert await made.stdout.readline() == b"ready\n"
    return made


def test_a_thousand_nodes_at_one_second_keep_their_rhythm() -> None:
    seconds = 60 if os.environ.get("FENGSUI_SOAK") else 5

    async def story() -> None:
        port = free_port()
        server = await many_served(port)
        points = {f"N{i}": f"ns=2;s=N{i}" for i in range(NODES)}
        bus = bus_of(f"opc.tcp://127.0.0.1:{port}", points, period_ms=1000, timeout_ms=5000)
        try:
            async with running(bus) as (seen, client):
                await seen.until_all(60)
                await seen.until(lambda: client.stats().watched == NODES, 60)
                await asyncio.sleep(2)
                seen.all.clear()
                before, began = client.stats(), time.process_time()
                await asyncio.sleep(seconds)
                spent, after = time.process_time() - began, client.stats()
                values = after.good - before.good
                print(
                    f"\n{NODES} nodes at 1 s for {seconds} s: {values} values"
                    f" ({after.notified - before.notified} reported, {after.reads - before.reads} read),"
                    f" {spent:.2f} CPU s,"
                    f" {spent / seconds:.1%} of a core, {1000 * spent / values:.3f} CPU s per 1000 values"
                )
                assert after.failed == before.failed
                assert values >= 0.6 * NODES * seconds
                last = {one.block.number for one in seen.all}
                assert len(last) == NODES
        finally:
            server.kill()
            await server.wait()

    asyncio.run(story())


def test_the_library_costs_nothing_where_no_opcua_bus_is() -> None:
    code = (
        "import sys, edge.gateway, edge.drivers.opcua.family;"
        "print([m for m in sys.modules if m.startswith('asyncua')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as one:
        yield one


@pytest.fixture(scope="module")
def plant(runner: asyncio.Runner) -> Iterator[Dcs]:
    serving = dcs()
    yield runner.run(serving.__aenter__())
    runner.run(serving.__aexit__(None, None, None))


@pytest.fixture
def run(runner: asyncio.Runner) -> Run:
    return runner.run


def test_answers_slower_than_the_period_are_good_and_dated_by_their_request(plant: Dcs, run: Run) -> None:
    async def story() -> None:
        await plant.add("Slow", 5.0)
        async with delayed(plant, 0.7) as endpoint:
            bus = bus_of(endpoint, {"Slow": "ns=2;s=Slow"}, period_ms=500, subscribe=False)
            async with running(bus) as (seen, _):
                await seen.until(lambda: len([one for one in seen.of("Slow") if one.data]) > 3, 20)
                good = [one for one in seen.of("Slow") if one.data]
                assert all(one.took_ms >= 600 for one in good)

    run(story())


def test_answers_slower_than_the_time_out_are_never_taken(plant: Dcs, run: Run) -> None:
    async def story() -> None:
        await plant.add("Late", 5.0)
        async with delayed(plant, 0.0) as endpoint:
            bus = bus_of(endpoint, {"Late": "ns=2;s=Late"}, timeout_ms=300)
            async with running(bus) as (seen, client):
                await seen.until_all()
                DELAY[0] = 1.0
                await seen.until(lambda: seen.last["Late"].quality != q.GOOD)
                await asyncio.sleep(2)
                assert all(one.took_ms <= 700 for one in seen.of("Late") if one.data)
                assert client.stats().failed > 5
                DELAY[0] = 0.0
                await seen.until(lambda: seen.last["Late"].quality == q.GOOD, 20)

    run(story())


DELAY = [0.0]


def delayed(plant: Dcs, seconds: float) -> Any:
    """Put a wire before the server that holds its answers back."""
    import contextlib
    from collections.abc import AsyncIterator

    DELAY[0] = seconds

    @contextlib.asynccontextmanager
    async def wire() -> AsyncIterator[str]:
        tasks: set[asyncio.Task[None]] = set()

        async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, back: bool) -> None:
            loop = asyncio.get_running_loop()
            try:
                while data := await reader.read(65536):
                    if back:
                        loop.call_later(DELAY[0], writer.write, data)
                    else:
                        writer.write(data)
            except (OSError, asyncio.CancelledError):
                pass
            finally:
                writer.transport.abort()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            theirs, ours = await asyncio.open_connection("127.0.0.1", plant.port)
            for job in (pump(reader, ours, False), pump(theirs, writer, True)):
                task = asyncio.create_task(job)
                tasks.add(task)
                task.add_done_callback(tasks.discard)

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        try:
            yield f"opc.tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()
            for task in list(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    return wire()


def test_a_server_that_watches_few_points_is_read_for_the_others(
    plant: Dcs, run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The peer (asyncua's server, not ours) is taught the limits that small servers have."""
    from asyncua.server.monitored_item_service import MonitoredItemService

    genuine = MonitoredItemService.create_monitored_items

    async def few(service: Any, params: Any) -> Any:
        results = await genuine(service, params)
        for one in results[2:]:
            one.StatusCode = ua.StatusCode(StatusCodes.BadTooManyMonitoredItems)  # type: ignore[arg-type]
        return results

    async def story() -> None:
        names = [f"F{i}" for i in range(5)]
        for i, name in enumerate(names):
            await plant.add(name, float(i))
        async with running(bus_of(plant.endpoint, {n: f"ns=2;s={n}" for n in names}, period_ms=1000)) as (
            seen,
            client,
        ):
            await seen.until(lambda: client.stats().watched == 2)
            before = client.stats().failed
            for i, name in enumerate(names):
                await plant.set(name, i + 0.5)
            await seen.until(lambda: all(seen.value(n) == i + 0.5 for i, n in enumerate(names)))
            assert client.stats().failed == before

    monkeypatch.setattr(MonitoredItemService, "create_monitored_items", few)
    run(story())
    assert "3 × BadTooManyMonitoredItems" in caplog.text


def test_a_server_that_answers_few_values_at_once_is_asked_for_fewer(
    plant: Dcs, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from asyncua.server.internal_session import InternalSession

    genuine = InternalSession.read

    async def small(session: Any, params: Any) -> Any:
        if len(params.NodesToRead) > 7:
            raise BadTooManyOperations
        return await genuine(session, params)

    async def story() -> None:
        names = [f"M{i}" for i in range(20)]
        for i, name in enumerate(names):
            await plant.add(name, float(i))
        bus = bus_of(plant.endpoint, {n: f"ns=2;s={n}" for n in names}, period_ms=1000, subscribe=False)
        async with running(bus) as (seen, client):
            await seen.until_all()
            before = client.stats().failed
            await seen.until(lambda: len([one for one in seen.of("M19") if one.data]) > 2)
            assert [seen.value(name) for name in names] == [float(i) for i in range(20)]
            assert client.stats().failed == before
            assert isinstance(client, Client)

    monkeypatch.setattr(InternalSession, "read", small)
    run(story())
