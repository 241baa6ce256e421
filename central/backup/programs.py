"""Runs PostgreSQL's own programs for a backup: pg_basebackup, pg_dump, pg_restore, pg_verifybackup."""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
from contextlib import asynccontextmanager, suppress
from typing import IO, TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from central.backup.models import BackupError
from central.db.embedded import programs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

_BLOCK = 1 << 20


def without_password(url: str) -> tuple[str, dict[str, str]]:
    """An address for a command line, which every user of the machine can read, and the environment beside it.

    Args:
        url: postgresql://user:password@host/name?options; the password may stand among the options too.
    """
    parts = urlsplit(url)
    login, at, place = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    options = parse_qsl(parts.query, keep_blank_values=True)
    password = unquote(password) or dict(options).get("password", "")
    query = urlencode([each for each in options if each[0] != "password"], safe="/")
    plain = urlunsplit(parts._replace(netloc=f"{user}{at}{place}", query=query))
    return plain, {"PGPASSWORD": password} if password else {}


def _environment(more: dict[str, str]) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PGOPTIONS"))}
    return {**kept, "LC_ALL": "C", "PGCONNECT_TIMEOUT": "30", **more}


def _start(
    command: list[str], more: dict[str, str], said: IO[bytes], *, reads: bool
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE if reads else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if reads else subprocess.PIPE,
        stderr=said,
        env=_environment(more),
        cwd="/",
    )


@asynccontextmanager
async def _running(
    program: str, arguments: list[str], more: dict[str, str], *, reads: bool
) -> AsyncIterator[subprocess.Popen[bytes]]:
    with tempfile.TemporaryFile() as said:
        process = _start([str(programs() / program), *arguments], more, said, reads=reads)
        try:
            yield process
            code = await asyncio.to_thread(process.wait)
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()
        if code:
            said.seek(0)
            words = said.read().decode(errors="replace").strip()
            raise BackupError("backup-program", f"PostgreSQL 的 {program} 失败：{words[-2000:]}", 500)


async def pour_out(program: str, arguments: list[str], more: dict[str, str], sink: IO[bytes]) -> None:
    """Run a program and write what it prints into a sink.

    Args:
        program: its name.
        arguments: without secrets.
        more: environment with secrets.
        sink: takes the bytes.

    Raises:
        BackupError: it failed; its words are in it.
        OSError: the sink failed, for example because its disk is full.
    """
    async with _running(program, arguments, more, reads=False) as process:
        source = process.stdout
        assert source is not None
        await asyncio.to_thread(_pour, source.read, sink.write)


async def pour_in(
    program: str, arguments: list[str], more: dict[str, str], read: Callable[[int], bytes]
) -> None:
    """Run a program and give it what `read` gives.

    Raises:
        BackupError: it failed, or what was read is damaged.
    """
    async with _running(program, arguments, more, reads=True) as process:
        sink = process.stdin
        assert sink is not None
        # A program that gave up closes its end: its own words say why.
        with suppress(BrokenPipeError):
            await asyncio.to_thread(_pour, read, sink.write)
            sink.close()


def _pour(read: Callable[[int], bytes], write: Callable[[bytes], object]) -> None:
    while block := read(_BLOCK):
        write(block)


async def check_files(data: Path) -> None:
    """Compare the files of an unpacked base backup with the list that the server made of them.

    Raises:
        BackupError: some are missing or others.
    """
    async with _running("pg_verifybackup", ["--quiet", str(data)], {}, reads=True) as process:
        assert process.stdin is not None
        process.stdin.close()
