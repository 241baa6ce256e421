"""The shipped templates as a whole: what each must have, and what no two may share."""

import asyncio
import re
from pathlib import Path
from typing import Any, cast

import pytest
from pymodbus.client import AsyncModbusTcpClient

from edge.drivers.modbus import family as modbus
from edge.drivers.modbus.plan import plan
from edge.drivers.models import BlockDraft, Site
from edge.installer.candidates import shown
from edge.judgement import judge_of
from edge.simulator.play import Play, choose_kind, find, prepare
from edge.simulator.registers import Image, fingerprint_image, image
from edge.simulator.serve import Tcp, connection, served
from edge.strict import Problems
from edge.template_file import ASSUMED, MODBUS, Fingerprint, Template, read_template
from edge.templates import TEMPLATES
from protocol.quality import GOOD
from tests.edge.simulator.reading import laid_out

FOLDER = TEMPLATES[0]
SHIPPED = sorted(path.stem for path in FOLDER.glob("*.toml"))
NOBODY = Tcp("127.0.0.1", 9)
AN_HOUR_MS = 3_600_000


def template(name: str) -> Template:
    problems = Problems(name)
    found = read_template(FOLDER / f"{name}.toml", problems)
    assert problems.found == []
    assert found is not None
    return found


def played(name: str, now: list[int] | None = None) -> Play:
    at = now or [0]
    one = find(name)
    kind = choose_kind(one, "", serial=False)
    return prepare(one, kind, connection(kind, NOBODY), lambda: at[0])


MODBUS_ONES = [name for name in SHIPPED if template(name).head.kinds[0] in MODBUS and template(name).points]
WITH_POINTS = [name for name in SHIPPED if template(name).points]
WITH_PRINTS = [name for name in SHIPPED if template(name).fingerprint]


def test_at_least_the_families_that_plants_use_are_there() -> None:
    wanted = {
        "gas-controller-combustible",
        "gas-controller-toxic",
        "gas-ammonia",
        "gas-chlorine",
        "gas-hydrogen-sulphide",
        "gas-oxygen",
        "level-radar",
        "level-magnetostrictive",
        "pressure-transmitter",
        "temperature-module-8",
        "flow-meter",
        "power-meter",
        "meter-dlt645",
        "rain-gauge",
        "water-level",
        "piezometer-vibrating-wire",
        "analogue-input-8",
        "relay-board",
        "ups",
        "station-hj212",
        "station-sl651",
        "weather-station",
        "weighing-indicator",
        "opcua-tank",
    }
    assert wanted <= set(SHIPPED)


def test_titles_are_bilingual_and_no_two_alike() -> None:
    titles = [template(name).head.title for name in SHIPPED]
    assert len(set(titles)) == len(titles)
    assert [title for title in titles if "/ " not in title] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_a_maker_is_named_only_with_its_document_and_where_it_was_read(name: str) -> None:
    head = template(name).head
    named = bool(head.manufacturer or head.model)
    assert named == (head.source != ASSUMED and bool(head.model))
    assert not named or "/" in head.source


