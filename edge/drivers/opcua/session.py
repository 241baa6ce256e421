"""One session with an OPC UA server through asyncua, reduced to the services that reading needs.

asyncua 2.1.0 as read in its source: `Client.connect` starts three tasks of its own that re-create
subscriptions behind our back, so the steps of connecting are called one by one and none of them starts;
`UaSession.create_subscription` starts a publish loop that never ends on a lost connection, so subscribing and
publishing are calls here; the client takes a message of any length (Hello and Acknowledge set "no limit"), so
`transport.py` bounds it; `DataValue` is decoded in another order than OPC 10000-6, Table 27, so `decode.py`
reads values.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any, Final

import msgspec
from asyncua import ua
from asyncua.client.client import Client
from asyncua.crypto import security_policies, uacrypto
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.uaerrors import UaStatusCodeError

from edge.drivers.models import Clock, Tape
from edge.drivers.opcua import decode, status
from edge.drivers.opcua.binary import BadReply
from edge.drivers.opcua.credentials import Secrets, thumbprint
from edge.drivers.opcua.decode import Publication, ReadReply
from edge.drivers.opcua.node import NodeName
from edge.drivers.opcua.settings import Bus
from edge.drivers.opcua.transport import Transport

CLOSE_S: Final = 1.0
NAME: Final = "Fengsui gateway"

_POLICIES: Final[dict[str, type[Any]]] = {
    "Basic256Sha256": security_policies.SecurityPolicyBasic256Sha256,
    "Aes128_Sha256_RsaOaep": security_policies.SecurityPolicyAes128Sha256RsaOaep,
    "Aes256_Sha256_RsaPss": security_policies.SecurityPolicyAes256Sha256RsaPss,
}
_MODES: Final = {
    "none": ua.MessageSecurityMode.None_,
    "sign": ua.MessageSecurityMode.Sign,
    "sign-and-encrypt": ua.MessageSecurityMode.SignAndEncrypt,
}
_NODE_KINDS: Final = {
    "i": ua.NodeIdType.Numeric,
    "s": ua.NodeIdType.String,
    "g": ua.NodeIdType.Guid,
    "b": ua.NodeIdType.ByteString,
}

# OPC 10000-4, 7.39.2: after these nothing works until there is a new channel or session.
_ENDED: Final = {
    0x800C, 0x800D, 0x800E, 0x8013, 0x8022, 0x8025, 0x8026, 0x8027, 0x807F, 0x8086, 0x8087, 0x80AE,
}  # fmt: skip
TOO_MUCH: Final = frozenset({0x8008, 0x8010, 0x80B8, 0x80B9})  # ask less at once
# The server knows us and says no: asking again soon could lock the account.
_UNWANTED: Final = {0x801F, 0x8020, 0x8021, 0x80EF}
_CERTIFICATES: Final = {*range(0x8012, 0x801F), 0x810D, 0x8114}


class Silent(Exception):
    """The server did not answer in time."""


class Lost(Exception):
    """The connection or session is gone, or was not given; `ours` where only a person can mend it."""

    def __init__(self, text: str, ours: bool = False) -> None:
        super().__init__(text)
        self.ours = ours


class Refused(Exception):
    """The server refused one service with a StatusCode."""

    def __init__(self, code: int, what: str) -> None:
        super().__init__(f"{what}: the server says {code_name(code)}")
        self.code = code >> 16


class Item(msgspec.Struct, frozen=True):
    """A variable to be watched: `handle` comes back with each change."""

    node: ua.NodeId
    handle: int
    sampling_ms: int
    queue: int


class Subscription(msgspec.Struct, frozen=True):
    """What the server granted."""

    number: int
    publishing_ms: float
    keepalive_count: int


def code_name(code: int) -> str:
    """Name a StatusCode, known to us or to the library."""
    own = status.NAMES.get(code >> 16)
    return own or str(ua.StatusCode(code).name)  # type: ignore[arg-type]


def node_id(name: NodeName, index: int) -> ua.NodeId:
    """Build the library's node id."""
    return ua.NodeId(name.identifier, index, _NODE_KINDS[name.kind])  # type: ignore[arg-type]


