"""Gathers what is known of one enterprise under the reader's scope, in a fixed number of statements."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from central.db.errors import DomainError, FieldProblem, ForbiddenError
from central.db.queries import load
from central.devices import service as devices
from central.identity import service as identity
from central.registry import life, reminding, removals
from central.registry.forms.register import catalogue
from central.statistics import dossier_blocks
from central.statistics.dossier_models import (
    BlockChange,
    Document,
    Dossier,
    DossierPoint,
    DossierWarning,
    Owed,
    PortraitPage,
    Rights,
    Workbench,
)
from central.statistics.models import LEVELS, Level, Supervisor
from central.statistics.portrait import Known, Portrait, portray

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

    from central.db.pool import Connection
    from central.identity.models import Person
    from central.registry.reminding import Due

Q = load(__file__, "queries_dossier.sql")
RECENT: Final = timedelta(days=30)
_GOOD: Final = 192  # OPC quality byte
_ZONE: Final = ZoneInfo("Asia/Shanghai")  # the day of the jurisdictions that this product is for
_MOST: Final = 20
_MOST_DUE: Final = 100
_MOST_GATEWAYS: Final = 200
_SOON: Final = timedelta(days=7)
_NOTHING: Final = DomainError(
    "no-enterprise",
    "请指明企业。",
    400,
    [FieldProblem("enterprise_id", "您的账号不属于企业。", "选择一家企业。")],
)


def day_of(now: datetime) -> date:
    """The jurisdiction's day of a moment."""
    return now.astimezone(_ZONE).date()


async def portraits(
    conn: Connection, enterprises: Sequence[int], now: datetime
) -> dict[int, tuple[Known, Portrait]]:
    """The portraits of some enterprises of the scope; one statement."""
    rows = await conn.fetch(Q.known, list(enterprises), now, day_of(now))
    found = {}
    for row in rows:
        facts = dict(row)
        number = facts.pop("id")
        known = Known(**facts | {"credit_lists": tuple(facts["credit_lists"])})
        found[number] = (known, portray(known))
    return found


async def read(conn: Connection, person: Person, enterprise_id: int, now: datetime) -> Dossier:
    """The dossier.

    Args:
        conn: a scoped transaction.
        person: who reads.
        enterprise_id: of which enterprise.
        now: the database's time.

    Raises:
        NotFoundError: none, or not in this scope.
    """
    facts = await life.facts(conn, person, enterprise_id)
    gateways, _ = await devices.listing(conn, now, enterprise_id=enterprise_id, limit=_MOST_GATEWAYS)
    points = await conn.fetch(Q.points, enterprise_id, _MOST)
    documents = await conn.fetch(Q.documents, enterprise_id, _MOST)
    wishes = await removals.listing(conn, person, "", None, 1, enterprise_id)
    open_wish = next((wish for wish in wishes if wish.state in {"asked", "granted", "refused"}), None)
    may = "enterprise-life" in person.may
    return Dossier(
        facts=facts,
        supervision=[Supervisor(*each) for each in await identity.supervision(conn, facts.agency_id)],
        portrait=(await portraits(conn, [enterprise_id], now))[enterprise_id][1],
        blocks=await dossier_blocks.blocks(conn, enterprise_id, facts.sector, now - RECENT),
        warnings=await _warnings(conn, enterprise_id, now),
        points=[_point(row) for row in points],
        points_total=points[0]["many"] if points else 0,
        gateways=gateways,
        documents=[_document(row) for row in documents],
        documents_total=documents[0]["many"] if documents else 0,
        due=await reminding.listing(conn, day_of(now), enterprise_id=enterprise_id, limit=_MOST),
        life=await life.log(conn, enterprise_id, None, _MOST),
        watched=await life.watched(conn, person, enterprise_id),
        removal=open_wish if may else None,
        may=Rights(
            edit=may,
            change_status=may,
            ask_removal=may and not (open_wish and open_wish.state in {"asked", "granted"}),
            remove=may and open_wish is not None and open_wish.state == "granted",
        ),
        at=now,
    )


async def portrait(conn: Connection, person: Person, enterprise_id: int, now: datetime) -> PortraitPage:
    """The portrait with what changed in the last 30 days.

    Raises:
        NotFoundError: none, or not in this scope.
    """
    facts = await life.facts(conn, person, enterprise_id)
    events = await life.log(conn, enterprise_id, None, _MOST_DUE)
    blocks = await dossier_blocks.blocks(conn, enterprise_id, facts.sector, now - RECENT)
    return PortraitPage(
        portrait=(await portraits(conn, [enterprise_id], now))[enterprise_id][1],
        life=[event for event in events if event.at > now - RECENT],
        changes=[
            BlockChange(
                register=block.register, title=block.title, changed=block.changed, changed_at=block.changed_at
            )
            for block in blocks
            if block.changed
        ],
        watched=await life.watched(conn, person, enterprise_id),
    )


