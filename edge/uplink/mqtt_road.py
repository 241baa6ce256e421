"""The MQTT 5 road: paho's client in its own thread, the same frames, receipts on a topic of their own.

    fengsui/v1/{gateway}/uplink     QoS 1  frames that are answered, and answers to commands
    fengsui/v1/{gateway}/receipt    QoS 1  the answers, by correlation data or by their content (`matching`)
    fengsui/v1/{gateway}/command    QoS 1  the centre's commands
    …/live, …/heartbeat             QoS 0  dropped rather than waited for
    …/presence                      QoS 1  here, gone (also as the will); shown, never believed for "online"

The session is clean and ends with its connection: the broker keeps nothing for us, since nothing counts but
the centre's receipt, and what was under way is asked again. What it holds meanwhile expires when we give up.
"""

import asyncio
import contextlib
import logging
import secrets
import ssl
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from edge.identity import TlsFiles
from edge.uplink.matching import about
from edge.uplink.road import ASKED, Commands, Question, RoadBlocked
from protocol import codec, keys
from protocol.endpoints import check_broker

log = logging.getLogger(__name__)

OPEN_S: Final = 5.0
KEEP_ALIVE_S: Final = 15
ASKED_MOST: Final = 16  # questions whose delivery to the broker is open
PUT_MOST: Final = 32  # live copies and heartbeats that the socket has not taken yet
PACKET_MOST: Final = codec.FRAME_LIMIT + 64 * 1024
NOBODY_SUBSCRIBED: Final = 0x10  # MQTT 5, 3.4.2.1: PUBACK "no matching subscribers"


