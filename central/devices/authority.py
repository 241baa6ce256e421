"""The centre's own certificate authority: who a gateway, the router and the broker are to one another.

Keys are ECDSA on P-256 (decision 0024): Zenoh's rustls, OpenSSL under Mosquitto and every TPM 2.0 can do it.
The authority and the servers are valid since 1970, because a board without a clock boots there and has to
reach us; gateways' certificates last 90 days and begin a day early.
"""

from __future__ import annotations

import fcntl
import ipaddress
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from msgspec import Struct

from central.db.errors import ConfigurationError
from protocol import keys

FOLDER: Final = "pki"
CENTRE: Final = "centre"
ROUTER: Final = "router"
BROKER: Final = "broker"
CONSOLE: Final = "console"
SERVERS: Final = (ROUTER, BROKER, CONSOLE)
OUR_NAMES: Final = (CENTRE, *SERVERS)

GATEWAY_LIFE: Final = timedelta(days=90)
CLOCK_SLACK: Final = timedelta(
    days=1
)  # a gateway whose clock is a little slow may use its certificate at once
SERVER_LIFE: Final = timedelta(days=397)
SERVER_LEFT: Final = timedelta(days=132)  # a third left: renewed
CRL_LIFE: Final = timedelta(days=30)  # a centre that stands still this long stops its broker, no sooner
CRL_LEFT: Final = timedelta(days=29)  # written anew once a day
_ROOT_DAYS: Final = 3652
_CALLS, _ANSWERS = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH
# A router answers gateways and, where counties are linked, calls other routers.
_PURPOSES: Final = {CENTRE: (_CALLS,), ROUTER: (_ANSWERS, _CALLS), BROKER: (_ANSWERS,), CONSOLE: (_ANSWERS,)}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class BadRequest(ValueError):
    """A signing request that no certificate is made from; the text says why."""


class Issued(Struct, frozen=True):
    """A certificate that was just made.

    Attributes:
        serial: hexadecimal, lower case.
        pem: the certificate.
        not_before: first moment of its validity, UTC.
        not_after: last moment.
    """

    serial: str
    pem: str
    not_before: datetime
    not_after: datetime


class RevokedSerial(Struct, frozen=True):
    """A certificate that counts no more: its serial (hexadecimal) and since when."""

    serial: str
    at: datetime


