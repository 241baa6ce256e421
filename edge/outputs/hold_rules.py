"""What must be true of a held output: the right style and wiring, and times that keep two seconds."""

from collections.abc import Mapping

from edge.config_models import Annunciator, BusTable, Button, Coil, Config, Gpio, Hold
from edge.drivers.models import Laid
from edge.outputs import hold
from edge.strict import Problems

WIRING = "a held relay is energised while all is well, and its drop must sound"


def held_coil(coil: Coil, owner: Annunciator, config: Config, place: str, problems: Problems) -> None:
    """Note every contradiction of a relay's `hold`."""
    held = coil.hold
    if held is None:
        return
    where = f"{place}.hold"
    _common(held, owner, place, problems)
    if held.style == "dead-man":
        problems.add(f"{where}.style", "dead-man is for a pin", 'use "pulse" or "watchdog"')
    if not coil.inverted:
        problems.add(
            f"{place}.inverted", WIRING, "wire the horn to the normally closed contact, set inverted = true"
        )
    if held.style == "pulse":
        if held.address is None:
            problems.add(
                f"{where}.address", "missing", "name where the board takes a pulse, as its manual says"
            )
        if held.timeout_ms % held.step_ms or held.timeout_ms // held.step_ms > 65_535:
            problems.add(
                f"{where}.timeout_ms",
                f"{held.timeout_ms} ms are no whole number of steps of {held.step_ms} ms",
                "use a multiple",
            )
    if held.style == "watchdog":
        _alone(coil, held, config, where, problems)


def held_pin(pin: Gpio, owner: Annunciator, place: str, problems: Problems) -> None:
    """Note every contradiction of a pin's `hold`."""
    if pin.hold is None:
        return
    _common(pin.hold, owner, place, problems)
    if pin.hold.style != "dead-man":
        problems.add(f"{place}.hold.style", f"{pin.hold.style} is for a Modbus board", 'use "dead-man"')
    if pin.inverted:
        problems.add(f"{place}.inverted", "a toggled pin has no sense of on and off", "leave it out")


def in_time(config: Config, buses: Mapping[str, tuple[BusTable, Laid]], problems: Problems) -> None:
    """Note each hold that a healthy bus with one silent instrument would let run out."""
    for a, annunciator in enumerate(config.annunciators):
        for name, part in (("horn", annunciator.horn), ("beacon", annunciator.beacon)):
            if not isinstance(part, Coil) or part.hold is None or part.bus not in buses:
                continue
            waits = [block.block.timeout_ms for block in buses[part.bus][1].blocks]
            waits += [button.plan.timeout_ms for button in buses[part.bus][1].buttons]
            # What nobody answers keeps the line for its time-out, and a quarter more until it is quiet.
            busy_ms = max(waits, default=0) * 5 // 4
            text = hold.too_quick(part.hold.timeout_ms, part.hold.renew_ms, busy_ms)
            if text:
                problems.add(
                    f"$.annunciators[{a}].{name}.hold.timeout_ms",
                    text,
                    "lower timeout_ms of the bus or of its instruments, or give the relay a bus of its own",
                )


def _common(held: Hold, owner: Annunciator, place: str, problems: Problems) -> None:
    text = hold.too_slow(held.timeout_ms)
    if text:
        problems.add(
            f"{place}.hold.timeout_ms",
            text,
            f"set the board to {hold.SAFE_MS - hold.TOKEN_MS} ms or less",
        )
    if place.endswith(".beacon") and owner.flashes:
        problems.add(
            f"{place}.hold", "a flashing beacon cannot be held", "set flashes = false, or hold the horn"
        )
    if place.endswith(".horn") and (owner.horn_patterns or owner.ringback) and held.timeout_ms > 300:
        # What lets go slowly blurs a pattern; the horn itself would still sound.
        problems.add(
            f"{place}.hold",
            f"{held.timeout_ms} ms would blur horn_patterns and ringback",
            "leave them out, or use 300 ms or less",
        )


def _alone(coil: Coil, held: Hold, config: Config, where: str, problems: Problems) -> None:
    """A board's watchdog is fed by any request: also by those of others, while the holder hangs."""
    for annunciator in config.annunciators:
        for name, part in (
            ("horn", annunciator.horn),
            ("beacon", annunciator.beacon),
            ("button", annunciator.button),
        ):
            if not isinstance(part, Coil | Button) or (part.bus, part.unit) != (coil.bus, coil.unit):
                continue
            if isinstance(part, Button) or part.hold != held:
                problems.add(
                    where,
                    f"{annunciator.name}.{name} speaks to the same board and would feed its watchdog",
                    "give it another board, or hold it in the same way",
                )
    for switch in config.outputs:
        if (switch.bus, switch.unit) == (coil.bus, coil.unit):
            problems.add(
                where,
                f"output {switch.name} is on the same board and would feed its watchdog",
                "give it another board, or use the board's timed pulse",
            )
    for bus in config.buses:
        for unit in bus.units:
            if bus.name == coil.bus and getattr(unit, "unit", None) == coil.unit and unit.points:
                problems.add(
                    where,
                    f"points of {unit.key} are polled on the same board and would feed its watchdog",
                    "read them from another board, or use the board's timed pulse",
                )
