"""The ring: what was appended is there again, whole; a write cut at any byte is never taken for a record."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from edge.leaf.ring import Ring
from tests.edge.leaf.leaf_at_hand import on_micropython

SLOT = 64


def records(ring: Ring) -> list[bytes]:
    found: list[bytes] = []
    position = ring.oldest
    while (one := ring.read(position)) is not None:
        found.append(one[0])
        position = one[1]
    return found


def ring_in(folder: Path, segments: int = 3, slots: int = 8) -> Ring:
    return Ring(str(folder), "ring", segments, slots, SLOT)


@pytest.mark.parametrize("seed", range(4))
def test_any_history_is_read_again_by_whoever_opens_it_next(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    ring = ring_in(tmp_path)
    held: list[tuple[int, bytes]] = []
    for n in range(150):
        record = bytes([n]) * chance.choice([0, 1, 41, 42, 43, 100, 130, ring.most_bytes()])
        doomed = ring.doomed(len(record))
        held = [(position, one) for position, one in held if position >= doomed]
        held.append((ring.append(record), record))
        again = ring_in(tmp_path)
        assert records(again) == records(ring) == [one for _, one in held]
        assert again.newest() == ring.newest() == record
        ring = chance.choice([ring, again])


def test_a_write_cut_at_every_byte_leaves_what_was_before_or_the_whole_record(tmp_path: Path) -> None:
    base = tmp_path / "base"
    base.mkdir()
    ring = ring_in(base)
    for n in range(29):  # the next record begins in the middle of a segment that was used before
        ring.append(bytes([n]) * 30)
    before = records(ring)
    record = b"the alarm that rang as the power went" * 3
    segment = base / f"ring.{ring.end // 8 % 3}"
    size = segment.stat().st_size
    ring.append(record)
    whole = segment.read_bytes()
    assert len(whole) == size + 3 * SLOT
    for cut in range(size, len(whole) + 1):
        segment.write_bytes(whole[:cut])
        torn = ring_in(base)
        assert records(torn) == (before if cut < len(whole) else [*before, record])
        assert torn.newest() == (before[-1] if cut < len(whole) else record)


def test_after_any_cut_the_next_record_is_taken_and_the_torn_one_stays_away(tmp_path: Path) -> None:
    base = tmp_path / "base"
    base.mkdir()
    ring = ring_in(base)
    for n in range(10):
        ring.append(bytes([n]) * 30)
    before = records(ring)
    segment = base / "ring.1"
    size = segment.stat().st_size
    ring.append(b"torn" * 30)
    whole = segment.read_bytes()
    for cut in range(size, len(whole), 7):
        here = tmp_path / "here"
        shutil.copytree(base, here)
        (here / "ring.1").write_bytes(whole[:cut])
        torn = ring_in(here)
        torn.append(b"short")
        assert records(ring_in(here)) == [*before, b"short"]
        torn.append(b"long" * 30)
        assert records(ring_in(here)) == [*before, b"short", b"long" * 30]
        shutil.rmtree(here)


@pytest.mark.parametrize("lost", [(0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)])
def test_parts_that_the_card_wrote_out_of_order_are_no_record(lost: tuple[int, ...], tmp_path: Path) -> None:
    ring = ring_in(tmp_path)
    for n in range(10):
        ring.append(bytes([n]) * 30)
    before = records(ring)
    segment = tmp_path / "ring.1"
    start = segment.stat().st_size
    ring.append(b"three parts" * 10)
    data = bytearray(segment.read_bytes())
    for part in lost:
        data[start + part * SLOT : start + (part + 1) * SLOT] = b"\xff" * SLOT
    segment.write_bytes(data)
    torn = ring_in(tmp_path)
    assert records(torn) == before
    torn.append(b"other parts" * 10)  # of the same length: its slots lie over what was left
    assert records(ring_in(tmp_path)) == [*before, b"other parts" * 10]


def test_a_new_segment_cut_off_costs_only_what_was_doomed(tmp_path: Path) -> None:
    ring = ring_in(tmp_path)
    for n in range(24):
        ring.append(bytes([n]) * 30)
    doomed = ring.doomed(5)
    kept = [one for position, one in enumerate(records(ring)) if position >= doomed]
    ring.append(b"first")
    (tmp_path / "ring.0").write_bytes((tmp_path / "ring.0").read_bytes()[:20])
    assert records(ring_in(tmp_path)) == kept


def test_a_changed_bit_anywhere_takes_its_record_and_no_other(tmp_path: Path) -> None:
    ring = ring_in(tmp_path)
    for n in range(7):
        ring.append(bytes([n]) * 30)
    before = records(ring)
    whole = (tmp_path / "ring.0").read_bytes()
    for place in range(0, len(whole), 3):
        broken = bytearray(whole)
        broken[place] ^= 0x10
        (tmp_path / "ring.0").write_bytes(broken)
        assert records(ring_in(tmp_path)) == [one for n, one in enumerate(before) if n != place // SLOT]


def test_a_card_that_is_gone_is_an_error_and_no_record(tmp_path: Path) -> None:
    folder = tmp_path / "card"
    folder.mkdir()
    ring = ring_in(folder)
    ring.append(b"here")
    shutil.rmtree(folder)
    for _ in range(20):
        with pytest.raises(OSError, match="ring"):
            ring.append(b"nowhere")


def test_a_ring_too_small_to_turn_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="3 segments or more"):
        Ring(str(tmp_path), "ring", 2, 8, SLOT)
    with pytest.raises(ValueError, match="at most 336 fit"):
        ring_in(tmp_path).append(bytes(337))


def test_micropython_and_cpython_read_each_others_rings(tmp_path: Path) -> None:
    program = tmp_path / "ring.py"
    program.write_text(
        "import sys\nfrom edge.leaf.ring import Ring\n"
        f"ring = Ring({str(tmp_path)!r}, 'ring', 3, 8, {SLOT})\n"
        "position, found = ring.oldest, []\n"
        "while True:\n"
        "    one = ring.read(position)\n"
        "    if one is None:\n"
        "        break\n"
        "    found.append(one[0].hex())\n"
        "    position = one[1]\n"
        "print(' '.join(found))\n"
        "for n in range(30):\n"
        "    ring.append(bytes([n + 100]) * (n * 5))\n"
    )
    ring = ring_in(tmp_path)
    for n in range(40):
        ring.append(bytes([n]) * (n * 3))
    written = records(ring)
    assert [bytes.fromhex(one) for one in on_micropython(program).split()] == written
    theirs = records(ring_in(tmp_path))
    assert theirs == [bytes([n + 100]) * (n * 5) for n in range(30)][-len(theirs) :]
    assert len(theirs) >= 5
