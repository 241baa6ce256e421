"""Plans the reads of a bus: gap filling, and a byte count of its own for every block of a unit (rule U).

Keeps modbus-rule "Plan": a reply names only unit, function and byte count, so no two blocks of a unit, and no
barrier, may share function and byte count. A block with alarm spans gets a second one that confirms them, in
a byte count of its own as well.
"""

from __future__ import annotations

from edge.drivers.modbus.admission import LIMIT, utilisation
from edge.drivers.modbus.barriers import barriers_of
from edge.drivers.modbus.cost import SILENCE, character_ms, gap_registers, read_cost, turnaround_ms
from edge.drivers.modbus.lengths import Need, Unassignable, assign, confirming, limit_of
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

SPARE_LOAD = 0.5  # up to this share of the line's time, longer blocks are worth what they cost
OUTPUT = "output "  # span keys of outputs; a point key cannot hold a blank
TCP_REACH = 16  # bytes: behind a TCP connection may hang a slow line that nobody told us of


def plan(config: BusConfig) -> BusPlan:
    """Return all requests of a bus.

    Byte counts are distinct over the whole line while its characters leave half of its time free, and the bus
    is not refused for it: then even a reply with a wrong unit number fits nobody. Otherwise they are distinct
    within each unit.

    Raises:
        PlanError: a block can't get a length of its own; every problem names the block and a remedy.
    """
    line_wide = _plan(config, line_wide=True)
    if _spare(config, line_wide):
        if utilisation(config, line_wide).share <= LIMIT:
            return line_wide
        narrow = _plan(config, line_wide=False)
        return narrow if utilisation(config, narrow).share <= LIMIT else line_wide
    return _plan(config, line_wide=False)


def _spare(config: BusConfig, planned: BusPlan) -> bool:
    """Say whether the characters of the polls leave half of the line's time free."""
    costs = [(read_cost(config, block.size), block.period_ms) for block in planned.blocks]
    return sum((cost.characters_ms + cost.adapter_ms) / period for cost, period in costs) <= SPARE_LOAD


def _plan(config: BusConfig, line_wide: bool) -> BusPlan:
    problems: list[str] = []
    notes: list[str] = []
    numbers = [unit.unit for unit in config.units]
    twice = [number for number in sorted(set(numbers)) if numbers.count(number) > 1]
    problems += [
        f"bus {config.name}: unit {number} appears twice; give each its own number" for number in twice
    ]
    blocks: list[Need] = []
    confirmed: list[tuple[Need, Need]] = []
    open_ranges: dict[int, dict[ReadFunction, list[Range]]] = {}
    barriers: dict[int, tuple[BarrierPlan, ...]] = {}
    taken: set[tuple[int, int]] = set()
    for unit in config.units:
        try:
            own, open_ranges[unit.unit] = _plan_unit(config, unit, taken)
        except PlanError as exc:
            problems += [f"bus {config.name}, {problem}" for problem in exc.problems]
            continue
        pairs, lacking = _confirm_unit(unit, own, taken)
        notes += lacking
        blocks += own
        confirmed += pairs
        if line_wide:
            taken |= {(need.function, need.size) for need in (*own, *(second for _, second in pairs))}
    placed = [*blocks, *(second for _, second in confirmed)]
    for unit in config.units:
        if unit.unit in open_ranges:
            try:
                barriers[unit.unit] = barriers_of(
                    unit, open_ranges[unit.unit], [n for n in placed if n.unit == unit.unit], taken
                )
            except PlanError as exc:
                problems += [f"bus {config.name}, {problem}" for problem in exc.problems]
    if not config.units:
        problems.append(f"bus {config.name}: no units; declare at least one")
    if problems:
        raise PlanError(problems)
    polled = [need for need in blocks if need.purpose == "poll"]
    numbered = {id(first): len(polled) + i for i, (first, _) in enumerate(confirmed)}
    timeouts: dict[int, int] = {}
    for unit in config.units:
        sizes = [need.size for need in placed if need.unit == unit.unit]
        sizes += [barrier.size for barrier in barriers[unit.unit]]
        timeouts[unit.unit] = turnaround_ms(config, unit, max(sizes))
    quiet = max(SILENCE * character_ms(config), 20, max(timeouts.values()) / 4)
    return BusPlan(
        tuple(_block(config, need, i, numbered.get(id(need), -1)) for i, need in enumerate(polled)),
        tuple(_block(config, need, i) for i, need in enumerate(n for n in blocks if n.purpose == "readback")),
        barriers,
        timeouts,
        int(quiet + 0.999),
        tuple(_block(config, second, numbered[id(first)]) for first, second in confirmed),
        tuple(notes),
    )


def _confirm_unit(
    unit: UnitPlan, own: list[Need], taken: set[tuple[int, int]]
) -> tuple[list[tuple[Need, Need]], list[str]]:
    """Return pairs of a block with alarm spans and the one that confirms it, and notes on those without."""
    pairs: list[tuple[Need, Need]] = []
    notes = []
    for need in own:
        if need.purpose == "poll" and any(span.alarm for span in need.spans):
            rivals = [*own, *(second for _, second in pairs)]
            used = {one.size for one in rivals if one.function == need.function}
            second = confirming(need, used, {size for function, size in taken if function == need.function})
            if second is None:
                notes.append(
                    f"unit {unit.unit}, {need}: no byte count is left for a second read that would confirm "
                    f"its alarms; extend `readable` by a few registers around {need.low}..{need.high}"
                )
            else:
                pairs.append((need, second))
    return pairs, notes


def _block(config: BusConfig, need: Need, number: int, confirm: int = -1) -> BlockPlan:
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
        spans=tuple(sorted(need.spans, key=lambda span: span.address)),
        purpose=need.purpose,
        confirm=confirm,
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
            elif span.count > limit_of(unit, function):
                problems.append(
                    f"unit {unit.unit}, {span.key}: {span.count} {FUNCTION_NAMES[function]} are more than "
                    f"one read may hold ({limit_of(unit, function)}); split the point, or raise "
                    "`max_registers`"
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
                TCP_REACH if config.kind == "tcp" else None,
            )
        except Unassignable as exc:
            problems.append(f"unit {unit.unit}, {exc}")
    if problems:
        raise PlanError(problems)
    return placed, ranges


def _output_span(address: int, count: int) -> Span:
    return Span(f"{OUTPUT}{address}", 1, address, count)


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
    gap = gap_registers(config, unit) * (1 if function in (3, 4) else 16)
    limit = limit_of(unit, function)
    needs: list[Need] = []
    # By the rhythm that holds, own or the unit's: what joins a block must not lie before its beginning.
    rhythm = unit.poll_interval_ms
    for span, home in sorted(inside, key=lambda pair: (pair[0].poll_interval_ms or rhythm, pair[0].address)):
        readback = span.key.startswith(OUTPUT)
        period = 0 if readback else span.poll_interval_ms or unit.poll_interval_ms
        last = span.address + span.count - 1
        block = needs[-1] if needs else None
        if (
            block is not None
            and not readback
            and block.purpose == "poll"
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
                    "readback" if readback else "poll",
                )
            )
    return needs
