"""The bus black box: the last ten minutes of a port's bytes with microsecond times, in bounded memory.

A driver gives it every byte that goes out or comes in; recording costs one append. Records stand packed one
behind the other in pages, since an object a chunk would cost five times the memory:

    page = base time | record, record …       record = us since base (4) | kind (1) | length (2) | bytes

A whole page goes when the memory or the time is used up. At 9,600 baud the default holds ten minutes of a
line that is never silent; at 115,200 baud of such a line it holds a minute and a half, and the dump says so.

A dump is text, one record a line, for people and for `parse` (hil-tests/rig/replay.py plays it again):

    fengsui-tape 1
    bus: line-1
    gateway: quarry-7                           what the gateway knew, one `key: value` a line
                                                an empty line, then the records
    4711000000 > 01 03 00 00 00 02 c4 0b        sent      (time in microseconds of the monotonic clock)
    4711031250 < 01 03 04 00 01 00 02 2a 32     received
    4711031300 ! unit 1 is back                 a note of the driver
"""

import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

SENT: Final = ">"
RECEIVED: Final = "<"
NOTE: Final = "!"

FIRST_LINE: Final = "fengsui-tape 1"
PAGES: Final = 16  # what is thrown away at once is a sixteenth of what is held
_HEAD: Final = struct.Struct(">IBH")
_PACK: Final = _HEAD.pack
_SENT, _RECEIVED, _NOTE = ord(SENT), ord(RECEIVED), ord(NOTE)
_KINDS: Final = {_SENT: SENT, _RECEIVED: RECEIVED, _NOTE: NOTE}
_LONGEST_US: Final = 0xFFFF_FFFF
_LARGEST: Final = 0xFFFF


class TapeError(ValueError):
    """A dump cannot be read: says in which line and what would be right."""


class Record(NamedTuple):
    """One chunk that went over the wire, or a note; `us` is monotonic, `kind` SENT, RECEIVED or NOTE."""

    us: int
    kind: str
    data: bytes

    @property
    def text(self) -> str:
        """The words of a note."""
        return self.data.decode("utf-8", "replace")


class Recording(NamedTuple):
    """What a tape held at one moment: `head` as written in the dump, and the records, oldest first."""

    head: dict[str, str]
    records: list[Record]


class Frozen:
    """A copy of a tape's pages: cheap to make in the hot path, to be rendered elsewhere (in a thread)."""

    def __init__(self, name: str, pages: list[tuple[int, bytes]], since_us: int, dropped: int) -> None:
        self.name = name
        self._pages = pages
        self._since_us = since_us
        self._dropped = dropped

    def records(self) -> Iterator[Record]:
        """Unpack the records, oldest first."""
        for base, page in self._pages:
            at = 0
            while at < len(page):
                since, kind, length = _HEAD.unpack_from(page, at)
                at += _HEAD.size + length
                if base + since >= self._since_us:
                    yield Record(base + since, _KINDS[kind], page[at - length : at])

    def dump(self, head: Mapping[str, str] | None = None) -> bytes:
        """Write the dump.

        Args:
            head: what shall stand above the records; a text of several lines is written as several lines of
                the same key.
        """
        lines = [FIRST_LINE, f"bus: {self.name}"]
        for key, text in (head or {}).items():
            lines += [f"{key}: {line}" for line in text.splitlines() or [""]]
        if self._dropped:
            lines.append(f"dropped: {self._dropped} older bytes, to keep the memory bounded")
        lines.append("")
        for record in self.records():
            words = " ".join(record.text.splitlines()) if record.kind == NOTE else record.data.hex(" ")
            lines.append(f"{record.us} {record.kind} {words}")
        return ("\n".join(lines) + "\n").encode()


