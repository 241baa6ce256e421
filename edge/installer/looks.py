"""Guesses which type and byte order registers are in; pure, and every guess says why.

    float, int, BCD in each order ─▶ plausible? (size, exponent, digits) ─▶ stays near itself?
                                  └▶ the best first, with its reasons; a person decides

Most instruments show floats between 0.001 and 100,000, or small whole numbers; a wrong order gives numbers
like 1e-38 or 1e+30, or 32-bit counts near 65,536 times something. A number that moves by a few percent over
several reads is believed more. From experience with such lists, not from a standard.
"""

import math
from collections.abc import Sequence
from typing import Final

import msgspec

from edge.installer.values import ORDERS, is_number, number, text, width

TYPES: Final = (
    "float32",
    "uint16",
    "int16",
    "uint32",
    "int32",
    "float64",
    "uint64",
    "int64",
    "bcd16",
    "bcd32",
)
EVERYDAY: Final = (1e-3, 1e5)
STEADY: Final = 0.05
SHORTEST_TEXT: Final = 4
NICE: Final = 3  # decimal places that a number with "round" digits has at most
ENOUGH: Final = 2


class Look(msgspec.Struct, frozen=True):
    """One reading of the same registers: `score` orders them, `why` is what speaks for or against it."""

    type: str
    order: str
    value: float | None
    score: int
    why: list[str]


def looks(history: Sequence[Sequence[int]], at: int) -> list[Look]:
    """Judge what begins at one register, in every type and order; the best first.

    Args:
        history: the same registers, read one or several times, the newest last.
        at: index of the first register.
    """
    found = []
    for kind in TYPES:
        wide = width(kind)
        if at + wide > len(history[-1]):
            continue
        for order in ORDERS if wide > 1 else ("ABCD", "BADC"):
            values = [number(kind, order, words[at : at + wide]) for words in history]
            found.append(_look(kind, order, values, history[-1][at : at + wide]))
    found.sort(key=lambda one: -one.score)
    return found


def best(history: Sequence[Sequence[int]], at: int) -> Look | None:
    """Return the best guess if something speaks for it."""
    found = looks(history, at)
    return found[0] if found and found[0].score >= ENOUGH else None


def words_of_text(words: Sequence[int]) -> list[tuple[int, str]]:
    """Find runs of printable characters, two a register; (index of the first register, text)."""
    found = []
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and _printable(words[end]):
            end += 1
        said = text("ABCD", words[at:end]) if end > at else ""
        if len(said) >= SHORTEST_TEXT and any(one.isalpha() for one in said):
            found.append((at, said))
        at = max(end, at + 1)
    return found


def _printable(word: int) -> bool:
    high, low = word >> 8, word & 0xFF
    return 32 <= high < 127 and (32 <= low < 127 or low == 0)


def _look(kind: str, order: str, values: Sequence[float], words: Sequence[int]) -> Look:
    value = values[-1]
    if not is_number(value):
        return Look(kind, order, None, -10, ["no decimal digits" if kind.startswith("bcd") else "no number"])
    score = 0
    why: list[str] = []
    if not any(words) or all(word == 0xFFFF for word in words):
        return Look(
            kind, order, value, 1 if (kind, order) == ("uint16", "ABCD") else 0, ["blank: nothing to tell by"]
        )
    if kind.startswith("float"):
        score, why = _float(value)
    elif kind.startswith("bcd"):
        score, why = (1, ["decimal digits only"]) if value >= 10 and max(words) > 9 else (-1, [])
    else:
        score, why = _whole(kind, value, words)
    if width(kind) > 2:
        score -= 2  # few instruments have numbers of 64 bits
    if order == "ABCD":
        score += 1  # as Modbus is meant
    elif order in {"BADC", "DCBA"}:
        score -= 1
    if len(values) > 1:
        steady, said = _steadiness(values)
        score += steady if score > 0 or steady < 0 else 0
        why += [said] if said else []
    return Look(kind, order, value, score, why)


def _float(value: float) -> tuple[int, list[str]]:
    size = abs(value)
    if EVERYDAY[0] <= size <= EVERYDAY[1]:
        round_ = math.isclose(value, round(value, NICE), rel_tol=1e-6)
        return (8, [f"{value:g} is a plain number"]) if round_ else (5, [f"{value:.6g} is of everyday size"])
    if 1e-6 <= size <= 1e8:
        return 2, [f"{value:.3g} is possible"]
    return -6, [f"{value:.3g}: its exponent is no measurement's"]


def _whole(kind: str, value: float, words: Sequence[int]) -> tuple[int, list[str]]:
    bits = 16 * len(words)
    if kind.startswith("int") and value < 0:
        return (2, ["a small negative number"]) if value > -(2 ** (bits // 2)) else (-3, ["far below zero"])
    if kind.startswith("int"):
        return 0, []  # the unsigned reading says the same
    if bits == 16:
        return (
            (2, ["fits one register"]) if value <= 20_000 else (0, ["large for one register: perhaps signed"])
        )
    if value < 2**16:
        return 1 if bits == 32 else 0, ["small for its width"]
    if value <= 10**8 and bits == 32:
        return 1, ["a count that fits 32 bits"]
    return -3, ["too large for a count"]


def _steadiness(values: Sequence[float]) -> tuple[int, str]:
    good = [value for value in values if is_number(value)]
    if len(good) < len(values):
        return -4, "was no number in another read"
    low, high = min(good), max(good)
    size = max(abs(low), abs(high), 1e-9)
    if high == low:
        return 0, ""
    if high - low <= STEADY * size:
        return 2, "moves a little, as a measurement does"
    if high - low > size * 0.9 and len(good) > 2:
        return -3, "jumps"
    return 0, ""
