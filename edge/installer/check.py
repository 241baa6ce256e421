"""Shows what a configuration comes to before anything runs: polls, alarms, outputs, and all that is wrong."""

from pathlib import Path

import msgspec

from edge import identity
from edge.config import ConfigError, Loaded, load
from edge.config_models import Coil, Gpio, OutputTable, PointTable
from edge.core import alarm
from edge.drivers.families import FAMILIES, family
from edge.layout import Layout, lay_out, outputs
from edge.outputs.fail_safe import fail_safe
from edge.outputs.hold import TOKEN_MS
from edge.uplink.building import endpoints
from protocol.endpoints import EndpointRefused


class Finding(msgspec.Struct, frozen=True):
    """The outcome of a check: the text for a person, and whether the gateway would run."""

    text: str
    good: bool


def check(path: Path, *, everything: bool = False) -> Finding:
    """Read, plan and describe a configuration; nothing is polled and nothing is written.

    Args:
        path: the gateway.toml.
        everything: a line for each alarm instead of one for each point.
    """
    try:
        loaded = load(path)
        layout = lay_out(loaded, "")
    except ConfigError as exc:
        count = len(exc.problems)
        head = f"{path}: {count} problem{'s' if count > 1 else ''}; the gateway will not run\n"
        return Finding("\n".join([head, *(_problem(i, p) for i, p in enumerate(exc.problems, 1))]), False)
    lines = [
        _head(loaded),
        "",
        *_buses(layout),
        *(_alarms(layout) if everything else _alarm_table(layout)),
        *_outputs(loaded),
        *_switches(loaded),
    ]
    faults = _uplink(loaded)
    if faults or _has_credentials(loaded):
        lines += ["", *(faults or ["Uplink: credentials and router are in order."])]
    notes = _notes(loaded, layout)
    lines += [
        "",
        *(notes or []),
        "The configuration is in order." if not faults else "The uplink is not in order.",
    ]
    return Finding("\n".join(lines), not faults)


def _problem(number: int, problem: object) -> str:
    place = getattr(problem, "place", "")
    what = getattr(problem, "problem", "")
    remedy = getattr(problem, "remedy", "")
    return f"{number:3}. {getattr(problem, 'file', '')}  {place}\n     {what}\n     -> {remedy}"


def _head(loaded: Loaded) -> str:
    gateway = loaded.config.gateway
    return (
        f"{gateway.name} ({gateway.id}), configuration {gateway.config_version},"
        f" hash {loaded.hash[:12]}, state in {loaded.beside(gateway.state)}"
    )


def _buses(layout: Layout) -> list[str]:
    lines: list[str] = []
    for bus, laid in layout.buses.values():
        busy = "" if laid.load is None else f", busy {laid.load:.0%} of its time"
        lines.append(f"Bus {bus.name}: {bus.kind} {family(bus.kind).where(bus)}{busy}")
        for block in layout.blocks:
            if block.bus != bus.name:
                continue
            keys = ", ".join(p.key for p in block.points)
            lines.append(
                f"  block {block.number:3}  {block.plan}"
                f"  every {block.plan.period_ms} ms  {block.unit.key}: {keys}"
            )
        for button in layout.buttons:
            if button.bus == bus.name:
                names = ", ".join(f"{name}.button" for name in button.buttons)
                lines.append(f"  button     {button.plan}  every {button.plan.period_ms} ms  {names}")
        lines.append("")
    return lines


def _doubt(limit: alarm.Limit, point: PointTable) -> str:
    """Say what raises an alarm about the point itself."""
    delay = f"{limit.on_delay_ms / 1000:g} s"
    return {
        alarm.QUALITY: f"bad quality for {delay}",
        alarm.STALE: f"no new value for {delay}",
        alarm.BLANK: f"all registers of its block blank for {delay}",
        alarm.RANGE: f"outside its range for {delay}",
        alarm.RATE: f"moves faster than {point.max_rate or 0:g} {point.unit}/s",
        alarm.STUCK: f"not one bit has moved for {point.stuck_after_s:g} s",
        alarm.SIBLINGS: f"apart from {', '.join(point.siblings)} by more than"
        f" {point.siblings_within or 0:g} {point.unit} for {point.siblings_after_s:g} s",
    }[limit.side]


