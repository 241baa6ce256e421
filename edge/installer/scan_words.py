"""Says what a search found: in words, and as the piece of gateway.toml that reads it."""

import re
from collections.abc import Iterable, Sequence

from edge.installer.ear import Place, exception_words
from edge.installer.scan import Findings, Found, Meter


def in_words(findings: Findings) -> str:
    """Return what a person reads: each line with its instruments, what they may be, and the wiring."""
    lines: list[str] = []
    for line in findings.lines:
        own = [one for one in findings.found if one.place == line.place]
        lines.append(f"{line.place}: {_count(own)}")
        if line.trouble:
            lines.append(f"  ! {line.trouble}")
        for one in own:
            lines += _instrument(one)
        lines += [
            f"  meter {one.address} at {one.baudrate} baud (DL/T 645)"
            for one in findings.meters
            if one.place == line.place
        ]
        lines += [f"  * {hint.text}" for hint in line.hints]
    return "\n".join(lines)


def _count(found: Sequence[Found]) -> str:
    if not found:
        return "nobody found"
    return f"{len(found)} instrument{'s' if len(found) > 1 else ''} found"


def _instrument(one: Found) -> list[str]:
    at = "" if one.place.kind != "rtu" else f" at {one.setting}"
    lines = [f"  unit {one.unit}{at}, answers in {max(1, one.took_ms)} ms"]
    if one.everybody:
        lines[0] += ", to every unit number alike"
    if one.refused:
        lines.append(f"    refused the first question with {exception_words(one.refused)}")
    for number, candidate in enumerate(one.candidates):
        sure = "" if candidate.sure else " (no fingerprint: compare with the label)"
        head = "probably" if not number else "or"
        lines.append(f"    {head} {candidate.template}: {candidate.title}{sure}")
        lines += [f"      because {why}" for why in candidate.why]
    if not one.candidates:
        known = (
            f"{one.table} registers 0..{one.readable} answer"
            if one.readable >= 0
            else "no register found at 0"
        )
        lines.append(f"    no template fits; {known}. Look at them: {probe_command(one)}")
    return lines


def probe_command(one: Found) -> str:
    """Return the command that shows this instrument's registers."""
    place = one.place
    if place.kind == "rtu":
        where = f"--port {place.device} --baud {one.setting.baudrate} --parity {one.setting.parity}"
    else:
        where = f"{'--tcp' if place.kind == 'tcp' else '--serial-server'} {place}"
    return f"fengsui edge probe {where} --unit {one.unit}"


def piece(findings: Findings, bus_names: Iterable[str] = (), keys: Iterable[str] = ()) -> str:
    """Return `[[buses]]` with `[[buses.units]]` for everything found.

    Args:
        findings: of the search.
        bus_names: that the gateway.toml has already.
        keys: of the units that it has already.
    """
    buses, units = set(bus_names), set(keys)
    found = findings.found
    parts = []
    for place, setting in dict.fromkeys((one.place, one.setting) for one in found):
        name = _free("line", buses)
        own = [one for one in found if (one.place, one.setting) == (place, setting)]
        parts.append(_bus(name, place, own))
        parts += [_unit(_free(f"{name}-u{one.unit}", units, plain=True), one) for one in own]
    parts += [_meter(_free("meters", buses), _free("meter", units), one) for one in findings.meters]
    return "\n".join(parts)


def _meter(bus: str, key: str, one: Meter) -> str:
    return "\n".join(
        [
            "[[buses]]",
            f'name = "{bus}"',
            'kind = "dlt645"',
            f'device = "{one.place.device}"',
            f"baudrate = {one.baudrate}",
            "",
            "  [[buses.units]]",
            f'  key = "{key}"  # give it the name of its plate',
            f'  address = "{one.address}"',
            '  template = "meter-dlt645"',
            "",
        ]
    )


def _bus(name: str, place: Place, own: Sequence[Found]) -> str:
    lines = ["[[buses]]", f'name = "{name}"', f'kind = "{place.kind}"']
    if place.kind == "rtu":
        setting = own[0].setting
        lines += [
            f'device = "{place.device}"',
            f"baudrate = {setting.baudrate}",
            f'parity = "{setting.parity}"',
        ]
        lines += [f"stopbits = {setting.stopbits}"] if setting.stopbits != 1 else []
    else:
        lines += [f'host = "{place.host}"', f"port = {place.port}"]
    slowest = max(one.took_ms for one in own)
    if slowest > 150:
        lines.append(f"timeout_ms = {min(10_000, 3 * slowest)}  # the slowest answered after {slowest} ms")
    return "\n".join([*lines, ""])


def _unit(key: str, one: Found) -> str:
    lines = ["  [[buses.units]]", f'  key = "{key}"  # give it the name of its plate', f"  unit = {one.unit}"]
    if one.candidates:
        best = one.candidates[0]
        if not best.sure:
            lines.insert(
                1, f"  # NOT SURE: {' or '.join(other.template for other in one.candidates)}; only the"
            )
            lines.insert(2, "  # instrument's label can say. A wrong template shows wrong values.")
        lines.append(f'  template = "{best.template}"')
        return "\n".join([*lines, ""])
    if one.readable < 1:
        return "\n".join(
            f"  # {line.strip()}" for line in [*lines, f"nothing known yet: {probe_command(one)}", ""]
        )
    lines.append(f'  readable = [{{ table = "{one.table}", first = 0, last = {one.readable} }}]')
    if one.refuses:
        lines.append(f"  refused_function = {one.refuses}")
    lines += [
        "    [[buses.units.points]]  # find what it means: " + probe_command(one),
        f'    key = "{key}.r0"',
        f'    table = "{one.table}"',
        "    address = 0",
    ]
    return "\n".join([*lines, ""])


def _free(base: str, taken: set[str], *, plain: bool = False) -> str:
    """Return a name that nobody has yet, and take it."""
    base = re.sub(r"[^A-Za-z0-9_.-]", "-", base)
    name = base if plain else f"{base}-1"
    number = 2
    while name in taken:
        name = f"{base}-{number}"
        number += 1
    taken.add(name)
    return name
