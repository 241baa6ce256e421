"""Windows as people keep them: declared with reason and end, edited, consented to, ended early, listed.

Keeps law-warning 4. A change is a row; what follows for cases is decided after its commit (`holds.py`): when
a window ends, by its time or early, what is active raises at once. Suppressed is never unseen: cases open and
are listed as ever, only their calls wait. Whoever writes a window locks no case.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from central.clock import database_now
from central.db.errors import DomainError, FieldProblem, ForbiddenError, NotFoundError
from central.db.pool import Connection
from central.db.queries import load
from central.http.tags import changed
from central.identity.models import Person
from central.warning import rules, store, window_rules, wording
from central.warning.answers import Clock
from central.warning.store import Row

Q: Final = load(__file__, "queries_windows.sql")

Category = Literal["maintenance", "permit", "out_of_service"]
Subject = Literal["enterprise", "gateway", "instrument", "point"]
State = Literal["current", "planned", "over", "ended"]
SHOWN: Final[dict[str, list[str] | None]] = {
    "lasting": ["current", "planned"],
    "current": ["current"],
    "planned": ["planned"],
    "past": ["over", "ended"],
    "all": None,
}
_Kinds = Annotated[list[str], msgspec.Meta(max_length=20)]


class WindowForm(msgspec.Struct, kw_only=True):
    """What may be said of a window and changed later; `kinds` empty: everything that may wait."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    starts_at: Annotated[datetime, msgspec.Meta(tz=True)]
    ends_at: Annotated[datetime, msgspec.Meta(tz=True)]
    kinds: _Kinds = []
    permit_no: Annotated[str, msgspec.Meta(max_length=64)] = ""
    holds_red: bool = False


class NewWindow(WindowForm, kw_only=True):
    """A window to declare; `subject_id`: of an instrument "gateway/instrument", else the subject's id."""

    category: Category
    subject_type: Subject
    subject_id: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Longest(msgspec.Struct):
    """How long a window of a category may last at most, and whose number that is."""

    category: str
    longest_s: float
    source: str


class WindowRow(msgspec.Struct, kw_only=True):
    """A window: what is suppressed, by whom, until when; `waiting` cases wait now, `covered` it ever had."""

    id: int
    category: str
    subject_type: str
    subject_id: str
    subject_name: str
    kinds: list[str]
    enterprise_id: int
    enterprise_name: str
    region_name: str
    gateway_id: str | None
    point_id: int | None
    reason: str
    permit_no: str
    starts_at: datetime
    ends_at: datetime
    declared_at: datetime
    declared_name: str
    declared_for: str
    holds_red: bool
    consent_at: datetime | None
    consent_name: str
    consent_for: str
    consent_words: str
    ended_at: datetime | None
    ended_name: str
    end_reason: str
    state: str
    waiting: int
    covered: int
    version: int
    may: list[str]


async def declare(conn: Connection, person: Person, form: NewWindow, *, clock: Clock = database_now) -> int:
    """Declare a window; gives its number.

    Args:
        conn: the person's scoped transaction.
        person: who answers for it.
        form: what they say.
        clock: gives the time.

    Raises:
        DomainError: 403 not allowed, 400 with every field that is wrong.
    """
    _must(person)
    now = await clock(conn)
    subject = await _subject(conn, form.subject_type, form.subject_id)
    problems = _said(form)
    if subject is None:
        problems.append(FieldProblem("subject_id", "没有找到这个对象，或不在您的管辖范围内", "请重新选择"))
    else:
        longest = await _longest(conn, subject["place"], now)
        most = longest.get(form.category)
        problems += window_rules.faults(form.starts_at, form.ends_at, most, now, declared=False)
    if subject is None or problems:
        raise _invalid(problems)
    consents = form.holds_red and await _supervises(conn, person, subject["id"])
    number: int = await conn.fetchval(
        Q.add,
        form.category,
        form.subject_type,
        form.subject_id,
        _name(form.subject_type, subject["name"]),
        form.kinds,
        subject["id"],
        subject["gateway_id"],
        subject["point_id"],
        form.reason,
        form.permit_no,
        form.starts_at,
        form.ends_at,
        now,
        person.account_id,
        person.display_name,
        _for(person),
        person.agency_id,
        form.holds_red,
        *((now, person.account_id, person.display_name, _for(person)) if consents else (None, None, "", "")),
    )
    return number


