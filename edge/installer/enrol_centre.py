"""What a gateway asks the centre over HTTPS while it enrols or renews; who answers is proved first.

With the fingerprint of the centre's CA from the code, its server is believed by that CA (or, behind a server
of the customer's, by the system's): the CA certificate is fetched unproved, compared, and only then trusted.
"""

import base64
import hashlib
import http.client
import json
import socket
import ssl
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from edge.installer.enrol_keys import Admitted
from protocol.endpoints import is_loopback

TIMEOUT_S: Final = 20.0
_MOST: Final = 1 << 20
_CA: Final = "/api/v1/enrolment/ca"
_ENROL: Final = "/api/v1/enrolment"
_RENEW: Final = "/api/v1/enrolment/renewal"
_NOT_YET_VALID: Final = 9  # OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID, …_HAS_EXPIRED
_EXPIRED: Final = 10

# What the centre refuses, by its code, in the words of who stands at the gateway.
_WORDS: Final = {
    "code-refused": "the code is wrong or belongs to another gateway id (ten wrong tries lock a code)",
    "code-used": "the code was used already; ask for a new one, a code is good for one gateway once",
    "code-expired": "the code has expired or was withdrawn; ask for a new one",
    "too-many": "too many tries from here; wait a minute",
    "https-needed": "the centre takes enrolments over HTTPS only; give its https:// address",
    "gateway-exists": "this gateway id belongs to another enterprise",
    "renewal-refused": "the centre does not renew this certificate (shut out, or expired too long ago): "
    "enrol again with a new code",
    "proof-wrong": "the centre does not believe the keys of this gateway; enrol again with a new code",
}


class EnrolError(Exception):
    """It did not work; the text says why and what to do."""


class CentreAway(EnrolError):
    """Nobody answered, or not now: the same may work later."""


