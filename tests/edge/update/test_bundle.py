"""A bundle is believed whole or not at all."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edge.update import bundle
from edge.update.bundle import BundleRefused, Manifest
from edge.update.install import fits

KEY = Ed25519PrivateKey.generate()
TRUSTED = [KEY.public_key()]


def made(folder: Path, key: Ed25519PrivateKey = KEY, **changed: object) -> Path:
    source = folder / "source"
    (source / "wheels").mkdir(parents=True)
    (source / "requirements.txt").write_text("one==1 --hash=sha256:00\n")
    (source / "wheels" / "one-1-py3-none-any.whl").write_bytes(bytes(range(256)) * 20)
    files = tuple(bundle.packed(source, n) for n in ("requirements.txt", "wheels/one-1-py3-none-any.whl"))
    said: dict[str, object] = {
        "format": 1,
        "part": "edge",
        "version": "2.0",
        "machine": "x86_64",
        "python": "3.11",
        "made": "2026-11-22T00:00:00+00:00",
        "files": files,
    } | changed
    path = folder / "some.tar"
    bundle.write(path, Manifest(**said), source, key)  # type: ignore[arg-type]
    return path


def rewritten(path: Path, change: Callable[[str, bytes], bytes | None], extra: str = "") -> Path:
    """The same tar with some entries changed, dropped, or one added."""
    fresh = path.with_suffix(".changed")
    with tarfile.open(path) as old, tarfile.open(fresh, "w") as new:
        for entry in old:
            file = old.extractfile(entry)
            data = change(entry.name, file.read() if file else b"")
            if data is not None:
                entry.size = len(data)
                new.addfile(entry, io.BytesIO(data))
        if extra:
            entry = tarfile.TarInfo(extra)
            entry.size = 3
            new.addfile(entry, io.BytesIO(b"abc"))
    return fresh


def test_a_signed_bundle_is_unpacked_as_it_was_packed(tmp_path: Path) -> None:
    manifest = bundle.unpack(made(tmp_path), TRUSTED, tmp_path / "out")
    assert (manifest.version, manifest.part) == ("2.0", "edge")
    assert (tmp_path / "out" / "wheels" / "one-1-py3-none-any.whl").read_bytes() == bytes(range(256)) * 20
    assert sorted(p.name for p in (tmp_path / "out").rglob("*") if p.is_file()) == [
        "one-1-py3-none-any.whl",
        "requirements.txt",
    ]


def test_a_stranger_s_bundle_is_refused(tmp_path: Path) -> None:
    path = made(tmp_path, Ed25519PrivateKey.generate())
    with pytest.raises(BundleRefused, match="not signed by a release key"):
        bundle.unpack(path, TRUSTED, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("change", "extra", "words"),
    [
        (lambda n, d: d.replace(b"2.0", b"3.0") if n == "manifest.json" else d, "", "not signed"),
        (lambda n, d: d[:-1] + b"x" if n.endswith(".whl") else d, "", "not what was signed"),
        (lambda n, d: d + b"x" if n.endswith(".whl") else d, "", "not what was signed"),
        (lambda n, d: None if n.endswith(".whl") else d, "", "is missing"),
        (lambda n, d: None if n == "manifest.json" else d, "", "does not begin with"),
        (lambda _, d: d, "wheels/two-1-py3-none-any.whl", "not among the files"),
        (lambda _, d: d, "../../outside", "not among the files"),
        (lambda _, d: d, "/etc/outside", "not among the files"),
    ],
)
def test_what_was_changed_on_the_way_is_refused(
    change: Callable[[str, bytes], bytes | None], extra: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(BundleRefused, match=words):
        bundle.unpack(rewritten(made(tmp_path), change, extra), TRUSTED, tmp_path / "out")


def test_a_name_that_leaves_the_folder_is_refused_even_if_it_was_signed(tmp_path: Path) -> None:
    source = tmp_path / "deep" / "source"
    source.mkdir(parents=True)
    (tmp_path / "deep" / "evil").write_bytes(b"abc")
    files = (bundle.packed(source, "../evil"),)
    manifest = Manifest(1, "edge", "2.0", "x86_64", "3.11", "", files)
    bundle.write(tmp_path / "some.tar", manifest, source, KEY)
    with pytest.raises(BundleRefused, match="not among the files"):
        bundle.unpack(tmp_path / "some.tar", TRUSTED, tmp_path / "out")
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize("length", [0, 1, 511, 600, 1024, 2000, 3000])
def test_a_copy_that_was_cut_off_is_refused(length: int, tmp_path: Path) -> None:
    path = made(tmp_path)
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(BundleRefused):
        bundle.unpack(path, TRUSTED, tmp_path / "out")


def test_a_format_of_the_future_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BundleRefused, match="format 2; this version reads 1"):
        bundle.inspect(made(tmp_path, format=2), TRUSTED)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"part": "central"}, "for part central; here is edge"),
        ({"machine": "riscv64"}, "for machine riscv64; here is "),
        ({"python": "3.9"}, r"for python 3\.9; here is 3"),
    ],
)
def test_a_bundle_for_something_else_says_what_it_is_for(
    changed: dict[str, str], words: str, tmp_path: Path
) -> None:
    path = made(tmp_path, KEY, **changed)
    with pytest.raises(BundleRefused, match=words):
        fits(path, bundle.inspect(path, TRUSTED))


def test_only_ed25519_keys_are_trusted_and_one_is_needed(tmp_path: Path) -> None:
    with pytest.raises(BundleRefused, match="no release key"):
        bundle.trusted_keys(tmp_path)
    (tmp_path / "bad.pem").write_text("nonsense")
    with pytest.raises(BundleRefused, match=r"bad\.pem: no public key"):
        bundle.trusted_keys(tmp_path)
    (tmp_path / "bad.pem").write_bytes(
        KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    assert bundle.trusted_keys(tmp_path) == TRUSTED
