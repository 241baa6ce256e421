"""The physics of three small plants: balances in SI units, sensors with lag and noise; time is handed in.

Concentrations follow the well-mixed room  V dC/dt = S - Q C  with source S (mg/s), volume V (m³) and
ventilation Q (m³/s), stepped exactly so that any step length is stable. A gas sensor follows its room with a
first-order lag (T90 of 15 to 25 s, as cells of this kind have), has noise, and reads no less than zero.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from random import Random


@dataclass
class Room:
    """A well-mixed volume with one gas in it; concentration in mg/m³."""

    volume_m3: float
    changes_per_h: float
    concentration: float = 0.0

    def step(self, dt_s: float, source_mg_s: float) -> None:
        """Let `source_mg_s` flow in and the ventilation draw out for `dt_s` seconds."""
        rate = self.changes_per_h / 3600.0
        settled = source_mg_s / (rate * self.volume_m3)
        self.concentration = settled + (self.concentration - settled) * math.exp(-rate * dt_s)


@dataclass
class Sensor:
    """A lagging, noisy instrument; `value` is what it shows, in the unit of what it follows."""

    lag_s: float
    noise: float
    value: float
    floor: float = -1e9

    def __post_init__(self) -> None:
        self._followed = self.value

    def step(self, dt_s: float, truth: float, chance: Random) -> None:
        """Follow `truth` for `dt_s` seconds; the noise is what the instrument's own filter leaves."""
        self._followed += (truth - self._followed) * (1.0 - math.exp(-dt_s / self.lag_s))
        self.value = max(self.floor, self._followed + chance.gauss(0.0, self.noise))


class Plant(ABC):
    """What every plant can do: pass time, leak, calm down, and show its instruments as `readings`."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.leaking = False
        self.age_s = 0.0
        self.sensors: dict[str, Sensor] = {}

    @property
    def readings(self) -> dict[str, float]:
        """What the instruments show now, by point key, in the unit that the gateway's configuration names."""
        return {key: sensor.value for key, sensor in self.sensors.items()}

    def leak(self) -> None:
        """Something breaks."""
        self.leaking = True

    def calm(self) -> None:
        """The leak is stopped and the emergency ventilation runs."""
        self.leaking = False

    def step(self, dt_s: float) -> None:
        """Let `dt_s` seconds pass."""
        self.age_s += dt_s
        for key, truth in self.truth(dt_s).items():
            self.sensors[key].step(dt_s, truth, self.chance)

    @abstractmethod
    def truth(self, dt_s: float) -> dict[str, float]:
        """Advance the balances by `dt_s` seconds and return what ideal instruments would show."""

    def wave(self, middle: float, swing: float, period_s: float, shift: float = 0.0) -> float:
        """A slow daily or cyclic movement around `middle`."""
        return middle + swing * math.sin(2 * math.pi * (self.age_s / period_s + shift))


class ChlorineStorage(Plant):
    """Two cylinders of 500 kg on load cells, a 220 m³ room, a header to the dosing room.

    A cracked fusible plug lets out 60 mg/s: the room passes 1 mg/m³ (the ceiling of GBZ 2.1-2019, table 1) in
    about four seconds, and the instruments show it some five seconds later.
    """

    LEAK_MG_S = 60.0

    def __init__(self, seed: int = 1) -> None:
        super().__init__(seed)
        self.room = Room(220.0, 8.0, 0.03)
        self.dosing = Room(80.0, 8.0, 0.02)
        self.weights = [412.0, 486.0]
        self.sensors = {
            "GT-101": Sensor(7.0, 0.006, 0.03, 0.0),
            "GT-102": Sensor(9.0, 0.006, 0.03, 0.0),
            "GT-103": Sensor(9.0, 0.005, 0.02, 0.0),
            "WT-101": Sensor(1.0, 0.02, 412.0),
            "WT-102": Sensor(1.0, 0.02, 486.0),
            "PT-101": Sensor(0.5, 0.0015, 0.25, 0.0),
            "TT-101": Sensor(20.0, 0.03, 18.0),
            "FT-101": Sensor(2.0, 6.0, 1760.0, 0.0),
        }

    def truth(self, dt_s: float) -> dict[str, float]:
        """See `Plant.truth`."""
        dosed_kg = 1.8 / 3600.0 * dt_s
        lost_mg = self.LEAK_MG_S * dt_s if self.leaking else 0.0
        self.weights[0] = max(0.0, self.weights[0] - dosed_kg - lost_mg * 1e-6)
        room_at_start = self.room.concentration
        self.room.step(dt_s, lost_mg / dt_s if dt_s else 0.0)
        # Twenty litres a second find their way next door around the pipes.
        self.dosing.step(dt_s, room_at_start * 0.02)
        return {
            "GT-101": self.room.concentration,
            "GT-102": self.room.concentration * 0.85,
            "GT-103": self.dosing.concentration + 0.02,
            "WT-101": self.weights[0],
            "WT-102": self.weights[1],
            "PT-101": 0.25 - (0.012 if self.leaking else 0.0) + self.wave(0.0, 0.004, 95.0),
            "TT-101": self.wave(18.0, 0.8, 3600.0),
            "FT-101": self.room.volume_m3 * self.room.changes_per_h,
        }

    def leak(self) -> None:
        """A fusible plug cracks, with the ventilation as on any day."""
        super().leak()
        self.room.changes_per_h = 8.0

    def calm(self) -> None:
        """The capping kit is on; fan and lye scrubber together turn the room over in half a minute."""
        super().calm()
        self.room.changes_per_h = 150.0


