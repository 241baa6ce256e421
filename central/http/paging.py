"""Lists by cursor: the key of the last row, opaque to clients, so that pages neither skip nor repeat rows."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from central.db.errors import DomainError, FieldProblem

T = TypeVar("T")

MOST = 500


def write_cursor(*key: object) -> str:
    """The cursor after a row.

    Args:
        key: the sort values of the row and its id, JSON-able.
    """
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def read_cursor(cursor: str | None, *types: Any) -> tuple[Any, ...]:
    """The sort values in a cursor; Nones for the first page.

    Args:
        cursor: what the client sent back.
        types: of each value, as `write_cursor` was given them.

    Raises:
        DomainError: 400, not a cursor of this list.
    """
    if not cursor:
        return (None,) * len(types)
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        values: tuple[Any, ...] = msgspec.json.decode(raw, type=tuple.__class_getitem__(types))
        if not all(map(_keepable, values)):
            raise ValueError(cursor)
    except (ValueError, binascii.Error, msgspec.MsgspecError) as exc:
        raise DomainError(
            "invalid",
            "翻页标记无效，请从第一页重新查询。",
            400,
            [FieldProblem("cursor", "不是本列表的翻页标记。")],
        ) from exc
    return values


def _keepable(value: object) -> bool:
    """Whether PostgreSQL takes a value; whoever writes a cursor himself can write any."""
    match value:
        case bool():
            return True
        case int():
            return -(2**63) <= value < 2**63
        case str():
            return "\0" not in value
        case datetime():
            return value.tzinfo is not None
        case _:
            return True


def page(rows: list[T], limit: int, *, key: Any) -> tuple[list[T], str | None]:
    """Cuts a page out of `limit + 1` rows.

    Args:
        rows: what was read with `LIMIT limit + 1`.
        limit: rows a page.
        key: from a row to its cursor's values, as a tuple.

    Returns:
        The rows of the page, and the cursor of the next one or None.
    """
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], write_cursor(*key(rows[limit - 1]))
