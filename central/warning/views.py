"""A warning as people read it: a row of the list, and the whole page with its ladder, story and actions.

Keeps law-warning 5 and 7: who sees it sees all of it, and a rung that reached nobody is shown as a gap.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from central.db.errors import NotFoundError
from central.db.pool import Connection
from central.identity.models import Person
from central.telemetry import service as telemetry
from central.telemetry.latest import LatestValues
from central.telemetry.models import PointRow
from central.warning import answers, handling_views, store, store_lists, wording
from central.warning.escalation import LADDER, WINDOW, Case
from central.warning.handling_views import HandlingView
from central.warning.models import ENTERPRISE, HIGHEST, LEVELS, UNANSWERED, Policy
from central.warning.notify import digest_words
from central.warning.notify import store as calls
from central.warning.store import Row

MOST_UNDER: Final = 200
"""So many of what a dead gateway explains are shown on its page; the list gives the rest."""


class WarningRow(msgspec.Struct, kw_only=True):
    """A warning in a list. `late`: it reached the centre `delayed_s` seconds after it happened.

    `enterprise_name`: of the enterprise, or of the agency whose case it is; one of the two ids is given.
    `instrument`: behind which its point lies, so that a list can show a dead one once. `first_up`: it began
    first of several of its gateway. `held_by`: its calls wait, for its "parent" (`parent_id`, a dead gateway
    or instrument that explains it), for a "window" until `held_until`, or to "settle": its parent is back,
    and it has a while to show itself well. `children`: so many wait for this one.
    """

    id: UUID
    number: str
    level: str
    title: str
    kind: str
    side: str
    subject_type: str
    subject_id: str
    subject_name: str
    gateway_id: str | None
    instrument: str | None
    enterprise_id: int | None
    agency_id: int | None
    enterprise_name: str
    region_name: str
    state: str
    condition: str
    raised_at: datetime
    received_at: datetime
    late: bool
    delayed_s: float
    history: bool
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    assignee: str | None
    handled_at: datetime | None
    closed_at: datetime | None
    cleared_at: datetime | None
    suppressed_until: datetime | None
    step: int | None
    next_step_at: datetime | None
    is_test: bool
    first_up: bool
    parent_id: UUID | None
    children: int
    held_by: str | None
    held_until: datetime | None
    etag: str


class Under(msgspec.Struct, kw_only=True):
    """The dead gateway or instrument under which a warning is shown; `active`: it is dead still."""

    id: UUID
    number: str
    title: str
    active: bool


class WaitsFor(msgspec.Struct, kw_only=True):
    """The window for which the calls of a warning wait: whose it is, why, and until when."""

    id: int
    category: str
    subject_name: str
    declared_name: str
    declared_for: str
    reason: str
    ends_at: datetime


class Called(msgspec.Struct, kw_only=True):
    """One call of one person; `state` as in the outbox, `at` the time of that state; `digest`: its name."""

    name: str
    agency_name: str
    channel: str
    state: str
    reason: str
    possibly_twice: bool
    at: datetime | None
    digest: str | None


class LadderStep(msgspec.Struct, kw_only=True):
    """One rung, fired or to come; `due_at` of those to come holds as long as nobody answers."""

    level: str
    round: int
    step: int
    rank: int
    agency_name: str
    due_at: datetime | None
    fired_at: datetime | None
    state: str
    reason: str
    people: list[Called]


class Hop(msgspec.Struct, kw_only=True):
    """One line of the story; `latency_ms` since the hop before it, where that is known."""

    at: datetime
    source: str
    kind: str
    title: str
    detail: str
    who: str
    latency_ms: int | None


class PolicyStep(msgspec.Struct, kw_only=True):
    """One rung of the frozen ladder."""

    index: int
    delay_s: float
    rank: int
    channels: list[str]


class PolicyView(msgspec.Struct, kw_only=True):
    """The ladder that this case keeps; `source` says whose numbers they are."""

    name: str
    version: int
    source: str
    steps: list[PolicyStep]
    handling_s: float
    repeat_s: float


class WarningDetail(WarningRow, kw_only=True):
    """A warning's whole page."""

    kind_name: str
    level_reason: str
    occurrence: str
    previous_id: UUID | None
    point: PointRow | None
    limit_name: str
    limit: float | None
    value: float | None
    unit: str
    handled_by: str | None
    cause: str | None
    measures: str | None
    false_reason: str | None
    false_by: str | None
    closed_by: str | None
    opinion: str | None
    policy: PolicyView
    ladder: list[LadderStep]
    timeline: list[Hop]
    actions: list[str]
    handling: HandlingView
    under: list[WarningRow]
    parent: Under | None
    window: WaitsFor | None
    why_visible: str