class Centre:
    """A centre at its HTTPS address."""

    def __init__(self, url: str, *, ca: str = "", fingerprint: str = "") -> None:
        """Prepare; nothing is asked yet.

        Args:
            url: for example "https://centre.example:8600"; plain http on this machine only.
            ca: PEM of the CA that is believed (a renewal has it).
            fingerprint: SHA-256 of the CA certificate, hexadecimal, with or without colons; may be empty.

        Raises:
            EnrolError: not an address that may be used.
        """
        parts = urlsplit(url if "://" in url else f"https://{url}")
        try:
            port = parts.port
        except ValueError as exc:
            raise EnrolError(f"{url}: {exc}") from exc
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise EnrolError(
                f"{url!r} is no address of a centre; write for example https://centre.example:8600"
            )
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise EnrolError(f"{url}: the code must not travel readable; use https://{parts.netloc}")
        self.url = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, port
        self._prefix = parts.path.rstrip("/")
        self._ca = ca
        self._fingerprint = fingerprint.replace(":", "").replace(" ", "").lower()
        if self._fingerprint and (
            len(self._fingerprint) != 64 or set(self._fingerprint) - set("0123456789abcdef")
        ):
            raise EnrolError("a fingerprint is the SHA-256 of the CA: 64 hexadecimal digits")

    def enrol(self, asked: dict[str, str]) -> Admitted:
        """Enrol; see `central/devices/enrolment_models.Enrolment`.

        Raises:
            EnrolError: refused, unproved, or nobody answered (`CentreAway`).
        """
        if self._fingerprint and not self._ca:
            self._ca = self._proved_ca()
        return self._admitted(_ENROL, asked)

    def renew(self, asked: dict[str, str]) -> Admitted:
        """Renew; see `central/devices/enrolment_models.Renewal`.

        Raises:
            EnrolError: as `enrol`.
        """
        return self._admitted(_RENEW, asked)

    def _proved_ca(self) -> str:
        unproved = ssl.create_default_context()
        unproved.check_hostname = False
        unproved.verify_mode = ssl.CERT_NONE  # nothing secret is said, and what comes is compared
        status, said = self._ask("GET", _CA, None, unproved if self._secure else None)
        ca = said.get("ca")
        if status != 200 or not isinstance(ca, str):
            raise EnrolError(f"{self.url}: no centre of Fengsui answers there (status {status})")
        try:
            found = hashlib.sha256(ssl.PEM_cert_to_DER_cert(ca)).hexdigest()
        except ValueError as exc:
            raise EnrolError(f"{self.url}: what answers shows no certificate") from exc
        if found != self._fingerprint:
            raise EnrolError(
                f"{self.url} is not the centre that made this code: its CA has the fingerprint {found}. "
                "Nothing was told to it. Compare address and fingerprint"
            )
        return ca

    def _admitted(self, path: str, asked: dict[str, str]) -> Admitted:
        status, said = self._post(path, asked)
        if status != 200:
            code = str(said.get("type", "")).rsplit("/", 1)[-1].rsplit(":", 1)[-1]
            words = _WORDS.get(code) or str(said.get("detail") or f"status {status}")
            raise (CentreAway if status in {429, 502, 503, 504} else EnrolError)(f"{self.url}: {words}")
        try:
            admitted = msgspec.convert(said, Admitted)
            base64.b64decode(admitted.centre_public_key, validate=True)
            found = hashlib.sha256(ssl.PEM_cert_to_DER_cert(admitted.ca)).hexdigest()
        except (msgspec.ValidationError, ValueError) as exc:
            raise EnrolError(f"{self.url}: an answer that is none: {exc}") from exc
        if self._fingerprint and found != self._fingerprint:
            raise EnrolError(f"{self.url}: the answer names another CA ({found})")
        return admitted

    def _post(self, path: str, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if not self._secure:
            return self._ask("POST", path, asked, None)
        if self._ca:
            try:
                return self._ask("POST", path, asked, ssl.create_default_context(cadata=self._ca))
            except _Unproved:  # a server of the customer's in front, with a certificate that the system knows
                pass
        return self._ask("POST", path, asked, ssl.create_default_context())

    def _ask(
        self, method: str, path: str, asked: dict[str, str] | None, context: ssl.SSLContext | None
    ) -> tuple[int, dict[str, Any]]:
        connection = (
            http.client.HTTPConnection(self._host, self._port, timeout=TIMEOUT_S)
            if context is None
            else http.client.HTTPSConnection(self._host, self._port, timeout=TIMEOUT_S, context=context)
        )
        body = None if asked is None else json.dumps(asked)
        try:
            connection.request(
                method, self._prefix + path, body, {"Content-Type": "application/json", "Accept": "*/*"}
            )
            answer = connection.getresponse()
            data = answer.read(_MOST)
        except ssl.SSLCertVerificationError as exc:
            raise _unproved(self.url, exc) from exc
        except socket.gaierror as exc:
            raise CentreAway(
                f"{self.url}: this name is not known here ({exc.strerror}); is DNS set up?"
            ) from exc
        except TimeoutError as exc:
            raise CentreAway(f"{self.url}: no answer within {TIMEOUT_S:.0f} s; is the network up?") from exc
        except (OSError, http.client.HTTPException) as exc:
            raise CentreAway(
                f"{self.url}: not reached ({exc}); is the network up, and the address right?"
            ) from exc
        finally:
            connection.close()
        try:
            said = json.loads(data)
        except ValueError:
            said = None
        return answer.status, said if isinstance(said, dict) else {}


class _Unproved(EnrolError):
    """The server is not believed by this CA."""


def _unproved(url: str, exc: ssl.SSLCertVerificationError) -> EnrolError:
    if exc.verify_code in {_NOT_YET_VALID, _EXPIRED}:
        return EnrolError(
            f"{url}: its certificate is {'expired' if exc.verify_code == _EXPIRED else 'not valid yet'} by "
            "the clock of this gateway: set the clock first (timedatectl), then try again"
        )
    return _Unproved(
        f"{url}: its certificate is not believed ({exc.verify_message}). Give the fingerprint that was "
        "printed with the code (--ca-fingerprint), or the link (--link)"
    )
