"""Every shipped template, played by its simulator and read by the real gateway: each point good and true."""

import asyncio

import pytest

from edge.simulator.instrument import value_of
from edge.strict import Problems
from edge.template_file import read_template
from edge.templates import TEMPLATES
from protocol.quality import GOOD
from tests.edge.simulator.reading import Outcome, close, raw_step, read_once

SHIPPED = sorted(path.stem for path in TEMPLATES[0].glob("*.toml"))
WITH_POINTS = [
    name
    for name in SHIPPED
    if (found := read_template(TEMPLATES[0] / f"{name}.toml", Problems(""))) is not None and found.points
]
SLOW = [name for name in WITH_POINTS if name.startswith("opcua")]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """All at once: each waits for its own start, not for the others; OPC UA, whose server is slow, first."""
    folder = tmp_path_factory.mktemp("sites")

    async def read_all(names: list[str]) -> dict[str, Outcome]:
        found = await asyncio.gather(*(read_once(name, folder) for name in names))
        return dict(zip(names, found, strict=True))

    quick = [name for name in WITH_POINTS if name not in SLOW]
    return asyncio.run(read_all(SLOW)) | asyncio.run(read_all(quick))


@pytest.mark.parametrize("name", WITH_POINTS)
def test_every_point_is_good_and_within_its_resolution_of_the_truth(
    name: str, outcomes: dict[str, Outcome]
) -> None:
    outcome = outcomes[name]
    instrument = outcome.play.instrument
    values, wanted, truth = outcome.values(), instrument.raws(), instrument.truth()
    assert set(values) == set(instrument.points)
    assert {one: quality for one, (_, _, quality) in values.items() if quality != GOOD} == {}
    wrong = {
        one: (raw, wanted[one])
        for one, (raw, _, _) in values.items()
        if not close(raw, wanted[one], raw_step(outcome.play, one))
    }
    assert wrong == {}
    steps = {one: raw_step(outcome.play, one) for one in values}
    away = {
        one: (value, truth[one])
        for one, (raw, value, _) in values.items()
        if abs(value - truth[one])
        > abs(value_of(instrument.points[one], raw + steps[one]) - value_of(instrument.points[one], raw))
        * 0.51
        + abs(truth[one]) * 2e-7
        + 1e-9
    }
    assert away == {}
