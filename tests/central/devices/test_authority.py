"""The centre's authority: who gets which certificate, from what, and for how long."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from central.db.errors import ConfigurationError
from central.devices.authority import Authority, BadRequest, RevokedSerial, alternative_names
from central.devices.enrolment import for_gateways, for_us, hosts_of, public_host
from central.settings import Settings

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def request_for(name: str, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | None = None) -> str:
    """A gateway's signing request."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateSigningRequestBuilder().subject_name(subject)
    made = builder.sign(key or ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode()


def loaded(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_the_authority_is_made_once_and_its_key_is_ours_alone(tmp_path: Path) -> None:
    first = Authority.open(tmp_path, NOW)
    again = Authority.open(tmp_path, NOW + timedelta(days=400))
    assert first.pem == again.pem
    assert first.fingerprint == loaded(tmp_path / "pki/ca.pem").fingerprint(hashes.SHA256()).hex()
    assert stat.S_IMODE((tmp_path / "pki/ca.key").stat().st_mode) == 0o600
    assert first.not_after - NOW > timedelta(days=3650)
    assert not list((tmp_path / "pki").glob(".ca*"))


@pytest.mark.parametrize("lost", ["ca.pem", "ca.key"])
def test_half_an_authority_is_never_replaced(tmp_path: Path, lost: str) -> None:
    Authority.open(tmp_path, NOW)
    (tmp_path / "pki" / lost).unlink()
    with pytest.raises(ConfigurationError, match="restore both from a backup"):
        Authority.open(tmp_path, NOW)


def test_a_gateways_certificate_names_it_and_lasts_ninety_days(tmp_path: Path) -> None:
    authority = Authority.open(tmp_path, NOW)
    key = ec.generate_private_key(ec.SECP256R1())
    issued = authority.certify(request_for("gw-a-1", key), "gw-a-1", NOW)
    made = x509.load_pem_x509_certificate(issued.pem.encode())
    made.verify_directly_issued_by(loaded(tmp_path / "pki/ca.pem"))
    assert made.subject.rfc4514_string() == "CN=gw-a-1"
    assert made.public_key() == key.public_key()
    assert issued.not_after - NOW == timedelta(days=90)
    assert issued.not_before == NOW - timedelta(days=1)
    assert int(issued.serial, 16) == made.serial_number
    usage = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.CLIENT_AUTH]
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca


def test_no_certificate_is_made_from_a_request_that_is_not_the_gateways_own(tmp_path: Path) -> None:
    authority = Authority.open(tmp_path, NOW)
    good = request_for("gw-a-1")
    tampered = good.replace(good[80:84], "AAAA")
    rsa_key = rsa.generate_private_key(65537, 2048)
    for csr, said in (
        (request_for("gw-b-1"), "names"),
        ("no request", "not a signing request"),
        (tampered, "signing request"),
        (request_for("gw-a-1", rsa_key), "P-256"),
    ):
        with pytest.raises(BadRequest, match=said):
            authority.certify(csr, "gw-a-1", NOW)
    with pytest.raises(BadRequest, match="the centre's own"):
        authority.certify(request_for("router"), "router", NOW)
    with pytest.raises(ValueError, match="gateway id"):
        authority.certify(request_for("*"), "*", NOW)


def test_servers_are_valid_since_1970_under_every_name_that_they_are_reached_by(tmp_path: Path) -> None:
    authority = Authority.open(tmp_path, NOW)
    written = authority.ensure_own(["centre.example", "192.0.2.7"], NOW)
    assert written == ["centre", "router", "broker", "console"]
    router = loaded(tmp_path / "pki/router.pem")
    assert set(alternative_names(router)) == {"centre.example", "192.0.2.7", "localhost", "127.0.0.1", "::1"}
    assert router.not_valid_before_utc.year == 1970
    assert alternative_names(loaded(tmp_path / "pki/centre.pem")) == []
    assert all(stat.S_IMODE(p.stat().st_mode) == 0o600 for p in (tmp_path / "pki").glob("*.key"))


def test_our_own_certificates_are_renewed_early_and_when_a_name_is_added(tmp_path: Path) -> None:
    authority = Authority.open(tmp_path, NOW)
    authority.ensure_own([], NOW)
    assert authority.ensure_own([], NOW + timedelta(days=200)) == []
    assert authority.ensure_own(["centre.example"], NOW) == ["router", "broker", "console"]
    assert authority.ensure_own([], NOW + timedelta(days=300)) == ["centre", "router", "broker", "console"]
    (tmp_path / "pki/router.key").unlink()
    assert authority.ensure_own([], NOW + timedelta(days=300)) == ["router"]


def test_the_revocation_list_names_what_counts_no_more_and_is_renewed_daily(tmp_path: Path) -> None:
    authority = Authority.open(tmp_path, NOW)
    gone = [RevokedSerial(authority.certify(request_for("gw-a-1"), "gw-a-1", NOW).serial, NOW)]
    assert authority.crl_is_due([], NOW)
    authority.write_crl([], NOW)
    assert not authority.crl_is_due([], NOW)
    assert authority.crl_is_due(gone, NOW)
    authority.write_crl(gone, NOW)
    found = x509.load_pem_x509_crl((tmp_path / "pki/crl.pem").read_bytes())
    ca = loaded(tmp_path / "pki/ca.pem").public_key()
    assert isinstance(ca, ec.EllipticCurvePublicKey)
    assert found.is_signature_valid(ca)
    assert found.get_revoked_certificate_by_serial_number(int(gone[0].serial, 16)) is not None
    assert not authority.crl_is_due(gone, NOW + timedelta(hours=20))
    assert authority.crl_is_due(gone, NOW + timedelta(hours=26))


def test_gateways_and_we_ourselves_are_told_the_same_listener_in_words_that_work() -> None:
    settings = Settings(
        public_url="https://centre.example:8600/", router="tls/0.0.0.0:7447", broker="mqtts://[::]:8883",
        names="alarm.example, 192.0.2.7", host="0.0.0.0",
    )  # fmt: skip
    assert public_host(settings) == "centre.example"
    assert public_host(Settings(public_url="https://[2001:db8::1]:8600")) == "[2001:db8::1]"
    assert hosts_of(settings) == ["centre.example", "alarm.example", "192.0.2.7"]
    assert for_gateways(settings.router, "centre.example") == "tls/centre.example:7447"
    assert for_gateways(settings.broker, "centre.example") == "mqtts://centre.example:8883"
    assert for_gateways("tls/elsewhere.example:7447", "centre.example") == "tls/elsewhere.example:7447"
    assert for_gateways("tcp/127.0.0.1:7447", "centre.example") == "tcp/127.0.0.1:7447"
    assert for_gateways("", "centre.example") == ""
    assert for_us(settings.router) == "tls/127.0.0.1:7447"
    assert for_us(settings.broker) == "mqtts://127.0.0.1:8883"
    assert for_us("mqtts://broker.example:8883") == "mqtts://broker.example:8883"
    assert for_us("") == ""
