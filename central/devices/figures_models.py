"""What a gateway measured of its own machine, as other rooms see it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class MeasuredFigure(Struct, frozen=True):
    """One figure, named as benchmarks are; `baseline` is the bare library's in the same run."""

    bench: str
    metric: str
    value: float
    unit: str
    baseline: float | None


class MeasuredMachine(Struct, frozen=True):
    """What was measured on; `load` is the average of the minute before."""

    model: str
    cores: int
    ram_mb: int
    python: str
    load: float


class FiguresRow(Struct, frozen=True):
    """The newest self-measurement of one version of the software on one gateway."""

    run: str
    software: str
    measured_at: datetime
    machine: MeasuredMachine
    figures: list[MeasuredFigure]
