"""A leaf as it stands in the field: MicroPython, a slave on a pty, a real Mosquitto, a centre that answers.

The centre of these tests is a stand-in: it decodes with `protocol.codec`, decides by the real centre's own
`ingest.rules`, keeps what it took in memory, and signs receipts.
"""

from __future__ import annotations

import base64
import json
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central.ingest import rules
from edge.leaf.mqtt import Client
from edge.leaf.prepare import prepare
from protocol import codec, keys
from protocol import messages as m

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 240.0  # of every wait: the machine may be busy with other things
GATEWAY = "leaf-1"

TOML = """
[gateway]
id = "leaf-1"
config_version = 1

[[buses]]
name = "line"
kind = "rtu"
device = "{device}"
baudrate = 115200
timeout_ms = 160
adapter_ms = 5

[[buses.units]]
key = "GT-1"
name = "氯库"
unit = 1
poll_interval_ms = 160
readable = [{{ table = "holding", first = 0, last = 19 }}]

[[buses.units.points]]
key = "GT-1.gas"
address = 0
type = "uint16"
scale = 0.1
unit = "mg/m³"
range = [0.0, 100.0]
bad_after_s = 60.0
limits.H = {{ limit = 20.0, deadband = 1.0 }}
limits.HH = {{ limit = 50.0, deadband = 1.0, latch = true }}

[[buses.units.points]]
key = "GT-1.temp"
address = 3
type = "float32"
unit = "°C"
range = [-40.0, 80.0]
bad_after_s = 60.0
max_rate = 30.0

[[annunciators]]
name = "main"
horn = {{ bus = "line", unit = 10, coil = 0 }}
beacon = {{ bus = "line", unit = 10, coil = 1 }}
button = {{ bus = "line", unit = 10, input = 0, poll_interval_ms = 160 }}
"""


def micropython() -> Path:
    own = os.environ.get("FENGSUI_MICROPYTHON")  # a build of another kind, with the same tests
    if own:
        return Path(own)
    program = Path(sys.executable).with_name("micropython")
    if not program.exists() and platform.machine() != "x86_64":
        pytest.skip(f"no wheel of MicroPython for {platform.machine()}")
    return program


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Broker:
    """A real Mosquitto on loopback; `make test` installs it (.ci/debian)."""

    def __init__(self, folder: Path, tls: str = "") -> None:
        program = shutil.which("mosquitto", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
        assert program, "mosquitto is not installed: bash .ci/debian, or apt-get install mosquitto"
        self.port = free_port()
        self._config = folder / "mosquitto.conf"
        self._config.write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\n"
            "user root\n"  # of a test that runs as root: the keys are in a folder of its own
            f"message_size_limit 2000000\n{tls}"
        )
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [self._program, "-c", str(self._config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and self._process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 5):
                return
            time.sleep(0.05)
        raise AssertionError("mosquitto did not start")

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE_S)
            self._process = None


