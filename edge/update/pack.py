"""Makes bundles, and the key that signs them, where Fengsui is built: `make bundle`; needs pip and a network.

python -m edge.update.pack key release.key
python -m edge.update.pack bundle edge aarch64 --key release.key --out dist
"""

import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cyclopts import App

from edge.update.bundle import FORMAT, Manifest, packed, write

ROOT: Final = Path(__file__).parents[2]
PLATFORMS: Final = (
    "manylinux_2_28",
    "manylinux_2_27",
    "manylinux2014",
    "manylinux_2_17",
    "manylinux_2_5",
    "manylinux1",
)
LAUNCH: Final = ROOT / "firmware-config" / "systemd"

app = App(name="pack", help="Make signed bundles for sites without internet.")


@app.command
def key(path: Path) -> None:
    """Make a release key; its public half is written beside it as PATH.pem.

    Args:
        path: of the private key; keep it off every gateway.
    """
    if path.exists():
        raise SystemExit(f"{path} exists already; a release key is made once")
    made = Ed25519PrivateKey.generate()
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = path.with_name(path.name + ".pem")
    public.write_bytes(made.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    print(f"{path}: keep it secret; {public}: gateways trust it")


@app.command
def bundle(
    part: Literal["edge", "central"],
    machine: Literal["aarch64", "x86_64"],
    *,
    key: Path,
    out: Path = Path("dist"),
    wheels: Path | None = None,
    source: Path = ROOT,
    python: str = "3.11",
) -> None:
    """Pack one half of Fengsui for one kind of machine.

    Args:
        part: which half.
        machine: of the site.
        key: the release key.
        out: folder of the bundle.
        wheels: folder with every dependency's wheel; without it pip fetches them.
        source: the project's folder.
        python: series at the site.
    """
    private = load_pem_private_key(key.read_bytes(), None)
    if not isinstance(private, Ed25519PrivateKey):
        raise SystemExit(f"{key}: not an Ed25519 key; make one: python -m edge.update.pack key {key}")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(source / "requirements" / f"{part}.txt", folder / "requirements.txt")
        shutil.copy(LAUNCH / "fengsui-slot", folder / "launcher")
        shutil.copy(LAUNCH / "install-bundle", folder / "install")
        (folder / "wheels").mkdir()
        if wheels is None:
            fetch(part, machine, out=folder / "wheels", python=python, source=source)
        else:
            for wheel in wheels.glob("*.whl"):
                shutil.copy(wheel, folder / "wheels")
        own = build(source, folder / "wheels")
        version = own.name.split("-")[1]
        names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
        now = dt.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", own.stat().st_mtime)), dt.UTC)
        files = tuple(packed(folder, name) for name in names)
        manifest = Manifest(FORMAT, part, version, machine, python, now.isoformat(), files)
        path = out / f"fengsui-{part}-{version}-{machine}.tar"
        write(path, manifest, folder, private)
    print(f"{path}: {path.stat().st_size >> 20} MiB")


@app.command
def fetch(
    part: Literal["edge", "central"],
    machine: Literal["aarch64", "x86_64"],
    *,
    out: Path,
    python: str = "3.11",
    source: Path = ROOT,
) -> None:
    """Get every dependency's wheel for a kind of machine that may not be this one.

    Args:
        part: which half.
        machine: of the site.
        out: folder of the wheels.
        python: series at the site.
        source: the project's folder.
    """
    wanted = ["--python-version", python, "--implementation", "cp"]
    wanted += [word for platform in PLATFORMS for word in ("--platform", f"{platform}_{machine}")]
    pinned = ["--require-hashes", "-r", str(source / "requirements" / f"{part}.txt")]
    _pip("download", "--no-deps", "--only-binary=:all:", *pinned, *wanted, "-d", str(out))


def build(source: Path, folder: Path) -> Path:
    """Build the wheel of Fengsui itself, from a copy, so that nothing is left in the source."""
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "source"
        shutil.copytree(
            source,
            copy,
            ignore=shutil.ignore_patterns(".*", "node_modules", "tests", "*.egg-info", "build", "dist-info"),
        )
        _pip("wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(copy))
    return max(folder.glob("fengsui-*.whl"))


def _pip(*words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", words[0], "-q", "--disable-pip-version-check", *words[1:]], check=False
    )
    if done.returncode:
        raise SystemExit(f"pip {words[0]} failed; see above")


if __name__ == "__main__":
    app()
