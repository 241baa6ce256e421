"""HTTP of files that come in parts: announced, sent on from where the line broke, given up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from litestar import Controller, Request, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.exceptions import InternalServerException
from litestar.params import JSONBody, PathParameter, QueryParameter

from central import clock
from central.db.errors import DomainError
from central.db.pool import Database
from central.identity.access import may, refuse_hurry
from central.identity.models import Person
from central.identity.rules import LoginRate
from central.registry import files, files_parts
from central.registry.files_models import FileAnnounced, UploadInParts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

UploadId = Annotated[str, PathParameter(pattern="^[0-9a-f]{32}$")]


class FilePartsController(Controller):
    """Attached files in parts (分段上传)."""

    path = "/files/uploads"
    tags = ("registers",)

    @post("/", operation_id="beginUpload", guards=[may("see")], status_code=201)
    async def begin(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        file_parts: NamedDependency[files_parts.Parts],
        upload_rate: NamedDependency[LoginRate],
        data: JSONBody[FileAnnounced],
    ) -> UploadInParts:
        """Announces a file; its parts follow within a day."""
        refuse_hurry(upload_rate.wait_s(str(person.account_id), clock.monotonic_s()))
        return await files_parts.begin(database, file_parts, person, data)

    @get("/{upload_id:str}", operation_id="readUpload", guards=[may("see")])
    async def read(
        self,
        upload_id: UploadId,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        file_parts: NamedDependency[files_parts.Parts],
    ) -> UploadInParts:
        """How far one's own file has come; `file` when it is whole."""
        return await files_parts.read(database, file_parts, person, upload_id)

    @patch(
        "/{upload_id:str}",
        operation_id="sendUploadPart",
        guards=[may("see")],
        request_max_body_size=files_parts.PART_BYTES,
    )
    async def add(
        self,
        request: Request[Any, Any, Any],
        upload_id: UploadId,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        file_parts: NamedDependency[files_parts.Parts],
        part_rate: NamedDependency[LoginRate],
        offset: Annotated[int, QueryParameter(ge=0, le=files.MOST_MB << 20)],
    ) -> UploadInParts:
        """Adds bytes (the body, at most 8 MB) from `offset` on; `file` is answered with the last ones."""
        refuse_hurry(part_rate.wait_s(str(person.account_id), clock.monotonic_s()))
        return await files_parts.add(database, file_parts, person, upload_id, offset, _blocks(request))

    @delete("/{upload_id:str}", operation_id="dropUpload", guards=[may("see")])
    async def drop(
        self,
        upload_id: UploadId,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        file_parts: NamedDependency[files_parts.Parts],
    ) -> None:
        """Gives up a file that is on its way in."""
        await files_parts.drop(database, file_parts, person, upload_id)


async def _blocks(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    try:
        async for block in request.stream():
            yield block
    except InternalServerException as exc:
        # The sender is gone; nobody reads this answer, and it is no defect of ours.
        raise DomainError(files_parts.BROKEN, "网络中断，请继续上传。", 408) from exc


routes: list[Any] = [FilePartsController]
