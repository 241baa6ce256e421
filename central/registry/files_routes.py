"""HTTP of attached files: bringing one, and reading one through a record that uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter
from litestar.response import Stream

from central import clock
from central.db.errors import NotFoundError
from central.db.pool import Database
from central.db.scope import scoped
from central.http.uploads import FileForm
from central.identity.access import may, refuse_hurry
from central.identity.models import Person
from central.identity.rules import LoginRate
from central.registry import files
from central.registry import files_kinds as kinds
from central.registry.files_models import CLEAN, UploadedFile

if TYPE_CHECKING:
    from asyncpg import Record

_ENVELOPE_BYTES = 64 << 10
Sha256 = Annotated[str, PathParameter(pattern="^[0-9a-f]{64}$")]
RegisterName = Annotated[str, PathParameter(pattern="^[a-z][a-z0-9-]{1,47}$")]
RecordId = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]
# What a browser may show by itself, in a page of nobody: no script, no form, no origin.
_ALONE = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_SHOWN = kinds.PICTURES


class FileController(Controller):
    """Attached files (附件)."""

    path = "/"
    tags = ("registers",)

    @post(
        "/files",
        operation_id="uploadFile",
        guards=[may("see")],
        status_code=201,
        request_max_body_size=(files.MOST_MB << 20) + _ENVELOPE_BYTES,
    )
    async def upload(
        self,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        attachments: NamedDependency[files.Attachments],
        upload_rate: NamedDependency[LoginRate],
        data: FileForm,
    ) -> UploadedFile:
        """Brings a file; a record may name it by its SHA-256 for a day, and for ever once it does."""
        refuse_hurry(upload_rate.wait_s(str(person.account_id), clock.monotonic_s()))
        try:
            return await files.upload(database, attachments, person, data.file.filename, data.file.file)
        finally:
            await data.file.close()

    @get("/registers/{register_name:str}/{record_id:int}/files/{sha256:str}", operation_id="readRecordFile")
    async def read(
        self,
        register_name: RegisterName,
        record_id: RecordId,
        sha256: Sha256,
        person: NamedDependency[Person],
        database: NamedDependency[Database],
        attachments: NamedDependency[files.Attachments],
        thumbnail: Annotated[bool, QueryParameter()] = False,
    ) -> Stream:
        """A file of a record, or of one of its versions, that one sees; `thumbnail` gives a small picture."""
        async with scoped(database.web, person.scope, person.actor) as conn:
            way = await files.way_to(conn, person, register_name, record_id, sha256)
        pool = database.worker if way is files.Way.SHARED else database.web
        async with scoped(pool, person.scope, person.actor) as conn:
            found = await files.used(conn, register_name, record_id, sha256)
        return await served(attachments, found, thumbnail=thumbnail)


async def served(attachments: files.Attachments, found: Record, *, thumbnail: bool) -> Stream:
    """The answer that shows a file, or its small picture, to somebody who may see it.

    Raises:
        NotFoundError: it is not judged yet, has no small picture, or has gone from the store.
    """
    if found["scan"] != CLEAN:
        raise NotFoundError("文件正在安全检查，请稍后再查看。")
    if thumbnail and not found["thumbnail"]:
        raise NotFoundError("这个文件没有缩略图。")
    try:
        blocks = await attachments.objects.read(found["sha256"], small=thumbnail)
    except FileNotFoundError as exc:
        raise NotFoundError("文件不在存储中，请联系管理员从备份恢复。") from exc
    return Stream(blocks, headers=_headers(found, thumbnail=thumbnail))


def _headers(found: Record, *, thumbnail: bool) -> dict[str, str]:
    media_type = "image/jpeg" if thumbnail else found["media_type"]
    way = "inline" if media_type in _SHOWN else "attachment"
    return {
        "content-type": "text/plain; charset=utf-8" if media_type == "text/plain" else media_type,
        "content-disposition": f"{way}; filename*=UTF-8''{quote(found['name'], safe='')}",
        "content-security-policy": _ALONE,
        # The same hash is the same bytes, but the right to see them may end.
        "cache-control": "private, max-age=300" if thumbnail else "private, no-store",
        "cross-origin-resource-policy": "same-origin",
    }


routes: list[Any] = [FileController]
