"""Says of each output whether it goes to its safe state by itself when the gateway dies, and why (not)."""

from edge.config_models import Coil, Gpio, OutputTable
from edge.outputs import hold
from edge.outputs.models import FailSafe

PLAIN_COIL = (
    "a plain coil keeps its state when the gateway dies: a horn that is silent then stays silent;"
    " with a board that has a timed pulse or a watchdog of its own, add hold"
)
PLAIN_PIN = (
    "nothing outside watches the pin: with a process that hangs it keeps its level; put a monostable behind"
    ' it and add hold = { style = "dead-man" }'
)
WHO = {
    "pulse": "the board ends the pulse",
    "watchdog": "the board's watchdog drops its outputs",
    "dead-man": "the monostable behind the pin drops",
}


def fail_safe(table: OutputTable) -> FailSafe:
    """Judge one output by its table."""
    assert isinstance(table, Coil | Gpio)
    held = table.hold
    if held is None:
        return FailSafe(False, PLAIN_COIL if isinstance(table, Coil) else PLAIN_PIN)
    return FailSafe(
        True,
        f"{WHO[held.style]} {held.timeout_ms} ms after the last renewal (every"
        f" {held.renew_ms} ms, only with the alarm engine's token); a hang of the"
        f" engine is seen within {hold.TOKEN_MS} ms: at most {hold.TOKEN_MS + held.timeout_ms} ms until it"
        " sounds",
    )
