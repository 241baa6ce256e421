"""The fate of one call: pure decisions, time is an argument.

Keeps law-warning 19: a call is sent after its commit, resent with the same key when its sender died (and
marked possibly twice), and always ends.

```
 pending ──claim──▶ sending ──accepted──▶ sent ──receipt──▶ delivered ──▶ read
    ▲                 │  │                  └── no receipt in time ──▶ failed
    └── may try again ┘  └── refused, or tried enough ──▶ failed
 pending, or a dead sender's, of a case that nobody is to be called for any more ──▶ superseded
```
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from central.warning.notify.models import (
    DELIVERED,
    FAILED,
    IN_APP,
    NO_CHANNEL,
    PENDING,
    READ,
    SENDING,
    SENT,
    SUPERSEDED,
    UNREACHABLE,
    Accepted,
    Answer,
    Delivery,
    Limits,
    Receipt,
    Refused,
    Rung,
)

_CALLS = UUID("b1d6a1f6-3f0c-4a0e-8d5b-2d8a7f3f1c55")

SEND = "send"
LOOK_UP = "look_up"
ENDED = "ended"


def key_of(rung: Rung, person: str, channel: str) -> UUID:
    """Name a call by what it is: the same call has the same key in every process and after a restore."""
    return uuid5(_CALLS, f"{rung.warning_id}/{rung.level}/{rung.round}/{rung.step}/{person}/{channel}")


def written(channel: str, *, reachable: str, now: datetime, limits: Limits) -> Delivery:
    """Give a new call.

    Args:
        channel: its way.
        reachable: empty, or why this person can't be reached by this channel.
        now: time of the transaction.
        limits: how long it may take.
    """
    if reachable:
        return Delivery(channel=channel, state=UNREACHABLE, created_at=now, reason=reachable, ended_at=now)
    if channel == IN_APP:
        # The commit itself hands it over: the console hears of it, and whoever looks has it.
        due = now + timedelta(seconds=limits.in_app_s)
        return Delivery(channel=channel, state=SENT, created_at=now, sent_at=now, due_at=due)
    return Delivery(channel=channel, state=PENDING, created_at=now, due_at=now)


def take_up(call: Delivery, *, wanted: bool, now: datetime, limits: Limits) -> str:
    """Decide about a call whose time has come; give SEND, LOOK_UP or ENDED.

    Args:
        call: is changed.
        wanted: the case still wants people called at this level.
        now: time of the transaction.
        limits: how long everything may take.
    """
    if call.state == SENT:
        assert call.sent_at is not None
        if call.channel == IN_APP:
            return _end(call, UNREACHABLE, "not_looked_at", now)
        assert call.due_at is not None
        deadline = call.sent_at + timedelta(seconds=limits.receipt_s)
        if call.due_at >= deadline:
            return _end(call, FAILED, "no_receipt", now)
        # After an outage of ours the provider is asked once before its silence counts.
        next_look = now + timedelta(seconds=limits.poll_s)
        call.due_at = next_look if now >= deadline else min(next_look, deadline)
        return LOOK_UP
    if call.state == SENDING:
        # Its sender died between handing over and reporting: nobody knows whether the provider has it.
        call.possibly_twice = True
    if not wanted:
        return _end(call, SUPERSEDED, "answered", now)
    if call.attempts >= limits.attempts:
        return _end(call, FAILED, call.reason or "no_report", now)
    call.state = SENDING
    call.attempts += 1
    call.claimed_at = now
    call.due_at = now + timedelta(seconds=limits.lease_s)
    return SEND


def answered(call: Delivery, answer: Answer, now: datetime, limits: Limits) -> None:
    """Note what the channel said to an attempt; a receipt that came first keeps its word."""
    if isinstance(answer, Accepted):
        call.provider_id = answer.provider_id
        call.sent_at = call.sent_at or now
    if call.state != SENDING:
        return
    if isinstance(answer, Accepted):
        call.state = SENT
        call.reason = ""
        call.due_at = now + timedelta(seconds=limits.poll_s)
        return
    call.reason = answer.reason
    if isinstance(answer, Refused) or call.attempts >= limits.attempts:
        _end(call, FAILED, answer.reason, now)
        return
    call.possibly_twice = call.possibly_twice or answer.maybe
    call.state = PENDING
    call.due_at = now + timedelta(seconds=limits.retry_s)


def receipted(call: Delivery, receipt: Receipt, now: datetime) -> bool:
    """Note what the provider says; false when it changes nothing.

    A call that failed for want of a receipt is delivered all the same when the receipt comes late.
    """
    if call.state in {SUPERSEDED, UNREACHABLE, READ}:
        return False
    if receipt.status == "read":
        call.delivered_at = call.delivered_at or now
        call.read_at = now
        _end(call, READ, "", now)
        return True
    if receipt.status == "delivered" and call.state != DELIVERED:
        call.delivered_at = now
        _end(call, DELIVERED, "", now)
        return True
    if receipt.status == "failed" and call.state in {PENDING, SENDING, SENT}:
        _end(call, FAILED, receipt.reason or "provider", now)
        return True
    return False


def seen(call: Delivery, *, opened: bool, now: datetime) -> bool:
    """Note that the person's own screen showed the list (or opened the case); false when nothing changes."""
    if call.channel != IN_APP or call.state == READ:
        return False
    if opened:
        call.delivered_at = call.delivered_at or now
        call.read_at = now
        _end(call, READ, "", now)
        return True
    if call.state != SENT:
        return False
    call.delivered_at = now
    _end(call, DELIVERED, "", now)
    return True


def rung_failed(calls: Iterable[Delivery]) -> bool:
    """Say whether a rung has reached nobody and nothing is under way that still could.

    A screen that shows a line to an empty room reaches nobody: where a rung also calls by another channel,
    that one decides, unless somebody has opened the case.
    """
    deciding = [call for call in calls if call.reason != NO_CHANNEL]
    if any(call.state == READ for call in deciding):
        return False
    loud = [call for call in deciding if call.channel != IN_APP]
    return all(call.state in {FAILED, UNREACHABLE} for call in loud or deciding)


def _end(call: Delivery, state: str, reason: str, now: datetime) -> str:
    call.state = state
    call.reason = reason
    call.ended_at = now
    call.due_at = None
    return ENDED
