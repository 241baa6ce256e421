"""The uplink's wire between a gateway and the router: it can be cut, mended and made slow.

    gateway ─▶ 127.0.0.1:P ─ forwarder ─▶ veth ══╪══ veth ─ forwarder ─▶ 127.0.0.1 router
    └─────── namespace "plant" ──────────┘  link  └ namespace "far" ┘      the bench's own namespace

With root the gateway lives in a network namespace whose only way out is a pair of virtual Ethernet devices;
taking the link down is the cable out. The forwarders stand in for the tunnel of a real site: without mutual
TLS the gateway talks on loopback only. Without root one forwarder goes deaf instead, which TCP cannot tell
from a cable.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import itertools
import os
import random
import socket
import subprocess
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from hil.abilities import no_namespaces

_NEWNET = 0x40000000  # CLONE_NEWNET, setns(2)
_NUMBERS = itertools.count(1)
_PLANT, _FAR, _PORT = "10.77.0.1", "10.77.0.2", 7447
_STALL_S = 1.0


class Hop:
    """Forwards TCP connections; the sockets may belong to other namespaces than the bench's own."""

    def __init__(
        self, listening: socket.socket, dial: Callable[[], socket.socket], to: tuple[str, int]
    ) -> None:
        """Describe it.

        Args:
            listening: a bound and listening socket.
            dial: makes an unconnected socket in the namespace from which to go on.
            to: address and port there.
        """
        self._listening = listening
        self._dial = dial
        self._to = to
        self._tasks: set[asyncio.Task[None]] = set()
        self.deaf = False
        self.delay_s = 0.0
        self.stalls = 0.0
        self.passed = 0

    async def run(self) -> None:
        """Forward until cancelled."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                near, _ = await loop.sock_accept(self._listening)
                near.setblocking(False)
                task = loop.create_task(self._join(near))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
        finally:
            for task in list(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self._listening.close()

    async def _join(self, near: socket.socket) -> None:
        far = self._dial()
        far.setblocking(False)
        loop = asyncio.get_running_loop()
        try:
            await self._hearing()
            await loop.sock_connect(far, self._to)
            pumps = [loop.create_task(self._pump(a, b)) for a, b in ((near, far), (far, near))]
            try:
                await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for pump in pumps:
                    pump.cancel()
                await asyncio.gather(*pumps, return_exceptions=True)
        except OSError:
            pass
        finally:
            near.close()
            far.close()

    async def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        with contextlib.suppress(OSError):
            while data := await loop.sock_recv(source, 65_536):
                await self._hearing()
                if self.delay_s:
                    await asyncio.sleep(self.delay_s)
                if self.stalls and random.random() < self.stalls:
                    await asyncio.sleep(_STALL_S)
                await loop.sock_sendall(sink, data)
                self.passed += len(data)

    async def _hearing(self) -> None:
        while self.deaf:
            await asyncio.sleep(0.02)


class Line:
    """One gateway's uplink wire."""

    def __init__(self, hops: list[Hop], port: int, namespace: str, device: str) -> None:
        self._hops = hops
        self._namespace = namespace
        self._device = device
        self.address = f"tcp/127.0.0.1:{port}"
        self.launcher = ["ip", "netns", "exec", namespace] if namespace else []
        self.how = "the link of a network namespace" if namespace else "a forwarder that goes deaf"

    def cut(self) -> None:
        """The cable is out."""
        if self._namespace:
            _ip("-n", self._namespace, "link", "set", self._device, "down")
        else:
            self._hops[0].deaf = True

    def mend(self) -> None:
        """The cable is in."""
        if self._namespace:
            _ip("-n", self._namespace, "link", "set", self._device, "up")
        self._hops[0].deaf = False

    def slow(self, delay_ms: float, stalls: float) -> str:
        """Make it late and lossy; returns how.

        Args:
            delay_ms: one way.
            stalls: share of packets that are lost. Where the kernel has no netem, that share of chunks waits
                a second, as TCP does for a packet that it has to send again.
        """
        if self._namespace and stalls < 1 and self._netem(f"{delay_ms:g}ms", f"{stalls * 100:g}%"):
            return "tc netem on the link"
        self._hops[0].delay_s, self._hops[0].stalls = delay_ms / 1000, stalls
        return "the bench's forwarder (this kernel has no netem)"

    def quick(self) -> None:
        """As it was."""
        self._hops[0].delay_s = self._hops[0].stalls = 0.0
        if self._namespace:
            _run("ip", "netns", "exec", self._namespace, "tc", "qdisc", "del", "dev", self._device, "root")

    def _netem(self, delay: str, loss: str) -> bool:
        tc = ("tc", "qdisc", "replace", "dev", self._device, "root", "netem", "delay", delay, "loss", loss)
        return _run("ip", "netns", "exec", self._namespace, *tc)


