"""Opens, joins, raises and ends the case of a condition; what must be approved first is in proposals.py."""

from central.db.pool import Connection
from central.warning import clearing, raising, rules, store
from central.warning.models import ConditionFact, Judgement


async def judge(conn: Connection, fact: ConditionFact) -> Judgement | None:
    """Judge a condition that nobody has to approve (any more); as `service.judge_condition`."""
    identity = rules.identity_of(fact)
    if not fact.holds:
        words = fact.detail or f"{fact.title}：已解除"
        return await clearing.settle(conn, identity, fact.received_at, words)
    origin: tuple[str, ...] = (fact.reference,)
    known = await store.case_by_id(conn, rules.case_id(identity, *origin))
    if known is not None and not known["active"]:
        origin += (fact.at.isoformat(),)  # it was over and holds again: its next occurrence
    return await raising.open_or_join(conn, fact, identity, origin, fact.reference)
