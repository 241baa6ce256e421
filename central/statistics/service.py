"""The overview of a jurisdiction, and its enterprises with what is wrong in them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from central.db.errors import NotFoundError
from central.devices import service as devices
from central.identity import masking
from central.identity import service as identity
from central.statistics import dossier, letters, store
from central.statistics.models import (
    LEVELS,
    ByLevel,
    CoveredCounts,
    DueToday,
    EnterpriseCounts,
    EnterpriseDetail,
    EnterpriseRow,
    GatewayCounts,
    NeedsAnswer,
    Overview,
    PointCounts,
    Supervisor,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from central.db.pool import Connection
    from central.identity.models import Person
    from central.statistics.portrait import Portrait

_PRESENCE = ("none", "online", "late", "offline")
_REVIEW = timedelta(days=1)
_MOST_GATEWAYS = 200


async def overview(conn: Connection, now: datetime) -> Overview:
    """Everything that the home page counts, within the transaction's scope.

    Args:
        conn: a scoped transaction.
        now: the database's time.
    """
    running = await store.open_warnings(conn)
    due = await store.due(conn, now - _REVIEW)
    enterprises = await store.enterprises(conn)
    gateways = await store.gateways(conn)
    points = await store.points(conn)
    oldest = [row["oldest"] for row in running if row["oldest"] is not None]
    return Overview(
        needs_answer=NeedsAnswer(
            sum(row["unanswered"] for row in running),
            min(oldest, default=None),
            _by_level({row["level"]: row["unanswered"] for row in running}),
        ),
        open_by_level=_by_level({row["level"]: row["open"] for row in running}),
        due_today=DueToday(due["review"], due["verify"]),
        enterprises=EnterpriseCounts(enterprises["total"], enterprises["with_open"], enterprises["offline"]),
        gateways=GatewayCounts(*(gateways.get(word, 0) for word in ("online", "late", "offline"))),
        points=PointCounts(points["total"], points["good"], points["total"] - points["good"]),
        covered=CoveredCounts(**await store.covered(conn, now)),
        at=now,
    )


def _by_level(counts: Mapping[int, int]) -> ByLevel:
    return ByLevel(*(counts.get(level, 0) for level in (4, 3, 2, 1)))


async def enterprise_rows(
    conn: Connection,
    person: Person,
    now: datetime,
    limit: int,
    text: str,
    state: str,
    sort: str,
    after: Sequence[Any],
    status: str = "",
) -> list[tuple[EnterpriseRow, tuple[object, ...]]]:
    """Enterprises of the scope, each with the key that a cursor after it holds.

    Args:
        conn: a scoped transaction.
        person: who reads: contacts of other enterprises are masked.
        now: the database's time.
        limit: how many.
        text: part of the name, its pinyin initials, the code or the credit code; "" for all.
        state: "warning", "offline", "normal" or "" for all.
        sort: "worst" or "name".
        after: the key of the row before, Nones for the first page.
        status: code of a status; "" for all.
    """
    worst, open_, name, number = after
    rows = await store.enterprise_rows(
        conn,
        pattern=_contains(text) if text else None,
        state=state,
        sort=sort,
        after_worst=worst,
        after_open=open_,
        after_name=name,
        after_id=number,
        limit=limit,
        status=status,
        named=await letters.found(conn, text),
    )
    drawn = await dossier.portraits(conn, [row["id"] for row in rows], now)
    return [
        (
            EnterpriseRow(**_facts(row, person), **_risk(drawn[row["id"]][1])),
            (row["worst"], row["open"], row["name"], row["id"]),
        )
        for row in rows
    ]


async def enterprise(conn: Connection, person: Person, enterprise_id: int, now: datetime) -> EnterpriseDetail:
    """One enterprise with its supervision and its gateways.

    Raises:
        NotFoundError: none, or not in this scope.
    """
    rows = await store.enterprise_rows(conn, enterprise_id=enterprise_id)
    if not rows:
        raise NotFoundError("没有找到这家企业，或不在您的管辖范围内。")
    chain = await identity.supervision(conn, rows[0]["agency_id"])
    gateways, _ = await devices.listing(conn, now, enterprise_id=enterprise_id, limit=_MOST_GATEWAYS)
    drawn = await dossier.portraits(conn, [enterprise_id], now)
    return EnterpriseDetail(
        **_facts(rows[0], person),
        **_risk(drawn[enterprise_id][1]),
        supervision=[Supervisor(rank, name) for rank, name in chain],
        gateways=gateways,
    )


def _risk(portrait: Portrait) -> dict[str, Any]:
    reason = portrait.reasons[0].text if portrait.reasons else ""
    return {"risk": portrait.colour, "risk_reason": reason}


def _facts(row: Any, person: Person) -> dict[str, Any]:
    facts = dict(row)
    if not masking.is_own(person, enterprise_id=facts["id"]):
        facts["contact_name"] = masking.name(facts["contact_name"])
        facts["contact_phone"] = masking.phone(facts["contact_phone"])
    del facts["agency_id"]
    facts["worst_level"] = LEVELS.get(facts.pop("worst"))
    facts["open_warnings"] = facts.pop("open")
    facts["presence"] = _PRESENCE[facts["presence"]]
    return facts


def _contains(text: str) -> str:
    """A pattern for ILIKE in which the person's own wildcards are letters."""
    for letter in ("\\", "%", "_"):
        text = text.replace(letter, "\\" + letter)
    return f"%{text}%"
