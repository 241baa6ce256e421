"""A backup is made from a running server, tried and brought back; what is not whole is refused with words."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from central.backup import archive, reading, restoring, rules, service, store, taking, verifying
from central.backup.archive import PartReader, PartWriter
from central.backup.models import MANIFEST, SIGNATURE, BackupError, Manifest
from central.backup.taking import Plan, Secrets
from central.clock import database_now
from central.db import home
from central.db.bootstrap import make_database, make_roles
from central.db.embedded import EmbeddedServer
from central.db.errors import ConfigurationError
from central.db.migrate import MIGRATIONS, migrate
from central.db.opening import opened
from central.db.pool import Database, connect
from central.db.scope import acting
from central.devices.keys import CentreKey
from central.registry.files_objects import FOLDER, Objects
from central.settings import Settings
from central.warning import recovery
from tests.central import county

PASSPHRASE = "a passphrase of some length"
KEEP = rules.Keep(7, 4, 6)


@pytest.fixture
def room() -> Iterator[Path]:
    # Not under pytest's own folder: for root PostgreSQL runs as another user, who may not walk in there.
    folder = Path(tempfile.mkdtemp(prefix="fengsui-backup-"))
    yield folder
    restoring.discard(folder / "state")
    shutil.rmtree(folder, ignore_errors=True)


def plan(target: Path, passphrase: str = "") -> Plan:
    return Plan(target, Secrets(passphrase), "0.1.0", {"FENGSUI_SMS_URL": "http://127.0.0.1:1/sms"})


async def busy(database: Database, stop: asyncio.Event) -> int:
    """Heavy ingest, as far as a copy of the files is concerned: commits without an end."""
    rows = 0
    while not stop.is_set():
        async with acting(database.worker) as conn:
            await conn.execute("INSERT INTO region (code, name) VALUES ($1, 'x')", f"{420000000000 + rows}")
        rows += 1
    return rows


PAPER = b"%PDF-1.7 a licence"
NAME = hashlib.sha256(PAPER).hexdigest()


async def attach(database: Database, settings: Settings) -> None:
    """A file that a record uses, and one on its way in that no backup takes."""
    source = settings.state.with_name("paper.pdf")
    source.write_bytes(PAPER)
    await Objects(settings).put(NAME, source, None)
    (settings.state / FOLDER / NAME[:2] / f"{NAME}#1").write_bytes(b"half")
    async with acting(database.worker) as conn:
        await conn.execute(
            "INSERT INTO stored_file (sha256, size, media_type, thumbnail, scan, stored_at) "
            "VALUES ($1, $2, 'application/pdf', false, 'clean', now())",
            NAME, len(PAPER),
        )  # fmt: skip
        await conn.execute(
            "INSERT INTO file_use (register, record_id, sha256, name, enterprise_id, at) "
            "SELECT 'licences', 1, $1, '许可证.pdf', id, now() FROM enterprise WHERE code = 'E1'",
            NAME,
        )


def forged(folder: Path, state: Path, **changes: object) -> Path:
    """A copy with another manifest, signed by the centre itself."""
    target = folder.with_name("forged")
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(folder, target)
    manifest = msgspec.structs.replace(reading.manifest_of(folder), **changes)
    content = msgspec.json.encode(manifest)
    (target / MANIFEST).write_bytes(content)
    (target / SIGNATURE).write_bytes(base64.b64encode(taking.sign(CentreKey.load(state), content)))
    return target


def test_a_whole_centre_goes_round_encrypted_while_it_writes(room: Path) -> None:
    settings = Settings(state=room / "state")
    kept = room / "kept"

    async def make() -> tuple[Manifest, int]:
        async with opened(settings) as database:
            CentreKey.load(settings.state)
            (settings.state / "pki").mkdir()
            (settings.state / "pki" / "ca.key").write_text("secret of the authority")
            async with acting(database.worker) as conn:
                place = await home.fingerprint(conn, settings.state)
                assert not await recovery.look_home(conn, place, await database_now(conn))
            await county.found(database)
            await attach(database, settings)
            stop = asyncio.Event()
            writing = asyncio.create_task(busy(database, stop))
            # What a killed process left of this centre goes; what is another's stays.
            centre = taking.centre_mark(CentreKey.load(settings.state))
            for mark in (centre, "00000000"):
                (kept / f".fengsui-{mark}-20200101T000000Z-0000.part").mkdir(parents=True)
            before = await database.worker.fetchval("SELECT count(*) FROM region")
            made = await service.make(database, settings, plan(kept, PASSPHRASE), KEEP, "tester")
            stop.set()
            await writing
            assert sorted(path.name for path in kept.iterdir()) == [
                ".fengsui-00000000-20200101T000000Z-0000.part", made.name,
            ]  # fmt: skip
            assert b"secret of the authority" not in b"".join(
                path.read_bytes() for path in (kept / made.name).iterdir()
            )
            with pytest.raises(BackupError, match="不正确"):
                reading.opened(kept / made.name, passphrase=PASSPHRASE + "!")
            backup = reading.opened(kept / made.name, passphrase=PASSPHRASE)
            found = await service.check(database, backup, settings.state, "tester")
            assert [each for each in found if not each.good] == []
            assert [each.part for each in found] == [
                "files",
                "restore",
                "schema",
                "rows",
                "attachments",
                "sequence",
                "audit",
            ]
            async with acting(database.worker) as conn:
                (row,) = await store.listing(conn, None, None, 9)
                assert (row.name, row.state, row.encrypted, row.check_good) == (made.name, "good", True, True)
                await conn.execute("INSERT INTO region (code, name) VALUES ('99', 'after the backup')")
            with pytest.raises(BackupError, match="请先停止中心"):
                await restoring.restore(settings, backup, "tester", over=True)
            return made, before

    made, before = asyncio.run(make())
    backup = reading.opened(kept / made.name, passphrase=PASSPHRASE)

    async def refuse() -> None:
        with pytest.raises(BackupError, match="--over"):
            await restoring.restore(settings, backup, "tester", over=False)
        newer = forged(kept / made.name, settings.state, schema=9999)
        with pytest.raises(BackupError, match="请先安装"):
            await restoring.restore(
                settings, reading.opened(newer, passphrase=PASSPHRASE), "tester", over=True
            )
        short = forged(kept / made.name, settings.state, counts={"region": 1, "audit_chain": 10**9})
        found = await verifying.verify(reading.opened(short, passphrase=PASSPHRASE), room / "scratch")
        assert [each.part for each in found if not each.good] == ["rows"]
        assert "1 个附件都在" in next(each.words for each in found if each.part == "attachments")
        # A file that is missing or is not what its name says is told.
        lying = room / "lying"
        assert not verifying._attached([NAME], lying, inside=True).good
        (lying / FOLDER / NAME[:2]).mkdir(parents=True)
        (lying / FOLDER / NAME[:2] / NAME).write_bytes(PAPER + b"!")
        assert not verifying._attached([NAME], lying, inside=True).good
        assert verifying._attached([NAME], lying, inside=False).good

    asyncio.run(refuse())

    async def back() -> None:
        done = await restoring.restore(settings, backup, "tester", over=True)
        assert done.replaced is not None
        assert (done.replaced / "pki" / "ca.key").exists()
        assert (settings.state / "pki" / "ca.key").read_text() == "secret of the authority"
        attached = [path for path in (settings.state / FOLDER).rglob("*") if path.is_file()]
        assert [(path.name, path.read_bytes()) for path in attached] == [(NAME, PAPER)]
        assert "FENGSUI_SMS_URL=http://127.0.0.1:1/sms" in (settings.state / "settings.env").read_text()
        async with opened(settings) as database, acting(database.worker) as conn:
            assert await conn.fetchval("SELECT count(*) FROM region") >= before
            assert await conn.fetchval("SELECT count(*) FROM region WHERE code = '99'") == 0
            (row,) = await store.listing(conn, None, None, 9)
            assert (row.name, row.state) == (made.name, "good")
            place = await home.fingerprint(conn, settings.state)
            assert await recovery.look_home(conn, place, await database_now(conn))
            known = await recovery.running(conn)
            assert known is not None
            assert made.name in known.begun_by
        mark = settings.state / "restore-unfinished"
        mark.write_text("x")
        with pytest.raises(ConfigurationError, match="was interrupted"):
            async with opened(settings):
                pass
        again = await restoring.restore(settings, backup, "tester", over=False)
        assert again.replaced is not None
        assert again.replaced != done.replaced
        assert not mark.exists()

    asyncio.run(back())


def test_a_backup_of_an_older_program_is_brought_forward(room: Path) -> None:
    settings = Settings(state=room / "state")
    old = room / "old"
    old.mkdir()
    for path in sorted(MIGRATIONS.glob("*.sql"))[:-1]:
        shutil.copy(path, old)

    async def run() -> None:
        server = EmbeddedServer(settings.state)
        CentreKey.load(settings.state)
        with server.running():
            await make_roles(server.url("admin", "postgres"), "a", "b")
            await make_database(server.url("admin", "postgres"), "fengsui")
            conn = await connect(server.url("admin"))
            try:
                await conn.execute("GRANT USAGE, CREATE ON SCHEMA public TO fengsui_owner")
                await migrate(conn, old)
            finally:
                await conn.close()
            made = await taking.take(settings, server.url("admin"), plan(room / "kept"))
        newest = max(int(path.name[:4]) for path in MIGRATIONS.glob("*.sql"))
        assert made.schema < newest
        fresh = Settings(state=room / "fresh")
        await restoring.restore(fresh, reading.opened(room / "kept" / made.name), "tester", over=False)
        async with opened(fresh) as database:
            done = await database.worker.fetchval("SELECT max(number) FROM schema_migration")
        assert done == newest

    asyncio.run(run())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup in form, around parts that are no database: for what is refused before one is needed."""
    folder = tmp_path_factory.mktemp("small")
    state, name = folder / "state", "fengsui-00000000-20261122T180000Z-0000"
    key = CentreKey.load(state)
    target = folder / name
    target.mkdir()
    made_at = rules.made_at(name)
    assert made_at is not None
    parts = []
    for part in ("state.tar.gz", "database.tar.gz"):
        with closing(PartWriter(target, part, None)) as writer:
            archive.write_state(writer, archive.state_files(state), "A=1\n")
            parts.append(writer.finish())
    manifest = Manifest(
        1, name, base64.b64encode(key.public).decode(), made_at, "physical", "0.1.0", 1, 180000,
        tuple(parts), {},
    )  # fmt: skip
    content = msgspec.json.encode(manifest)
    (target / MANIFEST).write_bytes(content)
    (target / SIGNATURE).write_bytes(base64.b64encode(taking.sign(key, content)))
    return target


