"""law-warning 4, at the plant: what is shelved, suppressed or out of service is told, kept, comes back."""

import asyncio
from pathlib import Path

from edge.spool.records import AlarmRow
from edge.uplink.commands import REFUSED
from protocol import messages as m
from protocol.quality import COMM_FAILURE
from tests.edge.plant_by_hand import Hand, plant_by_hand

UNITS = """
  [[buses.units]]
  key = "GT-1"
  unit = 1
  first_up = "store"
    [[buses.units.points]]
    key = "GT-1"
    address = 0
    bad_after_s = 1
    limits.H = { limit = 50, deadband = 5, priority = 3 }
    limits.ROC = { limit = 10, window_s = 2, suppressed_by = "PUMP/OFF" }
    [[buses.units.points]]
    key = "LOW"
    address = 1
    limits.L = { limit = 10, suppressed_by = "PUMP = 0" }
    [[buses.units.points]]
    key = "PUMP"
    address = 2
    limits.OFF = { priority = 0 }
[[annunciators]]
name = "main"
horn = { bus = "field", unit = 9, coil = 0 }
"""
SHELVE_MS = 600_000


def moves(hand: Hand, which: str) -> list[tuple[int, str, str]]:
    return [
        (e.transition, e.state, e.under)
        for e in hand.events
        if isinstance(e, m.AlarmEvent) and e.alarm == which
    ]


async def written(hand: Hand, count: int) -> None:
    """Wait until so many events are durable."""
    async with asyncio.timeout(60):
        while len(hand.events) < count:
            await asyncio.sleep(0.01)


def command(what: str, which: str, *, reason: str = "", for_ms: int = 0) -> m.Command:
    return m.Command("c-1", "gw-test", 0x2A, what, which, "Li", reason, 60_000, for_ms)


def test_a_shelved_alarm_is_silent_told_and_sounds_when_its_time_is_over(tmp_path: Path) -> None:
    async def body() -> None:
        async with plant_by_hand(tmp_path, UNITS) as hand:
            hand.read(20, 100, 1)
            refused = hand.plant.obey(command("shelve", "GT-1/H", for_ms=SHELVE_MS))
            assert (refused.result, "reason" in refused.detail) == (REFUSED, True)
            order = command("shelve", "GT-1/H", reason="calibration", for_ms=SHELVE_MS)
            assert hand.plant.obey(order).result == "done"
            hand.time_passes(1000)
            hand.read(60, 100, 1)
            assert not hand.plant.sounding()
            (held,) = [a for a in hand.plant.active() if a.alarm == "GT-1/H"]
            until = hand.clock.utc_ms() - 1000 + SHELVE_MS
            assert (held.state, held.under, held.by, held.until_ms) == ("G", "B", "Li", until)
            while hand.clock.now < SHELVE_MS:
                hand.time_passes(1000)
                hand.read(60, 100, 1)
            assert hand.plant.sounding()
            await written(hand, 6)
            assert moves(hand, "GT-1/H") == [(m.SHELVE, "G", "A"), (m.RAISE, "G", "B"), (m.UNSHELVE, "B", "")]
            (said,) = [e for e in hand.events if isinstance(e, m.OperatorEvent)]
            assert (said.action, said.origin, said.by, said.reason) == (
                "shelve",
                "centre",
                "Li",
                "calibration",
            )

    asyncio.run(body())


def test_nothing_is_shelved_longer_than_allowed_nor_taken_out_without_a_reason(tmp_path: Path) -> None:
    async def body() -> None:
        async with plant_by_hand(tmp_path, UNITS + "[alarms]\nlongest_shelf_h = 0.5\n") as hand:
            hand.read(20, 100, 1)
            long = command("shelve", "LOW/L", reason="x", for_ms=1_800_001)
            assert "30 minutes" in hand.plant.obey(long).detail
            assert hand.plant.obey(command("out-of-service", "LOW/L")).result == REFUSED
            assert hand.plant.obey(command("shelve", "", reason="x", for_ms=1)).result == REFUSED
            assert hand.plant.active() == []

    asyncio.run(body())


