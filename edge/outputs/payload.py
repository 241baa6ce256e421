"""Fills {text}, {volume} and {priority} into what a device wants to be sent: pure.

Only these three are replaced and nothing in a text is ever read as a placeholder, so that no name of a point
can break a message. A field that is {volume} or {priority} alone becomes a number.
"""

import json
import re
import urllib.parse
from collections.abc import Mapping
from typing import Final

PLACES: Final = re.compile(r"\{(text|volume|priority)\}")


def filled(fields: Mapping[str, str], text: str, volume: int, priority: int) -> dict[str, str | int]:
    """Return the fields as they are sent; a dot in a name is left to the caller."""
    values: dict[str, str | int] = {"text": text, "volume": volume, "priority": priority}
    result: dict[str, str | int] = {}
    for name, form in fields.items():
        whole = PLACES.fullmatch(form)
        result[name] = values[whole[1]] if whole else PLACES.sub(lambda found: str(values[found[1]]), form)
    return result


def as_json(fields: Mapping[str, str | int]) -> bytes:
    """Return a JSON object; a name with dots is a path: "audio.text" is {"audio": {"text": …}}."""
    root: dict[str, object] = {}
    for name, value in fields.items():
        *path, last = name.split(".")
        at = root
        for part in path:
            inner = at.get(part)
            if not isinstance(inner, dict):
                inner = at[part] = {}
            at = inner
        at[last] = value
    return json.dumps(root, ensure_ascii=False).encode()


def as_form(fields: Mapping[str, str | int]) -> bytes:
    """Return a form body (application/x-www-form-urlencoded); the same text serves a query."""
    return urllib.parse.urlencode(fields).encode("ascii")


def framed(frame: str, text: str, encoding: str) -> bytes:
    """Return the bytes for a screen; what its character set does not have becomes a question mark."""
    body = text.replace("\n", " ")
    head, _, tail = frame.partition("{text}")
    return head.encode("latin-1") + body.encode(encoding, errors="replace") + tail.encode("latin-1")
