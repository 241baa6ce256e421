"""What a storm makes of calls: a telephone's messages are counted, the rest is bundled, and ends as bundled.

Keeps law-warning 7, 19, 20 (decision 0053). The budget of a telephone is counted under a lock of its own, so
that several senders together give it no more than its number. A digest is a call of its own: claimed, sent,
repeated under the same key, receipted. When it is accepted or read, so are its calls; when it fails, each of
them fails with its case locked, and the ladders move on. Lock order: a case, then its calls; a digest, then
its calls; never a case after a digest.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from central.db.pool import Connection
from central.warning.notify import budget, digest_words, rules, store
from central.warning.notify import store_digests as sql
from central.warning.notify.budget import Waiting
from central.warning.notify.models import (
    DELIVERED,
    FAILED,
    PENDING,
    READ,
    SENDING,
    SENT,
    SUPERSEDED,
    Answer,
    Claimed,
    Delivery,
    Limits,
    Message,
    Receipt,
    ToLookUp,
    ToSend,
)
from central.warning.notify.store import Row
from central.warning.notify.store_digests import Telephone

_DIGESTS = UUID("6e0f5a5b-9c52-4d6b-8a0e-0b7d3c9a41f2")
_FOLLOW_AT_ONCE = 20


async def claim(
    conn: Connection,
    now: datetime,
    channels: frozenset[str],
    limit: int,
    limits: Limits,
    urgencies: Sequence[int],
    site: str,
    claimed: Claimed,
) -> None:
    """Add to what was claimed: calls that were never handed over, digests, and calls of digests that failed.

    Args:
        conn: the transaction that claims.
        now: its time.
        channels: the ways that this centre has.
        limit: how many telephones and digests are looked at.
        limits: how long everything may take.
        urgencies: of these alone.
        site: where people reach the console, for the link; may be empty.
        claimed: gets what is to be done after the commit.
    """
    await _take_up(conn, now, limit, limits, urgencies, site, claimed)
    claimed.follow.extend(await sql.unfollowed(conn, now, _FOLLOW_AT_ONCE, urgencies))
    if not claimed.follow:
        await sql.settle(conn, now, urgencies)
    unserved = await sql.waiting_unserved(conn, now, limit, urgencies, channels)
    claimed.end.extend(unserved)
    if unserved:
        return  # they go first: what is left of a telephone is one of the ways that there are
    for phone, place in (await sql.waiting_telephones(conn, now, limit, urgencies)).items():
        if await sql.hold_telephone(conn, phone.address):
            await _spend(conn, phone, place, now, limits, urgencies, site, claimed)


async def _spend(
    conn: Connection,
    phone: Telephone,
    place: str,
    now: datetime,
    limits: Limits,
    urgencies: Sequence[int],
    site: str,
    claimed: Claimed,
) -> None:
    """Give one telephone, which is held, the messages that it may have now."""
    rule = await sql.rule(conn, place, now)
    rows = {row["id"]: row for row in await sql.waiting_calls(conn, phone, now, urgencies, now)}
    rows = await _wanted(conn, rows, now, limits)
    if not rows:
        return
    due = [
        Waiting(row["id"], row["urgency"], row["owner"] or "", row["created_at"], row["due_at"])
        for row in rows.values()
    ]
    since = now - timedelta(seconds=rule.window_s)
    plan = budget.plan(
        rule,
        await sql.handed(conn, phone, since),
        due,
        now,
        await sql.gathering(conn, phone, now, urgencies),
    )
    for key in plan.single:
        await _send_alone(conn, rows[key], now, limits, claimed)
    for sort, until in plan.wait.items():
        kept = [
            key for key in rows if budget.sort_of(rows[key]["urgency"]) is sort and key not in plan.single
        ]
        await sql.put_off_waiting(conn, kept, until)
    for sort in plan.bundle:
        wanted = [urgency for urgency in budget.urgencies_of(sort) if urgency in urgencies]
        all_of = {row["id"]: row for row in await sql.waiting_calls(conn, phone, now, wanted, None)}
        all_of = await _wanted(conn, all_of, now, limits)
        if len(all_of) == 1:
            for row in all_of.values():
                await _send_alone(conn, row, now, limits, claimed)
        elif all_of:
            await _bundle(conn, list(all_of.values()), now, limits, site, claimed)


async def _wanted(conn: Connection, rows: dict[UUID, Row], now: datetime, limits: Limits) -> dict[UUID, Row]:
    """End what nobody is to be called with any more; give the rest."""
    kept = {}
    for key, row in rows.items():
        if row["wanted"]:
            kept[key] = row
            continue
        call = store.delivery_of(row)
        rules.take_up(call, wanted=False, now=now, limits=limits)
        await store.save_call(conn, key, call)
    return kept


async def _send_alone(conn: Connection, row: Row, now: datetime, limits: Limits, claimed: Claimed) -> None:
    call = store.delivery_of(row)
    todo = rules.take_up(call, wanted=True, now=now, limits=limits)
    assert todo == rules.SEND, "a call that was never handed over has attempts left"
    await store.save_call(conn, row["id"], call)
    claimed.send.append(ToSend(call.channel, Message(row["id"], row["address"], row["text"])))


async def _bundle(
    conn: Connection, rows: list[Row], now: datetime, limits: Limits, site: str, claimed: Claimed
) -> None:
    """Write a digest of calls that are locked, as claimed by this sender."""
    keys = [row["id"] for row in rows]
    key = uuid5(_DIGESTS, "/".join(sorted(str(each) for each in keys)))
    call = Delivery(channel=rows[0]["channel"], state=PENDING, created_at=now, due_at=now)
    rules.take_up(call, wanted=True, now=now, limits=limits)
    levels = digest_words.levels_of(rows)
    digest = await sql.add_digest(conn, key, keys[0], levels, call)
    text = digest_words.text(digest["number"], rows, is_test=digest["is_test"], site=site)
    await sql.set_text(conn, key, text, levels)
    assert call.due_at is not None
    await sql.bundle(conn, keys, digest["number"], call.due_at)
    detail = digest_words.count(digest["number"], len(rows))
    await sql.tell_bundled(conn, keys, now, f"{digest_words.way(call.channel)}并入汇总：", detail)
    claimed.send.append(ToSend(call.channel, Message(key, digest["address"], text)))


async def _take_up(
    conn: Connection,
    now: datetime,
    limit: int,
    limits: Limits,
    urgencies: Sequence[int],
    site: str,
    claimed: Claimed,
) -> None:
    """Claim digests whose time has come: to be sent again, asked about, or ended."""
    for digest in await sql.due_digests(conn, now, limit, urgencies):
        key, call = digest["id"], store.delivery_of(digest)
        rows = await sql.carried(conn, digest["number"], now)
        if call.state != SENT:
            over = [row["id"] for row in rows if not row["wanted"]]
            again = call.state == SENDING or call.possibly_twice
            await sql.take_out(conn, over, now, possibly_twice=again)
            rows = [row for row in rows if row["wanted"]]
            if not rows and await sql.open_calls(conn, digest["number"]):
                continue  # others hold all of them at this moment
        todo = rules.take_up(call, wanted=bool(rows), now=now, limits=limits)
        if todo == rules.SEND:
            text = digest_words.text(digest["number"], rows, is_test=digest["is_test"], site=site)
            await sql.set_text(conn, key, text, digest_words.levels_of(rows))
            claimed.send.append(ToSend(call.channel, Message(key, digest["address"], text)))
        elif todo == rules.LOOK_UP and call.provider_id is not None:
            claimed.look_up.append(ToLookUp(key, call.channel, call.provider_id))
        await _save(conn, key, call, now)


async def record(conn: Connection, key: UUID, answer: Answer, now: datetime, limits: Limits) -> bool:
    """Note what a channel said to an attempt; false when there is no such digest."""
    row = await sql.lock_digest(conn, key)
    if row is None:
        return False
    call = store.delivery_of(row)
    rules.answered(call, answer, now, limits)
    await _settle(conn, row, call, now)
    return True


async def receipt(conn: Connection, key: UUID, told: Receipt, now: datetime) -> bool:
    """Note a provider's receipt; false when there is no such digest, or it says nothing new."""
    row = await sql.lock_digest(conn, key)
    if row is None:
        return False
    call = store.delivery_of(row)
    if not rules.receipted(call, told, now):
        return False
    await _settle(conn, row, call, now)
    return True


async def _settle(conn: Connection, row: Row, call: Delivery, now: datetime) -> None:
    await _save(conn, row["id"], call, now)
    if call.state != row["state"] and call.state in {SENT, DELIVERED, READ}:
        title, detail = digest_words.carried(row, call)
        await sql.carry(conn, row["number"], call, now, title, detail)


async def _save(conn: Connection, key: UUID, call: Delivery, now: datetime) -> None:
    """Store a digest: one that failed stays due until its calls are followed, other ends are theirs too."""
    settled = call.state in {DELIVERED, READ, SUPERSEDED}
    due_at = None if settled else now if call.ended_at is not None else call.due_at
    await sql.save(conn, key, call, due_at, now if settled else None)


def ends_as(digest: Row, call: Delivery, now: datetime) -> bool:
    """Let a call end as its digest failed; false when there is nothing to end."""
    if digest["state"] != FAILED or call.ended_at is not None:
        return False
    call.state, call.reason, call.ended_at, call.due_at = FAILED, digest["reason"], now, None
    call.possibly_twice = call.possibly_twice or digest["possibly_twice"]
    return True
