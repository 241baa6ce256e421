"""Who this gateway is: the key it signs with, the centre's key, and where the centre is, from one file.

Keeps law-never-lose 3: frames are signed with the gateway's Ed25519 key; receipts and commands are believed
only with the centre's signature. `fengsui edge enrol` makes the keys here and writes the credential file
(`fengsui central gateway add` writes one for demonstrations on one machine); the seed never leaves it.
"""

import base64
import binascii
import stat
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from protocol import codec, keys
from protocol import messages as m


class CredentialError(Exception):
    """The credential file cannot be used; the text says what to do."""


class TlsFiles(msgspec.Struct, frozen=True):
    """PEM files of mutual TLS: the centre's CA, this gateway's certificate and its key."""

    ca: Path
    certificate: Path
    key: Path


class TlsNames(msgspec.Struct, frozen=True):
    """The same as the credential file spells it: paths relative to that file."""

    ca: str
    certificate: str
    key: str


class Credentials(msgspec.Struct, frozen=True, omit_defaults=True):
    """The credential file as written: keys in base64, empty endpoints for roads that are not offered."""

    gateway: str
    seed: str
    centre_public_key: str
    router: str = ""
    broker: str = ""
    tls: TlsNames | None = None
    centre: str = ""


class Identity:
    """A gateway's id with its signing key and the centre's public key."""

    def __init__(
        self,
        gateway: str,
        seed: bytes,
        centre_public_key: bytes,
        router: str = "",
        *,
        broker: str = "",
        tls: TlsFiles | None = None,
        centre: str = "",
    ) -> None:
        """Make an identity.

        Args:
            gateway: the gateway's id.
            seed: 32 bytes, the Ed25519 private seed.
            centre_public_key: 32 bytes.
            router: Zenoh endpoint, for example "tls/centre.example:7447"; empty when not given.
            broker: MQTT endpoint, for example "mqtts://centre.example:8883"; empty when not given.
            tls: files of mutual TLS; None on loopback.
            centre: its HTTPS address, where certificates are renewed; empty without enrolment.

        Raises:
            ValueError: an invalid id, or a key that is not 32 bytes.
        """
        self.gateway = keys.check_gateway_id(gateway)
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._centre = Ed25519PublicKey.from_public_bytes(centre_public_key)
        self.router = router
        self.broker = broker
        self.tls = tls
        self.centre = centre

    @property
    def public_key(self) -> bytes:
        """What our signatures are checked with, 32 bytes."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, data: bytes) -> bytes:
        """Sign what is no frame: a renewal (`protocol.enrolment`)."""
        return self._key.sign(data)

    def seal(self, message: m.Message) -> bytes:
        """Encode and sign one message in this gateway's name.

        Raises:
            protocol.codec.FrameTooLarge: nobody would accept it.
        """
        return codec.seal(self.gateway, message, self._key.sign)

    def open_from_centre(self, data: bytes) -> m.Message:
        """Decode a frame of the centre after its signature was checked.

        Raises:
            protocol.codec.ProtocolError: not a frame of ours, not the centre's, or wrongly signed.
        """
        frame = codec.open_frame(data)
        if frame.signer != m.CENTRE:
            raise codec.SignatureWrong(f"signed by {frame.signer!r}: only the centre's word counts here")
        codec.check_signature(frame, self._centre_said)
        return codec.decode(frame)

    def _centre_said(self, signature: bytes, signed: bytes) -> bool:
        try:
            self._centre.verify(signature, signed)
        except InvalidSignature:
            return False
        return True


def load(path: Path) -> Identity:
    """Read a credential file.

    Args:
        path: JSON `{"gateway", "seed", "centre_public_key", "router", "broker", "tls": {"ca", "certificate",
            "key"}}`, keys in base64, mode 0600, paths relative to this file; the last three may be absent.

    Raises:
        CredentialError: missing, readable by others, or not such a file.
    """
    remedy = (
        "write it with: fengsui edge enrol --centre URL --code CODE (in a demonstration on one machine: "
        "fengsui central gateway add ID --enterprise CODE --out FILE)"
    )
    if path.is_dir():  # `credentials` left empty is the folder of gateway.toml
        raise CredentialError(f"[gateway] names no file as `credentials`; {remedy}")
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        raw = path.read_bytes()
    except OSError as exc:
        raise CredentialError(f"{path}: cannot be read ({exc.strerror}); {remedy}") from exc
    if mode & 0o077:
        raise CredentialError(
            f"{path}: others may read this private key (mode {mode:o}); chmod 600 {path.name}"
        )
    try:
        given = msgspec.json.decode(raw, type=Credentials)
        return Identity(
            given.gateway,
            base64.b64decode(given.seed, validate=True),
            base64.b64decode(given.centre_public_key, validate=True),
            given.router,
            broker=given.broker,
            tls=None if given.tls is None else _beside(path, given.tls),
            centre=given.centre,
        )
    except (msgspec.DecodeError, binascii.Error, ValueError) as exc:
        raise CredentialError(f"{path}: not a credential file ({exc}); {remedy}") from exc


def _beside(path: Path, names: TlsNames) -> TlsFiles:
    folder = path.parent
    return TlsFiles(ca=folder / names.ca, certificate=folder / names.certificate, key=folder / names.key)
