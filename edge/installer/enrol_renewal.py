"""Has the gateway's certificate renewed long before it ends, while the gateway runs and without a restart.

The request is signed with the key of the frames and goes over HTTPS, so that it also works once the
certificate has expired and no road opens any more. The transport key stays, the certificate file is replaced
by renaming: whoever connects next shows the new one, and open connections are not touched.
"""

import asyncio
import base64
import logging
import random
from pathlib import Path
from typing import Final, Protocol

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from edge import identity
from edge.installer.enrol_centre import Centre, EnrolError
from edge.installer.enrol_keys import signing_request, write_private
from protocol import enrolment

log = logging.getLogger(__name__)

LEFT_MS: Final = 30 * 86_400_000  # a third of its life: two months of failures before anybody is hurt
LOOK_S: Final = 6 * 3600.0
AGAIN_S: Final = 3600.0
FIRST_S: Final = 30.0


class Clock(Protocol):
    """Tells the time."""

    def utc_ms(self) -> int:
        """Return the wall clock's UTC milliseconds."""
        ...


class Renewal:
    """Looks at the certificate of one gateway now and then."""

    def __init__(self, credentials: Path, clock: Clock) -> None:
        """Prepare.

        Args:
            credentials: the credential file; read again at every look, for somebody may enrol anew.
            clock: to see how long the certificate lasts.
        """
        self._credentials = credentials
        self._clock = clock

    async def run(self) -> None:
        """Look until cancelled; a failure is told once and tried again every hour."""
        failing = ""
        pause_s = FIRST_S
        while True:
            await asyncio.sleep(pause_s * random.uniform(0.8, 1.2))
            try:
                renewed = await asyncio.to_thread(self.look)
            except (EnrolError, identity.CredentialError, OSError, ValueError) as exc:
                if str(exc) != failing:
                    log.warning("the certificate is not renewed: %s", exc)
                failing, pause_s = str(exc), AGAIN_S
                continue
            if renewed:
                log.info("the certificate was renewed; it lasts until %s", renewed)
            failing, pause_s = "", LOOK_S

    def look(self) -> str:
        """Renew the certificate if its time has come; blocks on the network.

        Returns:
            Until when the new one lasts, "" when there was nothing to do.

        Raises:
            EnrolError: the centre refused or did not answer.
            edge.identity.CredentialError, OSError, ValueError: the files here cannot be used.
        """
        who = identity.load(self._credentials)
        if who.tls is None or not who.centre:
            return ""
        if not is_due(who.tls.certificate, self._clock.utc_ms()):
            return ""
        key = serialization.load_pem_private_key(who.tls.key.read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise EnrolError(f"{who.tls.key} is no key on P-256: enrol again")
        csr = signing_request(who.gateway, key)
        centre = Centre(who.centre, ca=who.tls.ca.read_text(encoding="ascii"))
        admitted = centre.renew(
            {
                "gateway": who.gateway,
                "csr": csr,
                "proof": base64.b64encode(who.sign(enrolment.renewal_statement(who.gateway, csr))).decode(),
            }
        )
        made = x509.load_pem_x509_certificate(admitted.certificate.encode())
        if made.public_key() != key.public_key():
            raise EnrolError(f"{who.centre}: the answer is a certificate for another key")
        write_private(who.tls.certificate, admitted.certificate.encode())
        return admitted.not_after


def is_due(certificate: Path, now_ms: int) -> bool:
    """Whether a certificate is to be renewed.

    Args:
        certificate: PEM.
        now_ms: UTC; a clock that still stands in 1970 renews nothing, and nothing has ended by it.

    Raises:
        OSError, ValueError: it cannot be read.
    """
    found = x509.load_pem_x509_certificate(certificate.read_bytes())
    return found.not_valid_after_utc.timestamp() * 1000 - now_ms < LEFT_MS
