"""The leaf's connection by mutual TLS: MicroPython's own `ssl` against a real Mosquitto that demands it."""

from __future__ import annotations

import datetime as dt
import ipaddress
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rig.slave import Slave
from tests.edge.leaf.leaf_at_hand import PATIENCE_S, Broker, Centre, Leaf, free_port, running

DER, PEM = serialization.Encoding.DER, serialization.Encoding.PEM


class Authority:
    """A CA of one test."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.write(name, self._key, self._issue(self._name, self._key.public_key(), authority=True))

    def _issue(
        self, name: x509.Name, key: ec.EllipticCurvePublicKey, *, authority: bool = False
    ) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(authority, None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("127.0.0.1"), address]), critical=False)
            .sign(self._key, hashes.SHA256())
        )

    def write(self, name: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        for encoding, end in ((DER, "der"), (PEM, "pem")):
            (self._folder / f"{name}.{end}").write_bytes(certificate.public_bytes(encoding))
            (self._folder / f"{name}.key.{end}").write_bytes(
                key.private_bytes(
                    encoding, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
                )
            )

    def certify(self, name: str) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.write(name, key, self._issue(subject, key.public_key()))


def waited(holds: Callable[[], object], timeout_s: float) -> bool:
    until = time.monotonic() + timeout_s
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("client", "broker_of", "arrives"),
    [("leaf", "ca", True), ("stranger", "ca", False), ("leaf", "other", False)],
)
def test_only_a_leaf_and_a_broker_that_know_each_other_talk(
    client: str, broker_of: str, arrives: bool, tmp_path: Path
) -> None:
    ours, theirs = Authority(tmp_path, "ca"), Authority(tmp_path, "other")
    ours.certify("leaf")
    theirs.certify("stranger")
    {"ca": ours, "other": theirs}[broker_of].certify("broker")
    port = free_port()
    broker = Broker(
        tmp_path,
        f"listener {port} 127.0.0.1\ncafile {tmp_path}/ca.pem\ncertfile {tmp_path}/broker.pem\n"
        f"keyfile {tmp_path}/broker.key.pem\nrequire_certificate true\n",
    )
    files = {
        "ca": f"{tmp_path}/ca.der",
        "certificate": f"{tmp_path}/{client}.der",
        "key": f"{tmp_path}/{client}.key.der",
    }
    with Slave(1, 10).serial_thread(str(tmp_path / "tty")) as device:
        leaf = Leaf(tmp_path, device, broker.port, mqtt={"host": "127.0.0.1", "port": port, "tls": files})
        centre = Centre(broker.port, leaf.key, leaf.centre_key)
        try:
            with running(leaf):
                came = waited(lambda: centre.rows, PATIENCE_S if arrives else 3)
        finally:
            centre.stop()
            broker.stop()
    assert came == arrives, leaf.words()
