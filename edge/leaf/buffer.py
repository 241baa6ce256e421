"""Numbers the records, keeps them in two rings until the centre has them, and declares what goes unsent.

    events          [epoch, first, last, boot, birth, body, cursors, alarms that stand, epochs]
    measurements    [epoch, first, last, boot, birth, body, cursors]

Keeps law-never-lose 2, 4, 5, 11, 12, 15. One record is one batch as it will be sent, so a range always has
the same hash. An epoch is minted at every opening; its first event, which names the epoch before it, is
durable before anything else. What the next run needs (cursors, alarms, epochs) stands in the newest event
itself: an alarm's transition and its saved state are one write. Measurements that must make room are declared
first, by a gap event; lost events are declared in their own places (`_tombstone`). Runs on MicroPython.
"""

import os

from edge.leaf import frames
from edge.leaf.frames import EVENT, MEASUREMENT
from edge.leaf.msgpack import Fields, pack, unpack
from edge.leaf.ring import Ring

# How mypy knows the names of `typing`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from edge.core.batch import Closed

    Stamp = tuple[int, int, int]
    Make = Callable[[int, Stamp], Fields]
    """Builds an event from its number and (UTC ms, monotonic ms, clock state)."""

UNCLEAN = "unclean stop: what the last commit interval held"
NO_ROOM = "the ring was full"
NOT_HERE = "no longer on the card: overwritten, or never written"
_TOMBSTONES = 50
_EPOCHS = 16  # a board that starts so often without ever reaching the centre forgets the oldest
_REMEMBERED = 16


class Batch:
    """What is sent as one frame: its fields are those of `protocol.messages.Batch`."""

    __slots__ = ("behind", "birth", "body", "boot", "epoch", "first", "hash", "last", "stream")

    def __init__(self, stream: int, record: "list[Any]", behind: int) -> None:
        """Take a record of a ring; `behind` is the position after it."""
        self.stream = stream
        self.epoch, self.first, self.last, self.boot, self.birth, self.body = record[:6]
        self.behind = behind
        self.hash = frames.batch_hash(
            stream, self.epoch, self.first, self.last, self.birth, self.boot, self.body
        )


