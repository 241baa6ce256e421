"""Opens a backup without trusting it: its form, its signature, its parts, its secret."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from central.backup import archive, rules, taking
from central.backup.models import (
    DATABASE_PARTS,
    FILES_PART,
    FORMAT,
    MANIFEST,
    SEALED,
    SIGNATURE,
    STATE_PART,
    BackupError,
    Manifest,
)
from central.backup.sealing import unwrap
from central.db.migrate import read_migrations

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGEST_MANIFEST: Final = 1 << 20


class Backup(msgspec.Struct, frozen=True):
    """A backup whose manifest is sound.

    Attributes:
        folder: where it lies.
        manifest: what it says of itself.
        key: of its parts; None for one that is not encrypted.
    """

    folder: Path
    manifest: Manifest
    key: bytes | None

    def path(self, name: str) -> Path:
        """Where a part lies, by its plain name."""
        return self.folder / (name + (SEALED if self.manifest.envelope else ""))

    @property
    def public_key(self) -> bytes:
        """Of the centre that made it."""
        return base64.b64decode(self.manifest.centre)


def manifest_of(folder: Path) -> Manifest:
    """Read a manifest and check its signature and form.

    Raises:
        BackupError: this is no backup of ours, or it was changed.
    """
    try:
        if (folder / MANIFEST).stat().st_size > _LARGEST_MANIFEST:
            raise BackupError("backup-broken", f"{folder / MANIFEST} 过大，不是备份清单。")
        content = (folder / MANIFEST).read_bytes()
        signature = base64.b64decode((folder / SIGNATURE).read_bytes(), validate=False)
    except FileNotFoundError as exc:
        raise BackupError(
            "backup-none",
            f"{folder} 不是一份完整的备份（缺少 {Path(exc.filename).name}）：请指定备份自己的文件夹。",
            404,
        ) from exc
    except (OSError, ValueError) as exc:
        raise BackupError("backup-broken", f"{folder} 无法读取：{exc}") from exc
    try:
        form = msgspec.json.decode(content, type=dict[str, object]).get("format")
        if form != FORMAT:
            raise BackupError(
                "backup-unknown", f"不认识的备份格式 {form!r}：请用制作它的版本或更新的版本恢复。"
            )
        manifest = msgspec.json.decode(content, type=Manifest)
        Ed25519PublicKey.from_public_bytes(base64.b64decode(manifest.centre)).verify(
            signature, taking.signed_bytes(content)
        )
    except InvalidSignature:
        raise BackupError("backup-broken", "备份清单的签名不对：清单被改动过。") from None
    except (msgspec.DecodeError, ValueError) as exc:
        raise BackupError("backup-broken", f"备份清单无法读取：{exc}") from exc
    _check_form(manifest)
    return manifest


def _check_form(manifest: Manifest) -> None:
    if manifest.kind not in DATABASE_PARTS or rules.made_at(manifest.name) is None:
        raise BackupError("backup-broken", "备份清单的种类或名称不对。")
    suffix = SEALED if manifest.envelope else ""
    wanted = [STATE_PART + suffix, DATABASE_PARTS[manifest.kind] + suffix]
    found = [part.name for part in manifest.parts]
    if found not in (wanted, [*wanted, FILES_PART + suffix]):
        raise BackupError("backup-broken", f"备份清单的文件应为 {'、'.join(wanted)}。")


def opened(folder: Path, *, passphrase: str = "", identity: str = "") -> Backup:
    """Open a backup.

    Args:
        folder: its folder.
        passphrase: if it is encrypted with one.
        identity: secret text, if it was encrypted for a recipient.

    Raises:
        BackupError: see `manifest_of`; or the secret is missing or wrong.
    """
    manifest = manifest_of(folder)
    key = None
    if manifest.envelope:
        key = unwrap(manifest.envelope, passphrase=passphrase, identity=identity)
    return Backup(folder, manifest, key)


def check_parts(folder: Path, manifest: Manifest) -> None:
    """Compare every part with what the manifest says; reads all of them.

    Raises:
        BackupError: names the part.
    """
    for part in manifest.parts:
        path = folder / part.name
        if not path.is_file():
            raise BackupError("backup-broken", f"备份缺少 {part.name}。")
        size = path.stat().st_size
        if size != part.bytes:
            raise BackupError("backup-broken", f"{part.name} 应有 {part.bytes} 字节，实际 {size} 字节。")
        if archive.hash_of(path) != part.sha256:
            raise BackupError(
                "backup-broken", f"{part.name} 的内容与清单的 SHA-256 不符：文件已损坏或被改动。"
            )


def check_age(manifest: Manifest) -> None:
    """Refuse what this program cannot carry on with.

    Raises:
        BackupError: its database is newer than this program.
    """
    known = read_migrations()[-1].number
    if manifest.schema > known:
        raise BackupError(
            "backup-newer",
            f"备份的数据库版本为 {manifest.schema:04}，本程序只到 {known:04}："
            f"请先安装版本 {manifest.program} 或更新的软件。",
        )


def lying_in(target: Path, centre: str) -> Iterator[Manifest]:
    """The sound manifests of one centre's backups in a folder; what is none of ours is passed over."""
    if not target.is_dir():
        return
    for path in sorted(target.iterdir()):
        if rules.is_of(path.name, centre) and path.is_dir():
            try:
                manifest = manifest_of(path)
            except BackupError:
                continue
            if manifest.name == path.name:
                yield manifest
