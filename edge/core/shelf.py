"""Says what a person may take from sight, and for how long (shelving and out of service, ISA-18.2).

    asked                      granted if
    shelve                     somebody says who he is, and 0 < time <= the longest allowed;
                               of priority 3 (high) only with a reason
    take out of service        somebody says who he is, and why: it has no end by itself
    unshelve, put back         somebody says who he is

Our proposals, where the standard leaves them to the plant: at most 8 hours, a shift; a reason for priority 3.

Runs on MicroPython as it is.
"""

LONGEST_MS = 8 * 3_600_000
NEEDS_REASON = 3  # priority


def may_shelve(priority: int, for_ms: int, by: str, reason: str, longest_ms: int = LONGEST_MS) -> str:
    """Give why an alarm may not be shelved; "" if it may."""
    if not by:
        return "nobody's name: say who shelves it"
    if for_ms <= 0:
        return "no time: say for how long"
    if for_ms > longest_ms:
        return "too long: at most %d minutes here" % (longest_ms // 60_000)
    if priority >= NEEDS_REASON and not reason.strip():
        return "no reason: an alarm of priority %d is shelved only with one" % priority
    return ""


def may_take_out(by: str, reason: str) -> str:
    """Give why an alarm may not be taken out of service; "" if it may."""
    if not by:
        return "nobody's name: say who takes it out of service"
    return "" if reason.strip() else "no reason: it has no end by itself, say why"


def remaining_ms(until_ms: int, now_ms: int, longest_ms: int = LONGEST_MS) -> int:
    """Give how long a restored shelving still lasts.

    One that seems longer than allowed met a clock that went back, or a board without one: its end is not
    known, so it is over. An alarm too many is the better mistake.
    """
    rest = until_ms - now_ms
    return rest if 0 < rest <= longest_ms else 0