class Buffer:
    """Both streams of one leaf. `begin` must be called before anything is recorded."""

    def __init__(
        self,
        rings: "tuple[Ring, Ring]",
        birth: bytes,
        boot: int,
        stamp: "Callable[[], Stamp]",
        dump: "Callable[[], list[Any]]",
    ) -> None:
        """Find what the last run left.

        Args:
            rings: of events and of measurements.
            birth: hash of the present Description.
            boot: id of this run.
            stamp: gives (UTC ms, monotonic ms, clock state).
            dump: gives the alarms that stand, as they are to be kept.
        """
        self.rings = {EVENT: rings[0], MEASUREMENT: rings[1]}
        self.birth = birth
        self.boot = boot
        self._stamp = stamp
        self._dump = dump
        self.lost = 0  # records that were declared gone, or will be
        # epoch, first, last; the first and last number of the events that say so
        self._declared: list[tuple[int, int, int, int, int]] = []
        newest = rings[0].newest()
        state: list[Any] = [0, 0, 0, 0, b"", b"", {}, [], []] if newest is None else unpack(newest)
        self.saved_alarms = [tuple(entry) for entry in state[7]]
        self.births: list[bytes] = []  # that records in the rings refer to
        self._epochs: list[list[int]] = state[8]  # [epoch, follows, event head, measurement head]
        self._want = {EVENT: [0, 1], MEASUREMENT: [0, 1]}  # [epoch, number] that is to be sent next
        self._place = {EVENT: rings[0].oldest, MEASUREMENT: rings[1].oldest}
        cursors = state[6]
        self._newest_ms = 0
        newest = rings[1].newest()
        if newest is not None:
            measured: list[Any] = unpack(newest)
            cursors[MEASUREMENT] = measured[6][MEASUREMENT]
            self._newest_ms = unpack(measured[5])[0]
        for stream in cursors:
            self._want[stream] = cursors[stream]
        self._measure()

    def _measure(self) -> None:
        """Learn from the rings how far each epoch reached; forget epochs of which nothing is left."""
        held = []
        for stream in (EVENT, MEASUREMENT):
            strangers = 0
            position = 0
            while True:
                found = self.rings[stream].read(position)
                if found is None:
                    break
                record, position = unpack(found[0]), found[1]
                if record[4] not in self.births:
                    self.births.append(record[4])
                if (
                    self._order(record[0]) < 0
                ):  # the other ring was damaged: what is here is sent all the same
                    self._epochs.insert(strangers, [record[0], 0, 0, 0])
                    strangers += 1
                entry = self._epochs[self._order(record[0])]
                entry[1 + stream] = max(entry[1 + stream], record[2])
                held.append(record[0]) if record[0] not in held else None
        owed = min([max(0, self._order(self._want[stream][0])) for stream in (EVENT, MEASUREMENT)])
        self._epochs = [e for i, e in enumerate(self._epochs) if e[0] in held or i >= owed][-_EPOCHS:]

    def begin(self, epoch: int, software: str) -> None:
        """Mint this opening's epoch: durable, and naming the one before it, before any other record.

        Args:
            epoch: random, positive, 63 bits.
            software: version text.
        """
        follows = self._epochs[-1][0] if self._epochs else 0
        before = self._epochs[-1] if self._epochs else None
        self._epochs.append([epoch, follows, 0, 0])
        makes: list[Make] = [
            lambda seq, at: frames.event(
                "opened",
                seq,
                at,
                ("epoch", epoch),
                ("follows", follows),
                ("clean", before is None),
                ("software", software),
                ("reason", ""),
            )
        ]
        if before is not None:
            gap = (MEASUREMENT, before[0], before[3] + 1, 0)
            since = self._newest_ms
            makes.append(lambda seq, at: frames.gap_event(seq, at, gap, UNCLEAN, since, at[0]))
        self.record(makes)

    # --- taking ---

    def record(self, makes: "Sequence[Make]", at: "Stamp | None" = None) -> None:
        """Number events of `at` (or of now) and write them durably, with what the next run needs.

        A card that takes nothing costs the events, and stops nobody: `next` declares the hole.
        """
        own = self._epochs[-1]
        at = self._stamp() if at is None else at
        events = [make(own[2] + 1 + i, at) for i, make in enumerate(makes)]
        first, own[2] = own[2] + 1, own[2] + len(events)
        body = frames.events_body(events)
        record = [own[0], first, own[2], self.boot, self.birth, body, self._cursors(), self._dump()]
        record.append([entry[:] for entry in self._epochs])
        if not self._append(EVENT, record):
            self.lost += len(events)  # `next` finds the hole and declares it

    def add(self, closed: "Closed | None") -> None:
        """Number the readings of a closed batch and write them durably; None is nothing."""
        if closed is None:
            return
        body = frames.measurements_body(closed.base_ms, closed.base_mono_ms, closed.columns)
        own = self._epochs[-1]
        first, own[3] = own[3] + 1, own[3] + closed.count
        record = [own[0], first, own[3], self.boot, self.birth, body, self._cursors()]
        try:
            doomed = self.rings[MEASUREMENT].doomed(len(pack(record)) + 32)
            self._evict(doomed)
        except OSError:
            pass  # what cannot be read cannot be sent: `next` declares it
        if not self._append(MEASUREMENT, record):
            self.lost += closed.count  # the same

    def _append(self, stream: int, record: "list[Any]") -> bool:
        try:
            self.rings[stream].append(pack(record))
        except (OSError, ValueError) as fault:
            print("leaf: stream %d: not written: %s" % (stream, fault))
            return False
        return True

    def _cursors(self) -> "Fields":
        return Fields(*[(stream, self._want[stream][:]) for stream in (EVENT, MEASUREMENT)])

    def _evict(self, doomed: int) -> None:
        """Declare the unsent measurements below `doomed`, durably, before they go."""
        ranges: list[list[int]] = []
        want = self._want[MEASUREMENT]
        position = self._place[MEASUREMENT]
        while position < doomed:
            found = self.rings[MEASUREMENT].read(position)
            if found is None or found[1] > doomed:
                break
            record, position = unpack(found[0]), found[1]
            if (self._order(record[0]), record[2]) < (self._order(want[0]), want[1]):
                continue
            if ranges and ranges[-1][0] == record[0]:
                ranges[-1][2] = record[2]
            else:
                ranges.append([record[0], record[1], record[2]])
        if ranges:
            self.lost += sum([last - first + 1 for _, first, last in ranges])
            self._declare(ranges, NO_ROOM)
            self._want[MEASUREMENT] = [ranges[-1][0], ranges[-1][2] + 1]
            self._place[MEASUREMENT] = position

    def _declare(self, ranges: "Sequence[Sequence[int]]", reason: str) -> None:
        seq = self._epochs[-1][2]
        for epoch, first, last in ranges:
            seq += 1
            said = (epoch, first, last, seq, seq)
            if self._declared and self._declared[-1][0] == epoch and self._declared[-1][2] + 1 == first:
                before = self._declared.pop()
                said = (epoch, before[1], last, before[3], seq)
            self._declared = self._declared[1 - _REMEMBERED :] + [said]
        self.record([_gap(epoch, first, last, reason) for epoch, first, last in ranges])

    # --- giving ---

    def next(self, stream: int) -> "Batch | None":
        """Return what is to be sent next of a stream, or None; measurements that are gone are declared."""
        want = self._want[stream]
        while True:
            order = max(0, self._order(want[0]))
            entry = self._epochs[order]
            want[0], want[1] = (entry[0], want[1]) if entry[0] == want[0] else (entry[0], 1)
            head = entry[1 + stream]
            if want[1] > head:
                if order + 1 >= len(self._epochs):
                    return None
                want[0], want[1] = self._epochs[order + 1][0], 1
                continue
            batch = self._from(stream, order, want[1])
            if batch is not None and batch.epoch == want[0] and batch.first <= want[1]:
                return batch
            last = batch.first - 1 if batch is not None and batch.epoch == want[0] else head
            if stream == EVENT:
                return self._tombstone(want[0], want[1], min(last, want[1] + _TOMBSTONES - 1))
            if not self._told(want[0], want[1], last):
                self._declare([(want[0], want[1], last)], NOT_HERE)
            want[1] = last + 1

    def _told(self, epoch: int, first: int, last: int) -> bool:
        """Whether declarations that are on their way cover a range of measurements."""
        return any([one[0] == epoch and one[1] <= first and last <= one[2] for one in self._declared])

    def _from(self, stream: int, order: int, seq: int) -> "Batch | None":
        """Find the first record in the ring that is not before `seq` of that epoch."""
        while True:
            found = self.rings[stream].read(self._place[stream])
            if found is None:
                return None
            record = unpack(found[0])
            here = self._order(record[0])
            if here > order or (here == order and record[2] >= seq):
                return Batch(stream, record, found[1])
            self._place[stream] = found[1]

    def _tombstone(self, epoch: int, first: int, last: int) -> Batch:
        """Stand in for lost events: a gap record in each place, the same whenever it is built.

        A declaration of measurements that was among them is made again when the centre asks for its range.
        """
        if epoch == self._epochs[-1][0]:
            self._declared = [one for one in self._declared if last < one[3] or one[4] < first]
        events = [
            frames.gap_event(seq, (0, 0, 0), (EVENT, epoch, seq, seq), NO_ROOM)
            for seq in range(first, last + 1)
        ]
        body = frames.events_body(events)
        return Batch(EVENT, [epoch, first, last, 0, self.birth, body], self._place[EVENT])

    def receipted(self, batch: Batch) -> None:
        """Go on behind a batch that the centre has."""
        want = self._want[batch.stream]
        if want[0] == batch.epoch and batch.first <= want[1] <= batch.last:
            self._want[batch.stream] = [batch.epoch, batch.last + 1]
            self._place[batch.stream] = batch.behind

    def go_to(self, stream: int, epoch: int, seq: int) -> bool:
        """Send from there, as the centre wants it; False: that epoch is not ours."""
        if self._order(epoch) < 0:
            return False
        self._want[stream] = [epoch, seq]
        self._place[stream] = self.rings[stream].oldest
        return True

    def rewind(self, cursors: "Sequence[Sequence[int]]") -> None:
        """Send what the centre lacks, by its own cursors [stream, epoch, last]."""
        known = {(stream, epoch): last for stream, epoch, last in cursors}
        for stream in (EVENT, MEASUREMENT):
            for entry in self._epochs:
                last = known.get((stream, entry[0]), 0)
                if last < entry[1 + stream] or entry is self._epochs[-1]:
                    self.go_to(stream, entry[0], last + 1)
                    break

    def heads(self) -> "list[list[int]]":
        """List the epochs that are held, oldest first: [epoch, follows, event head, measurement head]."""
        return [entry[:] for entry in self._epochs]

    def waiting(self, stream: int) -> int:
        """Return how many records are not receipted yet."""
        order = max(0, self._order(self._want[stream][0]))
        count = sum([entry[1 + stream] for entry in self._epochs[order:]])
        return max(0, count - self._want[stream][1] + 1)

    def _order(self, epoch: int) -> int:
        """Return the place of an epoch in the list; -1 for one that is forgotten."""
        for i, entry in enumerate(self._epochs):
            if entry[0] == epoch:
                return i
        return -1


def _gap(epoch: int, first: int, last: int, reason: str) -> "Make":
    return lambda seq, at: frames.gap_event(seq, at, (MEASUREMENT, epoch, first, last), reason)


def keep_description(folder: str, birth: bytes, description: bytes, used: "Sequence[bytes]") -> None:
    """Keep the Description under its hash, and forget those to which no record refers any more."""
    names = [description_file(one) for one in list(used) + [birth]]
    present = os.listdir(folder)
    for name in present:
        if name.endswith(".birth") and name not in names:
            os.remove("%s/%s" % (folder, name))
    if names[-1] not in present:
        with open("%s/birth.new" % folder, "wb") as file:
            file.write(description)
            file.flush()
        os.rename("%s/birth.new" % folder, "%s/%s" % (folder, names[-1]))


def description_file(birth: bytes) -> str:
    """Name the file of a Description."""
    return birth.hex() + ".birth"
