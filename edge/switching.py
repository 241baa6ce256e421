"""Judges who may have which output switched from afar, and when; and has it done.

An order of the centre is carried out only where this plant's own configuration allows it: the output is
`remote`, the person is of a kind named there, and every condition holds by a good value of this moment. A
condition whose value is not good does not hold. Keeps law-never-lose 9 (the order itself was judged before:
for this boot, and in time) and design "Output writes are idempotent": the outcome is what was read back.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from edge.config_models import Switch
from edge.core.links import IN_ALARM
from edge.outputs.switch_rules import parsed
from edge.outputs.switched import Switched
from edge.spool.spool import Spool
from edge.uplink.commands import DONE, REFUSED, Outcome
from protocol import messages as m

ON: Final = "switch-on"
OFF: Final = "switch-off"


class Switching:
    """The outputs of `[[outputs]]`, and the rules of this plant over them."""

    def __init__(
        self,
        tables: Sequence[Switch],
        outputs: Mapping[str, Switched],
        value: Callable[[str], float | None],
        in_alarm: Callable[[str], bool | None],
        spool: Spool,
    ) -> None:
        """Join them.

        Args:
            tables: as configured.
            outputs: the relays by name.
            value: gives a point's newest value, None where it is not good.
            in_alarm: says whether an alarm is in alarm, None where that is not known.
            spool: takes the record of who did what.
        """
        self._tables = {table.name: table for table in tables}
        self._outputs = outputs
        self._value = value
        self._in_alarm = in_alarm
        self._spool = spool

    def why_not(self, command: m.Command) -> str:
        """Return why this plant does not allow it, "" where it does."""
        table = self._tables.get(command.output)
        if table is None or not table.remote:
            known = ", ".join(one.name for one in self._tables.values() if one.remote) or "none"
            return f"no output {command.output!r} may be switched from afar here; those that may: {known}"
        if command.who not in table.who:
            return (
                f"{table.name} may be switched by {' or '.join(table.who)}, not by {command.who or 'anybody'}"
            )
        if not command.by.strip() or not command.reason.strip():
            return "say who switches it, and why"
        unmet = [
            text
            for text in (table.on_when if command.command == ON else table.off_when)
            if not self._holds(text)
        ]
        return f"{table.name}: this does not hold, or is not known: {', '.join(unmet)}" if unmet else ""

    async def obey(self, command: m.Command) -> Outcome:
        """Carry out an order that was found good, if this plant allows it; tells what was read back."""
        why = self.why_not(command)
        if why:
            return Outcome(REFUSED, why)
        on = command.command == ON
        self._spool.record(
            partial(
                m.OperatorEvent,
                action=command.command,
                origin="centre",
                by=command.by,
                alarm=command.output,
                command=command.id,
                reason=command.reason,
            )
        )
        reason = await self._outputs[command.output].switch(on)
        if reason:
            return Outcome(REFUSED, reason)
        pulse_s = self._tables[command.output].pulse_s
        word = "on" if on else "off"
        return Outcome(DONE, f"read back {word}" + (f", for {pulse_s:g} s" if on and pulse_s else ""))

    def states(self) -> list[m.OutputState]:
        """Say what each output was last read back as; one that is not known is left out."""
        return [
            m.OutputState(one.name, bool(one.shown), one.ok)
            for one in self._outputs.values()
            if one.shown is not None or not one.ok
        ]

    def _holds(self, text: str) -> bool:
        link, wanted = parsed(text)
        if link.how == IN_ALARM:
            known = self._in_alarm(link.source)
            return known is not None and known == wanted
        value = self._value(link.source)
        return value is not None and link.holds(value) == wanted
