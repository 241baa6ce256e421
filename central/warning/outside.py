"""Warnings that other systems tell, also the weather service: told once, told again, ended or expired.

A sender's identifier is told any number of times and becomes one case for each owner whom it concerns.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from central.clock import database_now
from central.db.errors import DomainError, FieldProblem, ForbiddenError
from central.db.pool import Connection
from central.db.queries import load
from central.identity.models import Person
from central.warning import cap, conditions, store
from central.warning.answers import Clock
from central.warning.cap import Area
from central.warning.models import EXTERNAL, WEATHER, ConditionFact
from central.warning.store import Row

Q = load(__file__, "queries_outside.sql")
_MOST_OWNERS: Final = 50
_WORDS: Final = {"external": "来源给出的等级", "weather": "气象部门发布的等级"}


class Owner(msgspec.Struct, frozen=True):
    """Whom it concerns: an enterprise or an agency, by exactly one id."""

    name: str
    place: str
    enterprise_id: int | None = None
    agency_id: int | None = None
    hazard_class: int | None = None


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What is told; `earlier` are identifiers that this message speaks of besides its own."""

    sender: str
    identifier: str
    source_name: str
    kind: str
    level: int
    level_reason: str
    title: str
    text: str
    at: datetime
    expires_at: datetime | None
    raw: str
    is_test: bool = False
    earlier: tuple[str, ...] = ()
    same_is_known: bool = False


async def tell(
    conn: Connection, person: Person, told: Told, owners: Sequence[Owner], *, clock: Clock = database_now
) -> list[tuple[str, Row, str]]:
    """Take in what a sender tells.

    Args:
        conn: a worker's transaction in the name of whose key it is.
        person: whose key it is.
        told: what.
        owners: whom it concerns, all within the person's scope.
        clock: gives the time.

    Returns:
        For each owner its name, its row and what changed.
    """
    _must(person)
    now = await clock(conn)
    rows = await conn.fetch(Q.told_before, told.sender, [told.identifier, *told.earlier])
    known = {(row["enterprise_id"], row["agency_id"]): row for row in rows}
    found = []
    for owner in owners:
        row = known.pop((owner.enterprise_id, owner.agency_id), None)
        found.append(
            await _begin(conn, person, told, owner, now)
            if row is None
            else await _again(conn, told, owner, row, now)
        )
    for row in known.values():  # it concerns them no more
        mine = person.scope.holds(row["place"], row["sector"])
        if row["ended_at"] is None and told.earlier and mine:
            await _end(conn, row, told.identifier, now, "来源更新后不再涉及")
    return found


async def end(
    conn: Connection,
    person: Person,
    sender: str,
    identifiers: Sequence[str],
    by: str,
    text: str,
    *,
    clock: Clock = database_now,
) -> list[Row]:
    """End what a sender told under some identifiers; give the rows, also those that were over.

    Raises:
        DomainError: 404 nothing of it is known in the person's scope.
    """
    _must(person)
    now = await clock(conn)
    rows = [
        row
        for row in await conn.fetch(Q.told_before, sender, list(identifiers))
        if person.scope.holds(row["place"], row["sector"])
    ]
    if not rows:
        raise DomainError("external-unknown", "没有收到过这条外部预警，或不在您的管辖范围内。", 404)
    for row in rows:
        if row["ended_at"] is None:
            await _end(conn, row, by, now, text or "来源解除")
    return rows


async def expire_due(conn: Connection, now: datetime) -> bool:
    """End one whose time is over; false when there is none."""
    row = await conn.fetchrow(Q.expired, now)
    if row is None:
        return False
    await _end(conn, row, row["identifier"], now, "有效期已过")
    return True


async def level_of(
    conn: Connection, severity: str, urgency: str, certainty: str, kind: str
) -> tuple[int, str]:
    """Give level and reason of what is told in the words of CAP."""
    row = await conn.fetchrow(Q.level, severity, urgency, certainty)
    assert row is not None
    words = "、".join(word for word in (severity, urgency, certainty) if word) or "未说明"
    return row["level"], f"{_WORDS[kind]}：{words}（CAP 等级对照表，{row['source']}）"


async def owners_of(
    conn: Connection, person: Person, *, enterprise_codes: Sequence[str], regions: Sequence[str], area: Area
) -> list[Owner]:
    """Find whom it concerns, within the person's scope.

    Args:
        conn: sees every agency and enterprise.
        person: whose scope counts.
        enterprise_codes: enterprises that are named.
        regions: codes of regions of six to fourteen digits: the agency that answers for each.
        area: when no region is named, the agencies of the enterprises within its polygons and circles.

    Raises:
        DomainError: 400 with every name that is unknown or outside the scope, or when nobody is concerned.
    """
    wrong: list[FieldProblem] = []
    owners: dict[tuple[int | None, int | None], Owner] = {}
    for code in enterprise_codes:
        row = await conn.fetchrow(Q.plant, code)
        if row is None or not person.scope.holds(row["place"], row["sector"]):
            wrong.append(FieldProblem("enterprise_codes", f"没有代码为“{code}”的企业，或不在管辖范围内。"))
        else:
            owners[row["id"], None] = Owner(
                row["name"], row["place"], enterprise_id=row["id"], hazard_class=row["hazard_class"]
            )
    for code in regions:
        region = await conn.fetchval(Q.known_region, code)
        row = await conn.fetchrow(Q.agency_of_region, region) if region else None
        if row is None or not person.scope.holds(row["place"]):
            wrong.append(FieldProblem("regions", f"区划“{code}”没有对应的监管机构，或不在管辖范围内。"))
        else:
            owners[None, row["id"]] = Owner(row["name"], row["place"], agency_id=row["id"])
    if not regions and not enterprise_codes:
        for row in await _within(conn, area):
            if person.scope.holds(row["place"]):
                owners[None, row["id"]] = Owner(row["name"], row["place"], agency_id=row["id"])
    if not wrong and not owners:
        wrong.append(FieldProblem("area", "请指明管辖范围内的区划、企业，或含有企业的多边形、圆。"))
    if len(owners) > _MOST_OWNERS:
        wrong.append(FieldProblem("area", f"一条预警最多涉及 {_MOST_OWNERS} 个对象。"))
    if wrong:
        raise DomainError("invalid", "有内容填写不正确，请逐项修改。", 400, wrong)
    return list(owners.values())


