"""All scenarios of the bench, in the order of the report."""

from __future__ import annotations

from hil.models import Scenario
from hil.scenarios import clocks, fail_safe, horn, instruments, outages, storage

ALL: tuple[Scenario, ...] = (
    *horn.SCENARIOS,
    *outages.SCENARIOS,
    *storage.SCENARIOS,
    *clocks.SCENARIOS,
    *instruments.SCENARIOS,
    *fail_safe.SCENARIOS,
)


def chosen(names: list[str]) -> list[Scenario]:
    """The scenarios of these names, all without any.

    Raises:
        ValueError: there is no such scenario; the message says which there are.
    """
    known = {scenario.name: scenario for scenario in ALL}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ValueError(f"no scenario {', '.join(unknown)}; there are: {', '.join(known)}")
    return [known[name] for name in names] if names else list(ALL)
