"""Reads a file in a process of its own, with limits of memory and time, and tells what it found line by line.

What strangers send is unpacked and parsed here, never in the process that serves alarms: what it costs, it
costs this one. In: one line of JSON about the register, then the file. Out: a line of JSON for the head, each
row, or the refusal of the whole file. Without a register, it is a file of the market registration.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from central.db.errors import DomainError
from central.registry import batch_reading
from central.registry.batch_reading import Line
from central.registry.forms.register import catalogue
from central.registry.sheets import apart, limits
from central.registry.sheets.reading import Head, Row, read_file

if TYPE_CHECKING:
    from collections.abc import Iterator


MODULE = "central.registry.sheets.child"


class Order(Struct):
    """Which register, and the code of each word of the dictionaries that it links to, by `Field.to`."""

    register: str = ""
    words: dict[str, dict[str, str]] = {}


class Told(Struct, omit_defaults=True):
    """One line of the answer: one of four."""

    head: Head | None = None
    row: Row | None = None
    line: Line | None = None
    refused: str = ""


def main() -> None:
    """Reads standard input to its end and answers on standard output."""
    apart.limit()
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=Order)
    content = sys.stdin.buffer.read()
    encoder = msgspec.json.Encoder()
    out = sys.stdout.buffer
    try:
        for told in _read(order, content):
            out.write(encoder.encode(told) + b"\n")
    except DomainError as exc:
        out.write(encoder.encode(Told(refused=exc.detail)) + b"\n")
    except MemoryError:
        out.write(encoder.encode(Told(refused=limits.too_large().detail)) + b"\n")
    out.flush()


def _read(order: Order, content: bytes) -> Iterator[Told]:
    if not order.register:
        yield from (Told(line=line) for line in batch_reading.lines_of(content))
        return
    for found in read_file(catalogue()[order.register], content, order.words):
        yield Told(head=found) if isinstance(found, Head) else Told(row=found)


if __name__ == "__main__":
    main()
