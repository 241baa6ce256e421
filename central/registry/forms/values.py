"""Values that are more than a text or a number: ranges, choices with a text of one's own, places, files."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

OTHER_LONGEST = 200  # characters of what is written where "other" is chosen
_DEGREES = re.compile(
    r"""(?:东经|西经|北纬|南纬)?\s*(?P<degrees>\d{1,3})\s*[°º度]
        (?:\s*(?P<minutes>[0-5]?\d(?:\.\d+)?)\s*[′'’分])?
        (?:\s*(?P<seconds>[0-5]?\d(?:\.\d+)?)\s*(?:[″"”秒]|''|′′))?\s*[EWNS]?""",
    re.VERBOSE,
)


class Span(Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """From one day to another, both included; an open end lasts."""

    start: date
    end: date | None = None


class Chosen(Struct, frozen=True):
    """One of several choices; `other` is what was written where the choice is "other" (其他)."""

    choice: str
    other: str = ""


class Several(Struct, frozen=True):
    """Any of several choices, each once; `other` as in `Chosen`."""

    choices: list[str]
    other: str = ""


class Spot(Struct, frozen=True):
    """A place on the map, WGS-84, degrees."""

    longitude: Annotated[float, Meta(ge=-180, le=180)]
    latitude: Annotated[float, Meta(ge=-90, le=90)]


def degrees(text: str) -> str | float:
    """Degrees, minutes and seconds, as the paper forms ask for them, as one number; other words as they came.

    Args:
        text: for example "112°27′13.5″", "东经112度27分" or "112.4536".

    Returns:
        Decimal degrees, negative in the west and south; the text itself when it is written otherwise.
    """
    found = _DEGREES.fullmatch(text.strip())
    if found is None:
        return text.strip()
    whole, minutes, seconds = (float(part or 0) for part in found.groups())
    value = whole + minutes / 60 + seconds / 3600
    return -value if text.strip()[:2] in {"西经", "南纬"} or text.strip()[-1] in "WS" else value


class Mark(Struct, frozen=True):
    """A point on a picture: parts of its width and height from the upper left corner, 0 to 1."""

    x: Annotated[float, Meta(ge=0, le=1)]
    y: Annotated[float, Meta(ge=0, le=1)]


class Link(Struct, frozen=True):
    """A thing of another register or table. `label` is what it was called when it was chosen."""

    id: Annotated[str, Meta(min_length=1, max_length=100)]
    label: Annotated[str, Meta(max_length=500)] = ""


class File(Struct, frozen=True):
    """A stored file: the SHA-256 of its content, the name it came with, its size in bytes."""

    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    size: Annotated[int, Meta(ge=0)]
