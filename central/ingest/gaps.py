"""The audit of sequence: is everything here that gateways ever said they had, once?

Keeps law-never-lose 14. It believes neither the cursors nor the ledger: it compares the numbers of the ledger
with what was claimed and declared gone, and the rows that are really stored, packed days unpacked, with what
the ledger says of them. All of it is read in one snapshot, so that a running ingest changes nothing while it
counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from central.ingest import store
from central.telemetry.packed_count import packed_batches

if TYPE_CHECKING:
    from central.db.pool import Database


class Summary(msgspec.Struct, frozen=True):
    """The last line of `fengsui central gaps --json`; all but `gateways` count records."""

    gateways: int
    records: int
    missing: int
    duplicate: int
    declared_lost: int


class Finding(msgspec.Struct, frozen=True):
    """One thing that is wrong, or declared lost, with how many records it concerns."""

    gateway: str
    stream: str
    epoch: str
    kind: str
    count: int
    detail: str


class Report(msgspec.Struct, frozen=True):
    """The sums and what they are made of."""

    summary: Summary
    findings: list[Finding]


_WORDS = {1: "event", 2: "measurement"}


async def audit(database: Database) -> Report:
    """Count everything anew; reads every stored row, so it takes a while on a large history.

    Args:
        database: a worker's connection reads, in one snapshot.
    """
    async with (
        database.worker.acquire() as conn,
        conn.transaction(isolation="repeatable_read", readonly=True),
    ):
        await store.hold_days(conn)
        streams = await store.audit_streams(conn)
        measurements = await store.audit_measurements(conn, await packed_batches(conn))
        events = await store.audit_events(conn)
        aside = await store.audit_quarantine(conn)
        standins = await store.audit_standins(conn)
        gateways, records = await store.audit_sums(conn)
    findings = [finding for row in streams for finding in _of_stream(row)]
    findings += [finding for row in (*measurements, *events) for finding in _of_batch(row)]
    for row in aside:
        kind = "missing" if row["open"] else "declared_lost"
        why = "in quarantine" if row["open"] else "dismissed from quarantine"
        findings.append(_finding(row, kind, row["records"], why))
    findings += [
        _finding(row, "declared_lost", row["records"], "stand-ins of lost events") for row in standins
    ]
    summary = Summary(
        gateways,
        records,
        *(
            sum(f.count for f in findings if f.kind == kind)
            for kind in ("missing", "duplicate", "declared_lost")
        ),
    )
    return Report(summary, findings)


def _finding(row: Any, kind: str, count: int, detail: str) -> Finding:
    return Finding(
        row["gateway_id"],
        _WORDS.get(row["stream"], str(row["stream"])),
        f"{row['epoch']:x}",
        kind,
        count,
        detail,
    )


def _of_stream(row: Any) -> list[Finding]:
    """What the numbers of one stream and epoch tell."""
    found = []
    if row["missing"]:
        found.append(
            _finding(
                row,
                "missing",
                row["missing"],
                f"claimed up to {row['head']}, not here: {row['missing_ranges']}",
            )
        )
    if row["twice"]:
        found.append(_finding(row, "duplicate", row["twice"], "numbers in more than one line of the ledger"))
    if row["lost"]:
        found.append(_finding(row, "declared_lost", row["lost"], "declared gone by the gateway"))
    return found


def _of_batch(row: Any) -> list[Finding]:
    """What the stored rows of one batch tell that is not as the ledger says."""
    found = []
    name = f"batch {row['batch_id']}"
    short = row["expected"] - row["different"]
    if short > 0:
        absent = max(row["records"] - row["aside_records"] - row["stored_records"], 1)
        found.append(_finding(row, "missing", absent, f"{name}: {short} rows fewer than the ledger says"))
    over = max(row["stored"] - row["different"], -short)
    if over > 0:
        found.append(
            _finding(
                row, "duplicate", min(over, max(row["stored_records"], 1)), f"{name}: {over} rows too many"
            )
        )
    return found
