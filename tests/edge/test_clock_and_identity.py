"""Clock states and steps; credential files that can be believed and those that cannot."""

import base64
import json
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.clock import EARLIEST_MS, Clock, kernel_synchronised
from edge.identity import CredentialError, TlsFiles, load
from protocol import codec
from protocol import messages as m


def test_a_clock_before_this_software_existed_is_never_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(assume_synchronised=True)
    assert clock.state == m.SYNCHRONISED
    monkeypatch.setattr(clock, "utc_ms", lambda: EARLIEST_MS - 1)
    step, changed = clock.check()
    assert changed
    assert step < 0
    assert clock.state == m.UNSYNCHRONISED


def test_a_step_is_told_once_and_a_slew_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(assume_synchronised=True)
    utc, mono = clock.utc_ms(), clock.mono_ms()
    monkeypatch.setattr(clock, "mono_ms", lambda: mono + 1000)
    monkeypatch.setattr(clock, "utc_ms", lambda: utc + 1001)
    assert clock.check()[0] == 0
    monkeypatch.setattr(clock, "utc_ms", lambda: utc + 3_601_001)
    assert clock.check()[0] == pytest.approx(3_600_000, abs=5)
    assert clock.check()[0] == 0


def test_every_run_has_a_boot_of_its_own() -> None:
    boots = {Clock(True).boot for _ in range(20)}
    assert len(boots) == 20
    assert all(0 < boot < 1 << 63 for boot in boots)


def test_the_kernel_can_be_asked_on_this_machine() -> None:
    assert kernel_synchronised() in {True, False}


def credentials(folder: Path, **changes: str) -> Path:
    centre = Ed25519PrivateKey.from_private_bytes(b"c" * 32).public_key().public_bytes_raw()
    given = {
        "gateway": "gw-test",
        "seed": base64.b64encode(b"g" * 32).decode(),
        "centre_public_key": base64.b64encode(centre).decode(),
        "router": "tcp/127.0.0.1:7447",
        **changes,
    }
    path = folder / "credentials.json"
    path.write_text(json.dumps(given))
    path.chmod(0o600)
    return path


def test_frames_are_signed_and_only_the_centre_is_believed(tmp_path: Path) -> None:
    who = load(credentials(tmp_path))
    frame = codec.open_frame(who.seal(m.Reply("c-1", "gw-test", 1, "done", "", 5)))
    public = Ed25519PrivateKey.from_private_bytes(b"g" * 32).public_key()
    public.verify(frame.signature, codec.signing_bytes(frame.version, frame.kind, frame.signer, frame.body))
    receipt = m.Receipt(m.STORED, "gw-test")
    centre = Ed25519PrivateKey.from_private_bytes(b"c" * 32)
    assert who.open_from_centre(codec.seal(m.CENTRE, receipt, centre.sign)) == receipt
    for signer, key in ((m.CENTRE, Ed25519PrivateKey.generate()), ("gw-test", centre), ("other", centre)):
        with pytest.raises(codec.SignatureWrong):
            who.open_from_centre(codec.seal(signer, receipt, key.sign))
    with pytest.raises(codec.ProtocolError):
        who.open_from_centre(os.urandom(60))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"gateway": "GW"}, "gateway id"),
        ({"seed": "short"}, "not a credential file"),
        ({"seed": base64.b64encode(b"x" * 31).decode()}, "not a credential file"),
        ({"centre_public_key": "%%%"}, "not a credential file"),
    ],
)
def test_a_wrong_credential_file_says_what_to_do(tmp_path: Path, change: dict[str, str], said: str) -> None:
    with pytest.raises(CredentialError, match=said) as refused:
        load(credentials(tmp_path, **change))
    assert "fengsui central gateway add" in str(refused.value)


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    path = credentials(tmp_path)
    path.chmod(0o644)
    with pytest.raises(CredentialError, match="chmod 600"):
        load(path)


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(CredentialError, match="gateway add"):
        load(tmp_path / "nothing.json")


def test_endpoints_and_the_files_of_mutual_tls_stand_in_the_credential_file(tmp_path: Path) -> None:
    path = credentials(tmp_path, router="tls/centre.test:7447", broker="mqtts://centre.test:8883")
    written = json.loads(path.read_text())
    path.write_text(json.dumps({**written, "tls": {"ca": "ca.pem", "certificate": "a.pem", "key": "a.key"}}))
    who = load(path)
    assert (who.router, who.broker) == ("tls/centre.test:7447", "mqtts://centre.test:8883")
    assert who.tls == TlsFiles(ca=tmp_path / "ca.pem", certificate=tmp_path / "a.pem", key=tmp_path / "a.key")


def test_an_older_credential_file_without_a_broker_is_still_read(tmp_path: Path) -> None:
    who = load(credentials(tmp_path))
    assert (who.broker, who.tls) == ("", None)
