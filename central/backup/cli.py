"""`fengsui central backup …` and `restore`: copies of the centre at the server's own terminal."""

from __future__ import annotations

import asyncio
import getpass
import importlib.metadata
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import msgspec
from cyclopts import App, Parameter

from central.backup import archive, reading, restoring, rules, sealing, service, store, taking, verifying
from central.backup.models import BackupError
from central.db.errors import ConfigurationError, DomainError
from central.db.opening import opened
from central.db.scope import acting
from central.settings import Settings

backup = App(name="backup", help="Copies of the whole centre: make, list and try them.")

State = Annotated[Path | None, Parameter(help="State folder; default FENGSUI_STATE or ./.fengsui.")]
Nice = Annotated[bool, Parameter(show=False, negative=())]
_VERSION = importlib.metadata.version("fengsui")


def _run(work: Coroutine[Any, Any, None]) -> None:
    try:
        asyncio.run(work)
    except (ConfigurationError, DomainError) as exc:
        print(exc.detail if isinstance(exc, DomainError) else exc, file=sys.stderr)
        raise SystemExit(2) from exc
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as exc:
        print(f"{type(exc).__name__}: {exc}", file=sys.stderr)
        raise SystemExit(1) from exc


def _operator() -> str:
    return f"terminal: {os.environ.get('SUDO_USER') or getpass.getuser()}"


def _politely(nice: bool) -> None:
    if nice:
        os.nice(10)


@backup.default
def backup_make(
    *,
    to: Path | None = None,
    keep: str | None = None,
    passphrase_file: Path | None = None,
    recipient: str = "",
    state: State = None,
    job: Annotated[int | None, Parameter(show=False)] = None,
    nice: Nice = False,
) -> None:
    """Makes a backup of the whole centre, also while it serves.

    Args:
        to: folder in which it gets a folder of its own; FENGSUI_BACKUP_TO, else `backups` in the state.
        keep: how many stay, days/weeks/months, for example 7/4/6; FENGSUI_BACKUP_KEEP.
        passphrase_file: encrypt with the passphrase in this file; FENGSUI_BACKUP_PASSPHRASE_FILE.
        recipient: encrypt for the owner of this key (`backup key`); FENGSUI_BACKUP_RECIPIENT.
        state: state folder.
        job: row that a worker took up.
        nice: let others go first.
    """
    _politely(nice)

    async def work() -> None:
        settings = Settings.read(state=state)
        rule = rules.Keep.read(keep if keep is not None else settings.backup_keep)
        plan = taking.Plan(
            target=to.absolute() if to else service.target_of(settings),
            secrets=service.secrets_of(settings, passphrase_file, recipient),
            program=_VERSION,
            environment={name: value for name, value in os.environ.items() if name.startswith("FENGSUI_")},
        )
        async with opened(settings) as database:
            made = await service.make(database, settings, plan, rule, _operator(), job)
        print(f"{plan.target / made.name}")
        unpacked = archive.size_words(made.raw_bytes)
        print(f"{archive.size_words(made.bytes)}, unpacked {unpacked}, schema {made.schema:04}")
        if plan.target.stat().st_dev == settings.state.stat().st_dev:
            print(
                "it lies on the disk of the centre itself: copy it elsewhere, or choose another folder (--to)"
            )
        if made.envelope is None:
            print("it is not encrypted and holds the centre's keys: keep it secret")

    _run(work())


@backup.command(name="list")
def backup_list(*, state: State = None) -> None:
    """Lists the newest backups with how they were made and tried."""

    async def work() -> None:
        settings = Settings.read(state=state)
        async with opened(settings) as database, acting(database.worker) as conn:
            rows = await store.listing(conn, None, None, 50)
            attention = (await service.standing(conn, settings)).attention
        for row in rows:
            at = row.began_at or row.asked_at
            size = archive.size_words(row.bytes) if row.bytes else "-"
            tried = {None: "not tried", True: "tried: good", False: f"tried: {row.check_words}"}[
                row.check_good
            ]
            where = "gone" if row.gone_at else str(Path(row.target) / row.name) if row.name else row.target
            print(f"{at:%Y-%m-%d %H:%M:%S} {row.state:7} {size:>9}  {where}  {row.error or tried}")
        if attention:
            print(attention)

    _run(work())


