"""What fails in a file of the spool, by name; damaged files are kept aside, the newest two of each.

Keeps law-never-lose 11: waiting or room helps against `SpoolFull`; a file that is `SpoolDamaged` is replaced.
"""

import contextlib
import functools
import logging
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

log = logging.getLogger(__name__)

_P = ParamSpec("_P")
_R = TypeVar("_R")

KEPT_ASIDE: Final = 2
LOGS: Final = ("-wal", "-shm")  # what SQLite keeps beside a database


class SpoolFull(Exception):
    """The disk took no more; what was to be written is still in the caller's hands."""


class SpoolDamaged(Exception):
    """The file is no sound database any more, or no longer where it was opened."""


def named(exc: sqlite3.DatabaseError | ValueError | TypeError, where: str) -> SpoolDamaged | SpoolFull:
    """Say by name what a foreign fault means for the spool.

    A page of garbage may hold a text where a number stood, and words of SQLite about it that are no UTF-8.
    """
    damage = not isinstance(exc, sqlite3.DatabaseError) or is_damage(exc)
    return (SpoolDamaged if damage else SpoolFull)(f"{where}: {exc}")


def reading(read: Callable[_P, _R]) -> Callable[_P, _R]:
    """Name the faults of a read as those of a write are named."""

    @functools.wraps(read)
    def guarded(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return read(*args, **kwargs)
        except (sqlite3.DatabaseError, ValueError, TypeError) as exc:
            raise named(exc, read.__name__) from exc

    return guarded


def is_damage(exc: sqlite3.DatabaseError) -> bool:
    """Say whether the file itself is unsound; for all else (full, locked) waiting or room may help."""
    code = getattr(exc, "sqlite_errorcode", None)
    if code is not None:
        return (code & 0xFF) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return not isinstance(exc, sqlite3.OperationalError | sqlite3.ProgrammingError)


def quarantine(path: Path, now_ms: int) -> Path:
    """Put a damaged database aside under a new name, with its log files; the oldest ones aside go.

    Args:
        path: of the database; nothing may have it open for writing.
        now_ms: UTC, for the new name.

    Returns:
        The new name.

    Raises:
        OSError: it cannot be renamed.
    """
    number = max((_number(old) for old in aside(path)), default=0)
    kept = path.with_name(f"{path.name}.damaged-{max(now_ms, number + 1)}")  # a clock may stand still
    for suffix in ("", *LOGS):  # in this order: a database without its log would pass for an older state
        old = path.with_name(path.name + suffix)
        if old.exists():
            old.rename(kept.with_name(kept.name + suffix))
    for old in aside(path)[:-KEPT_ASIDE]:
        _remove(old)
    return kept


def aside(path: Path) -> list[Path]:
    """List the damaged databases that are kept of a file, oldest first, without their log files."""
    found = [
        old
        for old in path.parent.glob(f"{path.name}.damaged-*")
        if not old.name.endswith(LOGS) and _number(old)
    ]
    return sorted(found, key=_number)


def give_up(path: Path) -> None:
    """Remove what is kept aside of a file: the disk is full, and what is recorded now is worth more."""
    for old in aside(path):
        log.warning("spool: %s goes for space", old.name)
        _remove(old)


def _number(kept: Path) -> int:
    number = kept.name.rsplit("-", 1)[-1]
    return int(number) if number.isdigit() else 0


def _remove(old: Path) -> None:
    for suffix in ("", *LOGS):
        with contextlib.suppress(OSError):
            old.with_name(old.name + suffix).unlink(missing_ok=True)