class MqttRoad:
    """A client of the broker for one gateway."""

    name = "mqtt"

    def __init__(self, gateway: str, endpoint: str, tls: TlsFiles | None, commands: Commands) -> None:
        """Prepare; `open` connects.

        Args:
            gateway: our id.
            endpoint: of the broker.
            tls: for a broker beyond this machine.
            commands: takes what the centre commands.

        Raises:
            EndpointRefused: see `protocol.endpoints.check_broker`.
        """
        self._gateway = gateway
        self._endpoint = check_broker(endpoint, certified=tls is not None)
        self._where = endpoint
        self._tls = tls if self._endpoint.secured else None
        self._commands = commands
        self._client: mqtt.Client | None = None
        self._ready = asyncio.Event()
        self._news = asyncio.Event()  # an attempt to connect ended, well or not
        self._waiting: dict[bytes, tuple[bytes, asyncio.Future[bytes]]] = {}
        self._delivering: dict[int, bytes] = {}
        self._put: deque[mqtt.MQTTMessageInfo] = deque()
        self._said = ""

    @property
    def is_open(self) -> bool:
        """Whether the broker knows us and our subscriptions."""
        return self._ready.is_set()

    async def open(self) -> None:
        """Begin to connect, once; afterwards the client comes back by itself.

        Raises:
            RoadBlocked: the broker did not answer.
        """
        if self._client is None:
            self._client = self._begin(asyncio.get_running_loop())
        self._news.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(OPEN_S):
                while not self._ready.is_set() and not self._news.is_set():
                    await self._news.wait()
        if not self._ready.is_set():
            raise RoadBlocked(f"no broker at {self._where}{self._said}")

    def _begin(self, loop: asyncio.AbstractEventLoop) -> mqtt.Client:
        client = mqtt.Client(CallbackAPIVersion.VERSION2, self._gateway, protocol=mqtt.MQTTv5)
        client.max_queued_messages_set(ASKED_MOST)
        client.max_inflight_messages_set(ASKED_MOST)
        client.reconnect_delay_set(1, 8)
        client.connect_timeout = OPEN_S
        client.will_set(keys.build(self._gateway, keys.PRESENCE), b"gone", 1)
        if self._tls is not None:
            try:
                context = _context(self._tls)
            except (OSError, ssl.SSLError) as exc:
                raise RoadBlocked(f"the certificates cannot be used: {exc}") from exc
            client.tls_set_context(context)
            client.on_pre_connect = partial(_renewed, context, self._tls)

        def connected(_: Any, __: Any, ___: Any, reason: ReasonCode, ____: Any) -> None:
            _hand_over(loop, self._connected, reason)

        def subscribed(_: Any, __: Any, ___: Any, reasons: list[ReasonCode], ____: Any) -> None:
            _hand_over(loop, self._subscribed, reasons)

        def disconnected(_: Any, __: Any, ___: Any, reason: ReasonCode, ____: Any) -> None:
            _hand_over(loop, self._disconnected, reason)

        def delivered(_: Any, __: Any, mid: int, reason: ReasonCode, ___: Any) -> None:
            _hand_over(loop, self._delivered, (mid, reason))

        def came(_: Any, __: Any, message: mqtt.MQTTMessage) -> None:
            _hand_over(loop, self._came, message)

        def failed(_: Any, __: Any) -> None:
            _hand_over(loop, self._failed, None)

        client.on_connect = connected
        client.on_connect_fail = failed
        client.on_subscribe = subscribed
        client.on_disconnect = disconnected
        client.on_publish = delivered
        client.on_message = came
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = 0
        properties.ReceiveMaximum = ASKED_MOST
        properties.MaximumPacketSize = PACKET_MOST
        client.connect_async(
            self._endpoint.host, self._endpoint.port, KEEP_ALIVE_S, clean_start=True, properties=properties
        )
        client.loop_start()
        return client

    # --- what paho's thread tells, here in the loop ---

    def _connected(self, reason: ReasonCode) -> None:
        if self._client is None:
            return
        if reason.is_failure:
            self._tell(str(reason))
            self._news.set()
            return
        options = SubscribeOptions(qos=1)
        self._client.subscribe(
            [(keys.build(self._gateway, leaf), options) for leaf in (keys.RECEIPT, *ASKED)]
        )

    def _failed(self, _: None) -> None:
        self._news.set()

    def _subscribed(self, reasons: list[ReasonCode]) -> None:
        if self._client is None or any(reason.is_failure for reason in reasons):
            self._tell("it does not let us subscribe")
            self._news.set()
            return
        self._said = ""
        self._put.clear()
        self._client.publish(keys.build(self._gateway, keys.PRESENCE), b"here", 1)
        self._ready.set()
        self._news.set()

    def _disconnected(self, reason: ReasonCode) -> None:
        self._ready.clear()
        self._news.set()
        if reason.value == 0x8E:
            self._tell("another client came with our name: is this gateway running twice?")
        for correlation in list(self._waiting):
            self._settle(correlation, RoadBlocked(f"the broker is gone ({reason})"))

    def _tell(self, reason: str) -> None:
        if self._said != f": {reason}":
            self._said = f": {reason}"
            log.warning("uplink: broker %s: %s", self._where, reason)

    def _delivered(self, told: tuple[int, ReasonCode]) -> None:
        mid, reason = told
        correlation = self._delivering.pop(mid, None)
        if correlation is not None and (reason.is_failure or reason.value == NOBODY_SUBSCRIBED):
            self._settle(correlation, RoadBlocked(f"the broker has nobody for it ({reason})"))

    def _came(self, message: mqtt.MQTTMessage) -> None:
        payload = bytes(message.payload)
        if message.topic in {keys.build(self._gateway, leaf) for leaf in ASKED}:
            self._commanded(payload)
            return
        correlation = getattr(message.properties, "CorrelationData", None)
        if correlation is not None:
            self._settle(correlation, payload)
            return
        subject = about(payload)
        for asked, (of, _) in list(self._waiting.items()):
            if not subject or subject == of:
                self._settle(asked, payload)

    def _settle(self, correlation: bytes, outcome: bytes | RoadBlocked) -> None:
        _, answer = self._waiting.pop(correlation, (b"", None))
        if answer is None or answer.done():
            return  # it came too late: nobody's
        if isinstance(outcome, RoadBlocked):
            answer.set_exception(outcome)
        else:
            answer.set_result(outcome)

    def _commanded(self, payload: bytes) -> None:
        async def reply(answer: bytes | None) -> None:
            if answer is not None and self._client is not None and self.is_open:
                self._client.publish(
                    keys.build(self._gateway, keys.UPLINK), answer, 1, properties=_expiring(OPEN_S)
                )

        try:
            self._commands.put_nowait(Question(payload, reply))
        except asyncio.QueueFull:
            log.warning("uplink: a command was dropped, %d are waiting", self._commands.qsize())

    # --- what the uplink asks ---

    async def ask(self, leaf: str, payload: bytes, timeout_s: float) -> bytes:
        """Publish a frame and wait for its receipt.

        Raises:
            RoadBlocked: no broker, nobody behind it, or no answer in time.
        """
        client = self._client
        if client is None or not self.is_open:
            raise RoadBlocked(f"no broker at {self._where}{self._said}")
        correlation = secrets.token_bytes(12)
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        properties = _expiring(timeout_s)
        properties.ResponseTopic = keys.build(self._gateway, keys.RECEIPT)
        properties.CorrelationData = correlation
        self._waiting[correlation] = about(payload), answer
        try:
            # Never waits: paho queues it (at most ASKED_MOST) and its thread writes.
            info = client.publish(keys.build(self._gateway, leaf), payload, 1, properties=properties)
            if info.rc != mqtt.MQTT_ERR_SUCCESS:
                raise RoadBlocked(f"the broker takes nothing more: {mqtt.error_string(info.rc)}")
            self._delivering[info.mid] = correlation
            while len(self._delivering) > 2 * ASKED_MOST:
                del self._delivering[next(iter(self._delivering))]
            async with asyncio.timeout(timeout_s):
                return await answer
        except TimeoutError as exc:
            raise RoadBlocked("no answer in time") from exc
        finally:
            self._waiting.pop(correlation, None)
            answer.cancel()

    async def put(self, leaf: str, payload: bytes) -> None:
        """Publish a frame that nobody answers; dropped while the socket takes nothing."""
        client = self._client
        if client is None or not self.is_open:
            return
        while self._put and self._put[0].is_published():
            self._put.popleft()
        if len(self._put) < PUT_MOST:
            with contextlib.suppress(RuntimeError):
                self._put.append(client.publish(keys.build(self._gateway, leaf), payload, 0))

    async def close(self) -> None:
        """Leave in good order: the presence is taken back, questions that wait end."""
        client, self._client = self._client, None
        if client is None:
            return
        if self.is_open:
            client.publish(keys.build(self._gateway, keys.PRESENCE), b"gone", 1)
        self._ready.clear()
        client.disconnect()
        await asyncio.to_thread(client.loop_stop)
        for correlation in list(self._waiting):
            self._settle(correlation, RoadBlocked("the road is closed"))


def _expiring(seconds: float) -> Properties:
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    properties.MessageExpiryInterval = max(1, round(seconds))
    return properties


def _context(tls: TlsFiles) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=str(tls.ca))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(str(tls.certificate), str(tls.key))
    return context


def _renewed(context: ssl.SSLContext, tls: TlsFiles, *_: Any) -> None:
    """Before each connection show the certificate as it lies there now; it is renewed while we run."""
    try:
        context.load_cert_chain(str(tls.certificate), str(tls.key))
    except (OSError, ssl.SSLError) as exc:
        log.warning("uplink: the certificate cannot be read again, the last one is used: %s", exc)


def _hand_over(loop: asyncio.AbstractEventLoop, function: Callable[[Any], None], value: Any) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: the process is on its way out
        loop.call_soon_threadsafe(function, value)
