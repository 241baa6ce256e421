"""What other rooms ask of devices: register a gateway, take its birth, keep heartbeats, ask it something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4

import msgspec

from central.db.errors import DomainError, FieldProblem, NotFoundError
from central.devices import outputs, rules, store, switches
from central.devices.keys import CentreKey, credentials, write_secret
from central.devices.models import (
    OFFLINE,
    SOURCE_WORDS,
    SWITCHING,
    BusRow,
    CommandRequest,
    CommandRow,
    Gateway,
    GatewayRow,
    GatewaySilent,
    Queue,
    SourceRow,
)
from central.devices.rules import Binding
from protocol import codec, keys
from protocol.messages import AlarmInfo, AnnunciatorState, BusState, Command, Description

if TYPE_CHECKING:
    from central.db.pool import Connection

_INT: Final = (1 << 31) - 1
_MOST_ANNUNCIATORS: Final = 64
_MOST_BUSES: Final = 64
_TROUBLE: Final = 300
_MOST_CHATTER: Final = 16

gateways = store.gateways
keep_heartbeats = store.keep_heartbeats
keep_anchors = store.keep_anchors
presences = store.presences
set_presence = store.set_presence
set_interleaved = store.set_interleaved
lock_state = store.lock_state
set_birth = store.set_birth
birth_heads = store.birth_heads


async def register_gateway(
    conn: Connection,
    key: CentreKey,
    *,
    gateway: str,
    enterprise_code: str,
    name: str,
    router: str,
    out: Path,
    now: datetime,
    broker: str = "",
) -> None:
    """Make a gateway and write its credential file; neither exists without the other.

    Args:
        conn: the transaction that the row is made in; the file is written before its commit.
        key: ours, whose public half the gateway learns.
        gateway: its id.
        enterprise_code: whose it is.
        name: as people call it; empty: the id.
        router: Zenoh endpoint that it connects to.
        out: the file, which must not exist yet.
        now: the database's time.
        broker: MQTT endpoint that it connects to; empty for none.

    Raises:
        DomainError: a bad id, an unknown enterprise, a taken id, or the file exists.
    """
    try:
        keys.check_gateway_id(gateway)
    except ValueError as exc:
        problem = FieldProblem("gateway", str(exc), "3 到 63 个字符：a-z、0-9 和 -")
        raise DomainError("bad-gateway", "网关编号不符合要求。", 400, [problem]) from exc
    enterprise = await store.enterprise_by_code(conn, enterprise_code)
    if enterprise is None:
        raise NotFoundError(f"没有编号为 {enterprise_code} 的企业。")
    text, public = credentials(gateway, key, router, broker)
    await store.add_gateway(conn, gateway, enterprise[0], name or gateway, public, now)
    try:
        write_secret(out, text)
    except FileExistsError as exc:
        raise DomainError("file-exists", f"文件 {out} 已存在，未覆盖。", 409) from exc


async def take_birth(
    conn: Connection, gateway: Gateway, encoded: bytes, description: Description, current: bool, now: datetime
) -> Binding:
    """Keep a description, make the points that it names, and join it to their ids.

    Args:
        conn: the transaction of the birth's receipt.
        gateway: who signed it.
        encoded: the description as it came, over which its hash goes.
        description: decoded and checked.
        current: whether the gateway works under it now.
        now: receive time.
    """
    digest = codec.birth_hash(encoded)
    await store.keep_birth(conn, gateway.id, digest, encoded, description, now)
    await store.describe_points(conn, gateway, description, current, now)
    return rules.bind(digest, description, await store.point_ids(conn, gateway.id))


async def binding(conn: Connection, gateway: str, digest: bytes) -> Binding | None:
    """The birth of that hash joined to our ids; None when it never came."""
    encoded = await store.birth_description(conn, gateway, digest)
    if encoded is None:
        return None
    description = codec.decode_description(encoded)
    return rules.bind(digest, description, await store.point_ids(conn, gateway))


async def described_alarms(conn: Connection, gateway: str, point: str) -> list[AlarmInfo]:
    """The alarms that a gateway's current birth describes at a point, by its key."""
    encoded = await store.current_description(conn, gateway)
    if encoded is None:
        return []
    return [alarm for alarm in codec.decode_description(encoded).alarms if alarm.point == point]


