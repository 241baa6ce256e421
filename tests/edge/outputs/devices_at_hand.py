"""Loudspeakers and screens that are not ours: a web server, a serial line, a topic of a broker."""

import base64
import contextlib
import json
import os
import pty
import select
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Protocol

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from edge.config_models import AnnouncerTable
from edge.outputs.settings import Http, Mqtt, SerialScreen
from tests.edge.leaf.leaf_at_hand import Broker

USER, PASSWORD = "horn", "geheim 密"


class Peer(Protocol):
    """What every stand-in can do."""

    def table(self) -> AnnouncerTable: ...
    def heard(self) -> list[str]: ...
    def vanish(self) -> None: ...
    def return_(self) -> None: ...
    def close(self) -> None: ...


class WebSpeaker:
    """Takes POST with a JSON object and basic sign-in."""

    def __init__(self, folder: Path) -> None:
        self.texts: list[str] = []
        self.bodies: list[dict[str, object]] = []
        self._folder = folder
        (folder / "password").write_text(PASSWORD + "\n", encoding="utf-8")
        self._server = self._serve(0)
        self.port = self._server.server_port

    def _serve(self, port: int) -> ThreadingHTTPServer:
        peer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                wanted = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
                if self.headers.get("Authorization") != f"Basic {wanted}":
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="speaker"')
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                peer.bodies.append(json.loads(body))
                peer.texts.append(json.loads(body)["tts"]["text"])
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return server

    def table(self) -> AnnouncerTable:
        return Http(
            name="gate",
            kind="http-speaker",
            url=f"http://127.0.0.1:{self.port}/say",
            fields={"tts.text": "{text}", "tts.volume": "{volume}"},
            user=USER,
            password_file="password",
            repeat_s=0.4,
        )

    def heard(self) -> list[str]:
        return list(self.texts)

    def vanish(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def return_(self) -> None:
        self._server = self._serve(self.port)

    def close(self) -> None:
        self.vanish()


class LineScreen:
    """The other end of a serial line; each frame ends with CR LF."""

    def __init__(self, folder: Path) -> None:
        self._link = folder / "screen"
        self._folder = folder
        self._pages: list[str] = []
        self._master = -1
        self.return_()

    def table(self) -> AnnouncerTable:
        return SerialScreen(
            name="wall", kind="serial-screen", device=str(self._link), frame="\x02{text}\r\n", idle="平安"
        )

    def heard(self) -> list[str]:
        while select.select([self._master], [], [], 0)[0]:
            chunk = os.read(self._master, 4096).decode("gb18030")
            self._pages += [page.strip("\x02\n") for page in chunk.split("\r") if page.strip("\x02\n")]
        return list(self._pages)

    def vanish(self) -> None:
        self._link.unlink()

    def return_(self) -> None:
        if self._master < 0:
            self._master, slave = pty.openpty()
            self._slave = slave
        self._link.symlink_to(os.ttyname(self._slave))

    def close(self) -> None:
        os.close(self._master)
        os.close(self._slave)


class VillageSpeaker:
    """A subscriber of a real broker."""

    def __init__(self, folder: Path) -> None:
        self._broker = Broker(folder)
        self._texts: list[str] = []
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_message = lambda client, data, message: self._texts.append(
            json.loads(message.payload)["text"]
        )
        self._client.on_connect = lambda client, *rest: client.subscribe("village/7/say", 1)
        subscribed = threading.Event()
        self._client.on_subscribe = lambda *rest: subscribed.set()
        self._client.connect("127.0.0.1", self._broker.port)
        self._client.loop_start()
        assert subscribed.wait(5)

    def table(self) -> AnnouncerTable:
        return Mqtt(
            name="village",
            kind="mqtt-speaker",
            host="127.0.0.1",
            port=self._broker.port,
            topic="village/7/say",
            repeat_s=0.4,
        )

    def heard(self) -> list[str]:
        return list(self._texts)

    def vanish(self) -> None:
        self._broker.stop()

    def return_(self) -> None:
        self._broker.start()
        time.sleep(1.2)  # until the subscriber is back

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._client.disconnect()
        self._client.loop_stop()
        self._broker.stop()
