from __future__ import annotations

from central.devices.presence import PresenceBoard
from edge.core import heartbeat


def test_a_gateway_is_online_late_and_offline_by_our_clock() -> None:
    board = PresenceBoard()
    board.begin([("gw-a", "offline", None)], 0)
    assert board.changes(0) == []
    board.heard("gw-a", 7, 1, 1000, 5000)
    assert board.changes(5000) == [("gw-a", "online")]
    assert board.changes(6900) == []
    assert board.changes(7100) == [("gw-a", "late")]
    assert board.changes(9000) == [("gw-a", "offline")]


def test_our_own_absence_is_not_theirs() -> None:
    board = PresenceBoard()
    board.begin([("gw-a", "online", 1000), ("gw-b", "late", 1000), ("gw-c", "offline", 1000)], 50_000)
    assert board.changes(50_100) == [("gw-b", "online")]
    assert board.changes(53_500) == [("gw-a", "offline"), ("gw-b", "offline")]


def test_an_old_heartbeat_makes_nobody_present() -> None:
    board = PresenceBoard()
    assert board.heard("gw-a", 7, 5, 1000, 0) == heartbeat.COUNTED
    assert board.heard("gw-a", 7, 5, 1000, 10_000) == heartbeat.REPEATED
    assert board.changes(10_000) == []


def test_a_boot_that_was_replaced_and_speaks_again_is_seen_also_when_the_period_changes() -> None:
    board = PresenceBoard()
    assert board.heard("gw-a", 7, 1, 1000, 0) == heartbeat.COUNTED
    assert board.heard("gw-a", 8, 1, 5000, 100) == heartbeat.COUNTED
    assert board.heard("gw-a", 7, 2, 1000, 200) == heartbeat.INTERLEAVED


def test_an_absurd_period_neither_flaps_nor_hides_an_absence() -> None:
    board = PresenceBoard()
    board.heard("gw-a", 7, 1, 0, 0)
    board.heard("gw-b", 7, 1, 10**12, 0)
    assert dict(board.changes(10)) == {"gw-a": "online", "gw-b": "online"}
    assert ("gw-b", "offline") in board.changes(3 * 600_000)


def test_what_could_not_be_written_is_told_again() -> None:
    board = PresenceBoard()
    board.heard("gw-a", 7, 1, 1000, 0)
    assert board.changes(0) == [("gw-a", "online")]
    board.untell("gw-a")
    assert board.changes(1) == [("gw-a", "online")]
