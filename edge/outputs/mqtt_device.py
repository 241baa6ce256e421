"""A loudspeaker or screen that listens to a topic of an MQTT broker, as village loudspeakers do."""

import asyncio
import threading
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.reasoncodes import ReasonCode

from edge.outputs.models import NotTold
from edge.outputs.payload import as_json, filled
from edge.outputs.settings import Mqtt

CONNECT_S = 5.0
KEEPALIVE_S = 30


class MqttDevice:
    """One connection, made when first needed and made again by itself; each text with QoS 1.

    QoS 1 only says that the broker has it. Whether a loudspeaker listened nobody tells us: such an output
    never counts as proof that somebody was warned.
    """

    def __init__(self, table: Mqtt, password: str, ca_file: Path | None) -> None:
        self.where = f"{table.host}:{table.port} {table.topic}"
        self._table = table
        self._connected = threading.Event()
        self._refused = ""
        self._started = False
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self._client.max_queued_messages_set(1)  # an old text must not be spoken when the broker returns
        if table.user:
            self._client.username_pw_set(table.user, password)
        if ca_file is not None:
            self._client.tls_set(str(ca_file))
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect

    async def send(self, text: str, volume: int, priority: int) -> None:
        """Publish a text and wait until the broker has it.

        Raises:
            NotTold: no connection, or the broker did not confirm.
        """
        body = as_json(filled(self._table.fields, text, volume, priority))
        try:
            await asyncio.to_thread(self._publish, body)
        except (OSError, ValueError, RuntimeError) as exc:
            raise NotTold(str(exc)) from exc

    def _publish(self, body: bytes) -> None:
        client = self._client
        if not self._started:
            client.connect_async(self._table.host, self._table.port, KEEPALIVE_S)
            client.loop_start()
            self._started = True
        if not self._connected.wait(CONNECT_S):
            raise OSError(self._refused or "no connection to the broker")
        sent = client.publish(self._table.topic, body, qos=1)
        if sent.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            raise OSError(mqtt.error_string(sent.rc))
        sent.wait_for_publish(CONNECT_S)
        if not sent.is_published():
            raise OSError("the broker did not confirm")

    def _on_connect(
        self,
        client: mqtt.Client,
        userdata: object,
        flags: mqtt.ConnectFlags,
        reason: ReasonCode,
        properties: object,
    ) -> None:
        del client, userdata, flags, properties
        if reason.is_failure:
            self._refused = f"the broker refuses: {reason}"
        else:
            self._refused = ""
            self._connected.set()

    def _on_disconnect(
        self,
        client: mqtt.Client,
        userdata: object,
        flags: mqtt.DisconnectFlags,
        reason: ReasonCode,
        properties: object,
    ) -> None:
        del client, userdata, flags, reason, properties
        self._connected.clear()

    async def close(self) -> None:
        """Disconnect and end the client's thread."""
        if self._started:
            await asyncio.to_thread(self._end)

    def _end(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()
