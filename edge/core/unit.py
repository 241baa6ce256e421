"""One Modbus unit: may anything of it still be in flight, or does its next reply belong to the next request?

    SUSPECT(until, unanswered) -> RESYNC -> IN_STEP, and on failure back to SUSPECT

Keeps modbus-rule "Unit": after a failure every unanswered request is heard or older than H before a barrier
read, of a length that nothing else has, puts the unit in step again. A silent unit is asked ever more rarely.

How the waiting adapts. T and H = 10 T are what freshness rests on, so a unit that may be living never gets a
shorter T. Two things move, each in the direction that the rule allows:
  * T grows: when every reply comes after T but is heard, T is set wrong for this instrument. It then becomes
    what was heard and a quarter more, at most 3 T, and H and spacing with it: all is as if the larger T had
    been configured, and what was waited out under the smaller one was waited out for longer than it needed.
    It returns to the configured T once hundreds of replies in a row would have come within it; H does not.
  * A unit of which nothing is heard is probed with a shorter wait, four times what 99 of 100 of its replies
    took. That proves nothing less: how long a barrier is waited for enters neither identity (rule U) nor
    freshness (its signature stays unanswered until it was heard or is H old, H counted with the full T). A
    probe answered too late is heard, and the next one waits the full T.
Times are integer milliseconds of one monotonic clock. Runs on MicroPython as it is.
"""

from edge.core.reply_time import ReplyTime

SUSPECT, RESYNC, IN_STEP = 0, 1, 2
READ, BARRIER, BARRIER_REFUSED, WRITE = 0, 1, 2, 3  # what a request is for

HOLD = 10  # H = 10 T: no reply was seen later than that on a working line
PROBE_FIRST_MS, PROBE_LAST_MS = 5_000, 60_000  # breaker of a silent unit
BEHIND = 3  # so many requests in a row answered with the reply before: it will not mend by waiting
GIVEN_UP = 16  # requests given up on whose lateness is still of interest
FORGET = 3  # for so many H: a reply beyond that can't be told from a copy
COPIES = 8  # accepted replies of which a copy is recognised

SLOW = 8  # replies in a row that were heard only after T: then T is wrong, not the line
GROW_MOST = 3  # times the configured T
QUICK = 300  # replies in a row within the configured T that end a grown one
PROBE_LEAST_MS = 50
PROBE_REPLIES = 16  # so many must be known before a probe is waited for less than T

CLOSED, OPEN, HALF_OPEN = 0, 1, 2  # breaker: asked as planned, not asked, asked once

LATE, COPY, STRAY = 0, 1, 2  # what a frame is that answers no open request


def signature(function: int, size: int) -> int:
    """Return what a read reply says about its request besides the unit: function and byte count."""
    return function << 8 | size


