"""The uplink against a real router and a small centre that speaks only the protocol."""

import asyncio
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from protocol import messages as m
from protocol.endpoints import EndpointRefused, check_router
from rig.slave import Slave
from tests.edge.plant_at_hand import prepared, running_gateway, until, whole
from tests.edge.uplink.small_centre import Router, SmallCentre, centre


def test_without_router_the_plant_is_watched_and_all_is_sent_afterwards(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        router = Router()
        small = SmallCentre(router)
        async with board.tcp() as port:
            path = prepared(tmp_path, port, small)
            async with running_gateway(path):
                board[1].holding[0] = 150
                await until(lambda: board[10].coils[0], 10)  # nobody is there, and the horn sounds
                await asyncio.sleep(1)
                await asyncio.to_thread(router.start)
                await asyncio.to_thread(small.open)
                try:
                    await until(lambda: len(small.batches) > 8, 15)
                    await asyncio.to_thread(router.kill)
                    kept = len(small.batches)
                    await asyncio.sleep(1)
                    await asyncio.to_thread(router.start)
                    await until(lambda: len(small.batches) > kept + 5, 20)
                finally:
                    await asyncio.to_thread(small.close)
                    await asyncio.to_thread(router.kill)
        epoch = small.births[0].epochs[-1].epoch
        assert whole(small, epoch, m.EVENT)
        assert whole(small, epoch)
        assert any(isinstance(e, m.AlarmEvent) for e in small.events())

    asyncio.run(run())


@pytest.mark.parametrize("status", [m.BUSY, m.REFUSED, m.BIRTH_WANTED])
def test_what_is_not_taken_now_is_sent_again(tmp_path: Path, board: Slave, status: int) -> None:
    async def run() -> None:
        async with centre() as small, board.tcp() as port:
            answers = 0

            def refuse(batch: m.Batch) -> m.Receipt | None:
                nonlocal answers
                answers += 1
                return small.answer(batch, status, reason="not now") if answers <= 5 else None

            small.script = refuse
            async with running_gateway(prepared(tmp_path, port, small)):
                await until(lambda: len(small.batches) > 5, 20)
            assert answers > 5
            assert whole(small, small.births[0].epochs[-1].epoch)

    asyncio.run(run())


def test_a_centre_that_wants_an_epoch_nobody_holds_is_not_asked_in_a_hot_loop(
    tmp_path: Path, board: Slave
) -> None:
    async def run() -> None:
        async with centre() as small, board.tcp() as port:
            asked = 0

            def want_another(batch: m.Batch) -> m.Receipt | None:
                nonlocal asked
                if batch.stream != m.EVENT:
                    return None
                asked += 1
                return m.Receipt(m.EXPECTED, "gw-test", m.EVENT, 12345, 0, 0, b"", 1)

            small.script = want_another
            async with running_gateway(prepared(tmp_path, port, small)):
                await until(lambda: asked)
                await asyncio.sleep(2)
            assert asked < 12

    asyncio.run(run())


def test_a_conflict_does_not_stop_the_stream(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        async with centre() as small, board.tcp() as port:

            def contradict(batch: m.Batch) -> m.Receipt | None:
                if batch.stream == m.MEASUREMENT and batch.first == 1:
                    small.cursors[batch.stream, batch.epoch] = batch.last
                    return small.answer(batch, m.CONFLICT, reason="another hash")
                return None

            small.script = contradict
            async with running_gateway(prepared(tmp_path, port, small)):
                await until(lambda: len([b for b in small.batches if b.stream == m.MEASUREMENT]) > 3, 15)

    asyncio.run(run())


def command(small: SmallCentre, which: str, name: str = "c-1", **changes: object) -> m.Command:
    beat = small.heartbeats[-1]
    given = {"gateway": "gw-test", "boot": beat.boot, "expires_mono_ms": beat.mono_ms + 20_000, **changes}
    return m.Command(
        name,
        str(given["gateway"]),
        int(str(given["boot"])),
        which,
        str(given.get("alarm", "")),
        "county",
        "test",
        int(str(given["expires_mono_ms"])),
    )


def test_commands_silence_and_acknowledge_once_and_are_answered(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        async with (
            centre() as small,
            board.tcp() as port,
            running_gateway(prepared(tmp_path, port, small)),
        ):
            board[1].holding[0] = 150
            await until(lambda: board[10].coils[0], 10)
            await until(lambda: small.heartbeats, 10)
            reply = await small.command(command(small, "silence"))
            assert reply is not None
            assert reply.result == "done"
            await until(lambda: not board[10].coils[0])
            again = await small.command(command(small, "silence"))
            assert again is not None
            assert again.result == "repeated"
            reply = await small.command(command(small, "acknowledge", "c-2", alarm="GT-101/H"))
            assert reply is not None
            assert reply.result == "done"
            await until(lambda: any(isinstance(e, m.AlarmEvent) and e.state == "C" for e in small.events()))
            people = [e for e in small.events() if isinstance(e, m.OperatorEvent)]
            assert [(e.action, e.origin, e.by, e.command) for e in people] == [
                ("silence", "centre", "county", "c-1"),
                ("acknowledge", "centre", "county", "c-2"),
            ]

    asyncio.run(run())


def test_commands_of_another_boot_too_late_unknown_or_forged_do_nothing(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        async with (
            centre() as small,
            board.tcp() as port,
            running_gateway(prepared(tmp_path, port, small)),
        ):
            board[1].holding[0] = 150
            await until(lambda: board[10].coils[0], 10)
            await until(lambda: small.heartbeats, 10)
            beat = small.heartbeats[-1]
            results = []
            for i, bad in enumerate(
                (
                    command(small, "silence", "a", boot=beat.boot + 1),
                    command(small, "silence", "b", gateway="gw-other"),
                    command(small, "silence", "c", expires_mono_ms=beat.mono_ms - 1),
                    command(small, "silence", "d", expires_mono_ms=beat.mono_ms + 10_000_000),
                    command(small, "open-the-valve", "e"),
                    command(small, "acknowledge", "f", alarm="GT-999/H"),
                )
            ):
                reply = await small.command(bad)
                assert reply is not None, i
                results.append(reply.result)
            assert results == ["foreign", "foreign", "expired", "refused", "refused", "refused"]
            assert await small.command(command(small, "silence", "g"), Ed25519PrivateKey.generate()) is None
            assert board[10].coils[0]

    asyncio.run(run())


@pytest.mark.parametrize(
    "endpoint",
    ["tcp/10.0.0.1:7447", "tcp/example.org:7447", "tls/10.0.0.1:7447", "tcp/0.0.0.0:7447", "nonsense"],
)
def test_an_endpoint_beyond_this_machine_is_refused_without_tls(endpoint: str) -> None:
    with pytest.raises(EndpointRefused):
        check_router(endpoint)


@pytest.mark.parametrize(
    "endpoint", ["tcp/127.0.0.1:7447", "tcp/localhost:1", "tcp/[::1]:7447", "tcp/127.9.9.9:1"]
)
def test_loopback_needs_no_tls(endpoint: str) -> None:
    assert not check_router(endpoint).secured