def _limit(limit: alarm.Limit, point: PointTable) -> str:
    """Say what a process alarm compares."""
    if limit.side in {alarm.ON, alarm.OFF}:
        return "is 1" if limit.side == alarm.ON else "is 0"
    if limit.side == alarm.ROC:
        way = {1: "rises by", -1: "falls by"}.get(limit.direction, "changes by")
        return f"{way} {limit.limit:g} {point.unit}/s over {limit.window_ms / 1000:g} s"
    if limit.side == alarm.DEV:
        return f"{limit.limit:g} {point.unit} from {point.limits['DEV'].setpoint}"
    return f"{'>=' if limit.side in alarm.RISING else '<='} {limit.limit:g} {point.unit}".rstrip()


def _alarms(layout: Layout) -> list[str]:
    lines = ["Alarms:"]
    for block in layout.blocks:
        for limit in block.limits:
            point = block.points[limit.point_index]
            if limit.limit is None:
                what = _doubt(limit, point)
            else:
                what = f"{_limit(limit, point)}, deadband {limit.deadband:g}"
                what += f", on {limit.on_delay_ms / 1000:g} s, off {limit.off_delay_ms / 1000:g} s"
                what += ", latched" if limit.latch else ""
            heard = block.annunciator or "no annunciator"
            lines.append(f"  {limit.alarm_id:24} {what}, priority {limit.priority}, {heard}")
    return lines


def _alarm_table(layout: Layout) -> list[str]:
    """Show a line a point: its limits with their priorities, and in short what rings for bad data."""
    lines = ["Alarms (p = priority; --all shows each with its delays):"]
    for block in layout.blocks:
        for i, point in enumerate(block.points):
            own = [limit for limit in block.limits if limit.point_index == i]
            said = [
                f"{limit.alarm_id.rpartition('/')[2]} {_limit(limit, point)} p{limit.priority}"
                + (" latched" if limit.latch else "")
                for limit in own
                if limit.limit is not None
            ]
            doubts = [limit for limit in own if limit.limit is None]
            if doubts:
                names = " ".join(limit.alarm_id.rpartition("/")[2] for limit in doubts)
                said.append(f"bad data p{max(limit.priority for limit in doubts)}: {names}")
            if said:
                lines.append(f"  {point.key:20} {'; '.join(said)}; {block.annunciator or 'no annunciator'}")
    return lines


def _outputs(loaded: Loaded) -> list[str]:
    lines = ["", "Outputs:"]
    for annunciator, part, table in outputs(loaded.config):
        lines.append(f"  {annunciator}.{part:8} {_output(table)}")
        judged = fail_safe(table)
        lines.append(
            f"  {'':{len(annunciator) + 9}} fail-safe: {'yes' if judged.safe else 'no'}, {judged.why}"
        )
    for annunciators in loaded.config.annunciators:
        for announcer in annunciators.announcers:
            where = getattr(announcer, "url", "") or getattr(announcer, "device", "")
            where = where or f"{getattr(announcer, 'host', '')} {getattr(announcer, 'topic', '')}"
            lines.append(
                f"  {annunciators.name}.{announcer.name:8} {announcer.kind} {where},"
                f" from priority {announcer.from_priority}"
            )
    return (
        lines if len(lines) > 2 else [*lines, "  none: this gateway records and reports, and sounds nothing"]
    )


def _switches(loaded: Loaded) -> list[str]:
    """List what may be written from afar, by whom, and when; and what is only shown."""
    lines = []
    for switch in loaded.config.outputs:
        where = f"bus {switch.bus}, unit {switch.unit}, coil {switch.coil}"
        lines.append(f"  {switch.name:20} {switch.title or switch.name}: {where}")
        if not switch.remote:
            lines.append(f"  {'':20} shown only: nobody switches it from afar")
            continue
        lines.append(f"  {'':20} WRITTEN FROM AFAR by {', '.join(switch.who)}, with a reason, on the record")
        stays = (
            f"goes off by itself after {switch.pulse_s:g} s" if switch.pulse_s else "stays as it was switched"
        )
        lines.append(f"  {'':20} {stays}")
        for word, conditions in (("on", switch.on_when), ("off", switch.off_when)):
            if conditions:
                lines.append(f"  {'':20} switched {word} only while {' and '.join(conditions)}")
    return ["", "Other outputs:", *lines] if lines else []


