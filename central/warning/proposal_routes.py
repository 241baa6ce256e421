"""HTTP of warnings that people issue, and of approving them (and what models find) before they are pushed."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from central import clock
from central.db.errors import DomainError, FieldProblem, ForbiddenError, NotFoundError
from central.db.pool import Database
from central.db.scope import acting, scoped
from central.http.paging import MOST, page, read_cursor
from central.identity.models import Person
from central.warning import proposals, wording
from central.warning.models import LEVEL_NUMBERS, LEVELS, MANUAL, ConditionFact
from central.warning.proposals import Q
from central.warning.store import Row

Number = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Numbers = Annotated[list[Number], msgspec.Meta(max_length=200)]


class NewWarning(msgspec.Struct, forbid_unknown_fields=True):
    """What a person warns of: of some enterprises, of agencies' areas, or of both; each becomes a case.

    `key` is the form's own: sent twice it warns once.
    """

    level: Literal["blue", "yellow", "orange", "red"]
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]
    key: UUID
    enterprise_ids: Numbers = []
    agency_ids: Numbers = []


class Issued(msgspec.Struct):
    """What became of it for one owner: it waits, or is a warning."""

    owner_name: str
    proposal_id: int | None
    warning_id: UUID | None


class IssuedAll(msgspec.Struct):
    """What became of it for each."""

    items: list[Issued]


class Decision(msgspec.Struct):
    """What the approver says."""

    opinion: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class Refusal(msgspec.Struct):
    """Why it is refused."""

    opinion: Annotated[str, msgspec.Meta(min_length=1, max_length=2000)]


class ProposalRow(msgspec.Struct, kw_only=True):
    """What waits for approval, or did; `given` says that it is pushed at `due_at` when nobody answers."""

    id: int
    kind: str
    kind_name: str
    level: str
    level_reason: str
    title: str
    detail: str
    enterprise_id: int | None
    agency_id: int | None
    owner_name: str
    state: str
    given: bool
    due_at: datetime
    proposed_at: datetime
    proposed_by: str
    decided_at: datetime | None
    decided_by: str
    opinion: str
    warning_id: UUID | None
    may_decide: bool


class ProposalPage(msgspec.Struct):
    """A page of the queue."""

    items: list[ProposalRow]
    next: str | None


class ProposalController(Controller):
    """Manual warnings, and the queue of what must be approved."""

    path = "/warning-proposals"
    tags = ("warnings",)

    @post("/", operation_id="issueWarning", status_code=200)
    async def issue(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        data: JSONBody[NewWarning],
    ) -> IssuedAll:
        """Warns of something: approved first where the region's rule says so."""
        if "warn" not in person.may:
            raise ForbiddenError
        owners = await _owners(database, person, data)
        items = []
        async with acting(database.worker, person.actor) as conn:
            now = await clock.database_now(conn)
            for owner, of_agency in owners:
                fact = _fact(data, person, owner, of_agency, now)
                became = await proposals.put(conn, fact, person)
                judged = became.judgement
                items.append(Issued(owner["name"], became.proposal_id, judged.warning_id if judged else None))
        return IssuedAll(items)

    @get("/", operation_id="listProposals")
    async def list_proposals(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        show: Annotated[Literal["waiting", "decided", "all"], QueryParameter(name="state")] = "waiting",
        limit: Annotated[int, QueryParameter(ge=1, le=MOST)] = 50,
        cursor: FromQuery[str | None] = None,
    ) -> ProposalPage:
        """What waits for approval in the caller's jurisdiction, and what was decided; newest first."""
        if not {"warn", "approve"} & person.may:
            raise ForbiddenError
        after = read_cursor(cursor, int)
        wanted = {"waiting": True, "decided": False, "all": None}[show]
        async with scoped(database.web, person.scope, person.actor) as conn:
            rows = await conn.fetch(Q.page, wanted, after[0], limit + 1)
        items, following = page([_row(row, person) for row in rows], limit, key=lambda row: (row.id,))
        return ProposalPage(items, following)

    @post("/{proposal_id:int}/approve", operation_id="approveProposal", status_code=200)
    async def approve(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        proposal_id: FromPath[int],
        data: JSONBody[Decision],
    ) -> Issued:
        """Pushes it: the warning opens, and its ladder begins."""
        return await _decided(database, person, proposal_id, approve=True, opinion=data.opinion)

    @post("/{proposal_id:int}/refuse", operation_id="refuseProposal", status_code=200)
    async def refuse(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        proposal_id: FromPath[int],
        data: JSONBody[Refusal],
    ) -> Issued:
        """Refuses it: nobody is called."""
        return await _decided(database, person, proposal_id, approve=False, opinion=data.opinion)


