"""What travels between gateway and centre: frozen Structs of plain integers, texts and bytes.

Keeps law-never-lose 1, 2, 3, 5, 9. Tolerance is part of the contract (gateways stay in the field for ten
years): unknown fields are ignored, unknown event kinds are kept raw, new fields come last and have defaults.
Times are integer milliseconds: `*_ms` of UTC since 1970, `mono_ms` of the sender's monotonic clock, which is
comparable only within one `boot`. `boot` and `epoch` are random positive 63-bit integers (a PostgreSQL
bigint).
"""

from typing import Final

import msgspec

# Frame.kind
BIRTH: Final = 1
BATCH: Final = 2
HEARTBEAT: Final = 3
RECEIPT: Final = 4
COMMAND: Final = 5
REPLY: Final = 6
CONFIGURATION: Final = 7

# streams
EVENT: Final = 1
MEASUREMENT: Final = 2
STREAMS: Final = {EVENT: "event", MEASUREMENT: "measurement"}

# clock states
UNSYNCHRONISED: Final = 0
SYNCHRONISED: Final = 1

# Receipt.status
STORED: Final = 1  # committed, or a repetition of what was committed
EXPECTED: Final = 2  # out of order: send from `expected`
BIRTH_WANTED: Final = 3  # unknown epoch or birth hash
CONFLICT: Final = 4  # this range was committed with another hash
BUSY: Final = 5  # nothing was stored; back off and send again
REFUSED: Final = 6  # will not be accepted as it is; `reason` says why

# AlarmEvent.transition
RAISE: Final = 1
CLEAR: Final = 2
ACKNOWLEDGE: Final = 3
RESET: Final = 4
SHELVE: Final = 5
UNSHELVE: Final = 6
SUPPRESS: Final = 7
UNSUPPRESS: Final = 8
OUT_OF_SERVICE: Final = 9
IN_SERVICE: Final = 10

UNCOVERING: Final = (UNSHELVE, UNSUPPRESS, IN_SERVICE)
COVERS: Final = ("G", "H", "I")  # shelved, suppressed by design, out of service (ISA-18.2)

CENTRE: Final = "centre"


class Frame(msgspec.Struct, array_like=True, frozen=True):
    """The signed envelope of everything: `signature` is Ed25519 over `codec.signing_bytes`."""

    version: int
    kind: int
    signer: str
    body: bytes
    signature: bytes


# --- birth -------------------------------------------------------------------------------------------------


class BlockInfo(msgspec.Struct, frozen=True):
    """One block of one instrument, read or reported as a whole every `period_ms`.

    `unit`, `function`, `address` and `count` are Modbus words, and 0 where `driver` (the family) has none.
    """

    block: int
    source: str
    bus: str
    unit: int
    function: int
    address: int
    count: int
    period_ms: int
    driver: str = "modbus"


class PointInfo(msgspec.Struct, frozen=True):
    """One point: the `index`-th value in the rows of `block`.

    value = raw * scale + offset, in `unit`. With a `curve` c0, c1 ... cn it is (cn * raw + ...) * raw + c0
    instead, each product and sum rounded to a double in this order: both sides have the very same value.
    `store_every_s`: a quiet point has a row only so often; 0 is each reading.
    """

    key: str
    name: str
    block: int
    index: int
    quantity: str
    unit: str
    scale: float
    offset: float
    low: float | None = None
    high: float | None = None
    curve: list[float] = []
    store_every_s: float = 0.0


class AlarmInfo(msgspec.Struct, frozen=True):
    """One alarm of one point; `limit` in the point's unit.

    `limit_name` is LL, L, H, HH, ROC (side "rate", `limit` in unit per second), DEV (side "deviation", on
    either side of a setpoint), ON or OFF (side "discrete", `limit` 0.5), or with side "quality" what cannot
    be believed about the point: Q (bad quality), STALE, BLANK, RANGE, RATE, STUCK or SIBLINGS. Unknown names
    are treated as their side says.
    """

    alarm: str
    point: str
    limit_name: str
    side: str
    limit: float | None
    deadband: float
    on_delay_ms: int
    off_delay_ms: int
    latch: bool
    priority: int


class OutputInfo(msgspec.Struct, frozen=True):
    """An output beside the annunciators'; with `remote` the centre may have it switched.

    `pulse_ms`: it goes off by itself after so long, 0 for never. `on_when`, `off_when`: what must hold at the
    plant, in words. `who`: the kinds of people whom the plant allows it.
    """

    output: str
    name: str
    remote: bool = False
    pulse_ms: int = 0
    on_when: list[str] = []
    off_when: list[str] = []
    who: list[str] = []