class Counts(msgspec.Struct, kw_only=True):
    """What waits for whom in a jurisdiction; levels by word."""

    unanswered: dict[str, int]
    open: dict[str, int]
    review: int
    verify: int
    oldest_raised_at: datetime | None


def row_of(row: Row) -> WarningRow:
    """Give a stored case as a row of the list."""
    return WarningRow(**_row_fields(row, store.case_of(row)))


async def detail(
    conn: Connection, person: Person, warning_id: UUID, now: datetime, latest: LatestValues | None = None
) -> WarningDetail:
    """Give a warning's page.

    Raises:
        NotFoundError: there is none in this person's jurisdiction.
    """
    row = await store_lists.show_case(conn, warning_id)
    held = row is not None
    if row is None:
        row = await store_lists.show_kept(conn, warning_id)
    if row is None:
        raise NotFoundError("没有找到这条预警，或不在您的管辖范围内。")
    case = store.case_of(row)
    point = None
    if row["point_id"] is not None and held:
        point = await telemetry.point(conn, latest, now, row["point_id"])
    return WarningDetail(
        **_row_fields(row, case),
        kind_name=wording.kind_word(row["kind"]),
        level_reason=row["level_reason"],
        occurrence=row["occurrence"],
        previous_id=row["previous_id"],
        point=point,
        limit_name=row["limit_name"],
        limit=row["limit_value"],
        value=row["value"],
        unit=row["unit"],
        handled_by=row["handled_name"],
        cause=row["cause"],
        measures=row["measures"],
        false_reason=row["false_reason"],
        false_by=row["false_name"],
        closed_by=row["closed_name"],
        opinion=row["opinion"],
        policy=_policy(case.policy),
        ladder=await _ladder(conn, row, case, held),
        timeline=[
            Hop(**hop)
            for hop in await (store_lists.timeline if held else store_lists.kept_timeline)(conn, warning_id)
        ],
        actions=await answers.actions(conn, person, row, now) if held else [],
        handling=await handling_views.of(conn, person, row, now, held=held),
        under=[row_of(one) for one in await store_lists.children(conn, warning_id, MOST_UNDER)]
        if held
        else [],
        parent=await _parent(conn, row) if held else None,
        window=await _window(conn, row) if held else None,
        why_visible=f"{row['enterprise_name']}位于{row['region_name'] or row['place']}，"
        f"在您的管辖范围（{person.place_name}）之内。"
        if held
        else f"{row['enterprise_name']}已划出您的管辖范围；贵单位曾参与处置，保留查阅，不能再处置。",
    )


async def counts(conn: Connection) -> Counts:
    """Count the warnings of the caller's jurisdiction, for home pages."""
    rows = await store_lists.counts(conn)
    words = {LEVELS[row["level"]]: row for row in rows}
    oldest = [row["oldest"] for row in rows if row["oldest"] is not None]
    return Counts(
        unanswered={word: words[word]["unanswered"] if word in words else 0 for word in LEVELS.values()},
        open={word: words[word]["open"] if word in words else 0 for word in LEVELS.values()},
        review=sum(row["review"] for row in rows),
        verify=sum(row["verify"] for row in rows),
        oldest_raised_at=min(oldest, default=None),
    )


def _row_fields(row: Row, case: Case) -> dict[str, Any]:
    same = (
        "id title kind side subject_type subject_id subject_name gateway_id enterprise_id agency_id "
        "enterprise_name state raised_at received_at late history acknowledged_at handled_at closed_at "
        "cleared_at suppressed_until is_test first_up parent_id children held_by held_until"
    )
    return {name: row[name] for name in same.split()} | {
        "number": wording.case_number(row["number"]),
        "level": LEVELS[row["level"]],
        "instrument": row["source"],
        "region_name": row["region_name"] or "",
        "condition": "active" if row["active"] else "clear",
        "delayed_s": round((row["received_at"] - row["raised_at"]).total_seconds(), 3),
        "acknowledged_by": row["acknowledged_name"],
        "assignee": row["assignee_name"],
        "step": row["step"] if row["step"] >= 0 else None,
        "next_step_at": case.wakes().get(LADDER),
        "etag": answers.tag_of(row),
    }


