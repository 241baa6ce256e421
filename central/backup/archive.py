"""The files of a backup: written in one pass (packed, encrypted, hashed), read back without trusting them."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import tarfile
import zlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from central.backup import rules
from central.backup.models import SEALED, BackupError, Part
from central.backup.sealing import Sealer, unsealed
from central.registry.files_objects import FOLDER, UPLOADS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BLOCK: Final = 1 << 20
_LOOK_EVERY: Final = 32 << 20
_AT_ONCE: Final = 64 << 20
_GZIP: Final = 31  # wbits of zlib for a gzip stream
_FAST: Final = 1  # a backup beside a serving centre: the disk is cheaper than the processor
SETTINGS_FILE: Final = "settings.env"

ATTACHED: Final = FOLDER
"""The folder of attached files: a part of its own, taken after the database that names them."""

# Of the state folder: what the database's own part brings, what is made anew, and what restores left behind.
_LEFT_OUT: Final = frozenset(
    {
        "postgres", "postgres.new", "postgres.lock", "postgres.users", "postgres.pw", "postgres.log",
        "postgres.setup.log", "home", "backups", "restoring", "restore-unfinished", "verifying",
        "verifying.lock", SETTINGS_FILE, ATTACHED, UPLOADS,
    }
)  # fmt: skip
REPLACED: Final = "replaced-"


class PartWriter(io.RawIOBase):
    """Writes one part: packs, encrypts, hashes and counts what it is given.

    Args:
        folder: of the backup.
        name: of the part; an encrypted one gets a suffix.
        key: of the backup, None to leave it readable.
        spare: bytes that stay free on the disk.
    """

    def __init__(self, folder: Path, name: str, key: bytes | None, spare: int = 0) -> None:
        super().__init__()
        self.name = name + (SEALED if key else "")
        self._folder = folder
        self._spare = spare
        self._sealer = Sealer(key, self.name) if key else None
        self._packer = zlib.compressobj(_FAST, zlib.DEFLATED, _GZIP)
        self._hash = hashlib.sha256()
        self._raw = self._bytes = self._looked = 0
        handle = os.open(folder / self.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(handle, "wb", buffering=_BLOCK)

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        """Take raw bytes."""
        block = bytes(data)  # type: ignore[call-overload]
        self._raw += len(block)
        self._put(self._packer.compress(block))
        return len(block)

    def finish(self) -> Part:
        """Write the rest, make it durable, and describe the part."""
        self._put(self._packer.flush())
        if self._sealer:
            self._store(self._sealer.end())
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return Part(self.name, self._bytes, self._raw, self._hash.hexdigest())

    def close(self) -> None:
        self._file.close()
        super().close()

    def _put(self, packed: bytes) -> None:
        self._store(self._sealer.take(packed) if self._sealer else packed)

    def _store(self, data: bytes) -> None:
        if not data:
            return
        self._hash.update(data)
        self._bytes += len(data)
        self._file.write(data)
        if self._spare and self._bytes - self._looked > _LOOK_EVERY:
            self._looked = self._bytes
            free = free_bytes(self._folder)
            if free < self._spare:
                raise BackupError(
                    "backup-space",
                    f"磁盘只剩 {size_words(free)}：备份与数据库在同一磁盘，为不影响中心运行已停止。"
                    "请换一个目标文件夹，或清理磁盘。",
                )


def free_bytes(folder: Path) -> int:
    """What an ordinary user may still write on the disk of a folder."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


def spare_bytes(folder: Path, beside: Path) -> int:
    """What must stay free in `folder`: something where it shares its disk with `beside`, else nothing."""
    if folder.stat().st_dev != beside.stat().st_dev:
        return 0
    disk = os.statvfs(folder)
    return rules.reserve(disk.f_blocks * disk.f_frsize)


def size_words(count: float) -> str:
    """A size as people say it."""
    for unit in ("B", "KB", "MB", "GB"):
        if count < 1024:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TB"


def state_files(state: Path, apart: Iterable[Path] = ()) -> Iterator[tuple[str, Path]]:
    """The files of the state folder that a backup takes: (name inside, path), in order.

    Links are followed: a key that lies elsewhere is a key all the same.

    Args:
        state: the folder.
        apart: folders inside it that are left out: where backups go.
    """
    barred = {path.resolve() for path in apart}
    seen: set[Path] = set()

    def walk(folder: Path, inside: PurePosixPath) -> Iterator[tuple[str, Path]]:
        real = folder.resolve()
        if real in seen or real in barred:
            return
        seen.add(real)
        for entry in sorted(folder.iterdir()):
            top = not inside.parts
            if top and (entry.name in _LEFT_OUT or entry.name.startswith(REPLACED)):
                continue
            if entry.is_dir():
                yield from walk(entry, inside / entry.name)
            elif entry.is_file() and not entry.name.endswith(rules.HALF_MADE):
                yield str(inside / entry.name), entry

    yield from walk(state, PurePosixPath())


