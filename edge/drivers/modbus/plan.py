"""Plans the reads of a bus: gap filling, and a byte count of its own for every block of a unit (rule U).

Keeps modbus-rule "Plan": a reply names only unit, function and byte count, so no two blocks of a unit, and no
barrier, may share function and byte count. Byte count 3 of coils and inputs is never used: such a reply is as
long as a request, and on an echoing line nobody could tell them apart.
"""

from __future__ import annotations

from edge.drivers.modbus.lengths import Need, Unassignable, assign, byte_count
from edge.drivers.modbus.models import (
    FUNCTION_NAMES,
    BarrierPlan,
    BlockPlan,
    BusConfig,
    BusPlan,
    PlanError,
    Range,
    ReadFunction,
    Span,
    UnitPlan,
)

BARRIERS = 6  # lengths a unit may try before it has to wait H; more would only delay the first success
SPARE_LOAD = 0.5  # up to this share of the line's time, longer blocks are worth what they cost
REGISTER_FUNCTIONS = (3, 4)


def plan(config: BusConfig) -> BusPlan:
    """Return all requests of a bus.

    On a serial line byte counts are distinct over the whole line while that leaves half of its time free:
    then even a reply with a wrong unit number fits nobody. Otherwise they are distinct within each unit.

    Raises:
        PlanError: a block can't get a length of its own; every problem names the block and a remedy.
    """
    if config.kind != "tcp":
        line_wide = _plan(config, line_wide=True)
        if _load(config, line_wide) <= SPARE_LOAD:
            return line_wide
    return _plan(config, line_wide=False)


def _load(config: BusConfig, planned: BusPlan) -> float:
    """Return the share of the line's time that the polls take when every instrument answers at once."""
    character = character_ms(config)
    return sum(((8 + 5 + b.size) * character + config.adapter_ms) / b.period_ms for b in planned.blocks)


def _plan(config: BusConfig, line_wide: bool) -> BusPlan:
    problems: list[str] = []
    numbers = [unit.unit for unit in config.units]
    twice = [number for number in sorted(set(numbers)) if numbers.count(number) > 1]
    problems += [
        f"bus {config.name}: unit {number} appears twice; give each its own number" for number in twice
    ]
    needs: list[Need] = []
    open_ranges: dict[int, dict[ReadFunction, list[Range]]] = {}
    barriers: dict[int, tuple[BarrierPlan, ...]] = {}
    taken: set[tuple[int, int]] = set()
    for unit in config.units:
        try:
            own, open_ranges[unit.unit] = _plan_unit(config, unit, taken)
        except PlanError as exc:
            problems += [f"bus {config.name}, {problem}" for problem in exc.problems]
            continue
        needs += own
        if line_wide:
            taken |= {(need.function, need.size) for need in own}
    for unit in config.units:
        if unit.unit in open_ranges:
            placed = [need for need in needs if need.unit == unit.unit]
            try:
                barriers[unit.unit] = _barriers(unit, open_ranges[unit.unit], placed, taken)
            except PlanError as exc:
                problems += [f"bus {config.name}, {problem}" for problem in exc.problems]
    if not config.units:
        problems.append(f"bus {config.name}: no units; declare at least one")
    if problems:
        raise PlanError(problems)
    polled = [_block(config, need, number) for number, need in enumerate(n for n in needs if not n.readback)]
    read_back = [_block(config, need, number) for number, need in enumerate(n for n in needs if n.readback)]
    timeouts: dict[int, int] = {}
    for unit in config.units:
        sizes = [need.size for need in needs if need.unit == unit.unit]
        sizes += [barrier.size for barrier in barriers[unit.unit]]
        timeouts[unit.unit] = turnaround_ms(config, unit, max(sizes))
    quiet = max(3.5 * character_ms(config), 20, max(timeouts.values()) / 4)
    return BusPlan(tuple(polled), tuple(read_back), barriers, timeouts, int(quiet + 0.999))