def test_a_shelving_outlives_a_restart_and_ends_at_its_hour(tmp_path: Path) -> None:
    async def body() -> None:
        start = 1_790_000_000_000
        cover = f'[{start + 5000},0,0,"Li","calibration",0]'
        saved = [AlarmRow("GT-1/H", "C", "0000002a-7", start - 9000, cover)]
        async with plant_by_hand(tmp_path, UNITS, saved=saved) as hand:
            (held,) = hand.plant.active()
            assert (held.state, held.under, held.occurrence, held.reason) == (
                "G",
                "C",
                "0000002a-7",
                "calibration",
            )
            hand.read(60, 100, 1)
            assert not hand.plant.sounding()
            hand.time_passes(5000)
            assert hand.plant.sounding()
            assert [a.state for a in hand.plant.active() if a.alarm == "GT-1/H"] == ["B"]

    asyncio.run(body())


def test_a_stopped_pump_suppresses_by_design_and_an_unknown_one_does_not(tmp_path: Path) -> None:
    async def body() -> None:
        async with plant_by_hand(tmp_path, UNITS) as hand:
            hand.read(20, 100, 1)
            hand.time_passes(1000)
            hand.read(20, 5, 0)  # pump and level fall in one reading: the horn stays silent
            assert not hand.plant.sounding()
            low = [(a.state, a.under, a.reason) for a in hand.plant.active() if a.alarm == "LOW/L"]
            assert low == [("H", "B", "PUMP = 0")]
            hand.time_passes(1000)
            hand.outcome(None, COMM_FAILURE)  # nobody knows whether the pump stands
            assert hand.plant.sounding()
            hand.read(20, 5, 0)
            assert not hand.plant.sounding()
            hand.read(20, 5, 1)
            assert hand.plant.sounding()
            await written(hand, 8)
            told = [t for t, _, _ in moves(hand, "LOW/L")]
            assert told == [m.SUPPRESS, m.RAISE, m.UNSUPPRESS, m.SUPPRESS, m.UNSUPPRESS]
            reasons = [e.reason for e in hand.events if isinstance(e, m.AlarmEvent) and e.alarm == "LOW/L"]
            assert reasons[:3] == ["PUMP = 0", "", "PUMP = 0 no longer"]
            assert [t for t, _, _ in moves(hand, "GT-1/ROC")][:2] == [m.SUPPRESS, m.UNSUPPRESS]

    asyncio.run(body())


def test_the_first_of_a_group_is_marked_in_its_event_and_in_the_active_list(tmp_path: Path) -> None:
    async def body() -> None:
        async with plant_by_hand(tmp_path, UNITS) as hand:
            hand.read(20, 100, 1)
            hand.time_passes(100)
            hand.read(20, 5, 1)
            hand.read(60, 5, 1)
            assert {a.alarm: a.first for a in hand.plant.active()} == {"LOW/L": True, "GT-1/H": False}
            await written(hand, 2)
            raised = {e.alarm: e.first for e in hand.events if isinstance(e, m.AlarmEvent)}
            assert raised == {"LOW/L": True, "GT-1/H": False}

    asyncio.run(body())


def test_a_flood_and_a_chattering_alarm_are_counted(tmp_path: Path) -> None:
    async def body() -> None:
        async with plant_by_hand(tmp_path, UNITS) as hand:
            for _ in range(12):
                hand.time_passes(4000)
                hand.read(60, 100, 1)
                hand.time_passes(1000)
                hand.read(20, 100, 1)
            (main,) = hand.plant.annunciators()
            assert (main.name, main.flood, main.annunciations >= 12) == ("main", True, True)
            assert "GT-1/H" in [name for name, _ in main.chatter]

    asyncio.run(body())
