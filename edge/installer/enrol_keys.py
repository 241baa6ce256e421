"""The two keys that a gateway makes for itself, and where they lie.

The Ed25519 key signs its frames; the P-256 key opens the road (mutual TLS). A TPM or secure element takes
the place of the files by being another `KeyStore`: nothing else here touches a private key.
"""

import base64
import contextlib
import json
import os
from pathlib import Path
from typing import Protocol

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from edge.identity import Credentials, TlsNames


class Admitted(msgspec.Struct, frozen=True):
    """What the centre answered: certificate and CA (PEM), its public key (base64), where to connect."""

    gateway: str
    certificate: str
    ca: str
    centre_public_key: str
    router: str
    broker: str
    not_after: str


class KeyStore(Protocol):
    """Makes and holds the keys of one gateway."""

    def make(self, gateway: str) -> None:
        """Make new keys, not yet in force; what was made and never came into force is taken again."""
        ...

    def public_key(self) -> bytes:
        """Return the new Ed25519 key's public half, 32 bytes."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Sign with the new Ed25519 key."""
        ...

    def signing_request(self) -> str:
        """Return the new transport key's signing request, PEM, the same at every call."""
        ...

    def put_in_force(self, admitted: Admitted, centre: str) -> None:
        """Keep what the centre answered and let the new keys count from now on, all at once or not at all."""
        ...


class _Pending(msgspec.Struct, frozen=True):
    gateway: str
    seed: str
    transport_key: str
    csr: str


class FileKeyStore:
    """Keys in files of mode 0600 beside the credential file.

    What is made waits in `<name>.pending`, so that a gateway whose answer was lost on the way asks again with
    the same keys. The credential file is written last, by renaming: it names the files that count.
    """

    def __init__(self, credentials: Path) -> None:
        """Use a place.

        Args:
            credentials: the credential file, which need not exist yet.
        """
        self._credentials = credentials
        self._waiting = credentials.with_name(f"{credentials.stem}.pending")
        self._pending: _Pending | None = None

    def make(self, gateway: str) -> None:
        """Make new keys; see `KeyStore.make`.

        Raises:
            OSError: nothing can be written there.
        """
        self._pending = self._left_over(gateway)
        if self._pending is not None:
            return
        key = ec.generate_private_key(ec.SECP256R1())
        self._pending = _Pending(
            gateway=gateway,
            seed=base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode(),
            transport_key=_key_pem(key),
            csr=signing_request(gateway, key),
        )
        write_private(self._waiting, msgspec.json.encode(self._pending))

    def _left_over(self, gateway: str) -> _Pending | None:
        try:
            found = msgspec.json.decode(self._waiting.read_bytes(), type=_Pending)
        except (OSError, msgspec.DecodeError):
            return None
        return found if found.gateway == gateway else None

    def _made(self) -> _Pending:
        if self._pending is None:
            raise ValueError("no keys were made yet")
        return self._pending

    def _signer(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(self._made().seed))

    def public_key(self) -> bytes:
        """Return the new Ed25519 key's public half, 32 bytes."""
        return self._signer().public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """Sign with the new Ed25519 key."""
        return self._signer().sign(data)

    def signing_request(self) -> str:
        """Return the new transport key's signing request, PEM."""
        return self._made().csr

    def put_in_force(self, admitted: Admitted, centre: str) -> None:
        """Keep what the centre answered; see `KeyStore.put_in_force`.

        Raises:
            OSError: it could not be written; the old keys still count, and `enrol` may be asked again.
        """
        made = self._made()
        name = f"{self._credentials.stem}-{self.public_key().hex()[:8]}"
        names = TlsNames(ca=f"{name}.ca.pem", certificate=f"{name}.pem", key=f"{name}.key")
        folder = self._credentials.parent
        write_private(folder / names.ca, admitted.ca.encode())
        write_private(folder / names.key, made.transport_key.encode())
        write_private(folder / names.certificate, admitted.certificate.encode())
        before = self._named_now()
        text = msgspec.json.format(
            msgspec.json.encode(
                Credentials(
                    gateway=admitted.gateway,
                    seed=made.seed,
                    centre_public_key=admitted.centre_public_key,
                    router=admitted.router,
                    broker=admitted.broker,
                    tls=names,
                    centre=centre,
                )
            ),
            indent=2,
        )
        write_private(self._credentials, text + b"\n")
        for old in (self._waiting, *(folder / one for one in before - set(msgspec.structs.astuple(names)))):
            with contextlib.suppress(OSError):  # nobody needs them any more; they lock nobody out
                old.unlink(missing_ok=True)

    def _named_now(self) -> set[str]:
        try:
            tls = json.loads(self._credentials.read_bytes())["tls"]
            return {Path(str(tls[part])).name for part in ("ca", "certificate", "key")}
        except (OSError, ValueError, KeyError, TypeError):
            return set()


def signing_request(gateway: str, key: ec.EllipticCurvePrivateKey) -> str:
    """A PKCS#10 request for a certificate whose common name is the gateway's id, PEM."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, gateway)])
    made = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode()


def write_private(path: Path, data: bytes) -> None:
    """Put a file of mode 0600 in place, whole or not at all, also when the power goes.

    Raises:
        OSError: it cannot be written.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
