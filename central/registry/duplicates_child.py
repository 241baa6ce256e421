"""Compares enterprises in a process of its own: of fifty thousand it takes seconds that alarms do not have.

In: the question as JSON. Out: one line of JSON with the answer.
"""

from __future__ import annotations

import sys

import msgspec
from msgspec import Struct

from central.registry.duplicates import Likeness, Named, Shared, alike
from central.registry.sheets import apart

MODULE = "central.registry.duplicates_child"


class Question(Struct):
    """What is compared, as `alike` takes it."""

    enterprises: list[Named]
    region_names: list[str]
    marked: list[tuple[int, int]]


class Answer(Struct):
    """Pairs, the most alike first, and what too many share to prove anything."""

    pairs: list[Likeness]
    shared: list[Shared]


def main() -> None:
    """Reads standard input to its end and answers on standard output."""
    apart.limit()
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Question)
    pairs, shared = alike(asked.enterprises, asked.region_names, asked.marked)
    sys.stdout.buffer.write(msgspec.json.encode(Answer(pairs, shared)) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