@contextlib.contextmanager
def line_to(router: str) -> Iterator[Line]:
    """Lay a wire to the router at `tcp/127.0.0.1:port` while the block runs."""
    target = ("127.0.0.1", int(router.rpartition(":")[2]))
    with contextlib.ExitStack() as stack:
        if no_namespaces():
            listening = _listening("127.0.0.1", 0)
            hops = [Hop(listening, socket.socket, target)]
            line = Line(hops, listening.getsockname()[1], "", "")
        else:
            line, hops = stack.enter_context(_through_namespaces(target))
        stack.enter_context(_running([hop.run for hop in hops]))
        yield line


@contextlib.contextmanager
def _through_namespaces(target: tuple[str, int]) -> Iterator[tuple[Line, list[Hop]]]:
    name = f"fsb{os.getpid()}-{next(_NUMBERS)}"
    plant, far = f"{name}-plant", f"{name}-far"
    made = []
    try:
        for namespace in (plant, far):
            _ip("netns", "add", namespace)
            made.append(namespace)
        pair = ("type", "veth", "peer", "name", "up0")
        _ip("link", "add", "up0", "netns", plant, *pair, "netns", far)
        for namespace, address in ((plant, _PLANT), (far, _FAR)):
            _ip("-n", namespace, "addr", "add", f"{address}/30", "dev", "up0")
            _ip("-n", namespace, "link", "set", "up0", "up")
            _ip("-n", namespace, "link", "set", "lo", "up")
        near = _inside(plant, lambda: _listening("127.0.0.1", 0))
        beyond = _inside(far, lambda: _listening(_FAR, _PORT))
        hops = [
            Hop(near, lambda: _inside(plant, socket.socket), (_FAR, _PORT)),
            Hop(beyond, socket.socket, target),
        ]
        yield Line(hops, near.getsockname()[1], plant, "up0"), hops
    finally:
        for namespace in made:
            _run("ip", "netns", "del", namespace)


def _inside(namespace: str, make: Callable[[], socket.socket]) -> socket.socket:
    """Make a socket in a namespace: it belongs there for ever, whoever uses it."""
    libc = ctypes.CDLL(None, use_errno=True)
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        if libc.setns(there, _NEWNET):
            raise OSError(ctypes.get_errno(), f"setns to {namespace}")
        try:
            return make()
        finally:
            if libc.setns(home, _NEWNET):  # only this thread had moved
                raise OSError(ctypes.get_errno(), "setns back")
    finally:
        os.close(home)
        os.close(there)


def _listening(host: str, port: int) -> socket.socket:
    listening = socket.create_server((host, port))
    listening.setblocking(False)
    return listening


@contextlib.contextmanager
def _running(parts: list[Callable[[], Coroutine[Any, Any, None]]]) -> Iterator[None]:
    """Run coroutines in a loop and thread of their own."""
    loop = asyncio.new_event_loop()

    async def all_parts() -> None:
        async with asyncio.TaskGroup() as group:
            for part in parts:
                group.create_task(part())

    task = loop.create_task(all_parts())

    def run() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        loop.close()

    thread = threading.Thread(target=run, name="uplink line", daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(10)


def _run(*command: str) -> bool:
    return not subprocess.run(command, capture_output=True, timeout=30, check=False).returncode


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, timeout=30, check=False)
    if done.returncode:
        raise OSError(f"ip {' '.join(words)}: {done.stderr.strip()}")
