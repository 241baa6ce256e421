"""What a fact is about, which case it belongs to, and how bad it is: pure, by tables that are given.

Keeps law-warning 1 and law-never-lose 18 (a case's id derives from the raising event: nothing opens twice).
"""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID, uuid5

from central.warning import grading, topology
from central.warning.grading import Matter
from central.warning.models import (
    ALARM,
    CONDITIONS,
    CONFLICT,
    INTERLEAVED,
    LEVELS,
    MANAGEMENT,
    MANUAL,
    POISON,
    PRESENCE,
    QUALITY,
    UNJUDGED,
    AlarmFact,
    ConditionFact,
    Grade,
    Identity,
    LevelRule,
    OutputFact,
    PaperFact,
    PresenceFact,
    TroubleFact,
)
from protocol.messages import COVERS

_CASES: Final = UUID("6f1b8f0e-5a39-4f43-9a86-0c6f3d5b7e21")
_SIDES: Final = frozenset({"high", "low", "rate", "deviation", "discrete", "quality", "presence"})

_TROUBLES: Final = frozenset({POISON, CONFLICT, INTERLEAVED, UNJUDGED})

Fact = AlarmFact | PresenceFact | TroubleFact | OutputFact | PaperFact | ConditionFact

# The condition has gone: normal, returned unacknowledged, latched unacknowledged, latched acknowledged.
_RETURNED: Final = frozenset({"A", "D", "E", "F"})


def condition_holds(state: str, under: str = "") -> bool:
    """Say whether an alarm in this ISA-18.2 state still has its cause.

    Args:
        state: the letter shown.
        under: the letter under a cover (G, H, I). A cover ends no cause; with nothing known of what lies
            under it the cause is taken to hold.
    """
    return (under if state in COVERS and under else state) not in _RETURNED


def identity_of(fact: Fact, kind: str = "") -> Identity:
    """Give the identity of the case that a fact belongs to (law-warning 1).

    Args:
        fact: what was told.
        kind: of a TroubleFact.
    """
    if isinstance(fact, AlarmFact):
        kind = QUALITY if fact.side == "quality" or fact.limit_name == "Q" else ALARM
        side = "quality" if kind == QUALITY else fact.side if fact.side in _SIDES else "other"
        return Identity(kind, "point", str(fact.point_id), side, fact.is_test)
    if isinstance(fact, PresenceFact):
        if fact.source:
            which = topology.instrument_id(fact.gateway_id, fact.source)
            return Identity(PRESENCE, topology.INSTRUMENT, which, "presence", fact.is_test)
        return Identity(PRESENCE, topology.GATEWAY, fact.gateway_id, "presence", fact.is_test)
    if isinstance(fact, OutputFact):
        return Identity(fact.kind, "output", f"{fact.gateway_id}/{fact.output}", "other", fact.is_test)
    if isinstance(fact, PaperFact):
        if fact.record_id is not None:
            what, which = "record", f"{fact.register}/{fact.record_id}/{fact.field}"
        else:
            what, which = "enterprise", f"{fact.register}/{fact.enterprise_id}"
        return Identity(MANAGEMENT, what, which, "other", fact.is_test)
    if isinstance(fact, ConditionFact):
        wrong = condition_faults(fact)
        if wrong:
            raise ValueError("; ".join(wrong))
        return Identity(fact.kind, fact.subject_type, fact.subject_id, fact.side, fact.is_test)
    if kind not in _TROUBLES:
        raise ValueError(f"a TroubleFact is one of {', '.join(sorted(_TROUBLES))}, not {kind!r}")
    return Identity(kind, "gateway", fact.gateway_id, "other", fact.is_test)


def condition_faults(fact: ConditionFact) -> list[str]:
    """Name everything that a condition's teller got wrong."""
    wrong = []
    if fact.kind not in CONDITIONS:
        wrong.append(f"kind: one of {', '.join(sorted(CONDITIONS))}, not {fact.kind!r}")
    if fact.side not in _SIDES | {"other"}:
        wrong.append(f"side: one of {', '.join(sorted(_SIDES))} or other, not {fact.side!r}")
    if (fact.enterprise_id is None) == (fact.agency_id is None):
        wrong.append("enterprise_id, agency_id: exactly one says whose case it is")
    if fact.level is not None and fact.level not in LEVELS:
        wrong.append(f"level: 1 to 4, not {fact.level}")
    if fact.level is not None and not fact.level_reason:
        wrong.append("level_reason: a level that its source gave needs the reason")
    wrong += [
        f"{name}: must not be empty"
        for name in ("subject_type", "subject_id", "title", "reference")
        if not getattr(fact, name)
    ]
    return wrong


