"""Says in words what a gateway tells of itself."""

from collections.abc import Sequence
from typing import Any

from edge.installer.bus_words import bus_words


def in_words(state: dict[str, Any]) -> str:
    """Return the lines of `fengsui edge status`."""
    clock = "synchronised" if state["clock_synchronised"] else "NOT synchronised"
    full = ", DISK FULL" if state["disk_full"] else ""
    road = f" by {state['road']}" if state.get("road") else ""
    lines = [f"{state['gateway']}: uplink {state['uplink']}{road}, clock {clock}{full}"]
    lines += [
        f"{name}: {state[name]['head']} in this epoch, {state[name]['waiting']} batches wait"
        for name in ("events", "measurements")
    ]
    for source in state["sources"]:
        age = "never good" if source["good_age_ms"] < 0 else f"good {source['good_age_ms'] / 1000:.1f} s ago"
        why = f"  {source['reason']}" if source.get("reason") else ""
        lines.append(f"  {source['source']:24} {source['state']:8} {age}{why}")
    for output in state["outputs"]:
        follows = "" if output["ok"] else "  DOES NOT FOLLOW"
        lines.append(f"  {output['output']:24} {'on' if output['on'] else 'off'}{follows}")
    lines += [line for bus in state["buses"] for line in bus_words(bus)]
    for one in state.get("point_tests", []):
        left = f"{one['left_s'] // 60} min {one['left_s'] % 60} s"
        lines.append(f"  TEST  {one['point']:18} by {one['by']}, ends by itself in {left}")
    for a in state["alarms"]:
        value = "no value" if a["value"] is None else f"value {a['value']}"
        test = ", TEST" if a.get("test") else ""
        lines.append(f"  ALARM {a['alarm']:18} state {a['state']}, {value}{test}")
    return "\n".join(lines)


def values_in_words(points: Sequence[dict[str, Any]]) -> list[str]:
    """Return a line a point: value, quality, age, limits, name."""
    if not points:
        return ["no values: this gateway is too old to tell them, or has no points"]
    lines = ["values:"]
    for one in points:
        value = "no valid value" if one["value"] is None else f"{one['value']:g} {one['unit']}".rstrip()
        age = "never read" if one["age_s"] is None else f"{one['age_s']:.1f} s old"
        limits = " ".join(
            name if limit is None else f"{name} {limit:g}" for name, limit in one["limits"].items()
        )
        why = f"  {one['reason']}" if one["quality"] != "good" and one["reason"] else ""
        shown = f"{one['key']:24} {value:>18}  {one['quality']:9} {age:>11}"
        lines.append(f"  {shown}  {limits}  {one['name']}{why}".rstrip())
    return lines
