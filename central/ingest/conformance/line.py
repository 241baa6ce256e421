"""A line to the broker for trying others out, and what was found: a rule, whether it holds, what was seen."""

from __future__ import annotations

import base64
import binascii
import queue
import ssl
from pathlib import Path
from typing import Final

import msgspec
import paho.mqtt.client as mqtt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from central import clock
from central.db.errors import ConfigurationError
from central.devices.keys import Verifier
from protocol import codec, keys
from protocol.endpoints import EndpointRefused, check_broker
from protocol.messages import Message

CONNECT_S: Final = 15.0


class Finding(msgspec.Struct, frozen=True):
    """One rule tried: its name, its sentence, whether it holds, and what was seen where it does not."""

    rule: str
    says: str
    passed: bool
    seen: str = ""


class Heard(msgspec.Struct, frozen=True):
    """A frame that came, with the correlation data that it carried, if any."""

    topic: str
    payload: bytes
    correlation: bytes | None


class _Tls(msgspec.Struct):
    ca: str
    certificate: str
    key: str


class _File(msgspec.Struct):
    gateway: str
    seed: str
    centre_public_key: str
    broker: str = ""
    tls: _Tls | None = None


class Card:
    """A gateway's credential file: who it is, whom it believes, and its certificate.

    Args:
        path: as `fengsui central gateway add` or `fengsui edge enrol` writes it.

    Raises:
        ConfigurationError: no such file.
    """

    def __init__(self, path: Path) -> None:
        try:
            given = msgspec.json.decode(path.read_bytes(), type=_File)
            self.gateway = keys.check_gateway_id(given.gateway)
            self.key = Ed25519PrivateKey.from_private_bytes(base64.b64decode(given.seed, validate=True))
            self.centre = Verifier(base64.b64decode(given.centre_public_key, validate=True))
        except (OSError, msgspec.DecodeError, binascii.Error, ValueError) as exc:
            raise ConfigurationError(f"{path}: not a credential file ({exc})") from exc
        self.broker = given.broker
        self.context = None
        if given.tls is not None:
            try:
                self.context = tls(*(path.parent / name for name in msgspec.structs.astuple(given.tls)))
            except (OSError, ssl.SSLError) as exc:
                raise ConfigurationError(f"{path}: its certificates cannot be used ({exc})") from exc

    def seal(self, message: Message) -> bytes:
        """Encode and sign in the gateway's name."""
        return codec.seal(self.gateway, message, self.key.sign)


def tls(ca: Path, certificate: Path, key: Path) -> ssl.SSLContext:
    """Mutual TLS with these PEM files.

    Raises:
        OSError, ssl.SSLError: they cannot be used.
    """
    context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=str(ca))
    context.load_cert_chain(str(certificate), str(key))
    return context


class Line:
    """An MQTT 5 client; what comes waits in a queue.

    Args:
        broker: its endpoint.
        name: client id.
        topics: subscribed with QoS 1.
        context: mutual TLS; None on this machine.

    Raises:
        ConfigurationError: not an endpoint, or nobody lets us in.
    """

    def __init__(self, broker: str, name: str, topics: list[str], context: ssl.SSLContext | None) -> None:
        try:
            endpoint = check_broker(broker, certified=context is not None)
        except EndpointRefused as exc:
            raise ConfigurationError(str(exc)) from exc
        self._heard: queue.Queue[Heard] = queue.Queue(1000)
        subscribed: queue.Queue[bool] = queue.Queue()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, name, protocol=mqtt.MQTTv5)
        if endpoint.secured and context is not None:
            self._client.tls_set_context(context)

        def connected(client: mqtt.Client, *_: object) -> None:
            client.subscribe([(topic, 1) for topic in topics])

        def told(*_: object) -> None:
            subscribed.put(True)

        def came(_: object, __: object, message: mqtt.MQTTMessage) -> None:
            correlation = getattr(message.properties, "CorrelationData", None)
            self._heard.put(Heard(message.topic, bytes(message.payload), correlation))

        self._client.on_connect = connected
        self._client.on_subscribe = told
        self._client.on_message = came
        self._client.connect_async(endpoint.host, endpoint.port, 15, clean_start=True)
        self._client.loop_start()
        try:
            subscribed.get(timeout=CONNECT_S)
        except queue.Empty:
            self.close()
            raise ConfigurationError(f"{broker}: no broker there lets us in") from None

    def send(self, topic: str, payload: bytes, correlation: bytes | None = None, qos: int = 1) -> None:
        """Publish."""
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        if correlation is not None:
            properties.CorrelationData = correlation
        self._client.publish(topic, payload, qos, properties=properties)

    def next(self, within_s: float) -> Heard | None:
        """What came next; None when nothing did in time."""
        try:
            return self._heard.get(timeout=max(0.001, within_s))
        except queue.Empty:
            return None

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()


def remaining_s(end_s: float) -> float:
    """Seconds until then, of a clock that never jumps."""
    return end_s - clock.monotonic_s()
