"""Who may speak with whom: policies, pinned certificates, users; and no secret where others could read it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from asyncua import ua
from asyncua.common.utils import ServiceError
from asyncua.ua.status_codes import StatusCodes
from cryptography import x509

from edge.drivers.opcua import credentials
from edge.drivers.opcua.credentials import CredentialError, Paths
from protocol import quality as q
from tests.edge.drivers.opcua_peer import Dcs, bus_of, certificate, dcs, running

Run = Callable[[Coroutine[Any, Any, None]], None]
Policy = ua.SecurityPolicyType
ALL = (
    Policy.NoSecurity,
    Policy.Basic256Sha256_Sign,
    Policy.Basic256Sha256_SignAndEncrypt,
    Policy.Aes128Sha256RsaOaep_SignAndEncrypt,
    Policy.Aes256Sha256RsaPss_SignAndEncrypt,
)
PASSWORD = "北岭-17 lamp post"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pki")
    certificate(made, "dcs", "urn:plant.example:dcs")
    certificate(made, "gateway", "urn:fengsui:gateway:quarry-7")
    certificate(made, "stranger", "urn:fengsui:gateway:stranger")
    certificate(made, "renewed", "urn:plant.example:dcs")
    for name, text in (("password", PASSWORD), ("wrong", "guess")):
        path = made / name
        path.touch(mode=0o600)
        path.write_text(text + "\n", encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as one:
        yield one


@pytest.fixture(scope="module")
def plant(runner: asyncio.Runner, folder: Path) -> Iterator[Dcs]:
    """A server that trusts one gateway and knows one user."""
    trusted = (folder / "gateway.der").read_bytes()

    async def trust(shown: x509.Certificate, _: object) -> None:
        if shown != x509.load_der_x509_certificate(trusted):
            raise ServiceError(StatusCodes.BadCertificateUntrusted)

    serving = dcs(folder=folder, policies=ALL, users={"fengsui": PASSWORD}, validator=trust)
    made = runner.run(serving.__aenter__())
    runner.run(made.add("Level", 3.5))
    yield made
    runner.run(serving.__aexit__(None, None, None))


@pytest.fixture
def run(runner: asyncio.Runner) -> Run:
    return runner.run


SECURED: dict[str, Any] = {
    "security": "sign-and-encrypt",
    "certificate": "gateway.der",
    "key": "gateway.key.pem",
    "server_certificate": "dcs.der",
    "user": "fengsui",
    "password_file": "password",
}


@pytest.mark.parametrize(
    ("security", "policy"),
    [
        ("sign", "Basic256Sha256"),
        ("sign-and-encrypt", "Basic256Sha256"),
        ("sign-and-encrypt", "Aes128_Sha256_RsaOaep"),
        ("sign-and-encrypt", "Aes256_Sha256_RsaPss"),
    ],
)
def test_a_value_comes_over_every_policy(
    plant: Dcs, folder: Path, run: Run, security: str, policy: str
) -> None:
    async def story() -> None:
        bus = bus_of(
            plant.endpoint, {"Level": "ns=2;s=Level"}, **{**SECURED, "security": security, "policy": policy}
        )
        async with running(bus, folder) as (seen, client):
            await seen.until_all()
            assert seen.value("Level") == 3.5
            await seen.until(lambda: client.stats().watched == 1)

    run(story())


def test_keys_are_renewed_without_losing_a_reading(plant: Dcs, folder: Path, run: Run) -> None:
    async def story() -> None:
        bus = bus_of(
            plant.endpoint, {"Level": "ns=2;s=Level"}, period_ms=1000, **SECURED, channel_lifetime_s=4
        )
        async with running(bus, folder) as (seen, client):
            await seen.until_all()
            before = client.stats().failed
            await asyncio.sleep(7)
            assert client.stats().sessions == 1
            assert client.stats().failed == before

    run(story())


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a certificate that the server does not trust": (
        {"certificate": "stranger.der", "key": "stranger.key.pem"},
        "must trust this gateway's certificate",
    ),
    "a server that is not the pinned one": (
        {"server_certificate": "renewed.der"},
        "fetch the new one by hand",
    ),
    "a wrong password": ({"password_file": "wrong"}, "check user, password and rights"),
    "an unknown user": ({"user": "nobody"}, "check user, password and rights"),
    "a missing file": ({"certificate": "gone.der"}, "cannot be read (No such file or directory)"),
    "a key of another certificate": ({"key": "stranger.key.pem"}, "does not belong to the certificate"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_a_reason_and_told_once(
    plant: Dcs, folder: Path, run: Run, caplog: pytest.LogCaptureFixture, case: str
) -> None:
    changed, words = REFUSED[case]

    async def story() -> None:
        bus = bus_of(plant.endpoint, {"Level": "ns=2;s=Level"}, **{**SECURED, **changed})
        async with running(bus, folder) as (seen, client):
            await seen.until(
                lambda: seen.last.get("Level") is not None and words in seen.last["Level"].reason
            )
            assert seen.last["Level"].quality == q.CONFIG_ERROR
            assert not client.stats().connected
            assert all(one.data is None for one in seen.all)

    with caplog.at_level(logging.INFO):
        run(story())
    told = [r.getMessage() for r in caplog.records if r.name.startswith("edge.")]
    assert len(told) == 1
    assert words in told[0]
    assert PASSWORD not in caplog.text


def test_the_password_is_never_on_the_tape(plant: Dcs, folder: Path, run: Run) -> None:
    class Tape:
        def __init__(self) -> None:
            self.bytes = b""
            self.out = b""

        def sent(self, data: bytes) -> None:
            self.out += data

        def received(self, data: bytes) -> None:
            self.bytes += data

        def note(self, text: str) -> None:
            self.bytes += text.encode()

    async def story() -> None:
        tape = Tape()
        secured: dict[str, Any] = {"user": "fengsui", "password_file": "password"}
        bus = bus_of(plant.endpoint, {"Level": "ns=2;s=Level"}, **secured)
        async with running(bus, folder, tape) as (seen, _):
            await seen.until_all()
            assert seen.value("Level") == 3.5
        assert len(tape.bytes) > 500
        assert len(tape.out) > 500
        assert PASSWORD.encode() not in tape.bytes + tape.out

    run(story())


def test_no_password_goes_to_a_server_that_is_not_the_pinned_one(plant: Dcs, folder: Path, run: Run) -> None:
    async def story() -> None:
        secured: dict[str, Any] = {
            "user": "fengsui",
            "password_file": "password",
            "server_certificate": "renewed.der",
        }
        bus = bus_of(plant.endpoint, {"Level": "ns=2;s=Level"}, **secured)
        async with running(bus, folder) as (seen, _):
            await seen.until(lambda: "certificate mismatch" in seen.all[-1].reason if seen.all else False)

    run(story())


def test_without_security_the_password_goes_encrypted_to_the_pinned_server(
    plant: Dcs, folder: Path, run: Run
) -> None:
    async def story() -> None:
        secured: dict[str, Any] = {
            "user": "fengsui",
            "password_file": "password",
            "server_certificate": "dcs.der",
        }
        bus = bus_of(plant.endpoint, {"Level": "ns=2;s=Level"}, **secured)
        async with running(bus, folder) as (seen, _):
            await seen.until_all()
            assert seen.value("Level") == 3.5

    run(story())


def test_a_secret_that_others_can_read_is_refused(folder: Path, tmp_path: Path) -> None:
    open_file = tmp_path / "password"
    open_file.write_text("x")
    open_file.chmod(0o640)
    with pytest.raises(CredentialError, match=r"open to others \(mode 0640\); run: chmod 600"):
        credentials.load(Paths(password=open_file))


def test_a_certificate_in_pem_form_is_read_too(folder: Path, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    der = (folder / "gateway.der").read_bytes()
    pem = tmp_path / "gateway.pem"
    pem.write_bytes(x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM))
    found = credentials.load(Paths(certificate=pem, key=folder / "gateway.key.pem"))
    assert found.certificate == der
    assert found.application_uri == "urn:fengsui:gateway:quarry-7"
    assert "key" not in repr(found)


@pytest.mark.parametrize("content", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nxx\n"])
def test_a_file_that_is_no_certificate_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "dcs.der"
    path.write_bytes(content)
    with pytest.raises(CredentialError, match=r"dcs\.der is no X\.509 certificate"):
        credentials.load(Paths(server_certificate=path))


def test_a_certificate_that_ends_is_told_before(tmp_path: Path) -> None:
    certificate(tmp_path, "old", "urn:old", days=-5)
    certificate(tmp_path, "soon", "urn:soon", days=10)
    secrets = credentials.load(Paths(tmp_path / "soon.der", server_certificate=tmp_path / "old.der"))
    now = min(secrets.ends_ms.values()) + 5 * 86_400_000
    told = credentials.ending(secrets, now)
    assert [words.split("/")[-1] for words in told] == [
        "soon.der ends in 10 days; renew it",
        "old.der has ended 5 days ago; the server may refuse it",
    ]
