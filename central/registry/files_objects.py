"""Where the bytes of attached files lie: a folder of the state folder, or S3; named by their SHA-256."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Final

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from central.db.errors import ConfigurationError, DomainError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from central.settings import Settings

FOLDER: Final = "files"
"""In the state folder; a backup takes it apart from the rest (central/backup)."""
UPLOADS: Final = "uploads"
"""In the state folder: the beginnings of files that come in parts; no backup takes them."""
_BLOCK: Final = 1 << 20
_SPARE_BYTES: Final = 512 << 20
_SMALL: Final = ".thumbnail.jpg"


class Objects:
    """The bytes of files; one per process.

    Args:
        settings: `files` names a bucket, "s3://bucket/prefix"; empty: the folder `files` of the state folder.

    Raises:
        ConfigurationError: the address is of another kind.
    """

    def __init__(self, settings: Settings) -> None:
        self._folder: Path | None = None
        if not settings.files:
            self._folder = settings.state / FOLDER
            self._store: LocalStore | S3Store | None = None
        elif settings.files.startswith("s3://"):
            # Region, keys and endpoint come from the variables AWS_… that every S3 client reads.
            self._store = S3Store.from_url(settings.files)
        else:
            raise ConfigurationError(
                f"FENGSUI_FILES={settings.files!r}: must be empty (files lie in the state folder) "
                "or begin with s3://"
            )

    def check_room(self, size: int) -> None:
        """Refuses what would fill the disk on which the centre lives.

        Raises:
            DomainError: 507.
        """
        if self._folder is not None:
            room_in(self._folder, size)

    async def put(self, sha256: str, content: Path, small: bytes | None) -> None:
        """Stores a file, durably; what is there already stays.

        Args:
            sha256: of the content.
            content: a file that holds it.
            small: its thumbnail.

        Raises:
            DomainError: 503, the store cannot be reached or written.
        """
        store = self._opened()
        try:
            if small is not None:
                await obstore.put_async(store, _name(sha256) + _SMALL, small)
                self._keep(_name(sha256) + _SMALL)
            if not await self._holds(store, sha256, content.stat().st_size):
                await obstore.put_async(store, _name(sha256), content)
                self._keep(_name(sha256))
        except (BaseError, OSError) as exc:
            raise _away() from exc

    async def read(self, sha256: str, *, small: bool = False) -> AsyncIterator[bytes]:
        """The bytes in blocks; nothing was sent yet when this raises.

        Raises:
            FileNotFoundError: the store has lost it.
            DomainError: 503, the store cannot be reached; the blocks raise it, too, when it goes away.
        """
        try:
            found = await obstore.get_async(self._opened(), _name(sha256) + (_SMALL if small else ""))
        except FileNotFoundError:
            raise
        except (BaseError, OSError) as exc:
            raise _away() from exc

        async def blocks() -> AsyncIterator[bytes]:
            try:
                async for block in found.stream(min_chunk_size=_BLOCK):
                    yield bytes(block)
            except (BaseError, OSError) as exc:
                raise _away() from exc

        return blocks()

    async def remove(self, sha256: str) -> None:
        """Removes a file and its thumbnail; one that is gone already is no fault."""
        for name in (_name(sha256), _name(sha256) + _SMALL):
            try:
                await obstore.delete_async(self._opened(), name)
            except FileNotFoundError:
                continue
            except (BaseError, OSError) as exc:
                raise _away() from exc

    async def _holds(self, store: LocalStore | S3Store, sha256: str, size: int) -> bool:
        try:
            return (await obstore.head_async(store, _name(sha256)))["size"] == size
        except FileNotFoundError:
            return False

    def _opened(self) -> LocalStore | S3Store:
        if self._store is None:
            assert self._folder is not None
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._store = LocalStore(self._folder, mkdir=True)
        return self._store

    def _keep(self, name: str) -> None:
        """On a disk of ours what is answered for must outlive a power cut: file, then its folder."""
        if self._folder is None:
            return
        path = self._folder / name
        for each, flags in ((path, os.O_RDONLY), (path.parent, os.O_RDONLY | os.O_DIRECTORY)):
            handle = os.open(each, flags)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)


def room_in(folder: Path, size: int) -> None:
    """Refuses what would fill the disk of a folder of ours, which is made if need be.

    Raises:
        DomainError: 507.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < size + _SPARE_BYTES:
        raise DomainError("files-full", "服务器磁盘空间不足，暂时不能上传文件，请联系管理员。", 507)


def _name(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def _away() -> DomainError:
    return DomainError("files-away", "文件存储暂时不可用，请稍后再试；已上传的文件不受影响。", 503)