def character_ms(config: BusConfig) -> float:
    """Return how long one byte of a frame takes on the wire; 0 on TCP, two characters in ASCII."""
    if config.kind == "tcp":
        return 0.0
    bits = 1 + config.bytesize + config.stopbits + (config.parity != "N")
    return bits * (2 if config.kind == "ascii" else 1) * 1000 / config.baudrate


def turnaround_ms(config: BusConfig, unit: UnitPlan, size: int) -> int:
    """Return T: how long a reply of `size` data bytes may take from the last byte of its request on."""
    timeout = unit.timeout_ms or config.timeout_ms
    if config.kind == "tcp":
        return timeout
    return timeout + int((8 + 5 + size) * character_ms(config) + 0.999) + config.adapter_ms


def _block(config: BusConfig, need: Need, number: int) -> BlockPlan:
    unit = next(unit for unit in config.units if unit.unit == need.unit)
    return BlockPlan(
        number=number,
        unit=need.unit,
        function=need.function,
        address=need.first,
        count=need.last - need.first + 1,
        size=need.size,
        period_ms=need.period_ms,
        timeout_ms=turnaround_ms(config, unit, need.size),
        spans=tuple(need.spans),
        purpose="readback" if need.readback else "poll",
    )


def _plan_unit(
    config: BusConfig, unit: UnitPlan, taken: set[tuple[int, int]]
) -> tuple[list[Need], dict[ReadFunction, list[Range]]]:
    """Return the blocks of one unit with their lengths, and what may be read of it."""
    problems: list[str] = []
    spans = [*unit.points, *(_output_span(output.address, output.count) for output in unit.outputs)]
    if not spans:
        raise PlanError(
            [f"unit {unit.unit}: has neither points nor outputs; declare some or leave the unit out"]
        )
    ranges = {function: _ranges(unit, spans, function) for function in sorted({s.function for s in spans})}
    needs: list[Need] = []
    for function, open_ranges in ranges.items():
        inside: list[tuple[Span, Range]] = []
        for span in (span for span in spans if span.function == function):
            last = span.address + span.count - 1
            home = next((r for r in open_ranges if r.first <= span.address and last <= r.last), None)
            if home is None:
                allowed = ", ".join(f"{r.first}..{r.last}" for r in open_ranges)
                problems.append(
                    f"unit {unit.unit}, {span.key}: {FUNCTION_NAMES[function]} {span.address}..{last} are "
                    f"outside its readable ranges ({allowed}); correct the address or extend `readable`"
                )
            elif span.count > _limit(unit, function):
                problems.append(
                    f"unit {unit.unit}, {span.key}: {span.count} {FUNCTION_NAMES[function]} are more than "
                    f"one read may hold ({_limit(unit, function)}); split the point or raise `max_registers`"
                )
            else:
                inside.append((span, home))
        needs += _fill_gaps(config, unit, function, inside)
    if problems:
        raise PlanError(problems)
    placed: list[Need] = []
    for function in ranges:
        try:
            placed += assign(
                [need for need in needs if need.function == function],
                {size for taken_function, size in taken if taken_function == function},
            )
        except Unassignable as exc:
            problems.append(f"unit {unit.unit}, {exc}")
    if problems:
        raise PlanError(problems)
    return placed, ranges


def _output_span(address: int, count: int) -> Span:
    return Span(key=f"output {address}", function=1, address=address, count=count, poll_interval_ms=None)


def _limit(unit: UnitPlan, function: int) -> int:
    return unit.max_registers if function in REGISTER_FUNCTIONS else unit.max_registers * 16