class Tape:
    """Records one port; nothing here waits, fails or grows."""

    __slots__ = (
        "_clock_us",
        "_dropped",
        "_keep_us",
        "_on_trip",
        "_page",
        "_page_bytes",
        "_pages",
        "_turning",
        "name",
    )

    def __init__(
        self,
        name: str,
        clock_us: Callable[[], int],
        keep_s: int = 600,
        max_bytes: int = 1 << 20,
        on_trip: Callable[[str, str], None] | None = None,
    ) -> None:
        """Begin an empty tape.

        Args:
            name: of the bus.
            clock_us: the monotonic clock in microseconds.
            keep_s: older records are not dumped.
            max_bytes: what the records may take in memory (7 bytes each beside their own).
            on_trip: called with the name of the bus and the words of `trip`; must not wait.
        """
        self.name = name
        self._clock_us = clock_us
        self._keep_us = keep_s * 1_000_000
        self._page_bytes = max(1024, max_bytes // PAGES)
        self._pages: deque[tuple[int, bytearray]] = deque()
        self._dropped = 0
        self._turning = threading.Lock()
        self._on_trip = on_trip
        self._turn(clock_us())

    def sent(self, data: bytes) -> None:
        """Record bytes that were given to the wire."""
        self._put(_SENT, data)

    def received(self, data: bytes) -> None:
        """Record bytes as they came from the wire."""
        self._put(_RECEIVED, data)

    def note(self, text: str) -> None:
        """Record a remark, for example that the port was opened."""
        self._put(_NOTE, text.encode()[:1000])

    def trip(self, text: str) -> None:
        """Note that an instrument or the line is given up, and have the tape written down."""
        self.note(text)
        if self._on_trip is not None:
            self._on_trip(self.name, text)

    def freeze(self) -> Frozen:
        """Copy what is held."""
        pages = [(base, bytes(page)) for base, page in self._pages]
        return Frozen(self.name, pages, self._clock_us() - self._keep_us, self._dropped)

    def dump(self, head: Mapping[str, str] | None = None) -> bytes:
        """Write what is held as text: see the format above; not for the hot path (`freeze` is)."""
        return self.freeze().dump(head)

    def _put(self, kind: int, data: bytes) -> None:
        now = self._clock_us()
        base, page = self._page
        since = now - base
        if len(page) >= self._page_bytes or not 0 <= since <= _LONGEST_US:
            page = self._turn(now)
            since = 0
        if len(data) > _LARGEST:
            for at in range(0, len(data), _LARGEST):
                self._put(kind, data[at : at + _LARGEST])
            return
        page += _PACK(since, kind, len(data)) + data  # at once: a driver may run in a thread of its own

    def _turn(self, now: int) -> bytearray:
        """Begin a page; let the oldest go when there are too many or it is too old."""
        page = bytearray()
        with self._turning:
            self._page = (now, page)
            pages = self._pages
            pages.append(self._page)
            while len(pages) > 1:
                old = (
                    pages[1][0] < now - self._keep_us
                )  # the next page's base is the end of the one before it
                if not old and len(pages) <= PAGES:
                    break
                _, gone = pages.popleft()
                # What became too old is not missed; what had to go for room is told.
                self._dropped += 0 if old else len(gone)
        return page


def parse(dump: bytes) -> Recording:
    """Read a dump back.

    Raises:
        TapeError: a line is none of a dump; names the line.
    """
    lines = dump.decode("utf-8", "replace").splitlines()
    if not lines or lines[0] != FIRST_LINE:
        raise TapeError(f"line 1: no dump of a bus; the first line of one is {FIRST_LINE!r}")
    head: dict[str, str] = {}
    records: list[Record] = []
    in_head = True
    for number, line in enumerate(lines[1:], 2):
        if in_head:
            in_head = bool(line)
            key, colon, text = line.partition(": ")
            if colon:
                head[key] = f"{head[key]}\n{text}" if key in head else text
            continue
        records.append(_record(number, line))
    return Recording(head, records)


def _record(number: int, line: str) -> Record:
    us, kind, words = (*line.split(" ", 2), "", "")[:3]
    if not us.isdecimal() or kind not in _KINDS.values():
        raise TapeError(f"line {number}: {line[:40]!r} is not `time {SENT}|{RECEIVED}|{NOTE} bytes`")
    try:
        data = words.encode() if kind == NOTE else bytes.fromhex(words)
    except ValueError as exc:
        raise TapeError(f"line {number}: {words[:40]!r} are not bytes in hexadecimal") from exc
    return Record(int(us), kind, data)