async def edit(
    conn: Connection,
    person: Person,
    number: int,
    seen: int,
    form: WindowForm,
    *,
    clock: Clock = database_now,
) -> None:
    """Change what a window says; a consent stays only if less is asked for than was consented to.

    Args:
        conn: the person's scoped transaction.
        person: of the side that declared it.
        number: of the window.
        seen: the version that the person saw.
        form: what it is to say; its beginning counts only while that lies ahead.
        clock: gives the time.

    Raises:
        DomainError: as `declare`; 404 not visible, 409 over, 412 changed since.
    """
    row = await _hold(conn, person, number, seen)
    now = await clock(conn)
    _must_last(row, now)
    if not may_edit(person, row):
        raise ForbiddenError("只有报备的一方可以修改；监管机构可以提前结束它。")
    begun = row["starts_at"] <= now
    starts_at = row["starts_at"] if begun else form.starts_at
    longest = await _longest(conn, row["place"], now)
    problems = _said(form)
    problems += window_rules.faults(
        starts_at, form.ends_at, longest.get(row["category"]), now, declared=begun
    )
    if problems:
        raise _invalid(problems)
    same = form.holds_red and form.ends_at <= row["ends_at"] and starts_at == row["starts_at"]
    stays = same and sorted(form.kinds) == sorted(row["kinds"])
    await conn.execute(
        Q.edit,
        number,
        form.kinds,
        form.reason,
        form.permit_no,
        starts_at,
        form.ends_at,
        form.holds_red,
        stays,
        now,
    )
    if form.holds_red and not stays and await _supervises(conn, person, row["enterprise_id"]):
        words = (person.account_id, person.display_name, _for(person), "")
        await conn.execute(Q.set_consent, number, now, *words, now)


async def end(
    conn: Connection, person: Person, number: int, reason: str, *, clock: Clock = database_now
) -> None:
    """End a window before its time: what is active raises at once.

    Raises:
        DomainError: 403 not allowed, 404 not visible, 409 over already.
    """
    row = await _hold(conn, person, number, None)
    now = await clock(conn)
    _must_last(row, now)
    await conn.execute(Q.end_now, number, now, person.account_id, person.display_name, reason)


async def consent(
    conn: Connection, person: Person, number: int, words: str, *, given: bool, clock: Clock = database_now
) -> None:
    """Let red ones wait too, or take that back: then a red one that is active is called at once.

    Raises:
        DomainError: 403 no agency above the enterprise, 404 not visible, 409 over, or nobody asked for it.
    """
    row = await _hold(conn, person, number, None)
    now = await clock(conn)
    _must_last(row, now)
    if not row["holds_red"]:
        raise DomainError("window-no-red", "这条报备没有申请屏蔽红色预警，红色预警照常呼叫。", 409)
    if not await _supervises(conn, person, row["enterprise_id"]):
        raise ForbiddenError("红色预警的屏蔽须由该企业的监管机构同意。")
    who = (person.account_id, person.display_name, _for(person)) if given else (None, "", "")
    await conn.execute(Q.set_consent, number, now if given else None, *who, words, now)


async def listed(
    conn: Connection,
    person: Person,
    now: datetime,
    *,
    shown: str = "lasting",
    enterprise_id: int | None = None,
    category: str | None = None,
    words: str = "",
    after: tuple[int, float, int] | None = None,
    limit: int = 50,
) -> list[tuple[WindowRow, tuple[int, float, int]]]:
    """Give windows of the caller's jurisdiction, each with its key: in force, to come, over.

    Args:
        conn: the person's scoped transaction.
        person: who looks.
        now: its time.
        shown: a key of SHOWN.
        enterprise_id: only of this plant.
        category: only these.
        words: in what they say.
        after: the key of the row before.
        limit: how many at most.
    """
    rows = await conn.fetch(
        Q.listed, now, enterprise_id, category, SHOWN[shown], *(after or (None,) * 3), limit, words, None
    )
    return [(await _row(conn, person, row, now), (row["rank"], row["due"], row["id"])) for row in rows]