def _ranges(unit: UnitPlan, spans: list[Span], function: ReadFunction) -> list[Range]:
    """Return the readable ranges of a function, touching ones joined; without any, the hull of its points."""
    declared = sorted((r for r in unit.readable if r.function == function), key=lambda r: r.first)
    if not declared:
        own = [span for span in spans if span.function == function]
        first, last = min(s.address for s in own), max(s.address + s.count - 1 for s in own)
        return [Range(function, first, last)]
    joined = [declared[0]]
    for one in declared[1:]:
        if one.first <= joined[-1].last + 1:
            joined[-1] = Range(one.function, joined[-1].first, max(one.last, joined[-1].last))
        else:
            joined.append(one)
    return joined


def _fill_gaps(
    config: BusConfig, unit: UnitPlan, function: int, inside: list[tuple[Span, Range]]
) -> list[Need]:
    """Join neighbours whose gap costs less than another request would."""
    character = character_ms(config)
    bits = function not in REGISTER_FUNCTIONS
    # A request costs 8 + 5 characters and about the adapter's latency; a register in the gap two characters.
    gap = 125 if character == 0 else int((13 * character + config.adapter_ms) / (2 * character))
    gap = gap * 16 if bits else gap
    limit = _limit(unit, function)
    needs: list[Need] = []
    for span, home in sorted(inside, key=lambda pair: (pair[0].poll_interval_ms or 0, pair[0].address)):
        readback = span.key.startswith("output ")
        period = 0 if readback else span.poll_interval_ms or unit.poll_interval_ms
        last = span.address + span.count - 1
        block = needs[-1] if needs else None
        if (
            block is not None
            and not readback
            and not block.readback
            and block.period_ms == period
            and (block.low, block.high) == (home.first, home.last)
            and span.address - block.last - 1 <= gap
            and max(last, block.last) - block.first < limit
        ):
            block.spans.append(span)
            block.last = max(last, block.last)
        else:
            needs.append(
                Need(
                    unit.unit,
                    function,
                    period,
                    span.address,
                    last,
                    home.first,
                    home.last,
                    limit,
                    [span],
                    readback,
                )
            )
    return needs


def _barriers(
    unit: UnitPlan, ranges: dict[ReadFunction, list[Range]], placed: list[Need], taken: set[tuple[int, int]]
) -> tuple[BarrierPlan, ...]:
    """Return reads whose byte count no block of the unit has, short ones first, single registers last."""
    if unit.refused_function is not None:
        if unit.refused_function in ranges:
            problem = (
                f"refused_function = {unit.refused_function} is read by its points; name one that it refuses"
            )
            raise PlanError([f"unit {unit.unit}: {problem}"])
        return (BarrierPlan(unit.refused_function, 0, 1, 2, refused=True),)
    if unit.loopback:
        return (BarrierPlan(8, 0, 0, 0),)
    everywhere: dict[ReadFunction, list[Range]] = {}
    for one in unit.readable:
        everywhere.setdefault(one.function, []).append(one)
    everywhere.update(ranges)
    found: list[BarrierPlan] = []
    for function in sorted(everywhere, reverse=True):
        bits = function not in REGISTER_FUNCTIONS
        own = {need.size for need in placed if need.function == function}
        home = max(everywhere[function], key=lambda r: r.last - r.first)
        width = min(home.last - home.first + 1, _limit(unit, function))
        for count in range(8, width + 8, 8) if bits else range(1, width + 1):
            read = min(count, width)
            size = byte_count(function, read)
            if size not in own and not (bits and size == 3):
                found.append(BarrierPlan(function, home.first, read, size))
    if not found:
        problem = (
            "no length is left for a barrier read, every byte count that its readable ranges allow is taken "
            "by a block; declare a wider `readable` range, a `refused_function`, or `loopback`"
        )
        raise PlanError([f"unit {unit.unit}: {problem}"])
    # One register is what malformed short replies look like; a length that no other unit's block has also
    # survives a reply with a wrong unit number.
    found.sort(
        key=lambda barrier: (barrier.size <= 2, (barrier.function, barrier.size) in taken, barrier.size)
    )
    return tuple(found[:BARRIERS])
