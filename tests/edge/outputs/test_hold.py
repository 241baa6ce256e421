"""Only a fresh token of the alarm engine holds a relay; times that cannot keep two seconds are refused."""

import ast
import asyncio
import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.clock import Clock
from edge.config import ConfigError, load
from edge.config_models import Gpio, Hold
from edge.layout import lay_out
from edge.outputs.dead_man import DeadMan
from edge.outputs.hold import SAFE_MS, TOKEN_MS, Heart, too_quick, too_slow
from tests.edge.plant_at_hand import until, write_config

EDGE = Path(__file__).parents[3] / "edge"


def test_nothing_is_held_before_the_engine_has_gone_round() -> None:
    assert Heart().stopped(0) == "the alarm engine has not begun"


def test_a_token_holds_for_a_second_and_no_longer() -> None:
    heart = Heart()
    heart.mint(5000)
    assert heart.stopped(5000 + TOKEN_MS) == ""
    assert heart.stopped(5001 + TOKEN_MS) == "the alarm engine has shown no sign of life for 1001 ms"


def test_a_token_counts_only_while_nothing_hangs_that_the_horn_depends_on() -> None:
    heart, hanging = Heart(), ["bus field"]
    heart.depend(lambda _: hanging)
    heart.mint(0)
    assert heart.stopped(10) == "bus field hangs"
    hanging.clear()
    assert heart.stopped(10) == ""


def test_nothing_but_the_plant_mints() -> None:
    minting = {
        path.relative_to(EDGE).as_posix()
        for path in EDGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "mint"
    }
    assert minting == {"plant.py"}


@given(st.integers(60, 60_000))
def test_a_time_out_is_accepted_exactly_when_it_keeps_two_seconds(timeout_ms: int) -> None:
    assert (too_slow(timeout_ms) == "") is (TOKEN_MS + timeout_ms <= SAFE_MS)


@given(st.integers(60, 1000), st.integers(0, 2000))
def test_a_held_relay_never_drops_for_one_silent_instrument(timeout_ms: int, busy_ms: int) -> None:
    renew_ms = Hold("pulse", timeout_ms).renew_ms
    latest_ms = renew_ms + busy_ms  # the line was taken just when the renewal was due
    assert (too_quick(timeout_ms, renew_ms, busy_ms) == "") is (latest_ms <= timeout_ms)


class Monostable:
    """A retriggerable monostable behind a pin: pulled in until `for_s` after the last edge."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.level = False
        self.edges: list[int] = []

    def request(self, table: Gpio, on: bool) -> "Monostable":
        del table
        self.level = on
        return self

    def write(self, on: bool) -> None:
        if on != self.level:
            self.edges.append(self._clock.mono_ms())
        self.level = on

    def read(self) -> bool:
        return self.level

    def release(self) -> None: ...

    def pulled_in(self, for_ms: int) -> bool:
        return bool(self.edges) and self._clock.mono_ms() - self.edges[-1] < for_ms


def test_a_dead_mans_pin_is_toggled_while_all_is_well_and_rests_on_an_alarm_or_without_tokens() -> None:
    async def run() -> None:
        clock, heart = Clock(True), Heart()
        told: list[tuple[bool, bool, str]] = []
        outside = Monostable(clock)
        table = Gpio("/dev/gpiochip0", 17, hold=Hold("dead-man", 300))
        horn = DeadMan("main.horn", table, heart, clock, lambda _, *what: told.append(what), outside.request)
        horn.set(False)
        task = asyncio.create_task(horn.run())
        await asyncio.sleep(0.2)
        assert not outside.edges  # no token yet
        heart.mint(clock.mono_ms())
        await until(lambda: outside.pulled_in(300))
        for _ in range(8):
            heart.mint(clock.mono_ms())
            await asyncio.sleep(0.1)
        gaps = [b - a for a, b in itertools.pairwise(outside.edges)]
        assert len(gaps) >= 5
        assert outside.pulled_in(300)
        horn.set(True)
        await until(lambda: not outside.pulled_in(300), 1.0)
        horn.set(False)
        heart.mint(clock.mono_ms())
        await until(lambda: outside.pulled_in(300), 1.0)
        await until(lambda: not outside.pulled_in(300), 2.0)  # nobody mints any more
        task.cancel()
        assert [(on, ok) for on, ok, _ in told] == [
            (False, True),
            (True, True),
            (False, True),
            (True, False),
        ]
        assert "let go into its safe state: the alarm engine has shown no sign of life" in told[-1][2]

    asyncio.run(run())


PULSE = 'hold = { style = "pulse", address = 512 }'


@pytest.mark.parametrize(
    ("horn", "more", "place", "says"),
    [
        (f"coil = 0, {PULSE}", "", "horn.inverted", "its drop must sound"),
        ('coil = 0, inverted = true, hold = { style = "pulse" }', "", "hold.address", "missing"),
        (
            'coil = 0, inverted = true, hold = { style = "pulse", address = 512, timeout_ms = 950 }',
            "",
            "hold.timeout_ms",
            "no whole number of steps of 100 ms",
        ),
        (
            'coil = 0, inverted = true, hold = { style = "pulse", address = 512, timeout_ms = 1500 }',
            "",
            "hold.timeout_ms",
            "1000 ms until a hang is seen and 1500 ms until the board lets go are 2500 ms, more than 2000",
        ),
        (
            'coil = 0, inverted = true, hold = { style = "pulse", address = 512, timeout_ms = 200 }',
            "",
            "hold.timeout_ms",
            "it would sound for nothing",
        ),
        (
            'coil = 0, inverted = true, hold = { style = "watchdog" }',
            "",
            "horn.hold",
            "main.button speaks to the same board and would feed its watchdog",
        ),
        (
            'coil = 0, inverted = true, hold = { style = "dead-man" }',
            "",
            "hold.style",
            "dead-man is for a pin",
        ),
        (f"coil = 0, inverted = true, {PULSE}", "ringback = true", "horn.hold", "would blur"),
    ],
)
def test_a_hold_that_would_not_hold_is_refused_with_its_arithmetic(
    tmp_path: Path, horn: str, more: str, place: str, says: str
) -> None:
    path = write_config(tmp_path, 1502)
    text = path.read_text().replace("unit = 10, coil = 0 }", f"unit = 10, {horn} }}")
    path.write_text(text.replace('name = "main"\n', f'name = "main"\n{more}\n'))
    with pytest.raises(ConfigError) as refused:
        lay_out(load(path), "")
    found = [p for p in refused.value.problems if place in p.place and says in p.problem]
    assert len(found) == 1, refused.value


def test_a_pulse_beside_a_button_and_a_beacon_is_accepted(tmp_path: Path) -> None:
    path = write_config(tmp_path, 1502)
    path.write_text(
        path.read_text().replace("unit = 10, coil = 0 }", f"unit = 10, coil = 0, inverted = true, {PULSE} }}")
    )
    assert load(path).config.annunciators
