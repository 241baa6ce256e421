"""Enrolment: a gateway makes its keys, shows the one-time code, and keeps the certificate that it gets."""

import base64
from pathlib import Path

import msgspec

from edge.installer.enrol_centre import Centre, EnrolError
from edge.installer.enrol_keys import Admitted, FileKeyStore, KeyStore
from protocol import enrolment


class Enrolled(msgspec.Struct, frozen=True):
    """What was done, for the person and for programs."""

    gateway: str
    credentials: str
    centre: str
    router: str
    broker: str
    valid_until: str


def enrol(
    gateway: str, credentials: Path, centre: Centre, code: str, store: KeyStore | None = None
) -> Enrolled:
    """Let this gateway be known to the centre; keys are made here and stay here.

    Args:
        gateway: our id.
        credentials: the credential file to write; one that exists stays until the centre has agreed.
        centre: whom to ask.
        code: the one-time code.
        store: makes and keeps the keys; files beside the credential file when None.

    Raises:
        EnrolError: refused, not reached, or the files can't be written; nothing has changed then.
    """
    try:
        plain = enrolment.plain_code(code)
    except enrolment.BadCode as exc:
        raise EnrolError(str(exc)) from exc
    kept = store or FileKeyStore(credentials)
    try:
        kept.make(gateway)
        csr, public = kept.signing_request(), kept.public_key()
    except OSError as exc:
        raise EnrolError(f"{credentials.parent}: keys cannot be written there ({exc.strerror})") from exc
    admitted = centre.enrol(
        {
            "gateway": gateway,
            "code": plain,
            "csr": csr,
            "public_key": base64.b64encode(public).decode(),
            "proof": base64.b64encode(kept.sign(enrolment.statement(gateway, plain, csr, public))).decode(),
        }
    )
    return _keep(kept, admitted, credentials, centre, gateway)


def _keep(kept: KeyStore, admitted: Admitted, credentials: Path, centre: Centre, gateway: str) -> Enrolled:
    if admitted.gateway != gateway:
        raise EnrolError(f"{centre.url}: the answer is for {admitted.gateway!r}, not for {gateway!r}")
    try:
        kept.put_in_force(admitted, centre.url)
    except OSError as exc:
        raise EnrolError(
            f"{credentials}: cannot be written ({exc.strerror}); make room and enrol again with the same code"
        ) from exc
    return Enrolled(
        gateway=gateway,
        credentials=str(credentials),
        centre=centre.url,
        router=admitted.router,
        broker=admitted.broker,
        valid_until=admitted.not_after,
    )