class Authority:
    """The CA of one centre; `open` finds or makes it.

    Args:
        folder: `<state>/pki`.
        certificate: its own certificate.
        key: its key.
    """

    def __init__(self, folder: Path, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        self.folder = folder
        self._certificate = certificate
        self._key = key

    @staticmethod
    def open(state: Path, now: datetime) -> Authority:
        """Read the CA of a state folder, and make one the first time.

        Args:
            state: the centre's state folder; the CA is `pki/ca.pem` and `pki/ca.key` (mode 0600) in it.
            now: UTC.

        Raises:
            ConfigurationError: half of it is missing or unreadable; it is never replaced, because every
                gateway knows it.
        """
        folder = state / FOLDER
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        certificate, key = folder / "ca.pem", folder / "ca.key"
        with _locked(folder):
            if not certificate.exists() and not key.exists():
                _make_root(certificate, key, now)
        try:
            return Authority(folder, x509.load_pem_x509_certificate(certificate.read_bytes()), _load_key(key))
        except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as exc:
            raise ConfigurationError(
                f"{folder} holds no whole authority (ca.pem with ca.key: {exc}): restore both from a backup; "
                "every gateway knows this one"
            ) from exc

    @property
    def pem(self) -> str:
        """The CA certificate."""
        return self._certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the CA certificate in hexadecimal, as `openssl x509 -fingerprint -sha256` counts it."""
        return self._certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def not_after(self) -> datetime:
        """When the CA itself ends."""
        return self._certificate.not_valid_after_utc

    def certify(self, csr_pem: str, gateway: str, now: datetime) -> Issued:
        """Make a gateway's client certificate from its signing request.

        Args:
            csr_pem: PKCS#10; only its public key is taken over, the name must be the gateway's.
            gateway: its id, which becomes the common name.
            now: UTC.

        Raises:
            BadRequest: no request, wrongly signed, of another name, or a key that is not P-256.
        """
        keys.check_gateway_id(gateway)
        if gateway in OUR_NAMES:
            raise BadRequest(f"{gateway} is a name of the centre's own")
        public = _read_request(csr_pem, gateway)
        not_before, not_after = now - CLOCK_SLACK, now + GATEWAY_LIFE
        made = self._make(public, gateway, not_before, not_after, (_CALLS,))
        return Issued(f"{made.serial_number:x}", _pem(made), not_before, not_after)

    def ensure_own(self, hosts: Sequence[str], now: datetime, *, anew: bool = False) -> list[str]:
        """Make or renew what router, broker, console and centre show of themselves.

        Args:
            hosts: names and addresses that servers are reached under; loopback is always among them.
            now: UTC.
            anew: renew even what is still good.

        Returns:
            Which of them were written: "centre", "router", "broker", "console".
        """
        names = tuple(dict.fromkeys([*(h.strip("[]") for h in hosts), "localhost", "127.0.0.1", "::1"]))
        with _locked(self.folder):
            written = [
                n for n in OUR_NAMES if anew or not self._serves(n, names if n in SERVERS else (), now)
            ]
            for name in written:
                self._write_own(name, names if name in SERVERS else (), now)
        return written

    def _serves(self, name: str, hosts: Sequence[str], now: datetime) -> bool:
        certificate, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        try:
            found = x509.load_pem_x509_certificate(certificate.read_bytes())
            fits = found.public_key() == _load_key(key).public_key()
            found.verify_directly_issued_by(self._certificate)
        except (OSError, ValueError, TypeError, InvalidSignature):
            return False
        return (
            fits
            and found.not_valid_after_utc - now >= SERVER_LEFT
            and set(hosts) <= set(alternative_names(found))
        )

    def _write_own(self, name: str, hosts: Sequence[str], now: datetime) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        end = min(now + SERVER_LIFE, self.not_after)
        made = self._make(key.public_key(), name, _EPOCH, end, _PURPOSES[name], hosts)
        # The key first: whoever reads between the two finds a pair that does not fit, and reads again.
        write_file(self.folder / f"{name}.key", _key_pem(key))
        write_file(self.folder / f"{name}.pem", _pem(made).encode())

    def _make(
        self,
        public: ec.EllipticCurvePublicKey,
        name: str,
        not_before: datetime,
        not_after: datetime,
        purposes: Sequence[x509.ObjectIdentifier],
        hosts: Sequence[str] = (),
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(name))
            .issuer_name(self._certificate.subject)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(not_before)
            .not_valid_after(not_after)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs=True, certifies=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
            )
        )
        if hosts:
            builder = builder.add_extension(x509.SubjectAlternativeName(_general(hosts)), critical=False)
        return builder.sign(self._key, hashes.SHA256())

    def write_crl(self, revoked: Iterable[RevokedSerial], now: datetime) -> None:
        """Write `crl.pem`: everything that counts no more, until it would have expired anyway.

        Args:
            revoked: all of it; an empty list makes a list that says so.
            now: UTC; it also numbers the list (RFC 5280, 5.2.3).
        """
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self._certificate.subject)
            .last_update(now - CLOCK_SLACK)
            .next_update(now + CRL_LIFE)
            .add_extension(x509.CRLNumber(int(now.timestamp() * 1000)), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
            )
        )
        for one in revoked:
            entry = (
                x509.RevokedCertificateBuilder().serial_number(int(one.serial, 16)).revocation_date(one.at)
            )
            builder = builder.add_revoked_certificate(entry.build())
        made = builder.sign(self._key, hashes.SHA256())
        with _locked(self.folder):
            write_file(self.folder / "crl.pem", made.public_bytes(serialization.Encoding.PEM), mode=0o644)

    def crl_is_due(self, revoked: Iterable[RevokedSerial], now: datetime) -> bool:
        """Whether `crl.pem` is missing, says something else, or is to be renewed."""
        try:
            found = x509.load_pem_x509_crl((self.folder / "crl.pem").read_bytes())
        except (OSError, ValueError):
            return True
        end = found.next_update_utc
        listed = {entry.serial_number for entry in found}
        return end is None or end - now < CRL_LEFT or listed != {int(one.serial, 16) for one in revoked}


def alternative_names(certificate: x509.Certificate) -> list[str]:
    """DNS names and addresses that a certificate is good for."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [*found.get_values_for_type(x509.DNSName), *map(str, found.get_values_for_type(x509.IPAddress))]


def _read_request(csr_pem: str, gateway: str) -> ec.EllipticCurvePublicKey:
    try:
        request = x509.load_pem_x509_csr(csr_pem.encode())
        public = request.public_key()
        good = request.is_signature_valid
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion) as exc:
        raise BadRequest(f"not a signing request: {exc}") from exc
    if not good:
        raise BadRequest("the signing request is not signed with its own key")
    if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
        raise BadRequest("the key of the signing request must be ECDSA on P-256")
    named = [str(a.value) for a in request.subject]
    if named != [gateway] or request.subject.get_attributes_for_oid(NameOID.COMMON_NAME) == []:
        raise BadRequest(f"the signing request names {named}, not {gateway} alone")
    return public


def _make_root(certificate: Path, key: Path, now: datetime) -> None:
    own = ec.generate_private_key(ec.SECP256R1())
    # A name of its own: two centres' authorities must not look alike in a trust store.
    name = _name(f"Fengsui {secrets.token_hex(4)}")
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_EPOCH)
        .not_valid_after(now + timedelta(days=_ROOT_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=False, certifies=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .sign(own, hashes.SHA256())
    )
    write_file(key, _key_pem(own))
    write_file(certificate, _pem(made).encode(), mode=0o644)


def _usage(*, signs: bool, certifies: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certifies,
        crl_sign=certifies,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _general(hosts: Sequence[str]) -> list[x509.GeneralName]:
    found: list[x509.GeneralName] = []
    for host in hosts:
        try:
            found.append(x509.IPAddress(ipaddress.ip_address(host)))
        except ValueError:
            found.append(x509.DNSName(host))
    return found


def _load_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path.name} is no key on P-256")
    return key


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def write_file(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Put a file in place whole: a broker that reads it meanwhile finds the old one or the new one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time makes or renews; two that begin together find the same authority."""
    with (folder / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