def attached_files(state: Path) -> Iterator[tuple[str, Path]]:
    """The attached files of a state folder: (name inside, path), in order, without those on their way in."""
    folder = state / ATTACHED
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and "#" not in path.name:
            yield str(path.relative_to(folder)), path


def write_attached(writer: PartWriter, state: Path) -> None:
    """Pack the attached files; one that is swept meanwhile was used by nobody."""
    with tarfile.open(fileobj=writer, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for name, path in attached_files(state):
            try:
                _add(tar, name, path)
            except FileNotFoundError:
                continue


def write_state(writer: PartWriter, files: Iterable[tuple[str, Path]], settings: str) -> None:
    """Pack the state folder's files and the settings that the centre ran with."""
    with tarfile.open(fileobj=writer, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for name, path in files:
            try:
                _add(tar, name, path)
            except FileNotFoundError:
                continue  # a draft of a moment
        data = settings.encode()
        info = tarfile.TarInfo(SETTINGS_FILE)
        info.size, info.mode = len(data), 0o600
        tar.addfile(info, io.BytesIO(data))


def _add(tar: tarfile.TarFile, name: str, path: Path) -> None:
    with path.open("rb") as source:
        seen = os.fstat(source.fileno())
        info = tarfile.TarInfo(name)
        info.mode, info.mtime = stat.S_IMODE(seen.st_mode), int(seen.st_mtime)
        # A small file is read at once, so that one that is rewritten meanwhile is either old or new.
        small = source.read(seen.st_size) if seen.st_size <= _AT_ONCE else None
        info.size = seen.st_size if small is None else len(small)
        tar.addfile(info, source if small is None else io.BytesIO(small))


class PartReader(io.RawIOBase):
    """Reads one part back as raw bytes.

    Args:
        path: the file.
        key: of the backup; None for one that is not encrypted.
    """

    def __init__(self, path: Path, key: bytes | None) -> None:
        super().__init__()
        self._file = path.open("rb")
        self._name = path.name
        self._source = (
            unsealed(self._file, key, path.name) if key else iter(lambda: self._file.read(_BLOCK), b"")
        )
        self._unpacker = zlib.decompressobj(_GZIP)
        self._held = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        """Fill a buffer; 0 at the end.

        Raises:
            BackupError: the part is damaged or ends too early.
        """
        view = memoryview(buffer)  # type: ignore[arg-type]
        while not self._held:
            if self._unpacker.eof:
                return 0
            # What zlib still holds back comes first, then what it has not read, then the next block.
            packed = self._unpacker.unconsumed_tail or next(self._source, b"")
            try:
                self._held = self._unpacker.decompress(packed, _BLOCK)
            except zlib.error as exc:
                raise BackupError("backup-broken", f"{self._name} 无法解压：{exc}") from exc
            if not packed and not self._held and not self._unpacker.eof:
                raise BackupError("backup-broken", f"{self._name} 不完整：文件在中途结束。")
        count = min(len(view), len(self._held))
        view[:count] = self._held[:count]
        self._held = self._held[count:]
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


def unpack(reader: PartReader, into: Path) -> None:
    """Unpack a tar into a new folder; only plain files and folders, only below it.

    Args:
        reader: the part.
        into: made here; must not exist.

    Raises:
        BackupError: an entry that leads elsewhere or is of another kind.
    """
    into.mkdir(mode=0o700)
    try:
        with tarfile.open(fileobj=io.BufferedReader(reader, _BLOCK), mode="r|") as tar:
            for entry in tar:
                _unpack_one(tar, entry, into)
    except tarfile.TarError as exc:
        raise BackupError("backup-broken", f"备份无法解包：{exc}") from exc


def _unpack_one(tar: tarfile.TarFile, entry: tarfile.TarInfo, into: Path) -> None:
    name = PurePosixPath(entry.name)
    if name.is_absolute() or ".." in name.parts or "\0" in entry.name:
        raise BackupError("backup-broken", f"备份中的 {entry.name!r} 指向文件夹之外，拒绝恢复。")
    target = into / name
    if entry.isdir():
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        return
    if not entry.isreg():
        raise BackupError("backup-broken", f"备份中的 {entry.name!r} 不是普通文件，拒绝恢复。")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    source = tar.extractfile(entry)
    assert source is not None
    # Nothing here is a link, since none is ever made: the way to `target` stays below `into`.
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        while block := source.read(_BLOCK):
            file.write(block)
        os.fchmod(file.fileno(), entry.mode & 0o755)


def hash_of(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
