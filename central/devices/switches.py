"""Outputs that a gateway lets people switch from afar: what it described, what it read back, who asked last.

What may be switched is said by the gateway's own configuration alone; it comes with its birth, and the
gateway judges each order again. What is shown is what it read back, never what was wished.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from central.db.errors import NotFoundError
from central.db.queries import load
from central.devices import store
from central.devices.field_models import LastOrder, NotSwitchable, SwitchRow
from central.devices.models import OFFLINE
from central.identity.operations import KIND_NAMES
from protocol import codec

if TYPE_CHECKING:
    from central.db.pool import Connection
    from protocol.messages import OutputInfo

Q = load(__file__, "queries_field.sql")


async def described(conn: Connection, gateway: str) -> list[OutputInfo]:
    """The outputs that a gateway's current birth describes."""
    encoded = await store.current_description(conn, gateway)
    return [] if encoded is None else codec.decode_description(encoded).outputs


async def check(conn: Connection, gateway: str, output: str, who: str) -> None:
    """Refuse what the gateway would refuse.

    Args:
        conn: a scoped transaction.
        gateway: whose.
        output: its name there.
        who: of which kind the person is.

    Raises:
        NotSwitchable: it is not described as remote, or not for people of this kind.
    """
    found = next((one for one in await described(conn, gateway) if one.output == output), None)
    if found is None or not found.remote:
        raise NotSwitchable(output, "网关的配置没有允许远程操作它。")
    if who not in found.who:
        allowed = "、".join(KIND_NAMES[kind][0] if kind in KIND_NAMES else kind for kind in found.who)
        raise NotSwitchable(output, f"网关的配置只允许{allowed or '无人'}操作。")


async def listing(conn: Connection, gateway: str, who: str, *, may: bool) -> list[SwitchRow]:
    """All such outputs of a gateway within the scope.

    Args:
        conn: a scoped transaction.
        gateway: whose.
        who: of which kind the reader is.
        may: whether the reader may send commands at all.

    Raises:
        NotFoundError: no such gateway.
    """
    word = await conn.fetchrow(Q.outputs_heard, gateway)
    if word is None:
        raise NotFoundError
    heard = {} if word["presence"] == OFFLINE else {one["output"]: one for one in word["outputs"]}
    orders = {row["output"]: row for row in await conn.fetch(Q.switched, gateway)}
    rows = []
    for info in await described(conn, gateway):
        state, order = heard.get(info.output), orders.get(info.output)
        rows.append(
            SwitchRow(
                output=info.output,
                name=info.name,
                remote=info.remote,
                pulse_s=info.pulse_ms / 1000,
                on_when=info.on_when,
                off_when=info.off_when,
                who=info.who,
                mine=may and info.remote and who in info.who,
                on=None if state is None else state["on"],
                ok=True if state is None else state["ok"],
                heard_at=word["heard_at"],
                last=None
                if order is None
                else LastOrder(
                    order["command"],
                    order["actor"],
                    order["reason"],
                    order["created_at"],
                    order["result"],
                    order["detail"],
                ),
            )
        )
    return rows
