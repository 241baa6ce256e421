"""What was alike before: cases of the same thing, then of its kind at the same plant, with their causes."""

from uuid import UUID

import msgspec

from central.db.errors import NotFoundError
from central.db.pool import Connection
from central.warning import store_handling, store_lists, views
from central.warning.views import WarningRow


class SimilarCase(WarningRow, kw_only=True):
    """An earlier case; `same`: of the very same subject. What it was and what helped then."""

    same: bool
    cause: str | None
    measures: str | None
    false_reason: str | None


class Similar(msgspec.Struct, kw_only=True):
    """Earlier cases alike, and how many of the same subject there were in the thirty and 365 days before."""

    items: list[SimilarCase]
    month: int
    year: int


async def to(conn: Connection, warning_id: UUID) -> Similar:
    """Give what was alike before a case.

    Args:
        conn: a scoped transaction.
        warning_id: of the case.

    Raises:
        NotFoundError: no such case is seen.
    """
    row = await store_lists.show_case(conn, warning_id)
    if row is None:
        raise NotFoundError("没有找到这条预警，或不在您的管辖范围内。")
    items = [
        SimilarCase(
            **msgspec.structs.asdict(views.row_of(one)),
            same=one["same"],
            cause=one["cause"],
            measures=one["measures"],
            false_reason=one["false_reason"],
        )
        for one in await store_handling.similar(conn, row)
    ]
    counted = await store_handling.count_similar(conn, row)
    return Similar(items=items, month=counted["month"], year=counted["year"])
