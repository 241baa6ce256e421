"""Enterprises found by the pinyin initials of their names: "hbsd" finds 湖北顺达化工有限公司."""

from __future__ import annotations

import asyncio
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from central.registry.records_rules import initials
from central.statistics import store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from central.db.pool import Connection

_LETTERS: Final = re.compile(r"[A-Za-z]{2,30}")
# More names than a city has; each is read once.
_known = lru_cache(maxsize=200_000)(initials)


async def found(conn: Connection, words: str) -> list[int]:
    """Enterprises of the scope in whose initials the letters stand; none unless only letters were typed.

    Args:
        conn: a scoped transaction.
        words: as somebody typed them.
    """
    if not _LETTERS.fullmatch(words):
        return []
    names = [(row["id"], row["name"]) for row in await store.enterprise_names(conn)]
    # The first reading of many names takes a second: not on the loop that answers everybody.
    return await asyncio.to_thread(_matching, names, words.lower())


def _matching(names: Sequence[tuple[int, str]], letters: str) -> list[int]:
    return [number for number, name in names if letters in _known(name)]
