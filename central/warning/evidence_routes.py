"""HTTP of evidence: everything about one warning as a signed file."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from central.db.pool import Database
from central.devices.keys import CentreKey
from central.identity.models import Person
from central.registry import files
from central.settings import Settings
from central.warning.evidence import EvidenceDesk


class EvidenceController(Controller):
    """The evidence of warnings of the caller's jurisdiction."""

    path = "/warnings"
    tags = ("warnings",)

    @get("/{warning_id:uuid}/evidence", operation_id="takeEvidence", media_type="application/zip")
    async def evidence(
        self,
        warning_id: FromPath[UUID],
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        settings: NamedDependency[Settings],
        attachments: NamedDependency[files.Attachments],
        evidence_desk: NamedDependency[EvidenceDesk],
    ) -> Stream:
        """The evidence pack: data, events, story, calls, photographs; signed, to be verified offline."""
        key = CentreKey.load(settings.state)
        name, blocks = await evidence_desk.pack(database, attachments, key, person, warning_id)
        return Stream(
            blocks,
            media_type="application/zip",
            headers={
                "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
                "cache-control": "private, no-store",
            },
        )


routes: list[Any] = [EvidenceController]
