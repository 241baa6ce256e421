"""A bundle: one tar with everything that a site without internet needs, and the signature over all of it.

    fengsui-edge-0.2.0-aarch64.tar
    ├── manifest.json       what it is, and size and SHA-256 of every other file
    ├── manifest.sig        Ed25519 signature of manifest.json, 64 bytes
    ├── install             shell script for the first installation
    ├── requirements.txt    pinned with hashes
    ├── launcher            what chooses the slot at each start (firmware-config/systemd/fengsui-slot)
    └── wheels/*.whl        every dependency, and Fengsui itself

Nothing of a bundle is run or installed before its signature and every hash are right. Edge-features row 20.
"""

import hashlib
import io
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
LARGEST: Final = 2 << 30  # bytes unpacked; a larger one is a mistake or an attack
LARGEST_MANIFEST: Final = 1 << 20
_PIECE: Final = 1 << 20


class BundleRefused(Exception):
    """This bundle is not installed; the text says why and what would be right."""


class Packed(msgspec.Struct, frozen=True):
    """One file of a bundle."""

    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a bundle is.

    Attributes:
        format: of the bundle.
        part: "edge" or "central".
        version: of Fengsui.
        machine: "aarch64", "x86_64".
        python: series that the wheels are for, "3.11".
        made: when, RFC 3339.
        files: all others.
    """

    format: int
    part: str
    version: str
    machine: str
    python: str
    made: str
    files: tuple[Packed, ...]


def write(path: Path, manifest: Manifest, folder: Path, key: Ed25519PrivateKey) -> None:
    """Write a bundle of the files that the manifest lists; nothing of this machine stands in it.

    Args:
        path: of the tar.
        manifest: see above.
        folder: where its files are.
        key: the release key.
    """
    said = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in ((MANIFEST, said), (SIGNATURE, key.sign(said))):
            tar.addfile(_entry(name, len(data)), io.BytesIO(data))
        for packed in manifest.files:
            with (folder / packed.name).open("rb") as file:
                tar.addfile(_entry(packed.name, packed.size), file)


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size = size
    entry.mode = 0o755 if name in {"install", "launcher"} else 0o644
    return entry


def packed(folder: Path, name: str) -> Packed:
    """Describe one file of a folder."""
    with (folder / name).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Packed(name, (folder / name).stat().st_size, digest)


def trusted_keys(folder: Path) -> list[Ed25519PublicKey]:
    """Read the release keys that a gateway believes.

    Args:
        folder: of `*.pem` files, one public key each.

    Raises:
        BundleRefused: there is none, or one is no Ed25519 public key.
    """
    found: list[Ed25519PublicKey] = []
    for path in sorted(folder.glob("*.pem")):
        try:
            key = load_pem_public_key(path.read_bytes())
        except (OSError, ValueError) as exc:
            raise BundleRefused(f"{path}: no public key ({exc})") from exc
        if not isinstance(key, Ed25519PublicKey):
            raise BundleRefused(f"{path}: not an Ed25519 key; release keys are")
        found.append(key)
    if not found:
        raise BundleRefused(f"{folder}: no release key (*.pem); without one no update is believed")
    return found


def inspect(path: Path, trusted: Sequence[Ed25519PublicKey]) -> Manifest:
    """Read what a bundle says it is; its signature is right, its files were not looked at yet.

    Raises:
        BundleRefused: no bundle, not signed by a trusted key, or of another format.
    """
    with _opened(path) as tar:
        return _manifest(path, tar, trusted)


def unpack(path: Path, trusted: Sequence[Ed25519PublicKey], folder: Path) -> Manifest:
    """Unpack a bundle after its signature, each file only with the size and hash that were signed.

    Args:
        path: of the tar.
        trusted: release keys.
        folder: empty; on a refusal it holds nothing that counts and should be removed.

    Raises:
        BundleRefused: see `inspect`; or a file is missing, changed, unlisted, or has an unsafe name.
        OSError: the disk takes no more.
    """
    with _opened(path) as tar:
        manifest = _manifest(path, tar, trusted)
        wanted = {file.name: file for file in manifest.files}
        if sum(file.size for file in manifest.files) > LARGEST:
            raise BundleRefused(f"{path}: more than {LARGEST >> 30} GiB unpacked")
        for entry in tar:
            if entry.name in {MANIFEST, SIGNATURE}:
                continue
            file = wanted.pop(entry.name, None)
            data = tar.extractfile(entry) if entry.isreg() else None
            if file is None or data is None or not _safe(entry.name):
                raise BundleRefused(f"{path}: {entry.name!r} is not among the files that were signed")
            _copy(path, file, data, folder / entry.name)
        if wanted:
            raise BundleRefused(f"{path}: {min(wanted)} is missing; copy the bundle again")
    return manifest


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, "r:") as tar:
            yield tar
    except (tarfile.TarError, EOFError) as exc:
        raise BundleRefused(f"{path}: no bundle, or cut off ({exc}); copy it again") from exc
    except FileNotFoundError as exc:
        raise BundleRefused(f"{path}: no such file") from exc


def _manifest(path: Path, tar: tarfile.TarFile, trusted: Sequence[Ed25519PublicKey]) -> Manifest:
    first = [tar.next(), tar.next()]
    if [entry.name if entry else "" for entry in first] != [MANIFEST, SIGNATURE]:
        raise BundleRefused(f"{path}: does not begin with {MANIFEST} and {SIGNATURE}: no bundle of Fengsui")
    said, signature = (_small(path, tar, entry) for entry in first if entry)
    if not any(_signed(key, signature, said) for key in trusted):
        raise BundleRefused(f"{path}: not signed by a release key that this gateway trusts")
    try:
        manifest = msgspec.json.decode(said, type=Manifest)
    except msgspec.DecodeError as exc:
        raise BundleRefused(f"{path}: {MANIFEST}: {exc}") from exc
    if manifest.format != FORMAT:
        raise BundleRefused(f"{path}: format {manifest.format}; this version reads {FORMAT}")
    return manifest


def _small(path: Path, tar: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    data = tar.extractfile(entry)
    if data is None or entry.size > LARGEST_MANIFEST:
        raise BundleRefused(f"{path}: {entry.name} is no file, or larger than {LARGEST_MANIFEST} bytes")
    return data.read()


def _signed(key: Ed25519PublicKey, signature: bytes, said: bytes) -> bool:
    try:
        key.verify(signature, said)
    except InvalidSignature:
        return False
    return True


def _safe(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and ".." not in parts and "\\" not in name


def _copy(path: Path, file: Packed, data: IO[bytes], target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as out:
        while piece := data.read(_PIECE):
            size += len(piece)
            digest.update(piece)
            out.write(piece)
    if size != file.size or digest.hexdigest() != file.sha256:
        raise BundleRefused(f"{path}: {file.name} is not what was signed; copy the bundle again")