class Unit:
    """One instrument: whether anything of it may be in flight, and what was counted on the way."""

    def __init__(self, number: int, timeout_ms: int, barriers: list[int], now: int, gap_ms: int = 0) -> None:
        """Begin SUSPECT: requests of a former run may be in flight.

        Args:
            number: unit number on the wire.
            timeout_ms: T.
            barriers: signatures of the barrier requests.
            now: monotonic ms.
            gap_ms: pause that it needs after a request before the next.
        """
        self.number = number
        self.configured_ms = timeout_ms
        self.timeout_ms = timeout_ms
        self.gap_ms = gap_ms
        self.free_ms = now  # from when on the pause is over
        self.reply_time = ReplyTime()
        self.slow = 0
        self.slow_ms = 0
        self.quick = 0
        self.hold_ms = HOLD * timeout_ms
        self.spacing_ms = timeout_ms
        self.barriers = barriers
        self.state = SUSPECT
        self.until = now + self.hold_ms
        self.unknown = True  # what a former run asked can't be heard off a list
        self.unanswered: list[tuple[int, int]] = []  # (signature, sent)
        self.given_up: list[tuple[int, int]] = []
        self.used: list[int] = []  # barriers asked since the last success
        self.unfit: list[int] = []  # barriers that the instrument refuses
        self.proved: list[int] = []  # barriers that it has answered
        self.dropped: list[int] = []  # barriers whose length a block was given
        self.turn = 0
        self.asked: dict[int, int] = {}
        self.current = -1
        self.previous = -1
        self.saw_previous = False
        self.stray = False
        self.recent: list[bytes] = [b""] * COPIES
        self.newest = 0
        self.silence = 0  # failures since anything was heard of it
        self.behind = 0
        self.failed_at = now
        self.good = 0
        self.failed = 0
        self.refused = 0
        self.heard_late = 0
        self.heard_ms = 0  # age of the late reply heard last
        self.lateness_ms = 0
        self.strays = 0
        self.doubled = 0
        self.resyncs = 0

    def one_behind(self) -> bool:
        """Say whether the unit answers each request with the reply to the one before."""
        return self.behind >= BEHIND

    def breaker(self, now: int) -> int:
        """Return CLOSED, OPEN, or HALF_OPEN when a probe is due or on its way."""
        if self.silence <= 1:
            return CLOSED
        return OPEN if now < self.until else HALF_OPEN

    def spaced(self, sig: int) -> int:
        """Return from when on this block may be asked again: T after its last request, after the pause."""
        free = self.asked.get(sig, -self.spacing_ms) + self.spacing_ms
        return free if free > self.free_ms else self.free_ms

    def extra_ms(self) -> int:
        """Return by how much T has grown."""
        return self.timeout_ms - self.configured_ms

    def probe_ms(self) -> int:
        """Return how long a barrier of this unit is waited for: T, or less if silent and quicker before."""
        if self.silence <= 1 or self.reply_time.count < PROBE_REPLIES:
            return self.timeout_ms
        return min(max(4 * self.reply_time.p99_ms(), PROBE_LEAST_MS), self.timeout_ms)

    def slow_reply(self, age: int) -> None:
        """Note that a reply was heard only after its time, with nothing else of the unit open."""
        if age > GROW_MOST * self.configured_ms:
            self.slow = 0
            return
        self.slow += 1
        self.slow_ms = max(self.slow_ms, age)
        if self.slow >= SLOW:
            self._wait(min(self.slow_ms + self.slow_ms // 4, GROW_MOST * self.configured_ms))

    def _wait(self, timeout_ms: int) -> None:
        self.slow = 0
        self.slow_ms = 0
        self.quick = 0
        if self.spacing_ms:
            self.spacing_ms = timeout_ms
        self.timeout_ms = timeout_ms
        self.hold_ms = max(self.hold_ms, HOLD * timeout_ms)

    def spare_barriers(self) -> list[int]:
        """Return the signatures of barriers that a block may have: all but two that were answered."""
        left = [i for i in self.proved if i not in self.dropped and i not in self.unfit]
        if not left:
            return []
        kept = sorted(left, key=lambda i: -self.barriers[i])[:2]
        return [
            self.barriers[i] for i in range(len(self.barriers)) if i not in kept and i not in self.dropped
        ]

    def drop_barrier(self, sig: int) -> None:
        """Never ask a barrier of this signature again: a block has it from now on."""
        if sig in self.barriers:
            self.dropped.append(self.barriers.index(sig))

    def changed(self, now: int) -> None:
        """Begin anew after a changed plan: lengths mean other blocks now, so wait H for what is in flight."""
        self.state = SUSPECT
        self.unknown = True
        self.failed_at = now
        self.until = now + self.hold_ms

    def sent(self, sig: int, now: int) -> None:
        """Note that a request leaves."""
        self.previous = self.current
        self.current = sig
        self.saw_previous = False
        self.stray = False
        self.asked[sig] = now

    def fail(self, sig: int, sent: int, now: int) -> None:
        """Note that a request stayed unanswered: nothing is believed until it was heard or H is over."""
        self.unanswered = [entry for entry in self.unanswered if now - entry[1] < self.hold_ms]
        if self.unanswered:
            self.slow = 0  # an earlier one was not heard at all: the line loses replies
        self.unanswered.append((sig, sent))
        if sig in self.barriers:
            # A confirming read may serve as a barrier: not before this one can't be in flight any more.
            place = self.barriers.index(sig)
            if place not in self.used:
                self.used.append(place)
        self.failed += 1
        self.state = SUSPECT
        self.failed_at = now
        self.until = now + self.hold_ms
        self.behind = self.behind + 1 if self.saw_previous else 0
        self.silence += 1
        if self.silence > 1:
            pause = min(PROBE_FIRST_MS << min(self.silence - 2, 8), PROBE_LAST_MS)
            # Spread by unit number, so that units which died together aren't probed together.
            self.until = max(self.until, now + pause + pause * (self.number * 7 % 16) // 64)

    def alive(self) -> None:
        """Note that something of the unit was heard: the breaker opens no further, H alone is waited for."""
        if self.silence:
            self.silence = 0
            self.until = min(self.until, self.failed_at + self.hold_ms)

    def heard(self, function: int, sig: int, payload: bytes, now: int) -> int:
        """Take a frame that answers no open request.

        Returns:
            LATE if it was on the list of unanswered ones, COPY if it repeats an accepted reply, else STRAY.
        """
        self.alive()
        if function & 0x80:
            # An exception names no length: it is an answer only if one request of that function is open.
            alike = [entry[0] for entry in self.unanswered if entry[0] >> 8 == function & 0x7F]
            sig = alike[0] if len(alike) == 1 else -1
        for i in range(len(self.unanswered)):
            if self.unanswered[i][0] == sig:
                self.heard_ms = now - self.unanswered.pop(i)[1]
                self._late(self.heard_ms)
                if not self.unanswered and not self.unknown and self.state == SUSPECT:
                    self.until = now
                return LATE
        if payload in self.recent:
            self.doubled += 1
            return COPY
        self.strays += 1
        for i in range(len(self.given_up)):
            if self.given_up[i][0] == sig:
                sent = self.given_up.pop(i)[1]
                if self.asked[sig] == sent:  # asked again since: it may be a copy of the newer reply
                    self._late(now - sent)
                break
        return STRAY

    def _late(self, age: int) -> None:
        self.heard_late += 1
        # Beyond that it is rather a copy or a wrong unit number: H must not feed on its own waiting.
        if age < GROW_MOST * self.configured_ms:
            self.reply_time.take(age)
        if self.lateness_ms < age < FORGET * HOLD * self.configured_ms:
            self.lateness_ms = age
            self.hold_ms = max(self.hold_ms, 2 * age)

    def answered(self, purpose: int, payload: bytes, now: int, took: int) -> None:
        """Note an accepted reply that took so long; the one to a barrier puts the unit in step."""
        self.alive()
        self.behind = 0
        self.slow = 0
        self.slow_ms = 0
        self.reply_time.take(took)
        if self.timeout_ms > self.configured_ms:
            self.quick = self.quick + 1 if took + took // 4 < self.configured_ms else 0
            if self.quick >= QUICK:
                self._wait(self.configured_ms)
        self.recent[self.newest] = payload
        self.newest = (self.newest + 1) % COPIES
        if purpose in (BARRIER, BARRIER_REFUSED):
            if self.used and self.used[-1] not in self.proved:
                self.proved.append(self.used[-1])
            self.given_up = (self.given_up + self.unanswered)[-GIVEN_UP:]
            self.unanswered = []
            self.used = []
            self.unknown = False
            self.state = IN_STEP
        elif purpose == READ:
            self.good += 1
        if self.stray:
            self.doubt(now)

    def doubt(self, now: int) -> None:
        """Ask for a barrier before the next read: a frame came that nothing explains."""
        if self.state == IN_STEP:
            self.state = RESYNC
            self.until = now
            self.resyncs += 1

    def barrier(self, now: int) -> int:
        """Return the index of the barrier to ask now, or -1 with `until` moved to when to ask again."""
        if self.state == SUSPECT:
            self.state = RESYNC
            self.unknown = False
        count = len(self.barriers)
        known = [i for i in range(count) if i not in self.dropped]
        fit = [i for i in known if i not in self.unfit] or known
        wait = 0
        for k in range(count):
            index = (self.turn + k) % count
            if index in self.used or index not in fit:
                continue
            free = self.spaced(self.barriers[index])
            if free <= now:
                self.used.append(index)
                self.turn = index + 1
                return index
            wait = free if wait == 0 else min(wait, free)
        if wait == 0:
            # Out of lengths: after another H none of them can be in flight any more.
            # Until then hearing old ones must not shorten it: a length would return too early.
            self.used = []
            self.state = SUSPECT
            self.unknown = True
            self.failed_at = now
            wait = now + self.hold_ms
        self.until = wait
        return -1
