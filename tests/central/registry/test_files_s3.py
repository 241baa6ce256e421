"""The bytes of files in S3: stored, read, removed and lost over a server that speaks it.

The server is `nanio`, which is not among the pinned packages: it asks for uvicorn with everything, and every
other test would try another HTTP parser than the one that is shipped (decision 0057). Put it beside them by
hand: `pip install --no-deps nanio aiofiles defusedxml`.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import importlib.util
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from central.db.errors import DomainError
from central.registry.files_objects import Objects
from central.settings import Settings
from rig.centre import free_port
from rig.programs import wait_until
from tests.central import county
from tests.central.serving import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from central.db.pool import DatabaseUrls

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("nanio") is None,
    reason="no S3 server: pip install --no-deps nanio aiofiles defusedxml",
)

KEY, SECRET, BUCKET = "key-of-the-county", "secret-of-the-county", "fengsui"
PDF = b"%PDF-1.7\n" + b"x" * 2_000
PARTS = (5 << 20) * 2 + 12_345  # more than two parts of what S3 takes at once


@pytest.fixture
def bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of a bucket behind an S3 server of its own; the client's variables lead there."""
    (tmp_path / "s3" / BUCKET).mkdir(parents=True)
    port = free_port()
    own = {"NANIO_ACCESS_KEY": KEY, "NANIO_SECRET_KEY": SECRET}
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "nanio", "serve", "--data-dir", str(tmp_path / "s3")),
            *("--host", "127.0.0.1", "--port", str(port), "--log-level", "error", "--no-access-log"),
        ],
        env={**os.environ, **own}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_ENDPOINT", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    try:
        wait_until("the S3 server listens", lambda: _listens(port) or process.poll() is not None)
        assert process.poll() is None
        yield tmp_path / "s3" / BUCKET
    finally:
        process.terminate()
        process.wait(60)


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


async def _whole(objects: Objects, sha256: str, *, small: bool = False) -> bytes:
    return b"".join([block async for block in await objects.read(sha256, small=small)])


def test_what_is_stored_is_read_removed_and_told_when_it_is_lost(bucket: Path, tmp_path: Path) -> None:
    async def run() -> None:
        objects = Objects(Settings(state=tmp_path, files=f"s3://{BUCKET}/county"))
        for size in (1, PARTS):
            content = (hashlib.sha256(b"%d" % size).digest() * (size // 32 + 1))[:size]
            path, name = tmp_path / "content", hashlib.sha256(content).hexdigest()
            path.write_bytes(content)
            # A second time changes nothing: the name is the content.
            for small in (b"small", None):
                await objects.put(name, path, small)
            assert await _whole(objects, name) == content
            assert await _whole(objects, name, small=True) == b"small"
            assert (bucket / "county" / name[:2] / name).stat().st_size == size
            for _ in range(2):
                await objects.remove(name)
            with pytest.raises(FileNotFoundError):
                await objects.read(name)
        # Nothing of it lies in the state folder.
        assert not (tmp_path / "files").exists()

    asyncio.run(run())


def test_a_key_that_is_wrong_is_a_store_that_is_away(
    bucket: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of somebody else")

    async def run() -> None:
        objects = Objects(Settings(state=tmp_path, files=f"s3://{BUCKET}"))
        path = tmp_path / "content"
        path.write_bytes(PDF)
        name = hashlib.sha256(PDF).hexdigest()
        for asked in (objects.put(name, path, None), objects.read(name), objects.remove(name)):
            with pytest.raises(DomainError, match="files-away"):
                await asked
        assert list(bucket.iterdir()) == []

    asyncio.run(run())


def test_a_file_that_comes_over_http_lies_in_the_bucket(
    database: DatabaseUrls, bucket: Path, tmp_path: Path
) -> None:
    async def run() -> None:
        settings = Settings(state=tmp_path / "state", files=f"s3://{BUCKET}")
        async with serving(database, settings) as server:
            await county.found(server.database)
            async with server.client("enterprise") as mine:
                answer = await mine.post("/api/v1/files", files={"file": ("报告.pdf", PDF)})
                assert answer.status_code == 201, answer.text
                name = answer.json()["sha256"]
                assert (bucket / name[:2] / name).read_bytes() == PDF

    asyncio.run(run())