class Session:
    """An activated session; every call raises Silent, Lost, Refused or BadReply and nothing else."""

    def __init__(self, bus: Bus, secrets: Secrets, clock: Clock, tape: Tape | None) -> None:
        self._bus = bus
        self._secrets = secrets
        self._clock = clock
        self._timeout_s = bus.timeout_ms / 1000
        self._tape = tape
        self._wire = Transport(self._timeout_s, tape)
        self._client = client = Client(bus.endpoint, self._timeout_s)
        client.uaclient = self._wire
        client.name = client.description = NAME
        client.application_uri = secrets.application_uri or "urn:fengsui:gateway"
        client.product_uri = "urn:fengsui"
        client.session_timeout = round(bus.session_timeout_s * 1000)
        client.secure_channel_timeout = round(bus.channel_lifetime_s * 1000)

    async def open(self) -> None:
        """Connect, open the channel, create and activate the session."""
        client, bus = self._client, self._bus
        try:
            with _mapped("connecting"):
                async with _within(4 * self._timeout_s):
                    await self._secure()
                    await client.connect_socket()
                    await client.send_hello()
                    await client.open_secure_channel()
                    await client.create_session()
                    self._guard_password()
                    self._wire.hide(bool(bus.user))
                    await client.activate_session(bus.user or None, self._secrets.password or None)
                    self._wire.hide(False)
        except (Silent, Refused, BadReply) as exc:
            self._wire.abort()
            code = exc.code if isinstance(exc, Refused) else 0
            raise Lost(str(exc) + _advice(code), code in _UNWANTED | _CERTIFICATES) from exc
        except BaseException:
            self._wire.abort()
            raise

    async def _secure(self) -> None:
        bus, secrets, client = self._bus, self._secrets, self._client
        if bus.security == "none":
            # A pinned certificate is compared with the one in the server's answer, before any password.
            client.security_policy.peer_certificate = secrets.server_certificate or None
            return
        await client.set_security(
            _POLICIES[bus.policy],
            uacrypto.CertProperties(secrets.certificate, "der"),
            uacrypto.CertProperties(secrets.key, "der"),
            server_certificate=uacrypto.CertProperties(secrets.server_certificate, "der"),
            mode=_MODES[bus.security],
        )

    def _guard_password(self) -> None:
        """Refuse to send a password that others could read on the way."""
        if not self._bus.user or self._bus.security == "sign-and-encrypt":
            return
        uri = self._client.server_policy(ua.UserTokenType.UserName).SecurityPolicyUri or ""
        if uri in {"", security_policies.SecurityPolicyNone.URI} and self._secrets.server_certificate:
            raise Lost(
                "the server wants the password unencrypted on a connection that others can read;"
                ' use security = "sign-and-encrypt"',
                ours=True,
            )

    async def close(self) -> None:
        """End the session so that the server forgets it, but wait for that a second at most."""
        try:
            with contextlib.suppress(Silent, Lost, Refused, BadReply), _mapped("closing"):
                async with _within(CLOSE_S):
                    await self._wire.services.close_session(delete_subscriptions=True)
                    await self._wire.close_secure_channel()
        finally:
            self._wire.abort()

    async def renew(self) -> None:
        """Renew the channel's keys for ever, at three quarters of their life (OPC 10000-4, 5.6.2.1)."""
        while True:
            await asyncio.sleep(max(1.0, self._client.secure_channel_timeout * 0.75 / 1000))
            try:
                with _mapped("renewing the secure channel"):
                    await self._client.open_secure_channel(renew=True)
                    self._wire.revolve_security_token()
            except (Silent, Refused, BadReply) as exc:
                raise Lost(str(exc)) from exc

    async def read(self, nodes: Sequence[ua.ReadValueId]) -> tuple[ReadReply, int, int]:
        """Read values with both stamps, as fresh as the server can (MaxAge 0).

        Returns:
            The reply, and the monotonic times of request and reply in ms.
        """
        request = ua.ReadRequest()
        request.Parameters.NodesToRead = list(nodes)
        request.Parameters.TimestampsToReturn = ua.TimestampsToReturn.Both
        sent = self._clock.mono_ms()
        with _mapped("reading"):
            body, handle = await self._wire.services.exchange(request)
            return decode.read_reply(body, handle, len(nodes)), sent, self._clock.mono_ms()

    async def subscribe(self, publishing_ms: int, keepalive_count: int, lifetime_count: int) -> Subscription:
        """Create a subscription."""
        asked = ua.CreateSubscriptionParameters()
        asked.RequestedPublishingInterval = publishing_ms
        asked.RequestedMaxKeepAliveCount = keepalive_count
        asked.RequestedLifetimeCount = lifetime_count
        asked.MaxNotificationsPerPublish = decode.MOST_CHANGES
        asked.PublishingEnabled = True
        with _mapped("subscribing"):
            request = ua.CreateSubscriptionRequest()
            request.Parameters = asked
            body, handle = await self._wire.services.exchange(request)
            return Subscription(*decode.subscribe_reply(body, handle))

    async def watch(self, subscription: int, items: Sequence[Item], filtered: bool) -> list[int]:
        """Create monitored items.

        Args:
            subscription: its number.
            items: what to watch.
            filtered: report a change of the time stamp too, which proves that the source is alive.

        Returns:
            One StatusCode an item.
        """
        asked = ua.CreateMonitoredItemsParameters()
        asked.SubscriptionId = subscription
        asked.TimestampsToReturn = ua.TimestampsToReturn.Both
        asked.ItemsToCreate = [_monitored(item, filtered) for item in items]
        with _mapped("watching"):
            request = ua.CreateMonitoredItemsRequest()
            request.Parameters = asked
            body, handle = await self._wire.services.exchange(request)
            return decode.watch_reply(body, handle, len(items))

    async def unsubscribe(self, subscription: int) -> None:
        """Delete a subscription; a server that does not know it any more is content too."""
        with contextlib.suppress(Refused, BadReply), _mapped("unsubscribing"):
            request = ua.DeleteSubscriptionsRequest()
            request.Parameters.SubscriptionIds = [subscription]
            body, handle = await self._wire.services.exchange(request)
            decode.unsubscribe_reply(body, handle)

    async def publish(self, acknowledged: Sequence[tuple[int, int]], timeout_s: float) -> Publication:
        """Wait for the next notification or keep-alive.

        Args:
            acknowledged: (subscription, sequence number) of what was received.
            timeout_s: how long the server may be quiet.
        """
        request = ua.PublishRequest()
        request.Parameters.SubscriptionAcknowledgements = [
            ua.SubscriptionAcknowledgement(number, sequence) for number, sequence in acknowledged
        ]
        with _mapped("publishing"):
            async with _within(timeout_s):
                body, handle = await self._wire.services.exchange(request, 0)
            return decode.publish_reply(body, handle)