def only_found_over(kind: str, occurrence: str) -> bool:
    """Say whether nothing but a person's finding ends a trouble: no clear is ever told of it.

    Two versions of a range, two devices with one identity, an event that could not be judged: whoever handles
    the case has found out. A quarantined row is different: replaying or dismissing it is its clear. What a
    person warned of is over when a person has dealt with it.
    """
    # Before version 13 of the schema the last two were told as the first.
    told_as_poison = kind == POISON and occurrence.startswith((f"{CONFLICT}/", f"{INTERLEAVED}/"))
    return kind in {UNJUDGED, CONFLICT, INTERLEAVED, MANUAL} or told_as_poison


def trouble_kind(reference: str) -> str:
    """Name the kind of a trouble by the row that it refers to."""
    kind = reference.partition("/")[0]
    return kind if kind in {CONFLICT, INTERLEAVED} else POISON


def trouble_origin(fact: TroubleFact) -> tuple[str, ...]:
    """Name what raises a trouble case: its row; two boots that speak in turn have none, only a time."""
    if fact.reference.startswith(f"{INTERLEAVED}/"):
        return fact.gateway_id, fact.reference, fact.at.isoformat()
    return fact.gateway_id, fact.reference


def case_id(identity: Identity, *origin: str) -> UUID:
    """Name a case by the event that raised it: the same event always names the same case.

    Args:
        identity: of the case.
        origin: what raised it, for example gateway, alarm and occurrence.
    """
    parts = (identity.kind, identity.subject_type, identity.subject_id, identity.side, str(identity.is_test))
    return uuid5(_CASES, "\x1f".join(parts + origin))


def grade(
    rules: Sequence[LevelRule], identity: Identity, fact: Fact, raised: Mapping[int, int] | None = None
) -> Grade:
    """Give the level of a fact by the rules of the most local region that says anything about it.

    Args:
        rules: the valid rules for the place, all of one version a region.
        identity: of the case.
        fact: what was told.
        raised: how often it was raised, this time included, by hours back.

    Raises:
        NoRule: not even a default for this kind.
    """
    if isinstance(fact, ConditionFact) and fact.level is not None:
        return Grade(fact.level, fact.level_reason)
    return grading.grade(rules, matter_of(identity, fact), 0, raised)


def matter_of(identity: Identity, fact: Fact) -> Matter:
    """Give what the rows of a level table are compared with."""
    limit_name = quantity = ""
    if isinstance(fact, AlarmFact | ConditionFact):
        limit_name, quantity = fact.limit_name, fact.quantity
    elif isinstance(fact, PaperFact):
        limit_name, quantity = fact.cause, fact.register
    elif isinstance(fact, PresenceFact) and fact.source:
        quantity = topology.INSTRUMENT
    return Matter(
        kind=identity.kind,
        side=identity.side,
        limit_name=limit_name,
        quantity=quantity,
        hazard_class=fact.hazard_class,
    )


def may_confirm_false(kind: str, agency: int | None, chain: Sequence[int]) -> bool:
    """Say whether somebody is the second voice on a false alarm: orange and red (law-warning 12, 14).

    Two colleagues of the plant would end its own red between them, and so empty the verification from above.

    Args:
        kind: of the person's role.
        agency: of the person.
        chain: the agencies above the enterprise, lowest first; without any, another person is enough.
    """
    return (kind != "enterprise" and agency in chain) if chain else True


def may_verify(handler_agency: int | None, chain: Sequence[int], closer_agency: int | None) -> bool:
    """Say whether somebody of an agency verifies what another handled: orange and red (law-warning 12).

    The verifier's agency stands above the handler's; above an enterprise (or a person without agency) stands
    every agency of its chain. Where nothing stands above the handler, his own agency verifies (law-warning 7
    knows nobody further up), by another person, which the caller checks.

    Args:
        handler_agency: of who handled it; None for the enterprise itself.
        chain: the agencies above the enterprise, lowest first.
        closer_agency: of who wants to close.
    """
    if handler_agency is not None and handler_agency in chain:
        above = chain[chain.index(handler_agency) + 1 :] or [handler_agency]
        return closer_agency in above
    return closer_agency in chain if chain else True
