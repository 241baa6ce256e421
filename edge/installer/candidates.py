"""Which templates an unknown Modbus instrument may be: fingerprints first, then where its registers end.

A fingerprint that differs rules a template out; one that fits speaks strongly for it. Where a template has
none, what it calls readable must answer, the register behind it must be refused, and its values must lie in
their ranges: that is weaker, and said so. A person decides; the instrument's label decides over both.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from edge.installer.reading import MOST, Reader, Registers
from edge.installer.values import is_number, number, text, width
from edge.strict import Problems
from edge.template_file import MODBUS, Fingerprint, Template, read_template
from edge.templates import TEMPLATES

PRINT, ENDS, ANSWERS, PLAUSIBLE, IMPLAUSIBLE = 10, 4, 1, 2, -4
BEST: Final = 3
REGISTER_TABLES: Final = ("holding", "input")
Span = tuple[str, int, int]  # table, first, last


class Candidate(msgspec.Struct, frozen=True):
    """A template that may fit, and why; `sure` where a fingerprint says so."""

    template: str
    title: str
    score: int
    sure: bool
    why: list[str]


def known_templates() -> list[Template]:
    """Read every shipped template of a Modbus instrument; one that is refused is left to `edge check`."""
    found = [
        read_template(path, Problems(path.name))
        for folder in TEMPLATES
        if folder.is_dir()
        for path in sorted(folder.glob("*.toml"))
    ]
    return [one for one in found if one is not None and one.points and set(one.head.kinds) & set(MODBUS)]


async def candidates(reader: Reader, templates: Sequence[Template]) -> list[Candidate]:
    """Ask an instrument what the templates want to know; the best first, at most three."""
    asked = _Asked(reader)
    found = []
    for template in templates:
        judged = await _judge(asked, template)
        if judged is not None:
            found.append(judged)
    found.sort(key=lambda one: -one.score)
    sure = [one for one in found if one.sure]
    return (sure or found)[:BEST]


class _Asked:
    """Reads each span of registers once, whoever wants to know."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[tuple[str, int, int], Registers] = {}

    async def read(self, table: str, first: int, count: int, *, exact: bool = False) -> Registers:
        key = (table, first, count)
        if key not in self._known:
            whole = next(
                (
                    (other, got)
                    for other, got in self._known.items()
                    if got.good
                    and other[0] == table
                    and other[1] <= first
                    and first + count <= other[1] + other[2]
                ),
                None,
            )
            if whole is not None:
                at = first - whole[0][1]
                return msgspec.structs.replace(whole[1], words=whole[1].words[at : at + count])
            self._known[key] = await self._reader.registers(table, first, count, exact=exact)
        return self._known[key]


async def _judge(asked: _Asked, template: Template) -> Candidate | None:
    score, why = 0, []
    for one in template.fingerprint:
        if one.table not in REGISTER_TABLES:
            continue
        got = await asked.read(one.table, one.address, one.width, exact=True)
        if not got.good:
            return None
        value = shown(one, got.words)
        if not one.matches(value):
            return None
        score += PRINT
        why.append(f"{one.table} register {one.address} reads {value!r}, as its fingerprint says")
    sure = score > 0
    spans = _spans(template)
    if not spans:
        return Candidate(template.name, template.head.title, score, sure, why) if sure else None
    words: dict[tuple[str, int], int] = {}
    for table, first, last in spans:
        got = await asked.read(table, first, min(last - first + 1, MOST))
        if not got.good:
            return None
        words |= {(table, first + i): word for i, word in enumerate(got.words)}
        score += ANSWERS
    said = ", ".join(f"{table} {first}..{last}" for table, first, last in spans)
    why.append(f"it answers for {said}")
    if not sure:
        ends = [await asked.read(table, last + 1, 1) for table, _, last in spans if last < 0xFFFF]
        if ends and all(got.code == 2 for got in ends):
            score += ENDS
            why.append("it refuses the register behind it, as this instrument would")
    good, bad = _plausible(template, words)
    score += PLAUSIBLE if good and not bad else IMPLAUSIBLE if bad else 0
    if good and not bad:
        why.append(f"all {good} values lie in their ranges")
    elif bad:
        why.append(f"{bad} of {good + bad} values lie outside of their ranges")
    if len(template.points) > 1 and not bad:
        score += 1  # a longer list of numbers that all fit says more
    return (
        Candidate(template.name, template.head.title, score, sure, why) if sure or score > PLAUSIBLE else None
    )


def shown(one: Fingerprint, words: Sequence[int]) -> float | str:
    """Return what a fingerprint's registers hold."""
    return text(one.order, words) if one.type == "text" else number(one.type, one.order, words)


def _spans(template: Template) -> list[Span]:
    given = template.unit.get("readable")
    if isinstance(given, list) and given:
        return [
            (str(one.get("table", "holding")), int(one["first"]), int(one["last"]))
            for one in given
            if one.get("table", "holding") in REGISTER_TABLES
        ]
    return [
        (
            str(p.get("table", "holding")),
            int(p["address"]),
            int(p["address"]) + width(str(p.get("type", "uint16"))) - 1,
        )
        for p in template.points
        if isinstance(p.get("address"), int) and p.get("table", "holding") in REGISTER_TABLES
    ]


def _plausible(template: Template, words: dict[tuple[str, int], int]) -> tuple[int, int]:
    """Count the points whose value lies in its range (a tenth of the span beside it is still good)."""
    good = bad = 0
    for point in template.points:
        table, address, limits = point.get("table", "holding"), point.get("address"), point.get("range")
        kind = str(point.get("type", "uint16"))
        places = [(table, int(address) + i) for i in range(width(kind))] if isinstance(address, int) else []
        if not limits or not places or kind in {"bit", "bits"} or any(place not in words for place in places):
            continue
        raw = number(kind, str(point.get("order", "ABCD")), [words[place] for place in places])
        if not is_number(raw):
            bad += 1
            continue
        if "current_loop" in point:
            low, high = point["current_loop"]
            value = limits[0] + (raw - low) * (limits[1] - limits[0]) / (high - low)
        elif "polynomial" in point:
            continue
        else:
            value = raw * point.get("scale", 1.0) + point.get("offset", 0.0)
        slack = (limits[1] - limits[0]) / 10
        if limits[0] - slack <= value <= limits[1] + slack:
            good += 1
        else:
            bad += 1
    return good, bad
