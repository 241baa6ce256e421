"""When an instrument is dead: from the first of its points that nobody answers for, until one answers.

Each gateway tells of its points; that forty of them fall silent together is one thing, and one case
(`topology.py` says what is shown under it). An instrument with a single point needs none: its point is the
case.
"""

from datetime import datetime
from typing import Final

from central.db.pool import Connection
from central.db.queries import load
from central.warning import clearing, store, topology
from central.warning.models import PRESENCE, QUALITY, AlarmFact, Identity, Judgement, PresenceFact

_Q: Final = load(__file__, "queries_instruments.sql")
_FEW: Final = 2


def silence(judged: Judgement | None, fact: AlarmFact) -> bool:
    """Say whether a raise tells that an instrument gives no answer now."""
    counted = judged is not None and judged.change in {"opened", "joined", "raised"}
    return counted and fact.side == "quality" and topology.is_silence(fact.quality)


async def death(conn: Connection, fact: AlarmFact) -> PresenceFact | None:
    """Give what is to be judged of the instrument of a silent point; None where the point is all there is."""
    row = await conn.fetchrow(_Q.instrument_of_point, fact.point_id)
    if row is None or not row["source"] or row["points"] < _FEW:
        return None
    return PresenceFact(
        gateway_id=row["gateway_id"],
        gateway_name=row["gateway_name"],
        place=fact.place,
        enterprise_id=fact.enterprise_id,
        state="offline",
        at=fact.at,
        received_at=fact.received_at,
        hazard_class=fact.hazard_class,
        is_test=fact.is_test,
        source=row["source"],
    )


async def answered(conn: Connection, judged: Judgement | None, now: datetime) -> None:
    """End the case of an instrument when a point of it is well again: whoever is well was asked and answered.

    Args:
        conn: the transaction of the clear.
        judged: what became of the clear.
        now: its time.
    """
    if judged is None or judged.change != "cleared":
        return
    case = await store.case_by_id(conn, judged.warning_id)
    if case is None or case["kind"] != QUALITY or case["point_id"] is None or case["history"]:
        return
    row = await conn.fetchrow(_Q.instrument_of_point, case["point_id"])
    if row is None or not row["source"]:
        return
    which = topology.instrument_id(row["gateway_id"], row["source"])
    same = Identity(PRESENCE, topology.INSTRUMENT, which, "presence", case["is_test"])
    await clearing.settle(conn, same, now, "仪表恢复应答")
