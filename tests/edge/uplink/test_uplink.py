"""The uplink against a real router and a small centre that speaks only the protocol."""

import asyncio
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.uplink.road import EndpointRefused, check_endpoint
from protocol import codec
from protocol import messages as m
from rig.slave import Slave
from tests.edge.plant_at_hand import running_gateway, until, write_config
from tests.edge.uplink.small_centre import Router, SmallCentre, centre


def prepared(folder: Path, port: int, small: SmallCentre) -> Path:
    small.write_credentials(folder / "credentials.json")
    return write_config(folder, port, uplink=True)


def whole(small: SmallCentre, epoch: int, stream: int = m.MEASUREMENT) -> bool:
    numbers = small.numbers(stream, epoch)
    return numbers == list(range(1, len(numbers) + 1))


def test_a_birth_comes_first_and_then_every_number_once_in_order(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        async with centre() as small, board.tcp() as port:
            async with running_gateway(prepared(tmp_path, port, small)):
                await until(lambda: len(small.batches) > 6, 10)
                board[1].holding[0] = 150
                await until(lambda: any(isinstance(e, m.AlarmEvent) for e in small.events()))
            birth = small.births[0]
            assert birth.current
            epoch = birth.epochs[-1].epoch
            assert whole(small, epoch, m.EVENT)
            assert whole(small, epoch, m.MEASUREMENT)
            assert isinstance(small.events()[0], m.OpenedEvent)
            assert {b.sent_boot for b in small.batches} == {birth.boot}
            assert small.live
            assert {b.stream for b in small.live} == {m.EVENT, m.MEASUREMENT}
            beats = small.heartbeats
            assert [b.counter for b in beats] == list(range(beats[0].counter, beats[0].counter + len(beats)))
            assert beats[-1].sources[0].source == "GT-101"

    asyncio.run(run())


def test_the_birth_of_a_gateway_in_alarm_carries_the_alarm(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        async with centre() as small, board.tcp() as port:
            path = prepared(tmp_path, port, small)
            board[1].holding[0] = 150
            small.silent = True
            async with running_gateway(path):
                await until(lambda: board[10].coils[0], 10)
                small.silent = False
                await until(lambda: small.births and small.births[-1].active, 10)
                active = small.births[-1].active[0]
                assert (active.alarm, active.state, active.value) == ("GT-101/H", "B", 15.0)
                await until(lambda: any(isinstance(e, m.AlarmEvent) for e in small.events()), 10)
                event = next(e for e in small.events() if isinstance(e, m.AlarmEvent))
                assert event.occurrence == active.occurrence

    asyncio.run(run())


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


def test_a_backlog_of_yesterdays_configuration_comes_with_yesterdays_birth(
    tmp_path: Path, board: Slave
) -> None:
    async def run() -> None:
        async with centre() as small, board.tcp() as port:
            path = prepared(tmp_path, port, small)
            small.silent = True
            async with running_gateway(path):
                await until(lambda: board[1].requests > 15, 10)
            path.write_text(path.read_text().replace("scale = 0.1", "scale = 0.2"))
            small.silent = False
            async with running_gateway(path):
                await until(
                    lambda: len({b.epoch for b in small.batches if b.stream == m.MEASUREMENT}) == 2, 10
                )
            old, new = [e.epoch for e in small.births[-1].epochs][-2:]
            scales = {}
            for batch in small.batches:
                birth = next(b for b in small.births if codec.birth_hash(b.description) == batch.birth_hash)
                scales[batch.epoch] = codec.decode_description(birth.description).points[0].scale
            assert scales == {old: 0.1, new: 0.2}
            assert [b.current for b in small.births].count(False) >= 1

    asyncio.run(run())


def test_a_restored_centre_gets_everything_again(tmp_path: Path, board: Slave) -> None:
    async def run() -> None:
        async with (
            centre() as small,
            board.tcp() as port,
            running_gateway(prepared(tmp_path, port, small)),
        ):
            await until(lambda: len(small.batches) > 10, 10)
            small.batches.clear()  # restored from a backup of an empty database
            small.cursors.clear()
            small.descriptions.clear()
            await until(lambda: len(small.batches) > 15, 10)
            epoch = small.births[0].epochs[-1].epoch
            assert whole(small, epoch, m.EVENT)
            assert whole(small, epoch)

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


def test_a_receipt_that_is_not_the_centres_or_not_of_this_batch_counts_for_nothing(
    tmp_path: Path, board: Slave
) -> None:
    async def run() -> None:
        async with centre() as small, board.tcp() as port:
            lies = 0

            def lie(batch: m.Batch) -> m.Receipt | None:
                nonlocal lies
                lies += 1
                if lies == 1:
                    return m.Receipt(m.STORED, "gw-other", batch.stream, batch.epoch, batch.first, batch.last)
                if lies == 2:
                    return m.Receipt(
                        m.STORED, small.gateway, batch.stream, batch.epoch, batch.first, batch.last, b"wrong"
                    )
                return None

            small.script = lie
            async with running_gateway(prepared(tmp_path, port, small)):
                await until(lambda: len(small.batches) > 5, 15)
                right = small.key
                small.key = Ed25519PrivateKey.generate()
                kept = len(small.batches)
                await asyncio.sleep(1)
                small.key = right
                await until(lambda: len(small.batches) > kept + 4, 15)
            epoch = small.births[0].epochs[-1].epoch
            assert whole(small, epoch, m.EVENT)
            assert whole(small, epoch)

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
        check_endpoint(endpoint)


@pytest.mark.parametrize(
    "endpoint", ["tcp/127.0.0.1:7447", "tcp/localhost:1", "tcp/[::1]:7447", "tcp/127.9.9.9:1"]
)
def test_loopback_needs_no_tls(endpoint: str) -> None:
    assert check_endpoint(endpoint) == endpoint