async def shown_certificate(bus: Bus) -> str:
    """Ask a server without security which certificate it shows: to tell a person, never for trust."""
    client = Client(bus.endpoint, bus.timeout_ms / 1000)
    client.uaclient = wire = Transport(bus.timeout_ms / 1000, None)
    try:
        with _mapped("asking for endpoints"):
            async with _within(2 * bus.timeout_ms / 1000):
                endpoints = await client.connect_and_get_server_endpoints()
    finally:
        wire.abort()
    shown = sorted({thumbprint(one.ServerCertificate) for one in endpoints if one.ServerCertificate})
    return ", ".join(shown)


def read_value_id(node: ua.NodeId) -> ua.ReadValueId:
    """Ask for the Value attribute of a node, the only one with status and stamps."""
    asked = ua.ReadValueId()
    asked.NodeId = node
    asked.AttributeId = AttributeIds.Value
    return asked


def _monitored(item: Item, filtered: bool) -> ua.MonitoredItemCreateRequest:
    asked = ua.MonitoredItemCreateRequest()
    asked.ItemToMonitor = read_value_id(item.node)
    asked.MonitoringMode = ua.MonitoringMode.Reporting
    asked.RequestedParameters.ClientHandle = item.handle
    asked.RequestedParameters.SamplingInterval = float(item.sampling_ms)
    asked.RequestedParameters.QueueSize = item.queue
    asked.RequestedParameters.DiscardOldest = True
    if filtered:
        change = ua.DataChangeFilter()
        change.Trigger = ua.DataChangeTrigger.StatusValueTimestamp
        asked.RequestedParameters.Filter = change
    return asked


def _advice(code: int) -> str:
    if code in _CERTIFICATES or code == 0x8013:
        return "; the server must trust this gateway's certificate, and hold the one that is pinned here"
    if code in _UNWANTED:
        return "; let the server's engineer check user, password and rights"
    return ""


@contextlib.asynccontextmanager
async def _within(seconds: float) -> AsyncIterator[None]:
    """Give up after some time.

    The library waits by `wait_for2`, whose CancelledError is of a class of its own when the answer comes at
    that very moment; `asyncio.timeout` (3.11) doesn't know it and would let our task end as if cancelled.
    """
    async with asyncio.timeout(seconds):
        try:
            yield
        except asyncio.CancelledError:
            raise asyncio.CancelledError from None


@contextlib.contextmanager
def _mapped(what: str) -> Iterator[None]:
    """Turn whatever the library raises into our four faults."""
    try:
        yield
    except (Silent, Lost, Refused, BadReply):
        raise
    except asyncio.CancelledError as exc:
        task = asyncio.current_task()
        if task is not None and not task.cancelling():
            raise Lost(f"{what}: given up by the library") from exc
        raise
    except UaStatusCodeError as exc:
        if exc.code >> 16 in _ENDED:
            raise Lost(f"{what}: the server says {code_name(exc.code)}") from exc
        raise Refused(exc.code, what) from exc
    except TimeoutError as exc:
        raise Silent(f"{what}: no answer in time") from exc
    except OSError as exc:
        raise Lost(f"{what}: {exc.strerror or exc}") from exc
    except Exception as exc:
        raise BadReply(f"{what}: {str(exc) or type(exc).__name__}") from exc


__all__ = ["Item", "Lost", "Refused", "Session", "Silent", "Subscription", "shown_certificate"]
