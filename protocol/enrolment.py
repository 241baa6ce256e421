"""What a gateway signs when it enrols or renews, the form of a one-time code, and the link that carries it.

Both sides build these bytes; the gateway signs them with the Ed25519 key of its frames, so that nobody can
bind a foreign key to a code that he overheard, and no signature can be used for anything else.
"""

import hashlib
from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
CODE_LENGTH: Final = 16  # 80 bits
_MISREAD: Final = str.maketrans({"I": "1", "L": "1", "O": "0", "-": "", " ": ""})
_LINK_PATH: Final = "/enrol"


class BadCode(ValueError):
    """Not a code or link of ours; the text says what would be right."""


class Invitation(msgspec.Struct, frozen=True):
    """What a code's link says: the centre's address, whom it lets in, the code, and the CA's SHA-256."""

    centre: str
    gateway: str
    code: str
    fingerprint: str


def plain_code(typed: str) -> str:
    """The code as it counts: upper case, no dashes, letters that look like digits read as digits.

    Raises:
        BadCode: it cannot be one.
    """
    plain = typed.upper().translate(_MISREAD)
    if len(plain) != CODE_LENGTH or set(plain) - set(ALPHABET):
        raise BadCode("a code has 16 letters and digits in four groups, for example 7K2M-9QX4-TB5C-W8HD")
    return plain


def write_code(digits: Sequence[int]) -> str:
    """A code for people, in groups.

    Args:
        digits: 16 random numbers 0…31.
    """
    plain = "".join(ALPHABET[d] for d in digits)
    return "-".join(plain[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def statement(gateway: str, code: str, csr: str, public_key: bytes) -> bytes:
    """What the new key signs to enrol.

    Args:
        gateway: its id.
        code: the one-time code, as typed or plain.
        csr: the signing request as sent, PEM.
        public_key: the Ed25519 key itself, 32 bytes.

    Raises:
        BadCode: see `plain_code`.
    """
    return _statement(b"fengsui-enrolment-v1", gateway, plain_code(code), csr) + public_key


def renewal_statement(gateway: str, csr: str) -> bytes:
    """What the key of the frames signs to have the certificate renewed."""
    return _statement(b"fengsui-renewal-v1", gateway, "", csr)


def _statement(what: bytes, gateway: str, code: str, csr: str) -> bytes:
    parts = (gateway.encode(), hashlib.sha256(code.encode()).digest(), hashlib.sha256(csr.encode()).digest())
    return what + b"\x00" + b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def write_link(invitation: Invitation) -> str:
    """One line for a QR code; the code stands behind '#', which no browser sends and no server logs."""
    said = urlencode({"gateway": invitation.gateway, "code": invitation.code, "ca": invitation.fingerprint})
    return f"{invitation.centre.rstrip('/')}{_LINK_PATH}#{said}"


def read_link(link: str) -> Invitation:
    """The opposite.

    Raises:
        BadCode: not such a link.
    """
    parts = urlsplit(link.strip())
    said = parse_qs(parts.fragment)
    if not parts.scheme.startswith("http") or not {"gateway", "code", "ca"} <= set(said):
        raise BadCode("not the link of an enrolment code: it begins with https://… and has #gateway=…&code=…")
    centre = f"{parts.scheme}://{parts.netloc}{parts.path.removesuffix(_LINK_PATH)}"
    return Invitation(centre, said["gateway"][0], said["code"][0], said["ca"][0])
