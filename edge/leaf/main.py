"""Puts a leaf together and runs it: `micropython -m edge.leaf.main leaf.json`, or from a board's `main.py`.

The one file that knows every part of it. Each turn does what can be done at once on the line, in the plant
and towards the centre, in this order; nothing waits for anything else. docs/leaf.md describes `leaf.json`.
"""

import binascii
import gc
import json
import sys

from edge.leaf import SWEEP_BYTES, board
from edge.leaf.buffer import Buffer, keep_description
from edge.leaf.bus import Bus, Read
from edge.leaf.coil import Coil, HeldCoil
from edge.leaf.ed25519 import Key, PublicKey
from edge.leaf.frames import birth_hash
from edge.leaf.mqtt import Client
from edge.leaf.msgpack import unpack
from edge.leaf.plant import Plant
from edge.leaf.ring import Ring
from edge.leaf.uplink import Uplink

# How mypy knows the names of `typing`, which MicroPython does not have.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

SOFTWARE = "leaf 0.1.0"
BUDGET_MS = 5  # of the uplink in one turn; a step of it takes less than that on the unix port
NAP_MS = 5


def _file(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


class Leaf:
    """A whole leaf, ready to run."""

    def __init__(self, settings: "dict[str, Any]") -> None:
        """Open everything; alarms that stood sound again before anything is polled.

        Args:
            settings: what leaf.json holds.

        Raises:
            KeyError, ValueError: the settings, the plan or the credentials lack something.
            OSError: a file of them is not there.
        """
        plan = unpack(_file(settings["plan"]))
        credentials = json.loads(_file(settings["credentials"]))
        gateway = credentials["gateway"]
        if plan["gateway"] != gateway:
            raise ValueError("the plan is of %s, the credentials of %s" % (plan["gateway"], gateway))
        state = settings["state"]
        commit_ms = settings.get("commit_ms", 1000)
        self.clock = board.Clock(settings.get("clock", "none") != "none")
        self.plant = Plant(plan, self.clock, commit_ms)
        rings = settings.get("rings", {})
        birth = birth_hash(plan["description"])
        self.buffer = Buffer(
            (
                Ring(state, "events", *rings.get("events", (8, 64, 256))),
                Ring(state, "measurements", *rings.get("measurements", (8, 256, 256))),
            ),
            birth,
            self.clock.boot,
            self.clock.stamp,
            self.plant.dump,
        )
        try:
            keep_description(state, birth, plan["description"], self.buffer.births)
        except OSError as fault:
            print("leaf: no card at %s (%s): it sounds, and keeps nothing" % (state, fault))
        line = plan["line"]
        serial = settings["serial"]
        self.serial: Any
        if "device" in serial:
            from edge.leaf.port_file import FilePort  # noqa: PLC0415 - only one of them takes heap

            self.serial = FilePort(serial["device"], self.clock)
        else:
            from edge.leaf.port_uart import UartPort  # noqa: PLC0415

            self.serial = UartPort(serial, line)
        now = self.clock.mono_ms()
        self.bus = Bus(line, self.serial, now, self.plant.polls, self.plant.take)
        pins = settings.get("pins", {})
        outputs: dict[str, Any] = {}
        for name, coil in plan["outputs"].items():
            full = "%s.%s" % (self.plant.name, name)
            like = (full,) + tuple(coil[:4]) + (Read(coil[4], 0), self.plant.output_changed)
            one = HeldCoil(like, coil[5], self._minted) if coil[5] else Coil(*like)
            self.bus.coils.append(one)
            outputs[name] = one
        for name in pins:
            from edge.leaf.port_uart import PinOutput  # noqa: PLC0415

            full = "%s.%s" % (self.plant.name, name)
            outputs[name] = PinOutput(full, pins[name], self.plant.output_changed)
        self.plant.begin(self.buffer, outputs, self.bus.confirm)
        self.buffer.begin(board.random_id(), SOFTWARE)
        keys = (
            Key(binascii.a2b_base64(credentials["seed"])),
            PublicKey(binascii.a2b_base64(credentials["centre_public_key"])),
        )
        mqtt = settings["mqtt"]
        tls = mqtt.get("tls")
        context = board.tls_context(tls["ca"], tls["certificate"], tls["key"]) if tls else None
        self.client = Client(
            lambda: board.Tcp(mqtt["host"], mqtt.get("port", 8883 if tls else 1883), context),
            gateway,
            ["fengsui/v1/%s/receipt" % gateway, "fengsui/v1/%s/command" % gateway],
            ("fengsui/v1/%s/presence" % gateway, b"gone"),
            mqtt.get("keep_alive_s", 30),
            mqtt.get("user", ""),
            mqtt.get("password", ""),
        )
        patience = {
            "heartbeat_ms": settings.get("heartbeat_ms", 10_000),
            "receipt_ms": settings.get("receipt_ms", 15_000),
            "busy_ms": settings.get("busy_ms", 5_000),
        }
        parts = (self.client, self.buffer, self.plant, self.clock)
        self.uplink = Uplink(gateway, keys, parts, state, patience, SOFTWARE)
        self._watchdog = board.watchdog(settings.get("watchdog_ms", 0))

    def _minted(self) -> "int | None":
        return self.plant.minted_ms

    def turn(self) -> bool:
        """Do what can be done at once; False: nothing more is left to do right now."""
        now = self.clock.mono_ms()
        self.bus.turn(now)
        self.plant.tick(now)
        if self._watchdog is not None:
            self._watchdog.feed()
        try:
            return self.uplink.turn(now, BUDGET_MS)
        except Exception as fault:  # noqa: BLE001 - the horn outlives whatever the network brings
            print("leaf: the uplink begins anew: %r" % fault)
            self.uplink.restart(now)
            gc.collect()
            return False

    def measured(self) -> str:
        """Say how much of the heap is in use after a collection, in words, and as figures to the centre."""
        gc.collect()
        heap: Any = gc
        if not hasattr(heap, "mem_alloc"):
            return "leaf: this runtime does not tell its heap"
        used, free = heap.mem_alloc(), heap.mem_free()
        heap.threshold(max(SWEEP_BYTES, free // 4))
        what = sys.implementation
        self.plant.measured(
            "%s %s" % (SOFTWARE, binascii.hexlify(self.buffer.birth).decode()),
            SOFTWARE,
            (getattr(what, "_machine", ""), 1, (used + free + 1_048_575) >> 20),
            "MicroPython %d.%d.%d" % tuple(what.version[:3]),
            [
                ("leaf-memory", "heap_used", used / 1000, "kB"),
                ("leaf-memory", "heap_free", free / 1000, "kB"),
            ],
        )
        return "leaf: heap %d bytes in use, %d free" % (used, free)

    def run(self) -> None:
        """Run until Ctrl-C; the power may go at any moment."""
        print(self.measured())
        try:
            while True:
                if not self.turn():
                    self.serial.wait(NAP_MS)
        except KeyboardInterrupt:
            self.plant.flush()


if __name__ == "__main__":
    Leaf(json.loads(_file(sys.argv[1]))).run()