class PlainTcp:
    """A connection of CPython for the leaf's own MQTT client."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
        self._socket.setblocking(False)

    def ready(self) -> bool:
        return True

    def read(self, size: int) -> bytes | None:
        try:
            return self._socket.recv(size)
        except BlockingIOError:
            return None

    def write(self, data: bytes) -> int | None:
        try:
            return self._socket.send(data)
        except BlockingIOError:
            return None

    def close(self) -> None:
        self._socket.close()


class Centre:
    """Takes frames, remembers what it took, and answers with signed receipts, in a thread of its own."""

    def __init__(self, port: int, leaf_key: Ed25519PrivateKey, key: Ed25519PrivateKey) -> None:
        self.cursors: dict[tuple[int, int], int] = defaultdict(int)
        self.epochs: dict[int, m.EpochHead] = {}
        self.births: dict[bytes, bytes] = {}
        self.introductions: list[m.Birth] = []
        self.events: list[tuple[int, m.Event]] = []
        self.rows: list[tuple[int, int, int, list[int | float] | None, int]] = []
        self.heartbeats: list[m.Heartbeat] = []
        self.replies: list[m.Reply] = []
        self.conflicts = 0
        self.doubles = 0
        self.expected = 0
        self.troubles: list[str] = []
        self.mute = False
        self.forge = False
        self.gaps: dict[tuple[int, int], rules.Gaps] = defaultdict(rules.Gaps)
        self._ledger: dict[tuple[int, int], dict[int, rules.StoredRange]] = defaultdict(dict)
        self._leaf = leaf_key.public_key()
        self._key = key
        self._client = Client(
            lambda: PlainTcp(port),
            "centre",
            [keys.build(GATEWAY, keys.UPLINK), keys.build(GATEWAY, keys.HEARTBEAT)],
            ("tests/centre", b""),
        )
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._lock = threading.Lock()
        self._orders: list[m.Message] = []
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(PATIENCE_S)
        self._client.close(0)

    def command(self, command: m.Command) -> None:
        with self._lock:
            self._orders.append(command)

    def of(self, kind: type[m.Event]) -> list[m.Event]:
        return [event for _, event in list(self.events) if isinstance(event, kind)]

    def _run(self) -> None:
        while not self._stop.wait(0.002):
            self._client.turn(time.monotonic_ns() // 1_000_000)
            while self._client.received:
                topic, data = self._client.received.pop(0)
                try:
                    self._take(topic, data)
                except Exception as exc:  # noqa: BLE001 - told by the test that looks at `troubles`
                    self.troubles.append(f"{type(exc).__name__}: {exc}")
            with self._lock:
                orders, self._orders = self._orders, []
            for order in orders:
                self._client.publish(
                    keys.build(GATEWAY, keys.COMMAND), codec.seal(m.CENTRE, order, self._key.sign)
                )

    def _verify(self, signature: bytes, data: bytes) -> bool:
        try:
            self._leaf.verify(signature, data)
        except InvalidSignature:
            return False
        return True

    def _take(self, topic: str, data: bytes) -> None:
        frame = codec.open_frame(data)
        assert frame.signer == GATEWAY
        codec.check_signature(frame, self._verify)
        message = codec.decode(frame)
        if isinstance(message, m.Heartbeat):
            assert topic == keys.build(GATEWAY, keys.HEARTBEAT)
            self.heartbeats.append(message)
        elif isinstance(message, m.Reply):
            self.replies.append(message)
        elif isinstance(message, m.Birth):
            self._answer(self._birth(message))
        elif isinstance(message, m.Batch):
            self._answer(self._batch(message))

    def _answer(self, receipt: m.Receipt) -> None:
        if self.mute:
            return
        key = Ed25519PrivateKey.generate() if self.forge else self._key
        self._client.publish(keys.build(GATEWAY, keys.RECEIPT), codec.seal(m.CENTRE, receipt, key.sign))

    def _birth(self, birth: m.Birth) -> m.Receipt:
        codec.decode_description(birth.description)
        name = codec.birth_hash(birth.description)
        self.births[name] = birth.description
        if birth.current:
            self.introductions.append(birth)
            self.epochs |= {one.epoch: one for one in birth.epochs}
        cursors = [m.Cursor(stream, epoch, last) for (stream, epoch), last in self.cursors.items()]
        return m.Receipt(m.STORED, GATEWAY, hash=name, cursors=cursors)

    def _batch(self, batch: m.Batch) -> m.Receipt:
        if batch.birth_hash not in self.births or batch.epoch not in self.epochs:
            return m.Receipt(m.BIRTH_WANTED, GATEWAY, batch.stream, batch.epoch)
        name = codec.hash_of(batch)
        place = (batch.stream, batch.epoch)
        state = rules.StreamState(self.cursors[place], self.gaps[place])
        verdict = rules.decide(batch.epoch, batch.first, batch.last, name, state, self._ledger[place])
        if verdict.action == rules.STORE and batch.stream == m.EVENT:
            verdict = rules.waits_for(batch.epoch, self._event_epochs()) or verdict
        self.doubles += verdict.action == rules.DUPLICATE
        self.conflicts += verdict.action == rules.CONFLICT
        if verdict.action == rules.EXPECTED:
            self.expected += 1
            return m.Receipt(
                m.EXPECTED,
                GATEWAY,
                batch.stream,
                verdict.epoch,
                batch.first,
                batch.last,
                name,
                verdict.expected,
            )
        if verdict.action == rules.STORE:
            self._keep(batch)
            self._ledger[place][batch.first] = rules.StoredRange(batch.last, name)
            self.cursors[place] = batch.last
        status = m.CONFLICT if verdict.action == rules.CONFLICT else m.STORED
        return m.Receipt(
            status, GATEWAY, batch.stream, batch.epoch, batch.first, batch.last, name, batch.last + 1
        )

    def _event_epochs(self) -> dict[int, rules.EpochState]:
        held = {head.epoch: head for head in self.introductions[-1].epochs}
        return {
            epoch: rules.EpochState(
                epoch,
                head.follows,
                epoch in held,
                held[epoch].event if epoch in held else 0,
                self.cursors[m.EVENT, epoch],
                self.gaps[m.EVENT, epoch],
            )
            for epoch, head in self.epochs.items()
        }

    def _keep(self, batch: m.Batch) -> None:
        if batch.stream == m.MEASUREMENT:
            body = codec.decode_measurements(batch.body, batch.first, batch.last)
            for rows in body.blocks:
                for i, seq in enumerate(rows.seq):
                    at = body.base_ms + rows.time_ms[i]
                    self.rows.append((batch.epoch, batch.first + seq, at, rows.values[i], rows.quality[i]))
            return
        for _, event, _ in codec.decode_events(batch.body, batch.first, batch.last):
            assert event is not None
            self.events.append((batch.epoch, event))
            if isinstance(event, m.GapEvent):
                self.gaps[event.stream, event.epoch].add(event.first, event.last or None)


class Leaf:
    """One leaf's folder and its process."""

    def __init__(self, folder: Path, device: str, port: int, toml: str = TOML, **settings: object) -> None:
        self.folder = folder
        self.key = Ed25519PrivateKey.generate()
        self.centre_key = Ed25519PrivateKey.generate()
        (folder / "state").mkdir()
        (folder / "gateway.toml").write_text(toml.format(device=device))
        (folder / "leaf.plan").write_bytes(prepare(folder / "gateway.toml"))
        credentials = {
            "gateway": GATEWAY,
            "seed": base64.b64encode(self.key.private_bytes_raw()).decode(),
            "centre_public_key": base64.b64encode(self.centre_key.public_key().public_bytes_raw()).decode(),
        }
        (folder / "leaf-1.json").write_text(json.dumps(credentials))
        self.settings: dict[str, object] = {
            "plan": str(folder / "leaf.plan"),
            "credentials": str(folder / "leaf-1.json"),
            "state": str(folder / "state"),
            "serial": {"device": device},
            "mqtt": {"host": "127.0.0.1", "port": port},
            "clock": "system",
            "commit_ms": 300,
            "heartbeat_ms": 1000,
            "receipt_ms": 2000,
            "busy_ms": 500,
            **settings,
        }
        self.log = folder / "leaf.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, heap: str = "2m", program_folder: Path = ROOT) -> None:
        (self.folder / "leaf.json").write_text(json.dumps(self.settings))
        with self.log.open("ab") as sink:
            self._process = subprocess.Popen(
                [
                    str(micropython()),
                    "-X",
                    f"heapsize={heap}",
                    "-m",
                    "edge.leaf.main",
                    str(self.folder / "leaf.json"),
                ],
                env={"MICROPYPATH": f"{program_folder}:.frozen", "PATH": os.environ["PATH"]},
                cwd=program_folder,  # where it looks first
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
            )

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def broken(self) -> bool:
        """Whether it ended by itself."""
        return self._process is not None and self._process.poll() not in {None, -signal.SIGKILL}

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(PATIENCE_S)

    def words(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


@contextmanager
def running(leaf: Leaf) -> Iterator[Leaf]:
    """Run the leaf's process for the block; it must still live at its end."""
    leaf.start()
    try:
        yield leaf
        assert leaf.running, leaf.words()
    finally:
        if leaf.running:
            leaf.kill()


def on_micropython(*arguments: str | Path, heap: str = "8m", folder: Path = ROOT) -> str:
    """Run the real MicroPython to its end; what it prints."""
    done = subprocess.run(
        [str(micropython()), "-X", f"heapsize={heap}", *map(str, arguments)],
        env={"MICROPYPATH": f"{folder}:.frozen", "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr + done.stdout
    return done.stdout
