"""Says in words how a bus is, for `fengsui edge status`: load, late polls, silent units, what was learned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def bus_words(bus: Mapping[str, Any]) -> list[str]:
    """Return the lines that tell of one bus.

    Args:
        bus: its statistics as plain data; a family tells what it has, beside `name` and `connected`.
    """
    said = ["connected" if bus["connected"] else bus.get("trouble") or "NOT connected"]
    if "utilisation" in bus:
        said.append(f"busy {bus['utilisation']:.0%} of its time")
    said += [f"{bus[key]} {words}" for key, words in COUNTS if bus.get(key)]
    lines = [f"  bus {bus['name']:20} {', '.join(said)}"]
    lines += [f"    unit {unit['unit']}: {words}" for unit in bus.get("units", []) if (words := _unit(unit))]
    lines += [f"    {words}" for one in bus.get("stations", []) if (words := _station(one))]
    lines += [
        f"    {number} reports here ({count} times), and is no unit of this bus"
        for number, count in bus.get("unknown", {}).items()
    ]
    lines += [f"    learned: {text}" for text in bus.get("learned", [])]
    return lines


COUNTS = (
    ("good", "good reads"),
    ("failed", "failed"),
    ("heard_late", "answered late"),
    ("late", "polled late"),
    ("skipped", "polls skipped"),
    ("second_master", "times another master was heard"),
)


STATION_COUNTS = (
    ("refused", "refused for a wrong password"),
    ("past", "of the past"),
    ("unsure", "with a wrong clock"),
    ("unreadable", "unreadable"),
    ("abandoned", "without their last packs"),
    ("crowded", "too many at once"),
)


def _station(one: Mapping[str, Any]) -> str:
    """Return what is worth a look at a station that reports by itself; "" if it reports as it should."""
    said = [f"{one[key]} reports {words}" for key, words in STATION_COUNTS if one.get(key)]
    if not one["reports"]:
        said.insert(0, "no report yet")
    return f"station {one['unit']} ({one['station']}): {', '.join(said)}" if said else ""


def _unit(unit: Mapping[str, Any]) -> str:
    """Return what is worth a look at a unit; "" if it answers as it should."""
    said = []
    if unit.get("one_behind"):
        said.append("answers one request behind: reopen its port or switch it off and on")
    elif unit.get("breaker", "closed") != "closed":
        said.append(f"silent (breaker {unit['breaker']})")
    elif unit.get("silent"):
        said.append("silent")
    elif unit.get("state", "in step") != "in step":
        said.append(f"not in step ({unit['state']})")
    if unit.get("skipped"):
        said.append(f"{unit['skipped']} polls skipped")
    if unit.get("heard_late"):
        most = f", by up to {unit['lateness_ms']} ms" if "lateness_ms" in unit else ""
        said.append(f"{unit['heard_late']} replies late{most}")
    if said and unit.get("reply_p99_ms"):
        said.append(
            f"answers in {unit['reply_ms']} ms, 99 of 100 within {unit['reply_p99_ms']} ms, "
            f"waited for {unit['timeout_ms']} ms"
        )
    return ", ".join(said)
