"""ETag and If-Match: an edit counts only for the state that the person saw."""

from __future__ import annotations

from central.db.errors import DomainError


def write_tag(version: object) -> str:
    """The ETag of a version."""
    return f'"{version}"'


def read_tag(if_match: str | None) -> str:
    """The version named by an If-Match header.

    Args:
        if_match: the header, or None.

    Raises:
        DomainError: 428 without one.
    """
    if not if_match:
        raise DomainError("version-missing", "请先打开最新内容再操作（缺少版本标记）。", 428)
    return if_match.strip().removeprefix("W/").strip('"')


def read_version(if_match: str | None) -> int:
    """The counted version named by an If-Match header.

    Args:
        if_match: the header, or None.

    Raises:
        DomainError: 428 without one; 412 when it names no version of a row.
    """
    tag = read_tag(if_match)
    if not (tag.isascii() and tag.isdigit() and len(tag) <= 9):
        raise changed()
    return int(tag)


def changed(data: dict[str, object] | None = None) -> DomainError:
    """412: somebody was faster; `data` may carry the new state."""
    return DomainError("changed", "内容刚刚被他人更新，请查看最新状态后再操作。", 412, data=data)
