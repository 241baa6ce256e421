"""What echo, noise and broken frames say about the wiring; pure, from what was counted on one line.

Source: RS-485 practice (TIA-485-A: bias and termination; Modbus over Serial Line V1.02, 3.4), and how a UART
shows a line whose wires are exchanged or whose speed differs; from memory, tried on virtual wires only. Each
hint names what was seen, so that the person at the terminal can judge it.
"""

from typing import Final

import msgspec

BLANKS: Final = (0x00, 0xFF)
MANY: Final = 0.6
BAD_SHARE: Final = 0.05


class Tally(msgspec.Struct):
    """What was counted at one speed and parity of one line."""

    setting: str = ""
    asked: int = 0
    answered: int = 0
    idle_bytes: int = 0  # nobody had asked
    idle_blanks: int = 0  # of these 00 or FF
    echoes: int = 0
    garbled_replies: int = 0  # bytes came after a request, and were no frame
    garbled_bytes: int = 0
    garbled_blanks: int = 0
    second_masters: int = 0
    late: int = 0
    doubled: list[int] = []  # units with more than one answer to one request
    torn: list[int] = []  # units that answered whole once and broken another time

    def garbled(self, data: bytes, count: int) -> None:
        """Count a reply that was no frame."""
        self.garbled_replies += 1
        self.garbled_bytes += count
        self.garbled_blanks += sum(byte in BLANKS for byte in data)


class Hint(msgspec.Struct, frozen=True):
    """What was seen, what it may be, and what to do."""

    code: str
    text: str


def hints(tallies: list[Tally], *, serial: bool) -> list[Hint]:
    """Return what is worth a look, the gravest first.

    Args:
        tallies: one for each speed and parity that was tried on the line.
        serial: whether a serial line is behind it; a TCP instrument has no wires to exchange.
    """
    found: list[Hint] = []
    masters = sum(t.second_masters for t in tallies)
    if masters:
        found.append(
            Hint(
                "second-master",
                f"another master asks on this line ({masters} requests heard): stop it; with two, values"
                " cannot be trusted",
            )
        )
    for t in tallies:
        found += [_duplicate(unit, t.setting) for unit in t.doubled]
        found += [_torn(unit, t.setting) for unit in t.torn]
    if serial:
        found += _line(tallies)
    return found


def _duplicate(unit: int, setting: str) -> Hint:
    return Hint(
        "duplicate",
        f"unit {unit} gave two answers to one request at {setting}: two instruments with this address, or a"
        " converter that repeats; switch one off and scan again",
    )


def _torn(unit: int, setting: str) -> Hint:
    return Hint(
        "torn",
        f"unit {unit} answers whole one time and broken another at {setting}: two instruments with this"
        " address, or a bad line (bias, 120 Ω at both ends only, screen, a loose wire)",
    )


def _line(tallies: list[Tally]) -> list[Hint]:
    found: list[Hint] = []
    answered = sum(t.answered for t in tallies)
    echoes = sum(t.echoes for t in tallies)
    asked = sum(t.asked for t in tallies)
    idle = sum(t.idle_bytes for t in tallies)
    broken = [t for t in tallies if t.garbled_replies]
    if idle:
        blank = sum(t.idle_blanks for t in tallies) / idle
        what = f"{idle} bytes came while nobody had asked"
        if blank >= MANY:
            found.append(
                Hint(
                    "bias",
                    f"{what}, mostly 00 or FF: the idle line floats or is held the wrong way round: bias"
                    " missing, 120 Ω missing or too many, or A and B exchanged",
                )
            )
        else:
            found.append(
                Hint(
                    "noise",
                    f"{what}: something on this line speaks by itself, or noise comes in: screen, earth",
                )
            )
    if broken and not answered:
        found.append(_wrong_speed(broken))
    elif broken:
        good = [t for t in broken if t.answered]
        bad = sum(t.garbled_replies for t in good)
        if good and bad > BAD_SHARE * (bad + sum(t.answered for t in good)):
            found.append(
                Hint(
                    "damaged",
                    f"{bad} replies came damaged (check sum): look at termination (120 Ω at both ends only),"
                    " bias, screen, and branches of the cable",
                )
            )
    if echoes:
        found.append(
            Hint(
                "echo",
                f"the adapter hears its own requests ({echoes} of {asked}): two-wire with local echo; that is"
                " allowed, the gateway drops one echo",
            )
        )
    if asked and not answered and not broken and not idle:
        alone = " (the adapter itself works: it heard its own requests)" if echoes else ""
        found.append(
            Hint(
                "silent",
                f"nobody answered{alone}: supply, A and B exchanged, the other speed or parity, an address"
                " outside of the range, or another protocol",
            )
        )
    if sum(t.late for t in tallies):
        found.append(Hint("slow", "an instrument answered late: give its unit a longer timeout_ms"))
    return found


def _wrong_speed(broken: list[Tally]) -> Hint:
    """Say what replies that are no frames at any speed point to."""
    best = max(broken, key=lambda t: t.garbled_replies)
    per = best.garbled_bytes / best.garbled_replies
    blank = best.garbled_blanks / max(1, best.garbled_bytes)
    where = f"most at {best.setting}: {best.garbled_replies} replies of about {per:.0f} bytes"
    if blank >= MANY:
        return Hint(
            "parity",
            f"answers came that are no frames ({where}), mostly 00 or FF: another parity or stop bits, or the"
            " line speaks much more slowly than asked",
        )
    return Hint(
        "speed",
        f"answers came that are no frames ({where}): another speed or parity, A and B exchanged, two"
        " instruments with one address, or another protocol",
    )