def _output(table: OutputTable) -> str:
    if isinstance(table, Coil):
        inverted = ", inverted" if table.inverted else ""
        return f"bus {table.bus}, unit {table.unit}, coil {table.coil}{inverted}"
    assert isinstance(table, Gpio)
    return f"{table.gpio}, line {table.line}{', active low' if table.inverted else ''}"


def _uplink(loaded: Loaded) -> list[str]:
    """List what keeps the uplink from working."""
    config = loaded.config
    if not config.uplink.enabled:
        return []
    path = loaded.beside(config.gateway.credentials)
    if not path.is_file():
        return []  # a note: they come to the machine by another way than the configuration
    try:
        who = identity.load(path)
        if who.gateway != config.gateway.id:
            return [f"Uplink: the credentials are those of {who.gateway!r}, not of {config.gateway.id!r}"]
        endpoints(config.uplink, who)
    except (identity.CredentialError, EndpointRefused) as exc:
        return [f"Uplink: {exc}"]
    return []


def _has_credentials(loaded: Loaded) -> bool:
    config = loaded.config
    return config.uplink.enabled and loaded.beside(config.gateway.credentials).is_file()


def _notes(loaded: Loaded, layout: Layout) -> list[str]:
    notes = [f"Note: bus {name}: {note}" for name, (_, laid) in layout.buses.items() for note in laid.notes]
    notes += [
        f"Note: {block.unit.key} asks for a poll every {block.plan.period_ms} ms, but the same block is never"
        f" asked again within its time-out of {block.plan.timeout_ms} ms"
        for block in layout.blocks
        if block.plan.function and block.plan.period_ms < block.plan.timeout_ms
    ]
    notes += [
        f"Note: {', '.join(button.buttons)}.button is looked at every {button.plan.timeout_ms} ms and not"
        f" every {button.plan.period_ms}, since the same block is never asked again within its time-out:"
        " press it that long, or give the unit a shorter timeout_ms"
        for button in layout.buttons
        if button.plan.period_ms < button.plan.timeout_ms
    ]
    notes += _slow_to_see(loaded, layout)
    silent = sorted({block.unit.key for block in layout.blocks if not block.annunciator})
    if silent and loaded.config.annunciators:
        notes.append(f"Note: alarms of {', '.join(silent)} sound nowhere")
    named = loaded.config.gateway.credentials
    path = loaded.beside(named)
    if loaded.config.uplink.enabled and not path.is_file():
        missing = f"no credentials at {path} yet" if named else "no `credentials` are named in [gateway]"
        notes.append(f"Note: {missing}: until then the centre hears nothing")
    page = loaded.config.page
    if page.listen and not page.certificate and not page.listen.startswith(("127.", "localhost:", "[::1]")):
        notes.append(
            "Note: the page speaks HTTP without TLS: who listens on this network can read its code; give it a"
            " certificate"
        )
    if not loaded.config.uplink.enabled:
        notes.append("Note: the uplink is switched off; nothing leaves this gateway")
    return notes


def _slow_to_see(loaded: Loaded, layout: Layout) -> list[str]:
    """Name the buses whose hang a held output sees later than that of the alarm engine."""
    held = [f"{name}.{part}" for name, part, table in outputs(loaded.config) if getattr(table, "hold", None)]
    notes: list[str] = []
    for name, (bus, laid) in layout.buses.items():
        if not held or not laid.blocks:
            continue
        if FAMILIES[bus.kind] != "modbus":
            notes.append(
                f"Note: a {bus.kind} bus {name} that hangs lets {', '.join(held)} go after some seconds"
            )
            continue
        seen_ms = 500 + max(draft.block.timeout_ms for draft in laid.blocks) * 3 // 2
        if seen_ms > TOKEN_MS:
            notes.append(
                f"Note: a hang of bus {name} is seen after {seen_ms} ms only, because of its time-outs; then"
                f" {', '.join(held)} let go"
            )
    return notes
