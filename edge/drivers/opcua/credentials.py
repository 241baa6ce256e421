"""Reads certificates, key and password that an OPC UA bus names; every fault says how to put it right."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Final

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

_LARGEST: Final = 1 << 20
_SMALLEST_KEY: Final = 2048  # OPC 10000-7: all three policies ask for 2048 to 4096 bits
_DAY_MS: Final = 86_400_000
SOON_MS: Final = 30 * _DAY_MS


class CredentialError(Exception):
    """A file is missing, open to others, or not what it should be."""


class Secrets(msgspec.Struct, frozen=True):
    """What the session needs; empty where the bus does not use it. Never shown or logged."""

    certificate: bytes = b""  # DER
    key: bytes = b""  # DER, PKCS #8
    server_certificate: bytes = b""  # DER
    application_uri: str = ""
    password: str = ""
    ends_ms: dict[str, int] = {}  # file -> when its certificate ends, UTC

    def __repr__(self) -> str:
        """Show nothing of it."""
        return "Secrets(…)"


class Paths(msgspec.Struct, frozen=True):
    """Where the files stand; None where the bus names none."""

    certificate: Path | None = None
    key: Path | None = None
    server_certificate: Path | None = None
    password: Path | None = None


def load(paths: Paths) -> Secrets:
    """Read the files.

    Raises:
        CredentialError: names the file, what is wrong with it, and what would be right.
    """
    ends: dict[str, int] = {}
    certificate = key = server = b""
    uri = password = ""
    if paths.certificate is not None:
        own = _certificate(paths.certificate, ends)
        certificate = own.public_bytes(serialization.Encoding.DER)
        uri = _application_uri(own, paths.certificate)
        if paths.key is not None:
            key = _key(paths.key, own)
    if paths.server_certificate is not None:
        server = _certificate(paths.server_certificate, ends).public_bytes(serialization.Encoding.DER)
    if paths.password is not None:
        try:
            password = _secret(paths.password).decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError as exc:
            raise CredentialError(f"{paths.password} is not UTF-8; save it as plain text") from exc
        if not password:
            raise CredentialError(f"{paths.password} is empty; write the password into its first line")
    return Secrets(certificate, key, server, uri, password, ends)


def thumbprint(der: bytes) -> str:
    """SHA-1 of a certificate as OPC UA tools show it (OPC 10000-4, 7.36): a name, not a protection."""
    digest = hashes.Hash(hashes.SHA1())  # noqa: S303  # the standard's name of a certificate
    digest.update(der)
    return digest.finalize().hex().upper()


def ending(secrets: Secrets, now_ms: int) -> list[str]:
    """Say which certificates have ended or will within a month."""
    found = []
    for file, end_ms in secrets.ends_ms.items():
        if end_ms <= now_ms:
            found.append(
                f"{file} has ended {(now_ms - end_ms) // _DAY_MS} days ago; the server may refuse it"
            )
        elif end_ms - now_ms < SOON_MS:
            found.append(f"{file} ends in {(end_ms - now_ms) // _DAY_MS} days; renew it")
    return found


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError as exc:
        raise CredentialError(f"{path} cannot be read ({exc.strerror}); put the file there") from exc


def _secret(path: Path) -> bytes:
    """Read a file that nobody else may read."""
    data = _read(path)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise CredentialError(f"{path} is open to others (mode {mode:04o}); run: chmod 600 {path}")
    return data


def _certificate(path: Path, ends: dict[str, int]) -> x509.Certificate:
    data = _read(path)
    try:
        if b"-----BEGIN" in data:
            found = x509.load_pem_x509_certificate(data)
        else:
            found = x509.load_der_x509_certificate(data)
    except ValueError as exc:
        raise CredentialError(f"{path} is no X.509 certificate in DER or PEM form ({exc})") from exc
    ends[str(path)] = int(found.not_valid_after_utc.timestamp() * 1000)
    return found


def _key(path: Path, certificate: x509.Certificate) -> bytes:
    data = _secret(path)
    try:
        if b"-----BEGIN" in data:
            key = serialization.load_pem_private_key(data, None)
        else:
            key = serialization.load_der_private_key(data, None)
    except (ValueError, TypeError) as exc:
        raise CredentialError(
            f"{path} is no private key without a password in DER or PEM form ({exc})"
        ) from exc
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < _SMALLEST_KEY:
        raise CredentialError(f"{path} must be an RSA key of at least {_SMALLEST_KEY} bits")
    if key.public_key() != certificate.public_key():
        raise CredentialError(
            f"{path} does not belong to the certificate; give the two that were made together"
        )
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _application_uri(certificate: x509.Certificate, path: Path) -> str:
    """Find the name by which the server knows us: it refuses a session that gives another."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        uris = names.get_values_for_type(x509.UniformResourceIdentifier)
    except x509.ExtensionNotFound:
        uris = []
    if not uris:
        raise CredentialError(
            f"{path} names no application URI; make it with subjectAltName = URI:urn:…"
            " as docs/drivers/opcua.md shows"
        )
    return uris[0]
