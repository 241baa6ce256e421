"""A ring of fixed-size slots in a few files: what was appended survives a power cut, whole or not at all.

    slot   mark 2 | position 8 | part 1 | parts 1 | length 2 | CRC of the record 4 | data, zeros | CRC 4

Keeps law-never-lose 11 and 15 with `buffer.py`. A record takes as many slots as it needs; positions count
slots and never repeat within a ring. A slot counts only with its CRC (over all of it), a record only with all
its parts under one CRC: a write torn at any byte, or carried out of order by the card, is never taken for a
record, nor is what an earlier torn one left.

Positions run through the segments, one file each: a new segment is emptied as a whole before it is used, and
only appended to, which wears flash least (littlefs copies a file from the first changed byte on). Runs on
MicroPython as it is.
"""

import binascii
import os
import struct

# How mypy knows the names of `typing`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MARK = b"\xf5R"
_HEAD = ">2sQBBHI"
_OVERHEAD = 18 + 4
_MOST_PARTS = 255


class Ring:
    """Records in the order in which they were appended; `oldest` to `end` are positions."""

    def __init__(self, folder: str, name: str, segments: int, slots: int, slot_bytes: int = 256) -> None:
        """Open the files, and find what is whole.

        Args:
            folder: where the files are; it exists.
            name: of the ring; its files are "{name}.0" and so on.
            segments: files; at least 3, so that one can be emptied while another is full.
            slots: in each segment.
            slot_bytes: size of a slot.

        Raises:
            ValueError: the ring could not hold anything.
        """
        if segments < 3 or slots < 1 or slot_bytes <= _OVERHEAD:
            raise ValueError(
                "ring %s: 3 segments or more, of slots of more than %d bytes" % (name, _OVERHEAD)
            )
        self._names = ["%s/%s.%d" % (folder, name, i) for i in range(segments)]
        self._slots = slots
        self._size = slot_bytes
        self._room = slot_bytes - _OVERHEAD
        self._file: Any = None
        self._open = -1
        self.torn = 0  # slots that were written and hold nothing
        self.oldest, self.end = self._found()
        self._close()

    def most_bytes(self) -> int:
        """Return how long a record may be: it must fit into one segment."""
        return self._room * min(self._slots, _MOST_PARTS)

    def append(self, record: bytes) -> int:
        """Write a record durably; returns its position.

        Whoever calls it must have looked at `doomed`: what stands below that is gone afterwards.

        Raises:
            ValueError: it is longer than `most_bytes`.
            OSError: the card takes nothing; nothing of the record counts.
        """
        parts = self._parts(record)
        first = self._start(parts)
        whole = binascii.crc32(record)
        self.oldest = max(self.oldest, self.doomed(len(record)))
        data = bytearray()
        for part in range(parts):
            piece = record[part * self._room : (part + 1) * self._room]
            slot = struct.pack(_HEAD, _MARK, first + part, part, parts, len(piece), whole) + piece
            slot += bytes(self._size - 4 - len(slot))
            data.extend(slot + struct.pack(">I", binascii.crc32(slot)))
        try:
            self._write(first, data)
        finally:
            self._close()
        self.end = first + parts
        return first

    def doomed(self, length: int) -> int:
        """Return below which position everything goes when a record of `length` bytes is appended now."""
        parts = (max(length, 1) + self._room - 1) // self._room
        segment = (self._start(parts) + parts - 1) // self._slots
        return max(self.oldest, (segment - len(self._names) + 1) * self._slots)

    def read(self, position: int) -> "tuple[bytes, int] | None":
        """Return (the first record at `position` or behind, the position behind it); None: there is none."""
        try:
            return self._next(position)
        finally:
            self._close()

    def _next(self, position: int) -> "tuple[bytes, int] | None":
        position = max(position, self.oldest)
        while position < self.end:
            parts = self._slot(position)
            if parts is not None and parts[0] == 0:
                record = self._record(position, parts)
                if record is not None:
                    return record, position + parts[1]
            position += 1
        return None

    def newest(self) -> "bytes | None":
        """Return the record appended last; None: there is none."""
        found = self._slot(self.end - 1) if self.end else None
        record = None if found is None else self.read(self.end - 1 - found[0])
        self._close()
        return None if record is None else record[0]

    def _parts(self, record: bytes) -> int:
        if len(record) > self.most_bytes():
            raise ValueError("a record of %d bytes: at most %d fit" % (len(record), self.most_bytes()))
        return (max(len(record), 1) + self._room - 1) // self._room

    def _start(self, parts: int) -> int:
        """Return where a record of so many parts begins: it never reaches over the end of a segment."""
        left = self._slots - self.end % self._slots
        return self.end if parts <= left else self.end + left

    def _found(self) -> "tuple[int, int]":
        """Look at every slot; return (oldest, end) of the records that are whole and follow each other."""
        found: list[tuple[int, int]] = []
        highest = -1
        for segment in range(len(self._names)):
            position = -1
            for index in range(self._slots):
                slot = self._raw(segment, index)
                if slot is None:
                    break
                here = self._parsed(slot)
                if here is None or here[0] // self._slots % len(self._names) != segment:
                    self.torn += 1
                elif here[0] % self._slots == index:
                    highest = max(highest, here[0])
                    if here[1] == 0:
                        position = here[0]
                        if self._record(position, here[1:]) is not None:
                            found.append((position, position + here[2]))
        # A write that was cut off may have left its last part alone: positions go on behind the whole ones.
        found.sort()
        if not found:
            return 0, 0
        end = found[-1][1]
        least = ((end - 1) // self._slots - len(self._names) + 1) * self._slots
        return min([first for first, _ in found if first >= least]), end

    def _raw(self, segment: int, index: int) -> "bytes | None":
        """Read a slot's bytes; None where the file ends."""
        if self._open != segment:
            self._close()
            try:
                self._file = open(self._names[segment], "r+b")
            except OSError:
                return None
            self._open = segment
        self._file.seek(index * self._size)
        return self._file.read(self._size) or None

    def _parsed(self, slot: bytes) -> "tuple[int, int, int, int, int, bytes] | None":
        """Take a slot apart: (position, part, parts, length, record's CRC, data); None: it holds nothing."""
        if len(slot) != self._size or struct.unpack(">I", slot[-4:])[0] != binascii.crc32(slot[:-4]):
            return None
        mark, position, part, parts, length, whole = struct.unpack(_HEAD, slot[:18])
        if mark != _MARK or part >= parts or length > self._room:
            return None
        return position, part, parts, length, whole, slot[18 : 18 + length]

    def _slot(self, position: int) -> "tuple[int, int, int, int, bytes] | None":
        slot = self._raw(position // self._slots % len(self._names), position % self._slots)
        here = None if slot is None else self._parsed(slot)
        return None if here is None or here[0] != position else here[1:]

    def _record(self, position: int, head: "tuple[int, int, int, int, bytes]") -> "bytes | None":
        data = head[4]
        for part in range(1, head[1]):
            here = self._slot(position + part)
            if here is None or here[:2] != (part, head[1]) or here[3] != head[3]:
                return None
            data += here[4]
        return data if binascii.crc32(data) == head[3] else None

    def _write(self, position: int, data: bytearray) -> None:
        segment = position // self._slots % len(self._names)
        index = position % self._slots
        if index == 0:
            self._close()
            self._file = open(self._names[segment], "wb")  # empties it
            self._file.close()
            self._file = open(self._names[segment], "r+b")
            self._open = segment
        elif self._raw(segment, 0) is None and self._open != segment:
            self._file = open(self._names[segment], "w+b")
            self._open = segment
        self._file.seek(index * self._size)
        self._file.write(data)
        self._file.flush()  # MicroPython: to the card; CPython asks for the second step
        if hasattr(os, "fsync"):
            os.fsync(self._file.fileno())

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None
        self._open = -1