def test_what_was_changed_after_it_was_made_is_named_and_refused(small: Path, tmp_path: Path) -> None:
    reading.check_parts(small, reading.manifest_of(small))
    copy = tmp_path / "copy"
    text = (small / MANIFEST).read_bytes()
    for file, content, words in (
        (MANIFEST, text.replace(b'"schema":1', b'"schema":2'), "签名不对"),
        (MANIFEST, b"{}", "不认识的备份格式"),
        (MANIFEST, b'{"format":2}', "不认识的备份格式 2"),
        (MANIFEST, b"\xff\xfe", "无法读取"),
        (MANIFEST, b" " * (1 << 21), "过大"),
        (SIGNATURE, base64.b64encode(bytes(64)), "签名不对"),
    ):
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(small, copy)
        (copy / file).write_bytes(content)
        with pytest.raises(BackupError, match=words):
            reading.manifest_of(copy)
    shutil.rmtree(copy)
    shutil.copytree(small, copy)
    part = copy / "state.tar.gz"
    whole = part.read_bytes()
    for content, words in ((whole[:-1], "字节"), (whole[:-1] + bytes([whole[-1] ^ 1]), "SHA-256")):
        part.write_bytes(content)
        with pytest.raises(BackupError, match=words):
            reading.check_parts(copy, reading.manifest_of(copy))
    part.unlink()
    with pytest.raises(BackupError, match="缺少"):
        reading.check_parts(copy, reading.manifest_of(copy))
    with pytest.raises(BackupError, match="不是一份完整的备份"):
        reading.manifest_of(tmp_path)