async def workbench(conn: Connection, person: Person, enterprise_id: int | None, now: datetime) -> Workbench:
    """What an enterprise owes and by when, the most urgent first.

    Args:
        conn: a scoped transaction.
        person: of an enterprise: its own; of an agency: one that is named.
        enterprise_id: named; None for one's own.
        now: the database's time.

    Raises:
        NotFoundError: none, or not in this scope.
        DomainError: 400, nobody is named and the person is of no enterprise.
    """
    number = enterprise_id or person.enterprise_id
    if number is None:
        raise _NOTHING
    if person.enterprise_id is not None and number != person.enterprise_id:
        raise ForbiddenError
    facts = await life.facts(conn, person, number)
    known, picture = (await portraits(conn, [number], now))[number]
    blocks = await dossier_blocks.blocks(conn, number, facts.sector, now - RECENT)
    today = day_of(now)
    due = await reminding.listing(conn, today, enterprise_id=number, limit=_MOST_DUE)
    warnings = [each for each in await _warnings(conn, number, now) if each.ended_at is None]
    owed = [
        Owed(
            kind="warning", title=each.title, words=each.subject_name, link=f"/warnings/{each.id}",
            level=each.level, at=each.raised_at,
        )
        for each in warnings
    ]  # fmt: skip
    if known.promise in {"missing", "draft", "returned"} and known.status_runs:
        promised = {
            "missing": "尚未填报",
            "draft": "已填写，尚未提交",
            "returned": "已退回，请修改后重新提交",
        }
        owed.append(
            Owed(
                kind="promise", title="今日安全承诺", words=promised[known.promise],
                link="/registers/safety-promises/new" if known.promise == "missing" else "/promises",
                due_on=today,
            )
        )  # fmt: skip
    # Today's promise stands above already.
    promise = "safety-promises"
    owed += [_owed(each, today) for each in due if each.register != promise or each.due_on < today]
    for each in await dossier_blocks.unfinished(conn, number, facts.sector):
        words = f"审核意见：{each.opinion}" if each.state == "returned" and each.opinion else ""
        owed.append(
            Owed(
                kind=each.state, title=f"{each.register.zh}{f'：{each.title}' if each.title else ''}",
                words=words or ("已退回，请修改" if each.state == "returned" else "草稿，尚未提交"),
                link=f"/registers/{each.register.name}/{each.number}", at=each.at,
            )
        )  # fmt: skip
    owed += [
        Owed(
            kind="missing", title=block.title, words="尚未填报",
            link=f"/registers/{block.register}/new",
        )
        for block in blocks
        if block.single and not block.total
    ]  # fmt: skip
    return Workbench(
        facts=facts,
        portrait=picture,
        owed=sorted(owed, key=_urgency),
        late=sum(each.due_on < today for each in due),
        soon=sum(today <= each.due_on <= today + _SOON for each in due),
        waiting=sum(block.waiting for block in blocks),
        promise=known.promise,
        blocks=blocks,
        at=now,
    )


_URGENCY: Final = {"warning": 0, "promise": 1, "late": 2, "returned": 3, "due": 4, "draft": 5, "missing": 6}
_LEVELS: Final[tuple[Level, ...]] = ("red", "orange", "yellow", "blue")


def _urgency(owed: Owed) -> tuple[int, int, date, str]:
    level = _LEVELS.index(owed.level) if owed.level else 0
    return _URGENCY[owed.kind], level, owed.due_on or date.max, owed.title


def _owed(due: Due, today: date) -> Owed:
    link = f"/registers/{due.register}" if due.register in catalogue() else "/registers"
    if due.record_id is not None and due.register in catalogue():
        link += f"/{due.record_id}"
    return Owed(
        kind="late" if due.due_on < today else "due",
        title=f"{due.register_title}{f'：{due.title}' if due.title else ''}",
        words=due.words, link=link, due_on=due.due_on,
    )  # fmt: skip


async def _warnings(conn: Connection, enterprise_id: int, now: datetime) -> list[DossierWarning]:
    rows = await conn.fetch(Q.warnings, enterprise_id, now, _MOST)
    return [DossierWarning(**dict(row) | {"level": LEVELS[row["level"]]}) for row in rows]


def _point(row: asyncpg.Record) -> DossierPoint:
    facts = dict(row)
    quality = facts.pop("quality")
    del facts["many"]
    silent = facts.pop("silent")
    return DossierPoint(**facts, good=None if quality is None else quality & 255 >= _GOOD and not silent)


def _document(row: asyncpg.Record) -> Document:
    facts = dict(row)
    del facts["many"]
    register = catalogue().get(facts["register"])
    return Document(**facts, register_title=register.zh if register else "")