class Description(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a gateway watches under one configuration; its hash is the birth hash of every batch."""

    gateway: str
    config_hash: str
    config_version: int
    software: str
    blocks: list[BlockInfo]
    points: list[PointInfo]
    alarms: list[AlarmInfo]
    outputs: list[OutputInfo] = []


class ActiveAlarm(msgspec.Struct, frozen=True):
    """An alarm that is not normal at the moment of a birth; a cover's fields and `test` as in AlarmEvent."""

    alarm: str
    occurrence: str
    state: str
    since_ms: int
    since_mono_ms: int
    clock: int
    value: float | None
    quality: int
    priority: int = 0
    under: str = ""
    first: bool = False
    by: str = ""
    reason: str = ""
    until_ms: int = 0
    test: bool = False


class EpochHead(msgspec.Struct, array_like=True, frozen=True):
    """How far one epoch of the spool reaches, durably: the last number of each stream, 0 for none."""

    epoch: int
    follows: int
    event: int
    measurement: int


class Birth(msgspec.Struct, array_like=True, frozen=True):
    """A gateway's introduction, first on every connection.

    `description` is the encoded Description. When `current` is false the frame only hands over an older
    description that the backlog refers to; `active`, `head` and `epochs` then say nothing. `epochs` are
    oldest first. `head` is (epoch, sequence number) of the event stream when `active` was taken: a raise at
    or before it that is not in `active` is history (law-warning 3).
    """

    boot: int
    mono_ms: int
    sent_ms: int
    clock: int
    description: bytes
    current: bool
    active: list[ActiveAlarm]
    head: tuple[int, int]
    epochs: list[EpochHead]


# --- batches -----------------------------------------------------------------------------------------------


class Batch(msgspec.Struct, array_like=True, frozen=True):
    """Records `first`..`last` of one stream and epoch, sealed when they were committed on the gateway.

    `boot` is the boot under which the records were taken; `sent_boot`, `mono_ms`, `sent_ms` and `clock` are
    those of the moment of sending and not part of `codec.batch_hash`. `body` is an encoded MeasurementBody or
    EventBody.
    """

    stream: int
    epoch: int
    first: int
    last: int
    birth_hash: bytes
    boot: int
    body: bytes
    sent_boot: int
    mono_ms: int
    sent_ms: int
    clock: int


class BlockRows(msgspec.Struct, array_like=True, frozen=True):
    """The polls of one block within a batch, one row a poll; all lists have the same length.

    Attributes:
        block: number of the block in the Description.
        seq: sequence number less the batch's `first`.
        time_ms: time of the reply less the body's `base_ms`.
        mono_ms: monotonic time of the reply less the body's `base_mono_ms`.
        took_ms: from sending the request to the reply; a value is dated by its request (modbus-rule).
        clock: clock state at the reply.
        quality: of the whole row.
        values: raw numbers in point order, or None when the block could not be read.
        exceptions: (row, point index, quality) where a point's quality differs from its row's.
    """

    block: int
    seq: list[int]
    time_ms: list[int]
    mono_ms: list[int]
    took_ms: list[int]
    clock: list[int]
    quality: list[int]
    values: list[list[int | float] | None]
    exceptions: list[tuple[int, int, int]]


class MeasurementBody(msgspec.Struct, array_like=True, frozen=True):
    """The body of a measurement batch."""

    base_ms: int
    base_mono_ms: int
    blocks: list[BlockRows]


class EventBody(msgspec.Struct, array_like=True, frozen=True):
    """The body of an event batch; each record stays raw until looked at: an unknown one spoils no other."""

    events: list[msgspec.Raw]


class EventHead(msgspec.Struct, frozen=True):
    """What every event record carries, also one of an unknown kind."""

    kind: str
    seq: int
    time_ms: int
    mono_ms: int
    clock: int


class AlarmEvent(msgspec.Struct, frozen=True, tag_field="kind", tag="alarm"):
    """A transition of one alarm; `state` is the letter of ISA-18.2 after it; `value` in the point's unit.

    With state G, H or I `under` is the letter of the alarm under its cover: that one tells whether its
    condition holds. `first`: the first of its first-up group. `by`, `reason`: who laid or lifted the cover
    and why; `until_ms` is the UTC time at which a shelving ends, 0 for none. An alarm that was normal under
    its cover has no occurrence ("").

    `test`: somebody tries this point on purpose (`fengsui edge commission`). Where a test ends while the
    condition holds, the occurrence is cleared as TEST and raised again, under the same name, as real.
    """

    seq: int
    time_ms: int
    mono_ms: int
    clock: int
    alarm: str
    occurrence: str
    transition: int
    state: str
    value: float | None
    quality: int
    priority: int = 0
    under: str = ""
    first: bool = False
    by: str = ""
    reason: str = ""
    until_ms: int = 0
    test: bool = False


class OperatorEvent(msgspec.Struct, frozen=True, tag_field="kind", tag="operator"):
    """Somebody did something about alarms: `origin` button, centre or page; `alarm` empty for all.

    `action` is silence, acknowledge, reset, shelve, unshelve, out-of-service, in-service, test (of a horn),
    test-begin or test-end (of a point; `alarm` is its key), switch-on or switch-off (of an output; `alarm` is
    its name).
    """

    seq: int
    time_ms: int
    mono_ms: int
    clock: int
    action: str
    origin: str
    by: str
    alarm: str = ""
    command: str = ""
    reason: str = ""


class PresenceEvent(msgspec.Struct, frozen=True, tag_field="kind", tag="presence"):
    """An instrument went online, late or offline, as seen by the gateway."""

    seq: int
    time_ms: int
    mono_ms: int
    clock: int
    source: str
    state: str
    reason: str = ""


class ClockEvent(msgspec.Struct, frozen=True, tag_field="kind", tag="clock"):
    """The gateway's clock was stepped by `step_ms`, or changed its state; `clock` is the state after it."""

    seq: int
    time_ms: int
    mono_ms: int
    clock: int
    step_ms: int
    reason: str = ""


class GapEvent(msgspec.Struct, frozen=True, tag_field="kind", tag="gap"):
    """Records that the gateway declares gone, committed before they go.

    `last` is 0 when nobody can know how many (an unclean stop): the reads between `from_ms` and `to_ms` that
    had not been committed. `kept` counts records of the range that are still sent.
    """

    seq: int
    time_ms: int
    mono_ms: int
    clock: int
    stream: int
    epoch: int
    first: int
    last: int
    reason: str
    kept: int = 0
    from_ms: int = 0
    to_ms: int = 0


class OutputEvent(msgspec.Struct, frozen=True, tag_field="kind", tag="output"):
    """A horn, beacon or relay changed, or refused to: `state` is on or off.

    With "test" it was tried: `ok` says whether it passed; with "put-off" a test did not take place or not to
    its end, because an alarm sounded.
    """

    seq: int
    time_ms: int
    mono_ms: int
    clock: int
    output: str
    state: str
    ok: bool
    reason: str = ""


class OpenedEvent(msgspec.Struct, frozen=True, tag_field="kind", tag="opened"):
    """First record of an epoch: the spool was opened; `clean` says whether the previous run had closed it."""

    seq: int
    time_ms: int
    mono_ms: int
    clock: int
    epoch: int
    follows: int
    clean: bool
    software: str = ""
    reason: str = ""


class StartEvent(msgspec.Struct, frozen=True, tag_field="kind", tag="start"):
    """The gateway began: why it had to, and runs "full" or, in a crash loop, "alarms-only" or "horn-only"."""

    seq: int
    time_ms: int
    mono_ms: int
    clock: int
    cause: str
    profile: str
    failures: int = 0


ON_TRIAL: Final = "on trial"  # reason of an in-force event


class ConfigurationEvent(msgspec.Struct, frozen=True, tag_field="kind", tag="configuration"):
    """Which configuration the gateway runs with, and how one of the centre fared.

    `stage` is "in-force" (at each start; its `reason` is "on trial" while it is), "trial", "kept",
    "taken-back" or "refused"; `master` is "file" (the gateway.toml at the plant) or "centre"; `hash` is the
    SHA-256 of the text, hexadecimal.
    """

    seq: int
    time_ms: int
    mono_ms: int
    clock: int
    stage: str
    master: str
    version: int
    hash: str = ""
    by: str = ""
    reason: str = ""


class Figure(msgspec.Struct, array_like=True, frozen=True):
    """One figure of a self-measurement, named as benchmarks are; `baseline` is the bare library's."""

    bench: str
    metric: str
    value: float
    unit: str
    baseline: float | None = None


class Machine(msgspec.Struct, frozen=True):
    """What a gateway runs on; `load` is the average of the minute before it was measured."""

    model: str
    cores: int
    ram_mb: int
    python: str
    load: float = 0.0


class FiguresEvent(msgspec.Struct, frozen=True, tag_field="kind", tag="figures"):
    """The gateway's machine measured itself (`fengsui edge bench --send`); `id` is the run's own."""

    seq: int
    time_ms: int
    mono_ms: int
    clock: int
    id: str
    software: str
    measured_ms: int
    machine: Machine
    figures: list[Figure] = []


Event = (
    AlarmEvent
    | OperatorEvent
    | PresenceEvent
    | ClockEvent
    | GapEvent
    | OutputEvent
    | OpenedEvent
    | StartEvent
    | FiguresEvent
    | ConfigurationEvent
)


# --- receipt -----------------------------------------------------------------------------------------------


class Cursor(msgspec.Struct, array_like=True, frozen=True):
    """The last sequence number of one stream and epoch that the centre has committed."""

    stream: int
    epoch: int
    last: int


class Receipt(msgspec.Struct, array_like=True, frozen=True):
    """The centre's answer to a batch or a birth; STORED is given only after the commit.

    To a batch: `stream`, `epoch`, `first`, `last` and `hash` repeat what is receipted. With EXPECTED,
    `expected` is the sequence number wanted next (of `stream` and `epoch`). To a birth: `hash` is the birth
    hash and `cursors` lists every stream and epoch known.
    """

    status: int
    gateway: str
    stream: int = 0
    epoch: int = 0
    first: int = 0
    last: int = 0
    hash: bytes = b""
    expected: int = 0
    cursors: list[Cursor] = []
    reason: str = ""


# --- heartbeat, command ------------------------------------------------------------------------------------


class SourceState(msgspec.Struct, array_like=True, frozen=True):
    """One instrument as the gateway sees it: `state` as in edge.core.heartbeat; -1 age for never good.

    `name` is what people call it, empty where nobody gave it a name.
    """

    source: str
    state: int
    good_age_ms: int
    name: str = ""


class OutputState(msgspec.Struct, array_like=True, frozen=True):
    """One output: what was commanded and whether it was read back so."""

    output: str
    on: bool
    ok: bool


class AnnunciatorState(msgspec.Struct, array_like=True, frozen=True):
    """How busy one annunciator was: annunciations of the last ten minutes, and whether they are a flood.

    `chatter` is (alarm, times in the last minute) of a few that chatter. `test_every_s`: its horn is to be
    tried so often by time, 0 where only on request.
    """

    name: str
    annunciations: int
    flood: bool
    chatter: list[tuple[str, int]] = []
    test_every_s: int = 0


class BusState(msgspec.Struct, array_like=True, frozen=True):
    """How one bus is: `busy` is the share of its time with an open question in thousandths, -1 where unknown.

    `good` and `failed` count questions since the start, `silent` instruments that do not answer now;
    `trouble` says why it is not connected.
    """

    bus: str
    connected: bool
    busy: int
    good: int
    failed: int
    silent: int
    trouble: str = ""


class Heartbeat(msgspec.Struct, array_like=True, frozen=True):
    """A sign of life: only this is believed for "online". `waiting` are batches not yet receipted."""

    boot: int
    counter: int
    mono_ms: int
    sent_ms: int
    clock: int
    period_ms: int
    epoch: EpochHead
    waiting_events: int
    waiting_measurements: int
    sources: list[SourceState]
    outputs: list[OutputState]
    active_alarms: int = 0
    software: str = ""
    annunciators: list[AnnunciatorState] = []
    buses: list[BusState] = []


class Command(msgspec.Struct, array_like=True, frozen=True):
    """An order of the centre; void after `expires_mono_ms` of that `boot`.

    `command` is silence, acknowledge or reset, with an `alarm` or with "" for all; or, of one alarm, shelve
    (for `for_ms`), unshelve, out-of-service or in-service; or test of an `output`: the name of an annunciator
    ("main"), of one of its outputs ("main.horn"), or "" for all; or switch-on or switch-off of an `output`
    that the gateway's Description calls remote, by somebody of the kind `who`; or tape, for what went over a
    bus (`output`: its name, or that of a dump at the gateway), of which the Reply brings the `part`.
    """

    id: str
    gateway: str
    boot: int
    command: str
    alarm: str
    by: str
    reason: str
    expires_mono_ms: int
    for_ms: int = 0
    output: str = ""
    who: str = ""
    part: int = 0


class Reply(msgspec.Struct, array_like=True, frozen=True):
    """The gateway's answer to a command: `result` is done, refused, expired, foreign or repeated.

    To a tape: one of `parts` pieces of a compressed dump.
    """

    id: str
    gateway: str
    boot: int
    result: str
    detail: str
    mono_ms: int
    parts: int = 0
    data: bytes = b""


class Configuration(msgspec.Struct, array_like=True, frozen=True):
    """A configuration of the centre for one gateway; `version` only ever grows.

    `text` is the content of a gateway.toml; `dry` asks for an opinion only, and with no text for the text in
    force. The answer is a Reply with
    `id` "configuration-{version}": done (it is on trial), refused or foreign.
    """

    gateway: str
    version: int
    text: str
    by: str
    reason: str = ""
    made_ms: int = 0
    dry: bool = False


def reply_id(message: "Command | Configuration") -> str:
    """Return the id under which the gateway answers."""
    return message.id if isinstance(message, Command) else f"configuration-{message.version}"


Message = Birth | Batch | Heartbeat | Receipt | Command | Reply | Configuration