async def _within(conn: Connection, area: Area) -> list[Row]:
    spots = [spot for ring in area.polygons for spot in ring]
    for x, y, radius_km in area.circles:
        reach = radius_km / 50  # a generous box: at sixty degrees a degree of longitude is 55 km
        spots += [(x - reach, y - reach), (x + reach, y + reach)]
    if not spots:
        return []
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    rows = await conn.fetch(Q.plants_within, min(xs), max(xs), min(ys), max(ys))
    return [row for row in rows if cap.holds(area, row["longitude"], row["latitude"])]


async def _begin(
    conn: Connection, person: Person, told: Told, owner: Owner, now: datetime
) -> tuple[str, Row, str]:
    row = await conn.fetchrow(
        Q.add,
        told.sender,
        told.identifier,
        told.source_name,
        told.kind,
        owner.enterprise_id,
        owner.agency_id,
        told.is_test,
        told.level,
        told.level_reason,
        told.title,
        told.text,
        told.at,
        now,
        told.expires_at,
        person.account_id,
        told.raw,
    )
    if row is None:  # told twice in the same moment
        [row] = [
            one
            for one in await conn.fetch(Q.told_before, told.sender, [told.identifier])
            if (one["enterprise_id"], one["agency_id"]) == (owner.enterprise_id, owner.agency_id)
        ]
        return owner.name, row, "unchanged"
    if told.expires_at is not None and told.expires_at <= now:
        await conn.execute(Q.end, row["id"], now, told.identifier)
        return owner.name, row, "expired"
    judged = await conditions.judge(conn, _fact(row, owner, now))
    if judged is not None:
        await conn.execute(Q.set_warning, row["id"], judged.warning_id)
    return owner.name, await _fresh(conn, row), "opened"


async def _again(conn: Connection, told: Told, owner: Owner, row: Row, now: datetime) -> tuple[str, Row, str]:
    said = (told.level, told.title, told.text, told.expires_at)
    same = said == (row["level"], row["title"], row["text"], row["expires_at"])
    heard = told.same_is_known and told.identifier in row["identifiers"]
    if row["ended_at"] is not None or same or heard:
        return owner.name, row, "unchanged"
    fresh = await conn.fetchrow(
        Q.tell_again,
        row["id"],
        told.identifier,
        told.level,
        told.level_reason,
        told.title,
        told.text,
        told.expires_at,
        now,
        told.raw,
    )
    assert fresh is not None
    if row["warning_id"] is not None:
        await store.add_event(
            conn, row["warning_id"], told.at, now, "provider", "updated", f"来源更新：{told.title}", told.text
        )
    judged = await conditions.judge(conn, _fact(fresh, owner, now))
    if judged is not None and judged.warning_id != row["warning_id"]:
        await conn.execute(Q.set_warning, row["id"], judged.warning_id)
    return owner.name, await _fresh(conn, row), "updated"


async def _end(conn: Connection, row: Row, by: str, now: datetime, words: str) -> None:
    await conn.execute(Q.end, row["id"], now, by)
    owner = Owner("", row["place"], row["enterprise_id"], row["agency_id"])
    fact = msgspec.structs.replace(_fact(row, owner, now), holds=False, detail=words)
    await conditions.judge(conn, fact)


async def _fresh(conn: Connection, row: Row) -> Row:
    [fresh] = [
        one
        for one in await conn.fetch(Q.told_before, row["sender"], [row["identifier"]])
        if one["id"] == row["id"]
    ]
    return fresh


def _fact(row: Row, owner: Owner, now: datetime) -> ConditionFact:
    return ConditionFact(
        kind=WEATHER if row["kind"] == WEATHER else EXTERNAL,
        subject_type="external_warning",
        subject_id=str(row["id"]),
        place=owner.place,
        subject_name=row["source_name"],
        title=row["title"],
        detail=row["text"],
        holds=True,
        reference=row["identifier"],
        at=row["at"],
        received_at=now,
        enterprise_id=row["enterprise_id"],
        agency_id=row["agency_id"],
        hazard_class=owner.hazard_class,
        level=row["level"],
        level_reason=row["level_reason"],
        is_test=row["is_test"],
    )


def _must(person: Person) -> None:
    if "external" not in person.may:
        raise ForbiddenError


def of_cap(alert: cap.Alert, level: int, reason: str, raw: str) -> Told:
    """Give a message of CAP as what is told."""
    return Told(
        sender=alert.sender,
        identifier=alert.identifier,
        source_name=alert.source_name,
        kind=WEATHER if alert.is_weather else EXTERNAL,
        level=level,
        level_reason=reason,
        title=alert.headline,
        text=alert.text,
        at=alert.sent,
        expires_at=alert.expires,
        raw=raw,
        is_test=alert.is_test,
        earlier=alert.earlier,
        same_is_known=True,
    )