class AmmoniaStore(Plant):
    """A two-stage ammonia refrigeration with two cold rooms and a 300 m³ machine room; NH3 in mg/m³.

    The compressor cycles; a failed shaft seal lets out 900 mg/s.
    """

    LEAK_MG_S = 900.0

    def __init__(self, seed: int = 2) -> None:
        super().__init__(seed)
        self.room = Room(300.0, 8.0, 1.0)
        self.cold = [-18.6, -20.2]
        self.running = True
        self.sensors = {
            "GT-201": Sensor(9.0, 0.15, 1.0, 0.0),
            "GT-202": Sensor(11.0, 0.15, 1.0, 0.0),
            "PT-201": Sensor(0.8, 0.001, 0.14),
            "PT-202": Sensor(0.8, 0.004, 1.18),
            "TT-201": Sensor(25.0, 0.03, -18.6),
            "TT-202": Sensor(25.0, 0.03, -20.2),
            "TT-203": Sensor(10.0, 0.2, 78.0),
            "LT-201": Sensor(3.0, 0.15, 46.0, 0.0),
            "IT-201": Sensor(0.5, 0.4, 86.0, 0.0),
        }

    def truth(self, dt_s: float) -> dict[str, float]:
        """See `Plant.truth`."""
        if self.cold[0] > -17.8:
            self.running = True
        elif self.cold[0] < -19.2:
            self.running = False
        for i, drawn in enumerate((0.016, 0.017)):
            warming = (24.0 - self.cold[i]) * 1.6e-4
            self.cold[i] += (warming - (drawn if self.running else 0.0)) * dt_s
        self.room.step(dt_s, self.LEAK_MG_S if self.leaking else 0.7)
        busy = 1.0 if self.running else 0.0
        return {
            "GT-201": self.room.concentration,
            "GT-202": self.room.concentration * 0.8,
            "PT-201": 0.19 - 0.05 * busy - (0.02 if self.leaking else 0.0),
            "PT-202": 0.98 + 0.2 * busy + self.wave(0.0, 0.02, 240.0),
            "TT-201": self.cold[0],
            "TT-202": self.cold[1],
            "TT-203": 45.0 + 33.0 * busy,
            "LT-201": 46.0 + 4.0 * (1.0 - busy) + self.wave(0.0, 0.8, 180.0),
            "IT-201": 86.0 * busy,
        }

    def leak(self) -> None:
        """A shaft seal fails, with the ventilation as on any day."""
        super().leak()
        self.room.changes_per_h = 8.0

    def calm(self) -> None:
        """The section is isolated; emergency fan and water spray clear the room."""
        super().calm()
        self.room.changes_per_h = 120.0


@dataclass
class Tank:
    """One LPG tank; level in percent of its volume, temperature in °C."""

    level: float
    temperature: float
    flow_percent_h: float = 0.0
    shift: float = 0.0

    @property
    def pressure_mpa(self) -> float:
        """Gauge saturation pressure of a half-propane half-butane mix (Antoine, Raoult; NIST WebBook)."""

        def antoine_bar(a: float, b: float, c: float) -> float:
            return float(10 ** (a - b / (self.temperature + 273.15 + c)))

        return (
            0.5 * antoine_bar(4.53678, 1149.36, 24.906)
            + 0.5 * antoine_bar(4.35576, 1175.581, -2.071)
            - 1.01325
        ) / 10


class TankFarm(Plant):
    """Four LPG tanks, a pump, and six combustible-gas detectors (percent of the lower explosive limit).

    A flange leak at tank 2 makes a cloud that reaches the detectors by their distance; the wind thins it.
    """

    NEARNESS = (0.35, 1.0, 0.55, 0.2, 0.3, 0.08)

    def __init__(self, seed: int = 3) -> None:
        super().__init__(seed)
        self.tanks = [Tank(62.0, 21.0), Tank(71.0, 21.5), Tank(48.0, 20.5), Tank(55.0, 21.0)]
        self.tanks[0].flow_percent_h, self.tanks[2].flow_percent_h = -1.5, 1.5
        self.cloud = 0.0
        for i, tank in enumerate(self.tanks, 1):
            self.sensors[f"LT-30{i}"] = Sensor(2.0, 0.03, tank.level, 0.0)
            self.sensors[f"PT-30{i}"] = Sensor(0.8, 0.001, tank.pressure_mpa, 0.0)
            self.sensors[f"TT-30{i}"] = Sensor(20.0, 0.03, tank.temperature)
        for i in range(1, 7):
            self.sensors[f"GT-30{i}"] = Sensor(7.0, 0.12, 0.6, 0.0)
        self.sensors["PT-305"] = Sensor(0.5, 0.004, 1.05, 0.0)

    def truth(self, dt_s: float) -> dict[str, float]:
        """See `Plant.truth`."""
        values: dict[str, float] = {}
        for i, tank in enumerate(self.tanks, 1):
            tank.level = min(85.0, max(20.0, tank.level + tank.flow_percent_h * dt_s / 3600.0))
            tank.temperature = self.wave(21.0, 1.5, 5400.0, 0.05 * i)
            values[f"LT-30{i}"] = tank.level
            values[f"PT-30{i}"] = tank.pressure_mpa
            values[f"TT-30{i}"] = tank.temperature
        wind = 1.0 + 0.35 * math.sin(self.age_s / 17.0)
        aim = 62.0 / wind if self.leaking else 0.0
        self.cloud += (aim - self.cloud) * (1.0 - math.exp(-dt_s / 12.0))
        for i, nearness in enumerate(self.NEARNESS, 1):
            values[f"GT-30{i}"] = 0.6 + self.cloud * nearness
        values["PT-305"] = values["PT-301"] + 0.45
        return values
