"""Outputs and annunciators of gateways: whether each follows, how its last test went, how busy it was.

Whether an output follows is told by heartbeats (a lost event hides nothing), why not by its events; results
of tests are events alone and move forward only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from central.devices import rules
from central.devices.models import AnnunciatorRow, Chatter, OutputRow
from central.devices.store import Q
from edge.core.flood import BEGINS_ABOVE

if TYPE_CHECKING:
    import asyncpg

    from central.db.pool import Connection

DAY: Final = timedelta(days=1)
MONTH: Final = timedelta(days=31)
Load = tuple[str, str, int, bool]
"""(gateway, annunciator, annunciations of ten minutes, flood)."""


async def keep_loads(conn: Connection, loads: Sequence[Load], now: datetime) -> None:
    """Keep how busy annunciators were, each named once; those that rang not at all leave no row."""
    rows = [load for load in loads if load[2] > 0 or load[3]]
    if rows:
        await conn.execute(
            Q.keep_loads,
            [r[0] for r in rows],
            [r[1] for r in rows],
            [r[2] for r in rows],
            [r[3] for r in rows],
            now,
        )


async def keep_outputs(
    conn: Connection, gateway: str, said: Mapping[str, tuple[bool, int]], now: datetime
) -> list[asyncpg.Record]:
    """Keep what a heartbeat said of a gateway's outputs.

    Args:
        conn: in a transaction; what changed is to be judged in the same.
        gateway: whose.
        said: by output: follows, and how often it is tried by time, in seconds.
        now: the database's time.

    Returns:
        output, ok, reason of those that stopped or began to follow, or were never heard of.
    """
    names = sorted(said)
    rows = await conn.fetch(
        Q.keep_outputs, gateway, names, [said[n][0] for n in names], [said[n][1] for n in names], now
    )
    return [row for row in rows if row["changed"]]


async def drop_outputs(conn: Connection, gateway: str, named: Iterable[str]) -> list[asyncpg.Record]:
    """output, named, test_ok of those that a gateway names no more, or tries by time no more."""
    return await conn.fetch(Q.drop_outputs, gateway, sorted(named))


async def keep_output_event(conn: Connection, gateway: str, output: str, reason: str, now: datetime) -> None:
    """Keep why an output does not follow, or "" that it does."""
    await conn.execute(Q.keep_output_event, gateway, output, reason, now)


async def keep_test(
    conn: Connection,
    gateway: str,
    output: str,
    *,
    at: datetime,
    ok: bool,
    reason: str,
    position: tuple[int, int],
    now: datetime,
) -> bool:
    """Keep the result of a test; False when a later one is known."""
    return bool(await conn.fetchval(Q.keep_test, gateway, output, at, ok, reason, *position, now))


async def claim_overdue(conn: Connection, now: datetime) -> list[asyncpg.Record]:
    """gateway_id, output, tested_at, seen_at where a test by time became overdue since the last call."""
    return await conn.fetch(Q.claim_overdue, now, rules.TEST_SLACK)


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the last heartbeats of some gateways."""

    states: Mapping[tuple[str, str], Any]
    loads: Mapping[tuple[str, str], Any]

    def outputs(self, gateway: str, heard: Sequence[Mapping[str, Any]], now: datetime) -> list[OutputRow]:
        """Outputs as heard, and those that a test of the last month named, with their last test."""
        on = {one["output"]: one for one in heard}
        since = now - MONTH
        tried = {
            output
            for (of, output), state in self.states.items()
            if of == gateway and state["tested_at"] is not None and state["tested_at"] > since
        }
        known = sorted({*on, *tried})
        return [self._output(name, on.get(name), self.states.get((gateway, name)), now) for name in known]

    def _output(self, name: str, heard: Mapping[str, Any] | None, state: Any, now: datetime) -> OutputRow:
        is_on, ok = (False, True) if heard is None else (heard["on"], heard["ok"])
        if state is None:
            return OutputRow(name, is_on, ok)
        due = rules.test_due(state["test_every_s"], state["tested_at"], state["seen_at"])
        return OutputRow(
            name,
            is_on,
            ok,
            "" if ok else state["reason"],
            state["tested_at"],
            state["test_ok"],
            state["test_reason"],
            due,
            due is not None and due < now,
        )

    def annunciators(self, gateway: str, heard: Sequence[Mapping[str, Any]]) -> list[AnnunciatorRow]:
        """Annunciators as heard, with the busiest of their last day."""
        return [self._annunciator(one, self.loads.get((gateway, one["name"]))) for one in heard]

    @staticmethod
    def _annunciator(one: Mapping[str, Any], load: Any) -> AnnunciatorRow:
        return AnnunciatorRow(
            name=one["name"],
            annunciations=one["annunciations"],
            flood=one["flood"],
            chatter=[Chatter(alarm, times) for alarm, times in one["chatter"]],
            most_24h=max(one["annunciations"], 0 if load is None else load["most"]),
            flood_hours_24h=0 if load is None else load["flood_hours"],
            flood_above=BEGINS_ABOVE,
            weekly_test=one["test_every_s"] > 0,
        )


async def beside(conn: Connection, gateways: Sequence[str], now: datetime) -> Beside:
    """Give outputs and loads of some gateways, within the transaction's scope."""
    states = await conn.fetch(Q.outputs_of, gateways)
    loads = await conn.fetch(Q.loads_since, gateways, now - DAY)
    return Beside(
        {(row["gateway_id"], row["output"]): row for row in states},
        {(row["gateway_id"], row["annunciator"]): row for row in loads},
    )