async def one(conn: Connection, person: Person, number: int, now: datetime) -> WindowRow:
    """Give one window.

    Raises:
        NotFoundError: there is none in this person's jurisdiction.
    """
    rows = await conn.fetch(Q.listed, now, None, None, None, None, None, None, 1, "", number)
    if not rows:
        raise NotFoundError
    return await _row(conn, person, rows[0], now)


async def longest(conn: Connection, place: str, now: datetime) -> list[Longest]:
    """Give how long windows may last at a place."""
    return [Longest(**row) for row in await conn.fetch(Q.longest, place, now)]


def may_edit(person: Person, row: Row) -> bool:
    """Say whether this person is of the side that declared a window."""
    if person.kind == "enterprise":
        return row["declared_agency_id"] is None and person.enterprise_id == row["enterprise_id"]
    return row["declared_agency_id"] is not None and person.agency_id == row["declared_agency_id"]


async def _row(conn: Connection, person: Person, row: Row, now: datetime) -> WindowRow:
    may = []
    if "window" in person.may and row["ended_at"] is None and row["ends_at"] > now:
        may = (["edit"] if may_edit(person, row) else []) + ["end"]
        if row["holds_red"] and await _supervises(conn, person, row["enterprise_id"]):
            may.append("consent" if row["consent_at"] is None else "withdraw-consent")
    names = [name for name in WindowRow.__struct_fields__ if name != "may"]
    return WindowRow(**{name: row[name] for name in names}, may=may)


async def _hold(conn: Connection, person: Person, number: int, seen: int | None) -> Row:
    _must(person)
    row = await conn.fetchrow(Q.lock, number)
    if row is None:
        raise NotFoundError("没有找到这条报备，或不在您的管辖范围内。")
    if seen is not None and seen != row["version"]:
        raise changed()
    return row


def _must(person: Person) -> None:
    if "window" not in person.may:
        raise ForbiddenError


def _must_last(row: Row, now: datetime) -> None:
    if row["ended_at"] is not None or row["ends_at"] <= now:
        raise DomainError("window-over", "这条报备已经结束，需要时请另行报备。", 409)


def _said(form: WindowForm) -> list[FieldProblem]:
    known = "、".join(wording.kind_word(kind) for kind in window_rules.HELD_BACK)
    strange = [kind for kind in form.kinds if kind not in window_rules.HELD_BACK]
    problems = [] if form.reason.strip() else [FieldProblem("reason", "没有填写原因", "请写明为什么要屏蔽")]
    if strange:
        problems.append(FieldProblem("kinds", "有不能屏蔽的预警类型", f"可以屏蔽：{known}"))
    return problems


async def _subject(conn: Connection, subject_type: str, subject_id: str) -> Row | None:
    number = int(subject_id) if subject_id.isascii() and subject_id.isdigit() and len(subject_id) < 10 else 0
    if subject_type == window_rules.ENTERPRISE:
        return await conn.fetchrow(Q.enterprise, number)
    if subject_type == window_rules.POINT:
        return await conn.fetchrow(Q.point, number)
    if subject_type == window_rules.GATEWAY:
        return await conn.fetchrow(Q.gateway, subject_id)
    gateway, _, source = subject_id.partition("/")
    return await conn.fetchrow(Q.instrument, gateway, source)


def _name(subject_type: str, name: str) -> str:
    if subject_type == window_rules.GATEWAY:
        return f"网关「{name}」"
    return wording.instrument_word(name) if subject_type == window_rules.INSTRUMENT else name


async def _longest(conn: Connection, place: str, now: datetime) -> dict[str, float]:
    return {row.category: row.longest_s for row in await longest(conn, place, now)}


async def _supervises(conn: Connection, person: Person, enterprise_id: int) -> bool:
    if person.kind == "enterprise" or person.agency_id is None:
        return False
    chain: Sequence[Row] = await conn.fetch(store.Q.agency_chain, enterprise_id, None)
    return rules.may_confirm_false(person.kind, person.agency_id, [agency["id"] for agency in chain])


def _for(person: Person) -> str:
    return person.agency_name or person.enterprise_name or person.role_name


def _invalid(problems: Sequence[FieldProblem]) -> DomainError:
    return DomainError("invalid", "报备有不正确的内容，请逐项核对。", 400, list(problems))
