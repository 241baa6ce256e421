"""An evidence pack: ordinary programs open it, and any byte that is not as it was signed is found."""

from __future__ import annotations

import base64
import io
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from central.devices.keys import CentreKey
from central.warning import evidence_file
from central.warning.evidence_pack import Pack

KEY = CentreKey(bytes(range(32)))
STRANGER = CentreKey(bytes(32))
FACTS = {
    "made_at": "2026-11-22T14:00:00+08:00",
    "warning": {"number": "YJ00000001"},
    "audit": {"position": 7},
}
CONTENTS = {
    "说明.html": "<!doctype html><title>预警证据</title>".encode(),
    "samples/GT-101.csv": b"".join(b"2026-11-22T14:00:%02d,1.2,192\r\n" % (n % 60) for n in range(12)),
    "empty.csv": b"",
}
PHOTO = bytes(n * 37 % 256 for n in range(200))


def made(key: CentreKey = KEY) -> bytes:
    target = io.BytesIO()
    pack = Pack(target)
    for path, content in CONTENTS.items():
        pack.add(path, "文件", content)
    with pack.member("photos/1.jpg", "照片", packed=False) as one:
        for at in range(0, len(PHOTO), 100):
            one.write(PHOTO[at : at + 100])
    pack.close(FACTS, key)
    return target.getvalue()


PACK = made()


def looked_at(content: bytes, public: bytes | None = KEY.public) -> evidence_file.Report:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pack.zip"
        path.write_bytes(content)
        return evidence_file.verify(path, public)


def places(content: bytes) -> list[str]:
    return [finding.where for finding in looked_at(content).findings]


def test_a_pack_is_sound_and_every_zip_program_opens_it() -> None:
    report = looked_at(PACK)
    assert report.findings == []
    assert (report.files, report.manifest["warning"]) == (4, {"number": "YJ00000001"})
    with zipfile.ZipFile(io.BytesIO(PACK)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [*CONTENTS, "photos/1.jpg", "manifest.json", "signature.json"]
        assert {name: archive.read(name) for name in CONTENTS} == CONTENTS
        assert archive.read("photos/1.jpg") == PHOTO


def test_every_single_byte_that_is_flipped_is_found() -> None:
    missed = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pack.zip"
        for at in range(len(PACK)):
            changed = bytearray(PACK)
            changed[at] ^= 1 << (at % 8)
            path.write_bytes(changed)
            if evidence_file.verify(path, KEY.public).sound:
                missed.append(at)
    assert missed == []


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_whatever_is_changed_taken_away_or_put_in_is_found(data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(PACK)))
    end = data.draw(st.integers(begin, min(len(PACK), begin + 40)))
    content = PACK[:begin] + data.draw(st.binary(max_size=40)) + PACK[end:]
    for public in (KEY.public, None):
        assert looked_at(content, public).sound == (content == PACK)


def test_the_place_is_named() -> None:
    photo = PACK.index(PHOTO)
    assert places(PACK[: photo + 5] + b"\x00" + PACK[photo + 6 :]) == ["photos/1.jpg"]
    assert "photos/1.jpg" in places(PACK[:photo] + b"xx" + PACK[photo:])
    assert places(PACK + b"one more") == ["文件末尾"]
    assert places(b"one more" + PACK)[0] == "说明.html"
    assert "8 个字节" in looked_at(b"one more" + PACK).findings[0].words
    assert places(PACK[:-3]) == ["文件目录"]
    name = PACK.index(b"samples/GT-101.csv")
    assert places(PACK[:name] + b"S" + PACK[name + 1 :]) == ["samples/GT-101.csv"]
    number = PACK.index(b"YJ00000001")
    assert places(PACK[:number] + b"YJ00000009" + PACK[number + 10 :])[0] == "manifest.json"
    assert places(b"") == ["整个文件"]
    assert places(b"PK no pack") == ["manifest.json"]


def test_a_pack_that_somebody_else_signed_is_not_ours() -> None:
    foreign = made(STRANGER)
    assert [finding.where for finding in looked_at(foreign).findings] == ["signature.json"]
    alone = looked_at(foreign, None)
    assert alone.sound
    assert "未给定中心密钥" in evidence_file.lines(alone)[-1]


def test_a_file_of_the_pack_replaced_with_its_own_directory_made_anew_is_found() -> None:
    """Somebody with a zip program: sizes, checks and directory fit, the signature does not."""
    target = io.BytesIO()
    pack = Pack(target)
    for path, content in CONTENTS.items():
        pack.add(path, "文件", content.replace(b"1.2", b"0.2"))
    pack.add("photos/1.jpg", "照片", PHOTO)
    pack.close(FACTS, CentreKey(Ed25519PrivateKey.generate().private_bytes_raw()))
    assert not looked_at(target.getvalue()).sound


def test_the_command_and_the_file_alone_say_the_same(tmp_path: Path) -> None:
    good, bad, key = tmp_path / "good.zip", tmp_path / "bad.zip", tmp_path / "centre.key"
    good.write_bytes(PACK)
    bad.write_bytes(PACK.replace(PHOTO, PHOTO[::-1]))
    key.write_text(base64.b64encode(KEY.public).decode())
    root = Path(__file__).parents[3]
    for program in ([str(root / "fengsui.py"), "verify-evidence"], [evidence_file.__file__]):
        option = ["--key"] if len(program) == 2 else []
        for file, code, words in ((good, 0, "完好"), (bad, 1, "photos/1.jpg"), (tmp_path / "no.zip", 2, "")):
            done = subprocess.run(
                [sys.executable, *program, str(file), *option, str(key)],
                capture_output=True, text=True, check=False, timeout=60, cwd=root,
            )  # fmt: skip
            assert (done.returncode, words in done.stdout) == (code, True), done.stderr
