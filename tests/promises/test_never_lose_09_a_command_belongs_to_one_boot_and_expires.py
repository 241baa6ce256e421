"""law-never-lose 9: commands are bound to a boot id and expire by monotonic time, never by the wall clock."""

from edge.uplink.commands import HORIZON_MS, Commands
from protocol import messages as m

BOOT = 4711


def order(**changes: object) -> m.Command:
    given = {"gateway": "gw-test", "boot": BOOT, "expires_mono_ms": 60_000, **changes}
    return m.Command(
        "c-1",
        str(given["gateway"]),
        int(str(given["boot"])),
        "acknowledge",
        "",
        "county",
        "",
        int(str(given["expires_mono_ms"])),
    )


def test_a_command_of_an_earlier_boot_does_nothing() -> None:
    assert Commands("gw-test", BOOT).take(order(boot=BOOT - 1), 1_000).result == "foreign"


def test_a_command_for_another_gateway_does_nothing() -> None:
    assert Commands("gw-test", BOOT).take(order(gateway="gw-other"), 1_000).result == "foreign"


def test_a_command_is_void_after_its_monotonic_time() -> None:
    commands = Commands("gw-test", BOOT)
    assert not commands.take(order(), 60_000).result
    assert commands.take(order(), 60_001).result == "expired"


def test_a_command_that_would_live_too_long_is_refused() -> None:
    assert Commands("gw-test", BOOT).take(order(expires_mono_ms=HORIZON_MS + 2), 1).result == "refused"
