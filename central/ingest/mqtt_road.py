"""The centre's MQTT 5 session: the frames that Zenoh brings too, for the same inbox; receipts on their topic.

Keeps law-never-lose 7, 17: uplinks come by a shared subscription, so one central process of several answers
each frame, and another takes over when it leaves; live copies and heartbeats come to all. The session is
clean and ends with its connection: nothing waits in the broker for a process that is gone, the gateway asks
again. At most RECEIVE_MOST frames are under way from the broker to us, a full inbox is answered with BUSY.
paho calls back in a thread of its own: callbacks do nothing but enqueue.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import logging
import secrets
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from central.db.errors import ConfigurationError
from central.ingest.roads import Believed, GatewayDidNotAnswer, leaf_of
from protocol import codec, keys
from protocol.endpoints import Endpoint, EndpointRefused, check_broker
from protocol.messages import REPLY, Command, Configuration, Reply, reply_id

if TYPE_CHECKING:
    from paho.mqtt.reasoncodes import ReasonCode

    from central.ingest.inbox import Inbox
    from central.ingest.router import TlsFiles

_log = logging.getLogger(__name__)

GROUP: Final = "fengsui"
KEEP_ALIVE_S: Final = 15
RECEIVE_MOST: Final = 1000
ANSWERS_MOST: Final = 4000
PACKET_MOST: Final = codec.FRAME_LIMIT + 64 * 1024
RECEIPT_EXPIRES_S: Final = 60
NOBODY_SUBSCRIBED: Final = 0x10  # MQTT 5, 3.4.2.1: PUBACK "no matching subscribers"

# Subscription identifiers (MQTT 5, 3.8.2.1.2): they tell by which of our subscriptions a frame came.
_ASKED: Final = 1
_TOLD: Final = 2
_PRESENCE: Final = 3
_ANSWERED: Final = 4


class Answer:
    """Publishes the receipt of one frame, once, to the gateway under whose key the frame came.

    The response topic that a frame may name is not looked at: whoever sends does not choose where we speak.
    """

    def __init__(self, road: MqttRoad, gateway: str, correlation: bytes | None) -> None:
        self._road: MqttRoad | None = road
        self._gateway = gateway
        self._correlation = correlation

    def __call__(self, payload: bytes) -> None:
        road, self._road = self._road, None
        if road is not None:
            road.receipt(self._gateway, payload, self._correlation)


class MqttRoad:
    """A client of the broker with everything that the centre listens to.

    Args:
        endpoint: of the broker.
        tls: our certificate, where the endpoint speaks TLS.
        inbox: takes what comes.
        busy: makes the receipt for a gateway whose frame finds no room.
    """

    name = "mqtt"

    def __init__(
        self, endpoint: Endpoint, tls: TlsFiles | None, inbox: Inbox, busy: Callable[[str], bytes]
    ) -> None:
        self._inbox = inbox
        self._busy = busy
        self._loop = asyncio.get_running_loop()
        self._endpoint = endpoint
        self.ready = asyncio.Event()
        self._said = ""
        self._leaving = False
        self._waiting: dict[str, tuple[asyncio.Future[bytes], Believed]] = {}
        self._acknowledged: dict[int, asyncio.Future[int]] = {}
        self._listening: Counter[str] = Counter()
        # Two processes with one name would throw each other out of the broker for ever.
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2, f"fengsui-centre-{secrets.token_hex(6)}", protocol=mqtt.MQTTv5
        )
        client.max_inflight_messages_set(RECEIVE_MOST)
        client.max_queued_messages_set(ANSWERS_MOST)
        client.reconnect_delay_set(1, 5)
        if endpoint.secured and tls is not None:
            context = _context(tls)
            client.tls_set_context(context)
            client.on_pre_connect = partial(_renewed, context, tls)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_publish = self._on_publish
        client.on_message = self._on_message
        self._client = client

    def start(self) -> None:
        """Begin to connect; the client comes back by itself whenever the broker does."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = 0
        properties.ReceiveMaximum = RECEIVE_MOST
        properties.MaximumPacketSize = PACKET_MOST
        self._client.connect_async(
            self._endpoint.host, self._endpoint.port, KEEP_ALIVE_S, clean_start=True, properties=properties
        )
        self._client.loop_start()

    async def stop(self) -> None:
        """Leave in good order."""
        self._leaving = True
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)

    # --- in paho's thread ----------------------------------------------------------------------------------

    def _on_connect(self, client: mqtt.Client, _: Any, __: Any, reason: ReasonCode, ___: Any) -> None:
        if reason.is_failure:
            self._hand_over(self._tell, f"it does not let us in: {reason}")
            return
        shared = f"$share/{GROUP}/{_every(keys.UPLINK)}"
        for identifier, topics in (
            (_ASKED, [shared]),
            (_TOLD, [_every(keys.HEARTBEAT), _every(keys.LIVE)]),
            (_PRESENCE, [_every(keys.PRESENCE)]),
        ):
            qos = 0 if identifier == _TOLD else 1
            _subscribe(client, topics, qos, identifier)

    def _on_subscribe(self, _: mqtt.Client, __: Any, mid: int, reasons: list[ReasonCode], ___: Any) -> None:
        failed = next((reason for reason in reasons if reason.is_failure), None)
        if failed is not None:
            self._hand_over(self._tell, f"it does not let us listen: {failed}")
        self._hand_over(self._subscribed, (mid, failed is None))

    def _on_disconnect(self, _: mqtt.Client, __: Any, ___: Any, reason: ReasonCode, ____: Any) -> None:
        self._hand_over(self._gone, str(reason))

    def _on_publish(self, _: mqtt.Client, __: Any, mid: int, reason: ReasonCode, ___: Any) -> None:
        if self._waiting:
            self._hand_over(self._published, (mid, reason.value))

    def _on_message(self, _: mqtt.Client, __: Any, message: mqtt.MQTTMessage) -> None:
        identifiers = getattr(message.properties, "SubscriptionIdentifier", [])
        payload, topic = bytes(message.payload), message.topic
        if _ANSWERED in identifiers:
            if _is_reply(payload):
                self._hand_over(self._replied, payload)
        elif _ASKED in identifiers:
            if not _is_reply(payload):  # whoever commanded listens by a subscription of his own
                self._asked(topic, payload, message)
        elif _PRESENCE in identifiers:
            _log.debug("%s: %r", topic, payload[:16])
        else:
            # A live copy that finds no room is dropped: the batch itself comes by the uplink.
            self._inbox.offer(topic, payload, road=self.name)

    def _asked(self, topic: str, payload: bytes, message: mqtt.MQTTMessage) -> None:
        try:
            gateway = keys.parse(topic).gateway
        except ValueError:
            return  # no gateway of ours can have such a name, so there is nowhere to answer
        answer = Answer(self, gateway, getattr(message.properties, "CorrelationData", None))
        if not self._inbox.offer(topic, payload, answer, self.name):
            answer(self._busy(gateway))

    # --- in the loop ---------------------------------------------------------------------------------------

    def _hand_over(self, function: Callable[[Any], None], value: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the process is on its way out
            self._loop.call_soon_threadsafe(function, value)

    def _tell(self, reason: str) -> None:
        if reason != self._said:
            self._said = reason
            _log.warning("broker %s:%d: %s", self._endpoint.host, self._endpoint.port, reason)

    def _subscribed(self, told: tuple[int, bool]) -> None:
        mid, good = told
        waiting = self._acknowledged.pop(mid, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(0)
        if good and not self.ready.is_set():
            self._said = ""
            self.ready.set()
            _log.info("gateways are heard at the broker %s:%d", self._endpoint.host, self._endpoint.port)

    def _gone(self, reason: str) -> None:
        self.ready.clear()
        self._listening.clear()
        if not self._leaving:
            self._tell(f"it is gone ({reason}); gateways send again when it is back")

    def _published(self, told: tuple[int, int]) -> None:
        mid, reason = told
        waiting = self._acknowledged.pop(mid, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(reason)

    def _replied(self, payload: bytes) -> None:
        with contextlib.suppress(codec.ProtocolError):
            message = codec.decode(codec.open_frame(payload))
            waiting = self._waiting.get(message.id) if isinstance(message, Reply) else None
            if waiting is not None and not waiting[0].done() and waiting[1](payload):
                waiting[0].set_result(payload)

    def receipt(self, gateway: str, payload: bytes, correlation: bytes | None) -> None:
        """Publish a receipt; one that the broker cannot take is asked for again by the gateway."""
        properties = _expiring(RECEIPT_EXPIRES_S)
        if correlation is not None:
            properties.CorrelationData = correlation
        info = self._client.publish(keys.build(gateway, keys.RECEIPT), payload, 1, properties=properties)
        if info.rc not in {mqtt.MQTT_ERR_SUCCESS, mqtt.MQTT_ERR_NO_CONN}:
            _log.warning("a receipt for %s was not sent: %s", gateway, mqtt.error_string(info.rc))

    async def ask(self, gateway: str, payload: bytes, timeout_s: float, believed: Believed) -> bytes:
        """Publish a command and wait for the gateway's answer, which comes under its uplink.

        What is not believed is passed over: another box may hold a certificate of this name.

        Args:
            gateway: its id.
            payload: a sealed command.
            timeout_s: how long to wait.
            believed: says whether an answer is the gateway's.

        Raises:
            GatewayDidNotAnswer: nobody did.
        """
        message = codec.decode(codec.open_frame(payload))
        if not isinstance(message, (Command, Configuration)):
            raise TypeError("only commands and configurations are asked")
        name, leaf = reply_id(message), leaf_of(message)
        if not self.ready.is_set():
            raise GatewayDidNotAnswer("the centre is not connected to its broker")
        answer: asyncio.Future[bytes] = self._loop.create_future()
        self._waiting[name] = (answer, believed)
        topic = keys.build(gateway, keys.UPLINK)
        try:
            async with asyncio.timeout(timeout_s):
                self._listening[gateway] += 1
                await self._acknowledgement(_subscribe(self._client, [topic], 1, _ANSWERED))
                info = self._client.publish(
                    keys.build(gateway, leaf), payload, 1, properties=_expiring(timeout_s)
                )
                if await self._acknowledgement(info.mid) == NOBODY_SUBSCRIBED:
                    raise GatewayDidNotAnswer(f"gateway {gateway} is not at the broker")
                return await answer
        except TimeoutError as exc:
            raise GatewayDidNotAnswer(f"gateway {gateway} did not answer") from exc
        finally:
            self._waiting.pop(name, None)
            answer.cancel()
            self._listening[gateway] -= 1
            if self._listening[gateway] <= 0:
                del self._listening[gateway]
                self._client.unsubscribe(topic)

    async def _acknowledgement(self, mid: int | None) -> int:
        if mid is None:
            raise GatewayDidNotAnswer("the centre is not connected to its broker")
        waiting: asyncio.Future[int] = self._loop.create_future()
        self._acknowledged[mid] = waiting
        try:
            return await waiting
        finally:
            self._acknowledged.pop(mid, None)


def _every(leaf: str) -> str:
    return keys.every(leaf).replace("*", "+")


def _subscribe(client: mqtt.Client, topics: list[str], qos: int, identifier: int) -> int | None:
    properties = Properties(PacketTypes.SUBSCRIBE)  # type: ignore[no-untyped-call]
    properties.SubscriptionIdentifier = identifier
    options = SubscribeOptions(qos=qos, retainHandling=SubscribeOptions.RETAIN_DO_NOT_SEND)
    _, mid = client.subscribe([(topic, options) for topic in topics], properties=properties)
    return mid


def _is_reply(payload: bytes) -> bool:
    """Look at the head of a frame: an array of five, its second a kind (see `protocol.codec`)."""
    return payload[:1] == b"\x95" and payload[2:3] == bytes((REPLY,))


def _expiring(seconds: float) -> Properties:
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    properties.MessageExpiryInterval = max(1, round(seconds))
    return properties


def _context(tls: TlsFiles) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=str(tls.ca))
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(str(tls.certificate), str(tls.key))
    except (OSError, ssl.SSLError) as exc:
        raise ConfigurationError(f"{tls.certificate}: our certificate cannot be used: {exc}") from exc
    return context


def _renewed(context: ssl.SSLContext, tls: TlsFiles, *_: Any) -> None:
    """Before each connection show the certificate as it lies there now; it is renewed while we run."""
    try:
        context.load_cert_chain(str(tls.certificate), str(tls.key))
    except (OSError, ssl.SSLError) as exc:
        _log.warning("%s: our certificate cannot be read again: %s", tls.certificate, exc)


def checked(broker: str, tls: TlsFiles | None) -> Endpoint:
    """The broker's endpoint, if it may be used.

    Args:
        broker: "mqtt://127.0.0.1:1883" or "mqtts://broker.example:8883".
        tls: our certificate.

    Raises:
        ConfigurationError: it is none, or leads beyond this machine without mutual TLS.
    """
    try:
        return check_broker(broker, certified=tls is not None)
    except EndpointRefused as exc:
        raise ConfigurationError(f"FENGSUI_BROKER: {exc}") from exc


@asynccontextmanager
async def opened(
    broker: str, tls: TlsFiles | None, inbox: Inbox, busy: Callable[[str], bytes]
) -> AsyncIterator[MqttRoad]:
    """Connect to the broker, waiting for it as long as it takes, and listen.

    Args:
        broker: its endpoint.
        tls: our certificate.
        inbox: takes what comes.
        busy: makes the receipt for a gateway whose frame finds no room.

    Raises:
        ConfigurationError: see `checked`.
    """
    road = MqttRoad(checked(broker, tls), tls, inbox, busy)
    road.start()
    try:
        for attempt in itertools.count():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(5):
                    await road.ready.wait()
                    break
            if attempt == 0:
                _log.warning("no broker at %s yet", broker)
        yield road
    finally:
        await asyncio.shield(road.stop())
