"""Takes the evidence of one case away: everything that is known of it, signed, as one file.

The pack is put together on the disk, in one look at the database, before its first byte goes out: what
cannot be had is an error and not half a file, a slow reader holds up no transaction, and memory holds a few
thousand lines at most.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from central import clock
from central.audit import store as audit_store
from central.db.errors import NotFoundError
from central.db.scope import enter
from central.identity import masking
from central.identity import service as identity
from central.warning import evidence_parts as parts
from central.warning import evidence_summary as summary
from central.warning import store_lists, views, wording
from central.warning.evidence_pack import Pack, written

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from uuid import UUID

    from central.db.pool import Connection, Database
    from central.identity.models import Person
    from central.registry.files import Attachments
    from central.warning.evidence_pack import Signer
    from central.warning.store import Row

_AT_ONCE: Final = 2
_BLOCK: Final = 1 << 18
_OF_THE_READER: Final = ("actions", "why_visible", "point")


class EvidenceDesk:
    """Where packs are put together: a few at a time in this process, in folders that go away."""

    def __init__(self) -> None:
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def pack(
        self, database: Database, attachments: Attachments, signer: Signer, person: Person, warning_id: UUID
    ) -> tuple[str, AsyncGenerator[bytes, None]]:
        """Put the pack of a case together, in the scope of a person; the audit remembers.

        Args:
            database: the web pool reads the case, the worker's the audit's chain.
            attachments: where photographs lie.
            signer: the centre's key.
            person: who takes it away.
            warning_id: of the case.

        Returns:
            (name for the file, its bytes).

        Raises:
            NotFoundError: there is none in this person's jurisdiction.
            DomainError: 413 it is larger than a zip file may be; 503 the photographs cannot be reached.
        """
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="fengsui-evidence-"))
        try:
            async with self._gate:
                path = folder / "pack.zip"
                name = await _make(database, attachments, signer, person, warning_id, path)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return name, _blocks(path, folder)


async def _blocks(path: Path, folder: Path) -> AsyncGenerator[bytes, None]:
    """The bytes of the pack, which goes away with its folder."""
    try:
        with path.open("rb") as file:
            while block := await asyncio.to_thread(file.read, _BLOCK):
                yield block
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _make(
    database: Database, attachments: Attachments, signer: Signer, person: Person, warning_id: UUID, path: Path
) -> str:
    async with (
        database.web.acquire() as conn,
        conn.transaction(isolation="repeatable_read"),
    ):
        await enter(conn, person.scope, person.actor)
        row = await store_lists.show_case(conn, warning_id)
        if row is None:
            raise NotFoundError("没有找到这条预警，或不在您的管辖范围内。")
        async with database.worker.acquire() as worker:
            position, head = await audit_store.head(worker)
            entries = await audit_store.sealed_of_subject(worker, "warning", str(warning_id))
            root = await audit_store.last_root(worker)
        with await asyncio.to_thread(written, path) as file:
            pack = Pack(file)
            facts = await _fill(conn, pack, attachments, person, row, (position, head.hex()), entries)
            facts["audit"]["root"] = (
                None if root is None else {"day": root["day"].isoformat(), "statement": root["statement"]}
            )
            digest = await asyncio.to_thread(pack.close, facts, signer)
        kept = {"manifest_sha256": digest, "files": len(pack.members)}
        await identity.audit(conn, "evidence-taken", "warning", warning_id, after=kept)
    return f"预警证据-{wording.case_number(row['number'])}.zip"


async def _fill(
    conn: Connection,
    pack: Pack,
    attachments: Attachments,
    person: Person,
    row: Row,
    head: tuple[int, str],
    entries: list[Any],
) -> dict[str, Any]:
    """Write every part; give what the manifest says besides the files."""
    now = await clock.database_now(conn)
    own = masking.is_own(person, enterprise_id=row["enterprise_id"])
    detail = await views.detail(conn, person, row["id"], now)
    window = await parts.window_of(conn, row, now)
    curve = parts.Curve(window)
    gateways = [row["gateway_id"]] if row["gateway_id"] else []
    left_out = [] if gateways else ["本预警不来自网关，没有测点数据和网关事件。"]
    points, omitted = await parts.samples(conn, pack, gateways, row["point_id"], window, curve)
    if omitted:
        left_out.append(f"同网关另有 {omitted} 个测点未收入（每包最多 {window.points_most} 个）。")
    events, more = await parts.events(conn, pack, gateways, window)
    if more:
        left_out.append(f"网关事件超过 {window.events_most} 条，其余未收入。")
    story = await parts.story(conn, pack, row, own=own)
    calls = await parts.messages(conn, pack, person, row)
    pictures, missing = await parts.pictures(conn, pack, attachments, row)
    left_out += missing
    await parts.chain(pack, entries)
    told = {name: value for name, value in msgspec.to_builtins(detail).items() if name not in _OF_THE_READER}
    shown = told if own else masking.record(told)
    texts = (
        ("warning.json", "预警全文（机器可读）", shown),
        ("policy.json", "开立时固定的升级方案", row["policy"]),
        ("level.json", "级别及其理由", {"level": detail.level, "reason": detail.level_reason}),
    )
    for path, title, value in texts:
        await asyncio.to_thread(pack.add, path, title, parts.as_json(value))
    page = summary.page(
        detail,
        summary.Told(
            made_at=now,
            made_by=person.display_name,
            place=person.agency_name or person.enterprise_name or "",
            story=story,
            messages=calls,
            pictures=pictures,
            points=points,
            events=events,
            left_out=left_out,
            position=head[0],
            head=head[1],
            curve=curve,
        ),
        pack.members,
    )
    await asyncio.to_thread(pack.add, "summary.html", "说明页", page)
    return {
        "made_at": parts.moment(now),
        "made_by": {"account_id": person.account_id, "name": person.display_name, "role": person.role_name},
        "personal_data": "masked",
        "warning": {
            "id": str(row["id"]),
            "number": detail.number,
            "title": detail.title,
            "level": detail.level,
            "enterprise": detail.enterprise_name,
        },
        "window": {"from": parts.moment(window.begin), "to": parts.moment(window.end)},
        "left_out": left_out,
        "audit": {"position": head[0], "hash": head[1]},
    }
