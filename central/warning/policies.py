"""Ladders from a file: an operator writes the next version of a region's policies; running cases keep theirs.

```toml
name = "临江县升级方案"          # shown to people
source = "县应急〔2026〕12号"     # whose numbers these are
region = "429981"               # a prefix of GB/T 2260; "" for everywhere
kind = ""                       # "management": lapsed papers, "weather" …; "": every kind without its own

[[policy]]
level = "red"                   # blue, yellow, orange or red
handling_s = 7200               # an acknowledgement pauses the ladder for so long
repeat_s = 600                  # the last rung repeats after so long
retry_s = 60                    # the same when nobody was reached
clear_after_s = 1800            # so long clear counts as cleared by itself
suppress_s = 14400              # longest suppression of a false alarm
steps = [
    { delay_s = 0, rank = "enterprise" },
    { delay_s = 600, rank = "township", channels = ["in_app", "sms"] },
    { delay_s = 600, rank = "highest" },
]
```

A ladder of `kind = "management"`, "shortage" or "patrol" may say more; one that alarms climb may not, and no
red one has quiet hours:

```toml
hour_from = 8                   # rungs fire from this hour on, time of China
hour_to = 18                    # and before this one
look_s = 259200                 # so long may a screen wait for a look before it has reached nobody
```
"""

from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec

from central.clock import database_now
from central.db.errors import ConfigurationError
from central.db.pool import Connection
from central.warning import store
from central.warning.models import LEVEL_NUMBERS, LEVELS, PATIENT, RANK_NUMBERS, Policy, Step

Seconds = Annotated[float, msgspec.Meta(gt=0, le=31_536_000)]
Delay = Annotated[float, msgspec.Meta(ge=0, le=31_536_000)]
_LOOK_S: Final = 600
_PATIENT_WORDS: Final = " or ".join(f'"{kind}"' for kind in sorted(PATIENT))


class StepEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rung in the file."""

    delay_s: Delay
    rank: Literal["enterprise", "village", "township", "county", "city", "province", "highest"]
    channels: Annotated[tuple[Literal["in_app", "sms"], ...], msgspec.Meta(min_length=1)] = ("in_app", "sms")


class PolicyEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One ladder in the file."""

    level: Literal["blue", "yellow", "orange", "red"]
    handling_s: Seconds
    repeat_s: Seconds
    steps: Annotated[tuple[StepEntry, ...], msgspec.Meta(min_length=1, max_length=32)]
    retry_s: Seconds = 60
    clear_after_s: Delay = 1800
    suppress_s: Seconds = 14400
    hour_from: Annotated[int, msgspec.Meta(ge=0, le=23)] = 0
    hour_to: Annotated[int, msgspec.Meta(ge=1, le=24)] = 24
    look_s: Seconds = _LOOK_S


class PolicyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    source: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    policy: Annotated[tuple[PolicyEntry, ...], msgspec.Meta(min_length=1)]
    region: Annotated[str, msgspec.Meta(pattern="^[0-9]{0,12}$")] = ""
    kind: Literal[
        "",
        "connection",
        "external",
        "management",
        "manual",
        "model",
        "patrol",
        "shortage",
        "weather",
    ] = ""


def parse(data: bytes, file: str = "policies") -> list[Policy]:
    """Read ladders from TOML.

    Args:
        data: the file's bytes.
        file: its name, for errors.

    Raises:
        ConfigurationError: names file, place and what would be right.
    """
    try:
        told = msgspec.toml.decode(data, type=PolicyFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise ConfigurationError(f"{file}: {exc}") from exc
    wrong = [
        f"{file}: $.policy[{index}].{fault}"
        for index, entry in enumerate(told.policy)
        for fault in _too_quiet(entry, told.kind)
    ]
    if wrong:
        raise ConfigurationError("\n".join(wrong))
    levels = [entry.level for entry in told.policy]
    if len(set(levels)) < len(levels):
        raise ConfigurationError(f"{file}: $.policy: each level may come once, found {', '.join(levels)}")
    return [
        Policy(
            name=told.name,
            source=told.source,
            region=told.region,
            version=0,
            level=LEVEL_NUMBERS[entry.level],
            handling_s=entry.handling_s,
            repeat_s=entry.repeat_s,
            retry_s=entry.retry_s,
            clear_after_s=entry.clear_after_s,
            suppress_s=entry.suppress_s,
            kind=told.kind,
            hour_from=entry.hour_from,
            hour_to=entry.hour_to,
            look_s=entry.look_s,
            steps=tuple(
                Step(delay_s=step.delay_s, rank=RANK_NUMBERS[step.rank], channels=step.channels)
                for step in entry.steps
            ),
        )
        for entry in told.policy
    ]


def _too_quiet(entry: PolicyEntry, kind: str) -> list[str]:
    """Name what would silence a ladder that must ring (law-warning 5, 7): an alarm's, and a red one."""
    faults = []
    if entry.hour_from >= entry.hour_to:
        faults.append(f"hour_from: {entry.hour_from} must be before hour_to {entry.hour_to}")
    for key, told, loud in (("hour_from", entry.hour_from, 0), ("hour_to", entry.hour_to, 24)):
        if told != loud and kind not in PATIENT:
            faults.append(f"{key}: alarms ring at all hours; leave it out, or set kind = {_PATIENT_WORDS}")
        elif told != loud and entry.level == "red":
            faults.append(f"{key}: red rings at all hours, of papers too; leave it out")
    if entry.look_s != _LOOK_S and kind not in PATIENT:
        faults.append(
            f"look_s: an alarm waits {_LOOK_S} s for a look; leave it out, or set kind = {_PATIENT_WORDS}"
        )
    return faults


async def load(conn: Connection, policies: list[Policy]) -> list[str]:
    """Write ladders as the next versions of their region and level, valid from now; say what was written.

    Args:
        conn: an operator's or worker's transaction.
        policies: from `parse`.
    """
    now = await database_now(conn)
    lines = []
    for policy in policies:
        version = await store.add_policy(conn, policy, now)
        where = (policy.region or "everywhere") + (f" for {policy.kind}" if policy.kind else "")
        lines.append(f"{LEVELS[policy.level]} in {where}: version {version}, {len(policy.steps)} steps")
    return lines


def read(path: Path) -> list[Policy]:
    """Read ladders from a file.

    Raises:
        ConfigurationError: the file can't be read or is wrong.
    """
    try:
        return parse(path.read_bytes(), str(path))
    except OSError as exc:
        raise ConfigurationError(f"{path}: {exc.strerror}") from exc