@pytest.mark.parametrize("name", WITH_POINTS)
def test_every_alarm_of_a_template_has_its_reason_in_the_file(name: str) -> None:
    text = (FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    has_process_limits = any({"L", "H", "LL", "HH"} & set(p.get("limits", {})) for p in template(name).points)
    said = re.findall(
        r"^#.*(?:GB|GBZ|AQ|proposal|from memory|No standard|no standard|placeholder|assumed|"
        r"signals of the weather|worth a look|healthy)",
        text,
        re.MULTILINE | re.IGNORECASE,
    )
    assert bool(said) >= has_process_limits


@pytest.mark.parametrize("name", WITH_POINTS)
def test_every_point_says_what_it_measures_and_how_often_it_is_stored(name: str) -> None:
    points = template(name).points
    assert [p["id"] for p in points if not (p.get("quantity") and p.get("range") and p.get("name"))] == []
    assert [p["id"] for p in points if not p.get("store_every_s")] == []


@pytest.mark.parametrize("name", WITH_POINTS)
def test_alarm_defaults_lie_inside_the_range(name: str) -> None:
    # the loader refuses anything else; here it is said of every shipped one
    for point in played(name).instrument.points.values():
        low, high = point.range or (float("-inf"), float("inf"))
        levels = {n: limit.limit for n, limit in point.limits.items() if n in {"LL", "L", "H", "HH"}}
        assert [n for n, level in levels.items() if level is None or not low <= level <= high] == []


@pytest.mark.parametrize("name", WITH_POINTS)
def test_a_healthy_hour_stays_in_range_and_brings_no_bad_data_alarm(name: str, tmp_path: Path) -> None:
    now = [0]
    play = played(name, now)
    _, laid = laid_out(name, play.gateway_toml, tmp_path)
    judges = [judge_of(draft.unit, draft.points, draft.core) for draft in laid.blocks]
    ids = {point.key: one for one, point in play.instrument.points.items()}
    fixed = fingerprint_image(play.template.fingerprint)
    period_ms = max(1000, min(10_000, laid.blocks[0].block.period_ms))
    wrong: list[tuple[str, str, float]] = []
    for now[0] in range(0, AN_HOUR_MS, period_ms):
        raws = play.instrument.raws()
        for draft, judge in zip(laid.blocks, judges, strict=True):
            data = _data(draft, play, raws, fixed)
            shown = draft.core.decode(data)
            found = [*judge.blank(data), *judge.take(now[0], shown, GOOD, ())]
            wrong += [(ids[draft.points[i].key], side, shown[i]) for i, side, _ in found]
            wrong += [(ids[draft.points[i].key], "RANGE", shown[i]) for i, _ in draft.core.exceptions(shown)]
    assert wrong[:5] == []


def _data(draft: BlockDraft, play: Play, raws: dict[str, float], fixed: Image) -> Any:
    """What a reading of the block would hold now: register bytes, packed bits, or numbers."""
    block, points = draft.block, dict(play.instrument.points)
    if play.kind not in MODBUS:
        by_key = {point.key: raws[one] for one, point in points.items()}
        return tuple(by_key[point.key] for point in draft.points)
    table = {1: "coil", 2: "discrete", 3: "holding", 4: "input"}[block.function]
    words = {**image(cast("Any", points), raws), **fixed}
    values = [words.get((table, at), 0) for at in range(block.address, block.address + block.count)]
    if block.function in {1, 2}:
        packed = sum(value << i for i, value in enumerate(values))
        return packed.to_bytes((block.count + 7) // 8, "little")
    return b"".join(value.to_bytes(2, "big") for value in values)


@pytest.mark.parametrize("name", MODBUS_ONES)
def test_the_plan_keeps_rule_u_and_needs_few_requests(name: str) -> None:
    play = played(name)
    unit: Any = play.unit
    bus = modbus.TABLE(name="field", kind="tcp", host="127.0.0.1", units=(unit,))
    problems = Problems(name)
    laid = modbus.lay_out(bus, "$", Site([], Path()), problems)
    assert problems.found == []
    planned = plan(laid.detail)
    polled = [block for block in planned.blocks if block.purpose == "poll"]
    signatures = [(block.unit, block.function, block.size) for block in planned.blocks]
    assert len(set(signatures)) == len(signatures)
    assert len(unit.points) < 10 or len(polled) * 5 <= len(unit.points)


@pytest.mark.parametrize("name", WITH_PRINTS)
def test_a_fingerprint_is_found_on_its_own_instrument_and_on_no_other(name: str) -> None:
    prints = template(name).fingerprint

    async def which() -> set[str]:
        found = await asyncio.gather(*(_matches(other, prints) for other in MODBUS_ONES))
        return {other for other, yes in zip(MODBUS_ONES, found, strict=True) if yes}

    assert asyncio.run(which()) == {name}


async def _matches(name: str, prints: list[Fingerprint]) -> bool:
    async with served(played(name), Tcp("127.0.0.1", 0), lambda: 0) as port:
        client = AsyncModbusTcpClient("127.0.0.1", port=port, retries=0, timeout=3)
        await client.connect()
        try:
            return all([await _match(client, one) for one in prints])
        finally:
            client.close()


async def _match(client: AsyncModbusTcpClient, one: Fingerprint) -> bool:
    read = client.read_input_registers if one.table == "input" else client.read_holding_registers
    reply = await read(one.address, count=one.width, device_id=1)
    return not reply.isError() and one.matches(shown(one, reply.registers))