async def described_scales(conn: Connection, gateway: str) -> dict[str, tuple[float, float]]:
    """Scale and offset, by key, of each point of a current birth whose value is raw * scale + offset."""
    encoded = await store.current_description(conn, gateway)
    if encoded is None:
        return {}
    points = codec.decode_description(encoded).points
    return {point.key: (point.scale, point.offset) for point in points if not point.curve}


async def anchor(conn: Connection, gateway: str, boot: int) -> tuple[int, datetime] | None:
    """(monotonic ms, moment of ours) last heard of a boot."""
    return await store.anchor(conn, gateway, boot)


async def listing(
    conn: Connection,
    now: datetime,
    *,
    after: str = "",
    enterprise_id: int | None = None,
    presence: str | None = None,
    limit: int = 50,
) -> tuple[list[GatewayRow], str | None]:
    """Gateways within the reader's scope; (rows, `after` of the next page or None)."""
    found = await store.gateway_rows(conn, after, enterprise_id, presence, limit + 1)
    beside = await outputs.beside(conn, [record["id"] for record in found[:limit]], now)
    rows = [_row(record, now, beside) for record in found[:limit]]
    return rows, rows[-1].id if len(found) > limit else None


async def one(conn: Connection, gateway: str, now: datetime) -> GatewayRow:
    """One gateway within the reader's scope.

    Raises:
        NotFoundError: there is none.
    """
    record = await store.gateway_row(conn, gateway)
    if record is None:
        raise NotFoundError
    return _row(record, now, await outputs.beside(conn, [gateway], now))


def check_command(request: CommandRequest) -> None:
    """Refuse a request that lacks what its command needs.

    Raises:
        DomainError: with every field that is missing.
    """
    problems = rules.command_problems(request)
    if problems:
        raise DomainError("bad-command", "指令不完整。", 400, problems)


async def prepare_command(
    conn: Connection, gateway: str, request: CommandRequest, actor: str, now: datetime, who: str = ""
) -> Command:
    """Write a command down and bind it to the gateway's boot and clock (law-never-lose 9).

    Args:
        conn: a scoped transaction, committed before the command is sent.
        gateway: whom it is for.
        request: what is asked.
        actor: who asks, as shown.
        now: the database's time.
        who: of which kind the actor is.

    Raises:
        NotFoundError: no such gateway within the scope.
        NotSwitchable: it lets nobody of this kind switch that output.
        GatewaySilent: it was not heard yet or is offline.
        DomainError: the request lacks what its command needs.
    """
    check_command(request)
    if request.command in SWITCHING:
        await switches.check(conn, gateway, request.output or "", who)
    return await bind(
        conn,
        gateway,
        Command(
            id="",
            gateway=gateway,
            boot=0,
            command=request.command,
            alarm=request.alarm or "",
            by=actor,
            reason=request.reason,
            expires_mono_ms=0,
            for_ms=(request.for_s or 0) * 1000,
            output=request.output or "",
            who=who,
        ),
        now,
    )