async def _decided(database: Database, person: Person, number: int, *, approve: bool, opinion: str) -> Issued:
    if "approve" not in person.may:
        raise ForbiddenError
    row = None
    if 0 < number < 2**31:
        async with scoped(database.web, person.scope, person.actor) as conn:
            row = await conn.fetchval(Q.seen, number)
    if row is None:
        raise NotFoundError("没有找到这条待审批的预警，或不在您的管辖范围内。")
    async with acting(database.worker, person.actor) as conn:
        judged = await proposals.decide(conn, person, number, approve=approve, opinion=opinion.strip())
    return Issued("", number, judged.warning_id if judged else None)


async def _owners(database: Database, person: Person, data: NewWarning) -> list[tuple[Row, bool]]:
    """Whose cases it becomes: only who lies in the person's scope.

    Raises:
        DomainError: 400 with every field that is wrong.
    """
    async with scoped(database.web, person.scope, person.actor) as conn:
        plants = {row["id"]: row for row in await conn.fetch(Q.enterprises, data.enterprise_ids)}
        agencies = {
            row["id"]: row
            for row in await conn.fetch(Q.agencies, data.agency_ids)
            if person.scope.holds(row["place"])
        }
    wrong = [
        FieldProblem("enterprise_ids", f"没有编号为 {number} 的企业，或不在您的管辖范围内。")
        for number in dict.fromkeys(data.enterprise_ids)
        if number not in plants
    ]
    wrong += [
        FieldProblem("agency_ids", f"没有编号为 {number} 的机构，或不在您的管辖范围内。")
        for number in dict.fromkeys(data.agency_ids)
        if number not in agencies
    ]
    if not data.enterprise_ids and not data.agency_ids:
        wrong.append(FieldProblem("enterprise_ids", "请至少选择一家企业或一个机构。"))
    wrong += [
        FieldProblem(name, "必须填写。")
        for name, words in (("title", data.title), ("text", data.text))
        if not words.strip()
    ]
    if wrong:
        raise DomainError("invalid", "有内容填写不正确，请逐项修改。", 400, wrong)
    return [(row, False) for row in plants.values()] + [(row, True) for row in agencies.values()]


def _fact(data: NewWarning, person: Person, owner: Row, of_agency: bool, now: datetime) -> ConditionFact:
    what = "agency" if of_agency else "enterprise"
    return ConditionFact(
        kind=MANUAL,
        subject_type=what,
        # each is a matter of its own: two warnings of one plant are two cases
        subject_id=f"{owner['id']}/{data.key}",
        place=owner["place"],
        subject_name=owner["name"],
        title=data.title.strip(),
        detail=data.text.strip(),
        holds=True,
        reference=str(data.key),
        at=now,
        received_at=now,
        enterprise_id=None if of_agency else owner["id"],
        agency_id=owner["id"] if of_agency else None,
        hazard_class=None if of_agency else owner["hazard_class"],
        level=LEVEL_NUMBERS[data.level],
        level_reason=f"{person.display_name}指定",
    )


def _row(row: Row, person: Person) -> ProposalRow:
    return ProposalRow(
        id=row["id"],
        kind=row["kind"],
        kind_name=wording.kind_word(row["kind"]),
        level=LEVELS[row["level"]],
        level_reason=row["level_reason"],
        title=row["title"],
        detail=row["fact"].get("detail", ""),
        enterprise_id=row["enterprise_id"],
        agency_id=row["agency_id"],
        owner_name=row["owner_name"],
        state=row["state"],
        given=row["given"],
        due_at=row["due_at"],
        proposed_at=row["proposed_at"],
        proposed_by=row["proposed_name"],
        decided_at=row["decided_at"],
        decided_by=row["decided_name"],
        opinion=row["opinion"],
        warning_id=row["warning_id"],
        may_decide=row["state"] == proposals.WAITING
        and "approve" in person.may
        and row["proposed_by"] != person.account_id,
    )


routes: list[Any] = [ProposalController]