async def _parent(conn: Connection, row: Row) -> Under | None:
    found = await store_lists.parent(conn, row["parent_id"]) if row["parent_id"] is not None else None
    if found is None:
        return None
    number = wording.case_number(found["number"])
    return Under(id=found["id"], number=number, title=found["title"], active=found["active"])


async def _window(conn: Connection, row: Row) -> WaitsFor | None:
    found = await store_lists.window_of(conn, row["window_id"]) if row["held_by"] == WINDOW else None
    return None if found is None else WaitsFor(**found)


def _policy(policy: Policy) -> PolicyView:
    return PolicyView(
        name=policy.name,
        version=policy.version,
        source=policy.source,
        steps=[
            PolicyStep(index=index, delay_s=step.delay_s, rank=step.rank, channels=list(step.channels))
            for index, step in enumerate(policy.steps)
        ],
        handling_s=policy.handling_s,
        repeat_s=policy.repeat_s,
    )


async def _ladder(conn: Connection, row: Row, case: Case, held: bool) -> list[LadderStep]:
    called: dict[tuple[int, int, int], list[Called]] = {}
    for call in await (calls.calls_of_case if held else store_lists.kept_calls)(conn, row["id"]):
        called.setdefault((call["level"], call["round"], call["step"]), []).append(
            Called(
                name=call["person_name"],
                agency_name=call["agency_name"],
                channel=call["channel"],
                state=call["state"],
                reason=call["reason"],
                possibly_twice=call["possibly_twice"],
                digest=digest_words.name(call["digest"]) if call["digest"] is not None else None,
                at=call["read_at"] or call["delivered_at"] or call["ended_at"] or call["sent_at"],
            )
        )
    fired = [
        LadderStep(
            level=LEVELS[rung["level"]],
            round=rung["round"],
            step=rung["step"],
            rank=rung["rank"],
            agency_name=rung["agency_name"],
            due_at=rung["due_at"],
            fired_at=rung["fired_at"],
            state=rung["state"],
            reason=wording.REASONS.get(rung["reason"], rung["reason"]),
            people=called.get((rung["level"], rung["round"], rung["step"]), []),
        )
        for rung in await (store_lists.rungs if held else store_lists.kept_rungs)(conn, row["id"])
    ]
    if row["history"] or not held:
        return fired
    chain = await store.agency_chain(conn, row)
    # The ladder of an agency's own case begins with it: no rank below its own is called.
    lowest = chain[0]["rank"] if chain and row["agency_id"] is not None else ENTERPRISE
    return fired + _to_come(case, chain, row["enterprise_name"], lowest)


def _to_come(case: Case, chain: Sequence[Row], owner: str, lowest: int) -> list[LadderStep]:
    """The rungs of the first round that did not fire, then the next repetition of the last."""
    waits = case.state in UNANSWERED
    due = case.wakes().get(LADDER)
    steps = case.policy.steps
    to_come = []
    if case.round == case.climb:
        to_come = [(case.round, index) for index in range(case.step + 1, len(steps))]
    if waits and not to_come:
        to_come = [(case.round + 1, len(steps) - 1)]
    ladder = []
    for position, (round_, index) in enumerate(to_come):
        step = steps[index]
        if position and due is not None:
            due += timedelta(seconds=step.delay_s)
        ladder.append(
            LadderStep(
                level=LEVELS[case.level],
                round=round_,
                step=index,
                rank=step.rank,
                agency_name=owner if step.rank == ENTERPRISE else _agencies(chain, max(step.rank, lowest)),
                due_at=due,
                fired_at=None,
                state="waiting" if waits else "skipped",
                reason="",
                people=[],
            )
        )
    return ladder


def _agencies(chain: Sequence[Row], rank: int) -> str:
    if rank == HIGHEST:
        return str(chain[-1]["name"]) if chain else ""
    return "、".join(agency["name"] for agency in chain if agency["rank"] == rank)
