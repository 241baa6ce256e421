"""The leaf's MQTT client against a real Mosquitto, and against peers that speak nonsense or nothing."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from edge.leaf.mqtt import CLOSED, OPEN, Client, packet
from tests.edge.leaf.leaf_at_hand import Broker, PlainTcp, free_port


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path)
    yield made
    made.stop()


def client(port: int, name: str, *topics: str, keep_alive_s: int = 30) -> Client:
    return Client(lambda: PlainTcp(port), name, list(topics), (f"will/{name}", b"gone"), keep_alive_s)


def turned(*clients: Client, until: Callable[[], object], timeout_s: float = 60.0) -> None:
    end = time.monotonic() + timeout_s
    while not until():
        assert time.monotonic() < end, [(one.state, one.trouble) for one in clients]
        for one in clients:
            one.turn(time.monotonic_ns() // 1_000_000)
        time.sleep(0.002)


@contextmanager
def peer(answer: bytes, port: int) -> Iterator[None]:
    """A server that says one thing to everybody and then nothing."""
    with socket.create_server(("127.0.0.1", port)) as server:
        held: list[socket.socket] = []

        def serve() -> None:
            with suppress(OSError):
                while True:
                    one, _ = server.accept()
                    held.append(one)
                    one.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)
        for one in held:
            one.close()


def test_messages_of_every_size_arrive_whole_and_in_order(broker: Broker) -> None:
    sender, taker = client(broker.port, "a", "b/x"), client(broker.port, "b", "a/#")
    turned(sender, taker, until=lambda: sender.state == OPEN == taker.state)
    for size in (0, 1, 116, 117, 127, 128, 16_370, 16_383, 16_384, 300_000):
        payload = bytes(i & 255 for i in range(size))
        turned(sender, taker, until=lambda p=payload: sender.publish("a/t", p))  # type: ignore[misc]
        turned(sender, taker, until=lambda: taker.received)
        assert taker.received.pop() == ("a/t", payload)
    for one in (sender, taker):
        one.close(0)


def test_a_quiet_connection_is_kept_alive(broker: Broker) -> None:
    one = client(broker.port, "a", "x", keep_alive_s=1)
    turned(one, until=lambda: one.state == OPEN)
    until = time.monotonic() + 3.5
    turned(one, until=lambda: time.monotonic() > until)
    assert (one.state, one.connections) == (OPEN, 1)
    one.close(0)


def test_a_broker_that_comes_back_is_found_again_and_the_will_is_published(broker: Broker) -> None:
    one, other = client(broker.port, "a", "x"), client(broker.port, "b", "will/a")
    turned(one, other, until=lambda: one.state == OPEN == other.state)
    broker.stop()
    turned(one, until=lambda: one.state == CLOSED)
    assert not one.publish("b", b"")
    broker.start()
    turned(one, other, until=lambda: one.connections == 2 and other.connections == 2)
    assert one.publish("x", b"again")
    turned(one, other, until=lambda: one.received)
    assert one.received.pop() == ("x", b"again")
    one._stream.close()  # as a cable that is pulled
    one.state = CLOSED
    turned(other, until=lambda: other.received)
    assert other.received == [("will/a", b"gone")]
    other.close(0)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (packet(0x20, b"\x00\x05"), "refuses us, code 5"),
        (packet(0x20, b""), "refuses us"),
        (packet(0x20, b"\x00\x00") + packet(0x90, b"\x00\x01\x80"), "not subscribe"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n" * 80, "no MQTT"),
        (b"\x30\xff\xff\xff\xff\x01", "no MQTT"),
        (b"\x30\xff\xff\xff\x7f", "a packet of 268435455 bytes"),
    ],
)
def test_a_peer_that_is_no_broker_is_left_in_words(answer: bytes, words: str) -> None:
    port = free_port()
    with peer(answer, port):
        one = client(port, "a", "x")
        turned(one, until=lambda: one.trouble, timeout_s=60)
        one.close(0)
    assert words in one.trouble


def test_nobody_there_is_asked_ever_more_rarely() -> None:
    port = free_port()
    tries: list[int] = []

    def dial() -> PlainTcp:
        tries.append(now)
        return PlainTcp(port)

    one = Client(dial, "a", ["x"], ("w", b""))
    for now in range(0, 200_000, 100):
        one.turn(now)
    pauses = [b - a for a, b in itertools.pairwise(tries)]
    assert pauses[:6] == [500, 1000, 2000, 4000, 8000, 16_000]
    assert set(pauses[6:]) == {30_000}


def test_a_broker_that_answers_no_ping_is_left() -> None:
    port = free_port()
    with peer(packet(0x20, b"\x00\x00") + packet(0x90, b"\x00\x01\x01"), port):
        one = client(port, "a", "x", keep_alive_s=10)
        turned(one, until=lambda: one.state == OPEN)
        now = time.monotonic_ns() // 1_000_000
        one.turn(now)
        one.turn(now + 6_000)
        assert one.state == OPEN
        one.turn(now + 17_000)
        assert (one.state, one.trouble) == (CLOSED, "the broker answers no ping")
        one.close(0)
