"""The hand-over document of a commissioning: signed by the gateway's key, readable and printable by anybody.

    {"report": …, "gateway": id, "public_key": base64, "signature": base64}
                     signature = Ed25519 over PURPOSE + the canonical JSON of "report"

Canonical: keys sorted, no blanks, UTF-8 as it is. The same object stands in the HTML, which so verifies as
well. A signature says which gateway's key signed; whose gateway that is, the centre's register says.
"""

import base64
import html
import json
import re
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from edge import identity
from edge.installer.commission import PASSED, Sheet

PURPOSE: Final = b"fengsui-commissioning-report-1\n"
FORM: Final = "fengsui-commissioning-1"
_EMBEDDED: Final = re.compile(r'<script type="application/json" id="report">(.*?)</script>', re.DOTALL)


class NotSigned(Exception):
    """The report has no signature that can be believed; says why."""


def canonical(report: dict[str, Any]) -> bytes:
    """Return the bytes that are signed."""
    return json.dumps(report, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def document(sheet: Sheet) -> dict[str, Any]:
    """Return what is reported of a walk, as plain data."""
    body: dict[str, Any] = json.loads(msgspec.json.encode(sheet))
    newest = [sheet.result_of(step.alarm) for step in sheet.steps]
    return {
        "form": FORM,
        **body,
        "summary": {
            "alarms": len(sheet.steps),
            "passed": sum(one is not None and one.result == PASSED for one in newest),
            "failed": sum(one is not None and one.result == "failed" for one in newest),
            "not_tried": sum(one is None or one.result == "skipped" for one in newest),
        },
    }


def signed(report: dict[str, Any], credentials: Path) -> dict[str, Any]:
    """Return the report with the gateway's signature; without credentials it says that it has none.

    Raises:
        edge.identity.CredentialError: there are credentials that cannot be used.
    """
    if not credentials.is_file():
        return {"report": report, "gateway": report["gateway"], "public_key": "", "signature": ""}
    who = identity.load(credentials)
    seed = msgspec.json.decode(credentials.read_bytes(), type=identity.Credentials).seed
    public = Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed)).public_key()
    return {
        "report": report,
        "gateway": who.gateway,
        "public_key": base64.b64encode(public.public_bytes_raw()).decode(),
        "signature": base64.b64encode(who.sign(PURPOSE + canonical(report))).decode(),
    }


def read(path: Path) -> dict[str, Any]:
    """Read a signed report from its JSON or HTML file.

    Raises:
        NotSigned: there is none in it.
    """
    try:
        text = path.read_text(encoding="utf-8")
        found = _EMBEDDED.search(text)
        whole = json.loads(html.unescape(found[1]) if found else text)
    except (OSError, ValueError) as exc:
        raise NotSigned(f"{path}: no report of ours ({exc})") from exc
    if not isinstance(whole, dict) or not isinstance(whole.get("report"), dict):
        raise NotSigned(f"{path}: no report of ours")
    return whole


def verify(whole: dict[str, Any], expected_key: str = "") -> str:
    """Check the signature; returns the key that signed.

    Args:
        whole: as `read` gives it.
        expected_key: base64 of the key that should have signed; "" takes the one that the report names.

    Raises:
        NotSigned: it is not signed, or was changed, or by another key; says which.
    """
    key, signature = str(whole.get("public_key", "")), str(whole.get("signature", ""))
    if not signature:
        raise NotSigned("this report is not signed: the gateway had no credentials when it was made")
    if expected_key and key != expected_key:
        raise NotSigned(f"signed by the key {key}, not by {expected_key}")
    if whole.get("gateway") != whole["report"].get("gateway"):
        raise NotSigned("signed in the name of another gateway than the report's")
    try:
        Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True)).verify(
            base64.b64decode(signature, validate=True), PURPOSE + canonical(whole["report"])
        )
    except (InvalidSignature, ValueError) as exc:
        raise NotSigned("the signature does not fit: the report was changed after it was signed") from exc
    return key


def embedded(whole: dict[str, Any]) -> str:
    """Return the element of a page that carries the signed object."""
    text = json.dumps(whole, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json" id="report">{text}</script>'
