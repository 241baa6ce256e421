"""Reads a file in a process of its own, with limits of memory and time, and tells what it found line by line.

What strangers send is unpacked and parsed here, never in the process that serves alarms: what it costs, it
costs this one. In: one line of JSON about the register, then the file. Out: a line of JSON for the head, each
row, or the refusal of the whole file.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Final

import msgspec
from msgspec import Struct

from central.db.errors import DomainError
from central.registry.forms.register import catalogue
from central.registry.sheets import limits
from central.registry.sheets.reading import Head, Row, read_file

_MOST_MEMORY: Final = 3 << 30  # address space, of which the interpreter and its libraries take a part
_MOST_CPU_S: Final = 300


class Order(Struct):
    """Which register, and the code of each word of the dictionaries that it links to, by `Field.to`."""

    register: str
    words: dict[str, dict[str, str]] = {}


class Told(Struct, omit_defaults=True):
    """One line of the answer: one of three."""

    head: Head | None = None
    row: Row | None = None
    refused: str = ""


def main() -> None:
    """Reads standard input to its end and answers on standard output."""
    _limit()
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=Order)
    content = sys.stdin.buffer.read()
    encoder = msgspec.json.Encoder()
    out = sys.stdout.buffer
    try:
        for found in read_file(catalogue()[order.register], content, order.words):
            told = Told(head=found) if isinstance(found, Head) else Told(row=found)
            out.write(encoder.encode(told) + b"\n")
    except DomainError as exc:
        out.write(encoder.encode(Told(refused=exc.detail)) + b"\n")
    except MemoryError:
        out.write(encoder.encode(Told(refused=limits.too_large().detail)) + b"\n")
    out.flush()


def _limit() -> None:
    with contextlib.suppress(OSError):
        os.nice(5)
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_MOST_CPU_S, _MOST_CPU_S))


if __name__ == "__main__":
    main()
