"""Every kind of loudspeaker and screen passes the same tests, against a device that is not ours."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from edge.clock import Clock
from edge.config_models import Annunciator
from edge.outputs.announcer import Announcing
from edge.outputs.building import announcers
from edge.outputs.models import Announcement
from tests.edge.outputs.devices_at_hand import LineScreen, Peer, VillageSpeaker, WebSpeaker

GAS = Announcement("GT-101/HH", "紧急报警，1号氯瓶间氯气高高限报警，当前3.2mg/m³", 3, True)
SILENCED = Announcement(GAS.alarm, GAS.text, 3, False)


@pytest.fixture(params=[WebSpeaker, LineScreen, VillageSpeaker], ids=lambda kind: kind.__name__)
def peer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Peer]:
    made: Peer = request.param(tmp_path)
    yield made
    made.close()


class Heard:
    """What was reported of the device."""

    def __init__(self) -> None:
        self.reports: list[tuple[bool, str]] = []

    def __call__(self, output: str, on: bool, ok: bool, reason: str) -> None:
        self.reports.append((ok, reason))


@contextlib.asynccontextmanager
async def running(peer: Peer, folder: Path, heard: Heard) -> AsyncIterator[Announcing]:
    site = Annunciator(name="main", announcers=(peer.table(),))
    (announcer,) = announcers(site, lambda name: folder / name, Clock(None), heard)
    task = asyncio.create_task(announcer.run())
    try:
        yield announcer
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(fact: Callable[[], bool], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not fact():
            await asyncio.sleep(0.02)


def test_a_new_alarm_is_told_at_once_in_the_plants_words(peer: Peer, tmp_path: Path) -> None:
    async def scene() -> None:
        async with running(peer, tmp_path, Heard()) as announcer:
            announcer.tell([GAS])
            await until(lambda: GAS.text in peer.heard() or GAS.text.replace("³", "?") in peer.heard())

    asyncio.run(scene())


def test_a_device_that_vanishes_is_told_once_and_gets_what_stands_when_it_is_back(
    peer: Peer, tmp_path: Path
) -> None:
    heard = Heard()

    async def scene() -> None:
        async with running(peer, tmp_path, heard) as announcer:
            announcer.tell([GAS])
            await until(lambda: any("氯气" in text for text in peer.heard()))
            peer.vanish()
            announcer.tell([Announcement("LT-1/H", "报警，碱液池液位高限报警", 2, True), GAS])
            await until(lambda: not announcer.ok, 15)
            peer.return_()
            await until(lambda: any("碱液池" in text for text in peer.heard()), 20)
            await until(lambda: announcer.ok)

    asyncio.run(scene())
    assert [ok for ok, _ in heard.reports] == [False, True]
    assert heard.reports[0][1]
    assert heard.reports[1][1] == "follows again"


def test_an_announcer_ends_at_once_when_the_gateway_stops(peer: Peer, tmp_path: Path) -> None:
    async def scene() -> None:
        async with asyncio.timeout(60):
            async with running(peer, tmp_path, Heard()) as announcer:
                announcer.tell([GAS])
                await asyncio.sleep(0.1)

    asyncio.run(scene())


def test_a_speaker_repeats_until_somebody_silences_it(tmp_path: Path) -> None:
    peer = WebSpeaker(tmp_path)

    async def scene() -> int:
        async with running(peer, tmp_path, Heard()) as announcer:
            announcer.tell([GAS])
            await until(lambda: len(peer.heard()) >= 3)
            announcer.tell([SILENCED])
            await asyncio.sleep(0.2)
            said = len(peer.heard())
            await asyncio.sleep(1)
            return len(peer.heard()) - said

    try:
        assert asyncio.run(scene()) == 0
        assert peer.bodies[0] == {"tts": {"text": GAS.text, "volume": 100}}
    finally:
        peer.close()


def test_a_screen_shows_what_stands_also_when_silenced_and_peace_when_nothing_does(tmp_path: Path) -> None:
    peer = LineScreen(tmp_path)

    async def scene() -> None:
        async with running(peer, tmp_path, Heard()) as announcer:
            announcer.tell([SILENCED])
            await until(lambda: any("氯气" in text for text in peer.heard()))
            announcer.tell([])
            await until(lambda: peer.heard()[-1] == "平安")

    try:
        asyncio.run(scene())
    finally:
        peer.close()
