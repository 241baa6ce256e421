"""Words and photographs that people add to a warning; lines of its story, they change no state."""

from collections.abc import Sequence
from uuid import UUID

from central.clock import database_now
from central.db.errors import DomainError, FieldProblem, ForbiddenError, NotFoundError
from central.db.pool import Connection
from central.identity import service as identity
from central.identity.models import Person
from central.warning import ladder, photos, store
from central.warning.photos import NamedPhoto


async def add(
    conn: Connection, person: Person, warning_id: UUID, words: str, pictures: Sequence[NamedPhoto] = ()
) -> None:
    """Add words, photographs or both to a case, ended or not.

    Args:
        conn: the person's scoped transaction.
        person: who adds them.
        warning_id: of the case.
        words: what they say.
        pictures: photographs that were brought before.

    Raises:
        DomainError: 400 neither words nor a photograph, or one that may not be used; 403; 404 not visible.
    """
    if "acknowledge" not in person.may:
        raise ForbiddenError
    words = words.strip()
    if not words and not pictures:
        wrong = "请填写留言，或添加照片。"
        raise DomainError("invalid", wrong, 400, [FieldProblem("text", wrong)])
    row = await store.lock_case(conn, warning_id)
    if row is None:
        raise NotFoundError("没有找到这条预警，或不在您的管辖范围内。")
    now = await database_now(conn)
    await photos.add(conn, person, row, pictures, now)
    shown = f"照片 {len(pictures)} 张" if pictures else ""
    await store.add_event(
        conn,
        warning_id,
        now,
        now,
        "person",
        "commented",
        "留言" if words else "上传照片",
        "；".join(part for part in (words, shown) if part),
        account_id=person.account_id,
        who=person.display_name,
    )
    await identity.audit(conn, "commented", "warning", warning_id, after={"text": words, "photos": shown})
    await ladder.publish(conn, row, store.case_of(row), "commented")