async def bind(conn: Connection, gateway: str, draft: Command, now: datetime) -> Command:
    """Write down a command that was found good, with an id, bound to the gateway's boot and clock.

    Raises:
        NotFoundError: no such gateway within the scope.
        GatewaySilent: it was not heard yet or is offline.
    """
    word = await store.last_word(conn, gateway)
    if word is None:
        raise NotFoundError
    if word["boot"] is None or word["presence"] == OFFLINE:
        raise GatewaySilent
    age_ms = max(0, (now - word["heard_at"]) // timedelta(milliseconds=1))
    command = msgspec.structs.replace(
        draft, id=str(uuid4()), boot=word["boot"], expires_mono_ms=rules.expiry(word["mono_ms"], age_ms)
    )
    await store.ask(
        conn,
        UUID(command.id),
        gateway,
        command.boot,
        command.command,
        rules.plain(command.alarm),
        rules.plain(command.by),
        rules.plain(command.reason),
        now,
        command.expires_mono_ms,
        command.for_ms // 1000 or None,
        rules.plain(command.output),
    )
    return command


async def record_answer(
    conn: Connection, command: Command, result: str, detail: str, now: datetime
) -> CommandRow:
    """Write down what became of a command."""
    await store.answer(conn, UUID(command.id), result, rules.plain(detail), now)
    return CommandRow(UUID(command.id), command.gateway, result, detail, now)


def heard_sources(states: Iterable[tuple[str, int, int, str]]) -> list[dict[str, object]]:
    """Instruments of a heartbeat, (source, state, age, name), as they are kept."""
    return [
        {
            "source": rules.plain(source),
            "state": SOURCE_WORDS.get(state, "silent"),
            "good_age_ms": age,
            "name": rules.plain(name),
        }
        for source, state, age, name in states
    ]


def heard_annunciators(states: Sequence[AnnunciatorState]) -> list[dict[str, object]]:
    """Annunciators of a heartbeat, as they are kept."""
    return [
        {
            "name": rules.plain(state.name),
            "annunciations": max(0, min(state.annunciations, _INT)),
            "flood": state.flood,
            "chatter": [[rules.plain(alarm), times] for alarm, times in state.chatter[:_MOST_CHATTER]],
            "test_every_s": max(0, min(state.test_every_s, _INT)),
        }
        for state in states[:_MOST_ANNUNCIATORS]
    ]


def heard_buses(states: Sequence[BusState]) -> list[dict[str, object]]:
    """Buses of a heartbeat, as they are kept."""
    return [
        {
            "bus": rules.plain(state.bus),
            "connected": state.connected,
            "busy": None if state.busy < 0 else min(state.busy, 1000) / 1000,
            "good": max(0, min(state.good, _INT)),
            "failed": max(0, min(state.failed, _INT)),
            "silent": max(0, min(state.silent, _INT)),
            "trouble": rules.plain(state.trouble)[:_TROUBLE],
        }
        for state in states[:_MOST_BUSES]
    ]


def heard_outputs(states: Iterable[tuple[str, bool, bool]]) -> list[dict[str, object]]:
    """Outputs of a heartbeat, (output, on, ok), as they are kept."""
    return [{"output": rules.plain(output), "on": on, "ok": ok} for output, on, ok in states]


def _row(record: Any, now: datetime, beside: outputs.Beside) -> GatewayRow:
    heard = record["heard_at"]
    age_s = None if heard is None else max(0.0, (now - heard).total_seconds())
    return GatewayRow(
        id=record["id"],
        name=record["name"],
        enterprise_id=record["enterprise_id"],
        enterprise_name=record["enterprise_name"],
        presence=record["presence"],
        last_heartbeat_at=heard,
        age_s=age_s,
        boot=None if record["boot"] is None else f"{record['boot']:x}",
        clock_synchronised=record["clock"] == 1,
        queue=Queue(record["waiting_events"], record["waiting_measurements"]),
        active_alarms=record["active_alarms"],
        software=record["software"],
        sources=[
            SourceRow(
                source=s["source"],
                name=s.get("name") or s["source"],
                state=s["state"],
                good_age_s=None if s["good_age_ms"] < 0 else s["good_age_ms"] / 1000 + (age_s or 0.0),
            )
            for s in record["sources"]
        ],
        outputs=beside.outputs(record["id"], record["outputs"], now),
        annunciators=beside.annunciators(record["id"], record["annunciators"]),
        road=record["road"],
        buses=[BusRow(**bus) for bus in record["buses"]],
    )
