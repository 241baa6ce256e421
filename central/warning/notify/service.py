"""The fate of calls: claims what is due, records what channels say, and moves the ladder when a rung failed.

Keeps law-warning 7, 19, 20. Lock order everywhere: first the case, then its calls. Claiming locks calls only,
skips what is locked and waits for nobody.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from central.db.pool import Connection
from central.warning import ladder
from central.warning import store as cases
from central.warning.models import INSTRUMENTS_FIRST, PAPERS_AFTER
from central.warning.notify import digests, rules, store, store_digests
from central.warning.notify.models import (
    DELIVERED,
    EVERY_CHANNEL,
    FAILED,
    NO_CHANNEL,
    READ,
    SENT,
    UNREACHABLE,
    Answer,
    Claimed,
    Delivery,
    Limits,
    Message,
    Receipt,
    Rung,
    ToLookUp,
    ToSend,
)
from central.warning.notify.outbox import LIMITS
from central.warning.notify.store import Row

_WORDS = {
    SENT: "平台已受理",
    DELIVERED: "已送达",
    READ: "已读",
    FAILED: "发送失败",
    UNREACHABLE: "未能触达",
}
_REASONS = {
    "no_receipt": "没有等到送达回执",
    "no_report": "发送过程反复中断",
    "not_looked_at": "规定时间内未查看",
    NO_CHANNEL: "本中心未配置此通道",
}
_PUT_OFF = timedelta(minutes=1)
_CHANNELS = {"in_app": "站内", "sms": "短信"}


async def claim(
    conn: Connection,
    now: datetime,
    channels: frozenset[str],
    limit: int,
    limits: Limits = LIMITS,
    urgencies: Sequence[int] = INSTRUMENTS_FIRST + PAPERS_AFTER,
    site: str = "",
) -> Claimed:
    """Claim due calls; the caller commits before anything is sent.

    Args:
        conn: a transaction of its own.
        now: its time.
        channels: the ways that this centre has.
        limit: how many at most.
        limits: how long everything may take.
        urgencies: of these alone, in this order.
        site: where people reach the console, for the links of digests; may be empty.
    """
    claimed = Claimed([], [], [], [])
    for row in await store.due_calls(conn, now, limit, urgencies):
        call = store.delivery_of(row)
        if call.state != SENT and call.channel not in channels:
            claimed.end.append(row["id"])
            continue
        todo = rules.take_up(call, wanted=row["wanted"], now=now, limits=limits)
        if todo == rules.ENDED and call.state in {FAILED, UNREACHABLE}:
            claimed.end.append(row["id"])  # may move the ladder: with the case locked first, in `end`
            continue
        await store.save_call(conn, row["id"], call)
        if todo == rules.SEND:
            claimed.send.append(ToSend(call.channel, Message(row["id"], row["address"], row["text"])))
        elif todo == rules.LOOK_UP and call.provider_id is not None:
            claimed.look_up.append(ToLookUp(row["id"], call.channel, call.provider_id))
    await digests.claim(conn, now, channels, limit, limits, urgencies, site, claimed)
    return claimed


async def end(
    conn: Connection, key: UUID, now: datetime, channels: frozenset[str], limits: Limits = LIMITS
) -> None:
    """End a call whose time ran out, and let its ladder move if nobody of the rung can be reached now."""
    found = await _hold(conn, key)
    if found is None:
        return
    case, row, call = found
    if call.due_at is None or call.due_at > now:
        return
    if call.channel not in channels and call.state != SENT:
        call.state, call.reason, call.ended_at, call.due_at = UNREACHABLE, NO_CHANNEL, now, None
    elif rules.take_up(call, wanted=_wanted(case, row, now), now=now, limits=limits) != rules.ENDED:
        return  # somebody else took it up meanwhile
    await _settle(conn, case, row, call, now, channels)


async def follow(conn: Connection, key: UUID, now: datetime) -> None:
    """End a call whose digest failed, and let its ladder move if nobody of the rung can be reached now."""
    found = await _hold(conn, key)
    if found is None:
        return
    case, row, call = found
    digest = None if row["digest"] is None else await store_digests.digest(conn, row["digest"])
    if digest is not None and digests.ends_as(digest, call, now):
        await _settle(conn, case, row, call, now)


async def record(conn: Connection, key: UUID, answer: Answer, now: datetime, limits: Limits = LIMITS) -> None:
    """Note what a channel said to an attempt."""
    found = await _hold(conn, key)
    if found is None:
        await digests.record(conn, key, answer, now, limits)
        return
    case, row, call = found
    rules.answered(call, answer, now, limits)
    await _settle(conn, case, row, call, now)


async def receipt(conn: Connection, key: UUID, told: Receipt, now: datetime) -> bool:
    """Note a provider's receipt; false when the call is unknown or the receipt says nothing new."""
    found = await _hold(conn, key)
    if found is None:
        return await digests.receipt(conn, key, told, now)
    case, row, call = found
    if not rules.receipted(call, told, now):
        return False
    await _settle(conn, case, row, call, now)
    return True


