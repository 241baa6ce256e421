"""What the page shows, as plain data: values with their quality, alarms in words, buses, outputs, spool."""

from typing import Any, Final, Protocol

from edge.clock import Clock
from edge.desk import Desk
from edge.local.server import Act
from edge.plant import Plant
from edge.shown import values
from edge.status import Status
from edge.uplink.commands import DONE

TEST: Final = "test"
TESTING: Final = "试鸣已开始 / the test has begun"


class Settings(Protocol):
    """What the gateway is called."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


class View:
    """Joins the plant, its desk and its status for the page."""

    def __init__(self, gateway: Settings, plant: Plant, status: Status, clock: Clock) -> None:
        self._gateway = gateway
        self._plant = plant
        self._status = status
        self._clock = clock

    def state(self) -> dict[str, Any]:
        """The present state for people."""
        now = self._clock.mono_ms()
        status = self._status.now()
        alarms = [
            {
                "alarm": held.alarm,
                "text": text,
                "state": held.state,
                "priority": held.priority,
                "test": self._plant.point_tests.testing.marks(held.alarm, held.occurrence),
                "since_s": max(0, now - held.since_ms) // 1000,
            }
            for held, text in self._plant.standing()
        ]
        return {
            "gateway": self._gateway.id,
            "name": self._gateway.name,
            "time_ms": self._clock.utc_ms(),
            "clock_synchronised": status["clock_synchronised"],
            "uplink": status["uplink"],
            "waiting": {
                "events": status["events"]["waiting"],
                "measurements": status["measurements"]["waiting"],
            },
            "disk_full": status["disk_full"],
            "sounding": self._plant.sounding(),
            "alarms": alarms,
            "points": values(self._plant, now),
            "point_tests": status["point_tests"],
            "outputs": status["outputs"],
            "buses": [
                {
                    "name": bus["name"],
                    "connected": bus["connected"],
                    "busy": bus.get("utilisation"),
                    "good": bus.get("good"),
                    "failed": bus.get("failed"),
                }
                for bus in status["buses"]
            ],
            "sources": status["sources"],
            "actions": [a for a in Desk.ACTIONS if a != TEST or self._plant.panels],
        }

    def act(self, act: Act, by: str) -> str:
        """Carry out what an operator wants.

        Raises:
            ValueError: it makes no sense here; says why.
        """
        outcome = self._plant.desk.operate(
            act.action, act.alarm, "page", by, reason=act.reason.strip(), for_ms=round(act.minutes * 60_000)
        )
        if outcome.result != DONE:
            raise ValueError(outcome.detail)
        return TESTING if act.action == TEST else outcome.detail