@backup.command(name="verify")
def backup_verify(
    folder: Path | None = None,
    *,
    passphrase_file: Path | None = None,
    identity: Path | None = None,
    scratch: Path | None = None,
    json: bool = False,
    state: State = None,
    nice: Nice = False,
) -> None:
    """Restores a backup on trial: files, schema, sequence of records, chain of the audit. Code 1: it is bad.

    Args:
        folder: of the backup; the newest one when not given.
        passphrase_file: holds its passphrase.
        identity: file with the secret key that it was encrypted for.
        scratch: where a server gets room for the trial; the state folder.
        json: print the findings as one line.
        state: state folder of the centre that remembers the result; without a database nothing is remembered.
        nice: let others go first.
    """
    _politely(nice)

    async def work() -> None:
        settings = Settings.read(state=state)
        secrets = service.secrets_of(settings, passphrase_file)
        room = (scratch or settings.state).absolute()
        known = bool(settings.database_url) or (settings.state / "postgres").exists()
        if known:
            async with opened(settings) as database:
                where = folder or await service.newest_folder(database)
                copy = await asyncio.to_thread(_open, where, secrets.passphrase, identity)
                found = await service.check(database, copy, room, _operator())
        elif folder is None:
            raise BackupError("backup-none", "请指定备份文件夹：这里没有中心的数据库。", 404)
        else:
            copy = await asyncio.to_thread(_open, folder, secrets.passphrase, identity)
            found = await verifying.verify(copy, room)
        good = verifying.is_good(found)
        if json:
            print(msgspec.json.encode({"name": copy.manifest.name, "good": good, "found": found}).decode())
        else:
            for each in found:
                print(f"{'good' if each.good else 'BAD '} {each.part:8} {each.words}")
        if not good:
            raise SystemExit(1)

    _run(work())


@backup.command(name="key")
def backup_key(file: Path) -> None:
    """Makes a key pair for encrypted backups: the secret half goes into a file, the public half is printed.

    Keep the file away from the server: what is encrypted for it can be read with it alone.

    Args:
        file: for the secret half; must not exist.
    """
    public, secret = sealing.new_identity()
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as exc:
        print(f"{file}: {exc.strerror}", file=sys.stderr)
        raise SystemExit(2) from exc
    with os.fdopen(handle, "w", encoding="utf-8") as sink:
        sink.write(secret + "\n")
    print(f"FENGSUI_BACKUP_RECIPIENT={public}")


def restore(
    folder: Path,
    *,
    over: bool = False,
    passphrase_file: Path | None = None,
    identity: Path | None = None,
    state: State = None,
) -> None:
    """Brings a backup back; the centre must not run. Its next `serve` begins in recovery.

    Args:
        folder: of the backup.
        over: the state folder holds a centre already: move that aside (nothing is deleted).
        passphrase_file: holds the backup's passphrase.
        identity: file with the secret key that it was encrypted for.
        state: state folder of the centre to be.
    """

    async def work() -> None:
        settings = Settings.read(state=state)
        secrets = service.secrets_of(settings, passphrase_file)
        copy = await asyncio.to_thread(_open, folder, secrets.passphrase, identity)
        manifest = copy.manifest
        print(
            f"{manifest.name}: made {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC "
            f"by the centre {copy.public_key.hex()[:16]}…"
        )
        done = await restoring.restore(settings, copy, _operator(), over=over)
        print(f"restored into {settings.state.absolute()}")
        if done.replaced:
            print(f"what was there lies in {done.replaced}: remove it when nobody needs it any more")
        print(
            "`serve` begins in recovery: old calls are held (fengsui central recovery status). What "
            "people did since the backup is gone: check answers, accounts, passwords, gateways shut out since"
        )

    _run(work())


def _open(folder: Path, passphrase: str, identity: Path | None) -> reading.Backup:
    secret = service.read_secret(identity) if identity else ""
    return reading.opened(folder.absolute(), passphrase=passphrase, identity=secret)