async def listed(conn: Connection, account_id: int, now: datetime, shown: Sequence[UUID]) -> None:
    """Note that a person's own screen shows these cases in a list: their calls are delivered, no others."""
    await _seen(conn, account_id, now, shown, opened=False)


async def opened(conn: Connection, account_id: int, now: datetime, warning_id: UUID) -> None:
    """Note that a person opened a case: its calls are read."""
    await _seen(conn, account_id, now, [warning_id], opened=True)


async def _seen(
    conn: Connection, account_id: int, now: datetime, shown: Sequence[UUID], *, opened: bool
) -> None:
    for row in await store.lock_unseen(conn, account_id, shown, opened=opened):
        call = store.delivery_of(row)
        if rules.seen(call, opened=opened, now=now):
            await store.save_call(conn, row["id"], call)
            if opened:
                await _tell(conn, row, call, now)


async def _hold(conn: Connection, key: UUID) -> tuple[cases.Row, Row, Delivery] | None:
    seen_call = await store.call(conn, key)
    if seen_call is None:
        return None
    case = await cases.lock_case(conn, seen_call["warning_id"])
    row = await store.lock_call(conn, key)
    assert case is not None
    assert row is not None
    return case, row, store.delivery_of(row)


def _wanted(case: cases.Row, row: Row, now: datetime) -> bool:
    if row["asked_in"]:  # by a person, of whoever the case waited for in that state
        return bool(case["state"] == row["asked_in"] and case["level"] == row["level"])
    return cases.case_of(case).calls(now) and case["level"] == row["level"]


async def _settle(
    conn: Connection,
    case: cases.Row,
    row: Row,
    call: Delivery,
    now: datetime,
    channels: frozenset[str] = EVERY_CHANNEL,
) -> None:
    await store.save_call(conn, row["id"], call)
    if call.state != row["state"] and call.state in _WORDS and call.reason != NO_CHANNEL:
        await _tell(conn, row, call, now)
    if call.state in {FAILED, UNREACHABLE}:
        rung = Rung(row["warning_id"], row["level"], row["round"], row["step"])
        await ladder.check_rung(conn, case, rung, now, channels)
    elif call.state != row["state"]:
        await ladder.publish(conn, case, cases.case_of(case), call.state)


async def _tell(conn: Connection, row: Row, call: Delivery, now: datetime) -> None:
    channel = _CHANNELS.get(call.channel, call.channel)
    detail = _REASONS.get(call.reason, call.reason)
    if call.possibly_twice:
        detail = "；".join(part for part in (detail, "可能重复送达") if part)
    await cases.add_event(
        conn,
        row["warning_id"],
        now,
        now,
        "centre" if call.channel == "in_app" else "provider",
        call.state,
        f"{channel}{_WORDS[call.state]}：{row['person_name']}",
        detail,
        who=row["person_name"],
        latency_ms=round((now - call.created_at).total_seconds() * 1000),
        rung=(row["level"], row["round"], row["step"]),
    )


async def put_off(conn: Connection, key: UUID, now: datetime) -> None:
    """Let a call that can't be ended wait, so that it doesn't hold up the others."""
    await store.put_off(conn, key, now, now + _PUT_OFF)


async def next_due(conn: Connection, urgencies: Sequence[int]) -> datetime | None:
    """Give the moment at which the next call of these has to be looked at."""
    return await store.next_due(conn, urgencies)