def test_only_plain_files_below_the_folder_are_unpacked(tmp_path: Path) -> None:
    def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, link
        return info

    for number, bad in enumerate(
        (
            entry("../outside"),
            entry("a/../../outside"),
            entry("/etc/outside"),
            entry("link", tarfile.SYMTYPE, "/etc/passwd"),
            entry("hard", tarfile.LNKTYPE, "../outside"),
            entry("pipe", tarfile.FIFOTYPE),
            entry("device", tarfile.CHRTYPE),
        )
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        with closing(PartWriter(folder, "p", None)) as writer:
            with tarfile.open(fileobj=writer, mode="w|") as tar:
                tar.addfile(bad)
            writer.finish()
        with PartReader(folder / "p", None) as reader, pytest.raises(BackupError, match="拒绝恢复"):
            archive.unpack(reader, folder / "out")
    assert not (tmp_path / "outside").exists()


def test_a_part_that_is_cut_off_or_no_archive_is_refused(tmp_path: Path) -> None:
    with closing(PartWriter(tmp_path, "p", None)) as writer:
        archive.write_state(writer, [], "A=1\n" * 100_000)
        writer.finish()
    whole = (tmp_path / "p").read_bytes()
    for number, content in enumerate((whole[: len(whole) // 2], b"", b"no gzip at all")):
        (tmp_path / "p").write_bytes(content)
        with PartReader(tmp_path / "p", None) as reader, pytest.raises(BackupError, match=r"不完整|无法"):
            archive.unpack(reader, tmp_path / str(number))


def test_a_target_inside_the_state_or_that_is_no_folder_is_refused(room: Path) -> None:
    async def run() -> None:
        settings = Settings(state=room / "state")
        settings.state.mkdir()
        file = room / "file"
        file.write_text("")
        for target in (
            settings.state,
            settings.state / "pki",
            settings.state / "postgres" / "x",
            file,
            file / "x",
        ):
            with pytest.raises(BackupError, match=r"备份不能放在|无法使用"):
                await taking.take(settings, "postgresql://127.0.0.1:1/none", plan(target))

    asyncio.run(run())


def test_links_in_the_state_folder_are_followed_and_lead_nowhere_twice(tmp_path: Path) -> None:
    state, elsewhere = tmp_path / "state", tmp_path / "elsewhere"
    (state / "pki").mkdir(parents=True)
    (state / "backups").mkdir()
    (state / "backups" / "old").write_text("no")
    (state / "replaced-1").mkdir()
    (state / "replaced-1" / "old").write_text("no")
    elsewhere.mkdir()
    (elsewhere / "ca.key").write_text("key")
    (state / "pki" / "ca.key").symlink_to(elsewhere / "ca.key")
    (state / "others").symlink_to(elsewhere)
    (state / "pki" / "again").symlink_to(state)
    (state / "mine").mkdir()
    (state / "mine" / "x").write_text("no")
    names = [name for name, _ in archive.state_files(state, [state / "mine"])]
    assert names == ["others/ca.key", "pki/ca.key"]
