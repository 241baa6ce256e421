"""Codes, certificates and what a gateway and the centre say to each other while it enrols."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from central.db.errors import DomainError

CODE_STATES: Final = ("open", "used", "expired", "locked", "withdrawn")
CodeState = Literal["open", "used", "expired", "locked", "withdrawn"]
TrustState = Literal["none", "valid", "expiring", "expired", "revoked"]

_Pem = Annotated[str, msgspec.Meta(max_length=8000)]
_Base64 = Annotated[str, msgspec.Meta(max_length=200)]
_Id = Annotated[str, msgspec.Meta(max_length=63)]


class CodeRefused(DomainError):
    """The code opens nothing: wrong, of another gateway, or tried too often. All look the same."""

    def __init__(self) -> None:
        super().__init__("code-refused", "注册码不正确，或与网关编号不符。请核对后重试，或重新生成。", 403)


class CodeUsed(DomainError):
    """The code was right and is used up."""

    def __init__(self) -> None:
        super().__init__("code-used", "注册码已被使用。每个注册码只能用一次，请在平台上重新生成。", 409)


class CodeExpired(DomainError):
    """The code was right and is too old, or was withdrawn."""

    def __init__(self) -> None:
        super().__init__("code-expired", "注册码已过期或已撤回，请在平台上重新生成。", 410)


class ProofWrong(DomainError):
    """Whoever asks does not hold the key that he shows, or his request is none."""

    def __init__(self, problem: str) -> None:
        super().__init__("proof-wrong", f"密钥证明无效：{problem}", 400)


class NotSecret(DomainError):
    """The request came over a network that others can read."""

    def __init__(self) -> None:
        super().__init__("https-needed", "注册只能经由 HTTPS 或在本机进行。", 403)


class NoAuthority(DomainError):
    """This process has no certificate authority at hand."""

    def __init__(self) -> None:
        super().__init__("no-authority", "本进程没有证书机构，无法注册网关。", 404)


class RenewalRefused(DomainError):
    """A certificate is not renewed any more: a new code is needed."""

    def __init__(self) -> None:
        super().__init__(
            "renewal-refused", "证书不能续期（网关未注册、已吊销或过期太久），请用新的注册码重新注册。", 403
        )


class NewCode(msgspec.Struct, frozen=True):
    """What an installer asks for: a code for one gateway of an enterprise, good for so many hours."""

    enterprise_id: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
    gateway_id: _Id
    name: Annotated[str, msgspec.Meta(max_length=100)] = ""
    hours: Annotated[int, msgspec.Meta(ge=1, le=168)] = 24


class ShownCode(msgspec.Struct, frozen=True):
    """A code, shown this once.

    Attributes:
        id: of its row.
        gateway_id: whom it lets in.
        code: to be typed at the gateway.
        centre: the address to give with it.
        fingerprint: SHA-256 of the centre's CA, hexadecimal.
        link: all of it as one line; the QR code holds the same.
        command: what to type at the gateway.
        qr: the same as an image (SVG in a data: URI).
        expires_at: when it ends.
        replaces: whether a gateway of this id exists, whose keys end when the code is used.
    """

    id: int
    gateway_id: str
    code: str
    centre: str
    fingerprint: str
    link: str
    command: str
    qr: str
    expires_at: datetime
    replaces: bool


class CodeRow(msgspec.Struct, frozen=True):
    """A code as lists show it: never the code itself."""

    id: int
    gateway_id: str
    name: str
    enterprise_id: int
    enterprise_name: str
    state: CodeState
    created_at: datetime
    created_by: str
    expires_at: datetime
    used_at: datetime | None
    used_from: str


class CertificateRow(msgspec.Struct, frozen=True):
    """A certificate of a gateway's."""

    serial: str
    state: TrustState
    way: Literal["code", "renewal"]
    issued_at: datetime
    not_after: datetime
    revoked_at: datetime | None
    revoked_by: str
    revoked_why: str


class GatewayTrust(msgspec.Struct, frozen=True):
    """How far a gateway is trusted, with its certificates, newest first.

    State "none": it was registered without enrolment (a demonstration on one machine) and has no certificate.
    """

    gateway_id: str
    state: TrustState
    valid_until: datetime | None
    revoked_at: datetime | None
    revoked_by: str
    revoked_why: str
    certificates: list[CertificateRow]


class Revocation(msgspec.Struct, frozen=True):
    """Why a gateway is shut out."""

    reason: Annotated[str, msgspec.Meta(min_length=2, max_length=300)]


class Enrolment(msgspec.Struct, frozen=True):
    """What a gateway says to be let in.

    Attributes:
        gateway: its id.
        code: the one-time code.
        csr: signing request for its transport key, PEM.
        public_key: Ed25519 key that will sign its frames, base64.
        proof: signature with that key over `enrolment.statement(...)`, base64.
    """

    gateway: _Id
    code: Annotated[str, msgspec.Meta(max_length=64)]
    csr: _Pem
    public_key: _Base64
    proof: _Base64


class Renewal(msgspec.Struct, frozen=True):
    """What a gateway says to have its certificate renewed; signed with the key of its frames."""

    gateway: _Id
    csr: _Pem
    proof: _Base64


class Admission(msgspec.Struct, frozen=True):
    """What the centre answers: certificate, CA, its own public key (base64) and where to connect."""

    gateway: str
    certificate: str
    ca: str
    centre_public_key: str
    router: str
    broker: str
    not_after: datetime


class AuthorityShown(msgspec.Struct, frozen=True):
    """The centre's CA, which is no secret; whoever has its fingerprint from elsewhere can believe it."""

    ca: str
    fingerprint: str


class CodeRecord(msgspec.Struct, frozen=True):
    """A code's row as the decision about it needs it."""

    id: int
    gateway_id: str
    enterprise_id: int
    name: str
    hash: bytes
    created_by: str
    expires_at: datetime
    tries: int
    withdrawn_at: datetime | None
    used_at: datetime | None
    used_by: bytes | None


class Known(msgspec.Struct, frozen=True):
    """What is known of a gateway while its trust is decided."""

    id: str
    enterprise_id: int
    public_key: bytes
    revoked_at: datetime | None
    revoked_by: str
    revoked_why: str


class Kept(msgspec.Struct, frozen=True):
    """A certificate's row."""

    serial: str
    gateway_id: str
    request: bytes
    pem: str
    issued_at: datetime
    not_after: datetime
    way: Literal["code", "renewal"]
    revoked_at: datetime | None
    revoked_by: str
    revoked_why: str
