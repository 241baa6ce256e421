"""Attached files: what is taken in, who may use and read one, and when it goes."""

from __future__ import annotations

import asyncio
import hashlib
import io
import stat
import zipfile
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import pytest
from msgspec import Struct
from PIL import Image

from central.db.errors import DomainError
from central.db.scope import Scope, acting, scoped
from central.registry import files, files_care, files_store
from central.registry import files_kinds as kinds
from central.registry.files_models import Using
from central.registry.files_pictures import BadPicture, thumbnail
from central.registry.forms import fields
from central.registry.forms.register import Register
from central.registry.forms.values import File
from central.settings import Settings
from tests.central import county
from tests.central.serving import serving

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import httpx

    from central.db.pool import Connection, DatabaseUrls
    from central.identity.models import Person

PDF = b"%PDF-1.7\n" + b"x" * 500


class Inner(Struct):
    proof: Annotated[list[File] | None, fields.files("证明", "proof")] = None


class Paper(Struct):
    title: Annotated[str | None, fields.text("名称", "title")] = None
    papers: Annotated[list[File] | None, fields.files("文件", "papers")] = None
    photos: Annotated[list[File] | None, fields.pictures("照片", "photos")] = None
    rows: Annotated[list[Inner] | None, fields.group("行", "rows")] = None
    part: Annotated[Inner | None, fields.block("部分", "part")] = None


PAPERS = Register(
    name="papers", zh="文件", en="Papers", group="base", record=Paper, title="title", columns=("title",)
)


def picture(kind: str = "JPEG", size: tuple[int, int] = (900, 300), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **more)
    return out.getvalue()


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return out.getvalue()


def test_a_file_is_what_its_bytes_say() -> None:
    for content, kind in (
        (picture(), kinds.JPEG), (picture("PNG"), kinds.PNG), (picture("WEBP"), kinds.WEBP),
        (picture("GIF"), kinds.GIF), (picture("BMP"), kinds.BMP), (PDF, kinds.PDF),
        ("编号,名称\r\n1,灭火器\r\n".encode("gb18030"), kinds.TEXT), ("名称\n".encode() * 2000, kinds.TEXT),
        (zipped("[Content_Types].xml", "word/document.xml"), kinds.WORD),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), kinds.SHEET), (zipped("OFD.xml"), kinds.OFD),
        (b"\0\0\0\x18ftypmp42" + bytes(40), kinds.MP4), (b"AC1032" + bytes(40), kinds.DRAWING),
    ):  # fmt: skip
        assert kinds.kind_of(io.BytesIO(content)) == (kind, ""), kind
    for content, words in (
        (b"MZ\x90\0" + bytes(100), "不支持"), (b"\x7fELF" + bytes(100), "不支持"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不支持"), (b"  <!doctype html><p>", "不支持"),
        (b"#!/bin/sh\nrm", "不支持"), (b"a,b\n<script>", "不支持"), (zipped("a.txt"), "压缩包"),
        (zipped("[Content_Types].xml", "xl/vbaProject.bin"), "宏"), (b"PK\x03\x04" + bytes(90), "损坏"),
    ):  # fmt: skip
        found, wrong = kinds.kind_of(io.BytesIO(content))
        assert found is None
        assert words in wrong


def test_a_name_is_safe_and_ends_as_its_kind() -> None:
    for given, expected in (
        ("C:\\Users\\王\\许可证.PDF", "许可证.pdf"), ("../../etc/passwd", "passwd.pdf"), ("", "文件.pdf"),
        ("a\r\nb.pdf", "ab.pdf"), ("...", "文件.pdf"), ("virus.exe", "virus.exe.pdf"),
        ("长" * 300, "长" * 110 + ".pdf"),
    ):  # fmt: skip
        assert kinds.fitting_name(given, kinds.PDF) == expected


def test_a_thumbnail_is_upright_small_and_tells_nothing_of_the_camera() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "SecretPhone"
    small = Image.open(io.BytesIO(thumbnail(io.BytesIO(picture(exif=exif)))))
    assert (small.size, small.format) == ((160, 480), "JPEG")
    assert not small.getexif()
    assert b"SecretPhone" not in thumbnail(io.BytesIO(picture(exif=exif)))
    clear = io.BytesIO()
    Image.new("RGBA", (60, 20), (0, 0, 0, 0)).save(clear, "PNG")
    assert Image.open(io.BytesIO(thumbnail(clear))).getpixel((5, 5)) == (255, 255, 255)


def test_a_bomb_and_a_damaged_picture_are_refused_before_they_are_decoded() -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    for content, words in (
        (out.getvalue(), "像素过多"), (picture()[:400], "已损坏"),
        (b"\x89PNG\r\n\x1a\n" + bytes(30), "已损坏"),
        # A header that claims 60,000 × 60,000 pixels.
        (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xea\x60\0\0\xea\x60\x08\x02\0\0\0" + bytes(40),
            "像素过多|已损坏",
        ),
    ):  # fmt: skip
        with pytest.raises(BadPicture, match=words):
            thumbnail(io.BytesIO(content))


async def sent(
    client: httpx.AsyncClient, content: bytes, name: str = "许可证.pdf", status: int = 201
) -> dict[str, Any]:
    answer = await client.post("/api/v1/files", files={"file": (name, content, "application/x-lie")})
    assert answer.status_code == status, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_an_upload_is_judged_named_and_kept_once(database: DatabaseUrls, tmp_path: Path) -> None:
    async def run() -> None:
        settings = Settings(state=tmp_path, file_mb=1)
        async with serving(database, settings) as server:
            await county.found(server.database)
            async with server.client("enterprise") as mine, server.client("county") as theirs:
                none = await mine.post("/api/v1/files", files={"name": (None, "no file here")})
                assert none.status_code == 400, none.text
                first = await sent(mine, PDF)
                again = await sent(theirs, PDF, "副本.pdf")
                sha256 = hashlib.sha256(PDF).hexdigest()
                assert first == {
                    "sha256": sha256, "name": "许可证.pdf", "size": len(PDF),
                    "media_type": "application/pdf", "scan": "clean",
                }  # fmt: skip
                assert again["sha256"] == sha256
                lying = [p for p in (tmp_path / "files").rglob("*") if p.is_file()]
                assert [p.name for p in lying] == [sha256]
                assert lying[0].read_bytes() == PDF
                photo = await sent(mine, picture(), "现场.heic")
                assert (photo["media_type"], photo["name"]) == ("image/jpeg", "现场.heic.jpg")
                assert (
                    tmp_path / "files" / photo["sha256"][:2] / f"{photo['sha256']}.thumbnail.jpg"
                ).exists()
                for content, status, code in (
                    (b"", 400, "file-empty"), (b"MZ" + bytes(99), 400, "file-kind"),
                    (picture()[:300], 400, "file-broken"), (PDF + bytes(1 << 20), 413, "file-too-large"),
                ):  # fmt: skip
                    problem = await sent(mine, content, "x.pdf", status)
                    assert problem["type"].endswith(code)
                    assert problem["fields"][0]["place"] == "file"
                for odd in ({"json": {"file": 1}}, {"content": b"x"}, {"data": {"file": "text"}}, {}):
                    answer = await mine.post("/api/v1/files", **odd)
                    assert answer.status_code == 400, answer.text

    asyncio.run(run())


# --- use ---


class Seat(Struct):
    """A served centre with what the tests below need of it."""

    server: Any
    database: Any
    attachments: files.Attachments
    numbers: dict[str, int]


@asynccontextmanager
async def seated(urls: DatabaseUrls, settings: Settings) -> AsyncIterator[Seat]:
    async with serving(urls, settings) as server:
        await county.found(server.database)
        rows = await server.database.worker.fetch("SELECT code, id FROM enterprise")
        yield Seat(
            server, server.database, files.Attachments(settings), {row["code"]: row["id"] for row in rows}
        )


async def person_of(seat: Seat, login: str, scope: Scope) -> Person:
    from central.identity.models import Person

    number = await seat.database.worker.fetchval("SELECT id FROM account WHERE login = $1", login)
    return Person(
        account_id=number, account=login, display_name=login, role="county", role_name="", kind="supervisor",
        agency_id=None, agency_name=None, agency_rank=None, enterprise_id=None, enterprise_name=None,
        place_name="", scope=scope, may=frozenset({"see"}),
    )  # fmt: skip


async def brought(
    seat: Seat, person: Person, content: bytes = PDF, name: str = "许可证.pdf"
) -> dict[str, Any]:
    file = await files.upload(seat.database, seat.attachments, person, name, io.BytesIO(content))
    return {"sha256": file.sha256, "name": file.name, "size": file.size}


def using(seat: Seat, code: str, place: str, record_id: int = 1, **values: Any) -> Using:
    return Using(record_id=record_id, place=place, values=values, enterprise_id=seat.numbers[code])


async def refused(conn: Connection, person: Person, *uses: Using) -> list[str]:
    with pytest.raises(DomainError) as caught:
        await files.use(conn, person, PAPERS, *uses)
    return [f"{field.place} {field.problem}" for field in caught.value.fields]


def test_nobody_names_a_file_that_somebody_else_brought(database: DatabaseUrls, tmp_path: Path) -> None:
    async def run() -> None:
        async with seated(database, Settings(state=tmp_path)) as seat:
            office = await person_of(seat, "county", Scope.region("429981"))
            plant = await person_of(seat, "enterprise", Scope.enterprise(county.E1))
            mine, photo = await brought(seat, plant), await brought(seat, plant, picture(), "照片.jpg")
            async with scoped(seat.database.web, plant.scope, plant.actor) as conn:
                await files.use(
                    conn, plant, PAPERS,
                    using(seat, "E1", county.E1, papers=[mine], photos=[photo], rows=[{"proof": [mine]}]),
                    using(seat, "E1", county.E1, 2, part={"proof": [photo]}),
                )  # fmt: skip
            async with scoped(seat.database.web, office.scope, office.actor) as conn:
                # Where the plant uses it, its office may name it; in another plant's record neither may.
                await files.use(conn, office, PAPERS, using(seat, "E1", county.E1, 3, papers=[mine]))
                said = await refused(conn, office, using(seat, "E2", county.E2, 4, part={"proof": [mine]}))
                assert len(said) == 1
                assert said[0].startswith("values.part.proof[0] 没有找到文件“许可证.pdf”")
            rows = await seat.database.worker.fetch(
                "SELECT record_id, name, place FROM file_use ORDER BY record_id, name"
            )
            assert [tuple(row) for row in rows] == [
                (1, "照片.jpg", county.E1), (1, "许可证.pdf", county.E1), (2, "照片.jpg", county.E1),
                (3, "许可证.pdf", county.E1),
            ]  # fmt: skip
            # What the service would not ask, the database refuses, too.
            named = list(files.named_in(Paper, {"papers": [mine]}))
            async with scoped(seat.database.web, office.scope, office.actor) as conn:
                claimed = [(using(seat, "E2", county.E2), named[0])]
                now = await conn.fetchval("SELECT now()")
                with pytest.raises(DomainError, match="file-unknown"):
                    await files_store.use(conn, "papers", claimed, now)
            async with scoped(seat.database.web, plant.scope, plant.actor) as conn:
                lied = {**mine, "size": 1}
                said = await refused(
                    conn, plant,
                    using(seat, "E1", county.E1, photos=[mine, photo], papers=[lied]),
                    using(seat, "E1", county.E1, rows=[{"proof": [{**mine, "sha256": "0" * 64}]}]),
                )  # fmt: skip
                assert [line.split()[0] for line in said] == [
                    "values.papers[0]", "values.photos[0]", "values.rows[0].proof[0]",
                ]  # fmt: skip

    asyncio.run(run())


def test_what_nobody_used_for_a_day_goes_and_what_is_used_stays(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async def run() -> None:
        async with seated(database, Settings(state=tmp_path)) as seat:
            plant = await person_of(seat, "enterprise", Scope.enterprise(county.E1))
            kept, left = await brought(seat, plant), await brought(seat, plant, PDF + b"2")
            fresh, photo = await brought(seat, plant, PDF + b"3"), await brought(seat, plant, picture())
            async with scoped(seat.database.web, plant.scope, plant.actor) as conn:
                await files.use(conn, plant, PAPERS, using(seat, "E1", county.E1, papers=[kept]))
            assert await files_care.sweep(seat.database, seat.attachments) == 0
            async with acting(seat.database.worker) as conn:
                for table, column in (("stored_file", "stored_at"), ("file_upload", "at")):
                    await conn.execute(
                        f"UPDATE {table} SET {column} = {column} - $1::interval WHERE sha256 <> $2",
                        files_care.UNUSED_FOR + timedelta(hours=1), fresh["sha256"],
                    )  # fmt: skip
            assert await files_care.sweep(seat.database, seat.attachments) == 2
            there = {p.name for p in (tmp_path / "files").rglob("*") if p.is_file()}
            assert there == {kept["sha256"], fresh["sha256"]}
            async with scoped(seat.database.web, plant.scope, plant.actor) as conn:
                assert len(await refused(conn, plant, using(seat, "E1", county.E1, papers=[left]))) == 1
                assert len(await refused(conn, plant, using(seat, "E1", county.E1, photos=[photo]))) == 1
                # The record of it remembers the file; who brought it is forgotten.
                await files.use(conn, plant, PAPERS, using(seat, "E1", county.E1, 9, papers=[kept]))

    asyncio.run(run())


async def patience_ends(seat: Seat) -> None:
    """As if the pause after a failure were over."""
    async with acting(seat.database.worker) as conn:
        await conn.execute("UPDATE stored_file SET again_at = '-infinity'")


def scanner(folder: Path, script: str) -> str:
    path = folder / "scanner"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_a_file_is_unusable_until_the_scanner_called_it_harmless(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    command = scanner(tmp_path, f'grep -q EVIL "$1" && exit 1; test -e {tmp_path}/awake || exit 2; exit 0')

    async def run() -> None:
        settings = Settings(state=tmp_path / "state", file_scan=command)
        async with seated(database, settings) as seat:
            plant = await person_of(seat, "enterprise", Scope.enterprise(county.E1))
            with pytest.raises(DomainError, match="file-harmful"):
                await brought(seat, plant, PDF + b"EVIL")
            async with seat.server.client("enterprise") as client:
                assert (await sent(client, PDF))["scan"] == "waiting"
            mine = await brought(seat, plant)
            async with scoped(seat.database.web, plant.scope, plant.actor) as conn:
                said = await refused(conn, plant, using(seat, "E1", county.E1, papers=[mine]))
                assert "正在安全检查" in said[0]
            assert await files_care.scan_waiting(seat.database, seat.attachments) == 0
            (tmp_path / "awake").touch()
            await patience_ends(seat)
            assert await files_care.scan_waiting(seat.database, seat.attachments) == 1
            async with scoped(seat.database.web, plant.scope, plant.actor) as conn:
                await files.use(conn, plant, PAPERS, using(seat, "E1", county.E1, papers=[mine]))
            # The scanner learns later what it did not know when the file came.
            (tmp_path / "awake").unlink()
            late = await brought(seat, plant, PDF + b"late")
            scanner(tmp_path, "exit 1")
            assert await files_care.scan_waiting(seat.database, seat.attachments) == 1
            assert not list((tmp_path / "state" / "files").rglob(late["sha256"]))
            told = await seat.database.worker.fetchval("SELECT title FROM message WHERE kind = 'file'")
            assert told == "上传的文件未通过安全检查"
            # One that hangs or is missing judges nothing.
            for broken in (scanner(tmp_path, "sleep 60"), "/nowhere/scanner"):
                slow = files.Attachments(Settings(state=tmp_path / "state", file_scan=broken, file_scan_s=0))
                waits = await files.upload(
                    seat.database, slow, plant, "x.pdf", io.BytesIO(PDF + broken.encode())
                )
                assert waits.scan == "waiting"

    asyncio.run(run())


def test_a_file_that_cannot_be_judged_holds_up_no_other(
    database: DatabaseUrls, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    command = scanner(tmp_path, f'test -e {tmp_path}/awake && ! grep -q ODD "$1" || exit 3')

    async def run() -> None:
        settings = Settings(state=tmp_path / "state", file_scan=command)
        async with seated(database, settings) as seat:
            plant = await person_of(seat, "enterprise", Scope.enterprise(county.E1))
            odd, lost = await brought(seat, plant, PDF + b"ODD"), await brought(seat, plant, PDF + b"lost")
            good = await brought(seat, plant, PDF + b"good")
            for path in (tmp_path / "state" / "files").rglob(lost["sha256"]):
                path.unlink()
            (tmp_path / "awake").touch()
            caplog.clear()
            assert await files_care.scan_waiting(seat.database, seat.attachments) == 1
            rows = await seat.database.worker.fetch("SELECT sha256, scan, failed FROM stored_file")
            assert {tuple(row) for row in rows} == {
                (odd["sha256"], "waiting", 1), (lost["sha256"], "waiting", 1), (good["sha256"], "clean", 0),
            }  # fmt: skip
            # Left alone for a while, then asked about again; the log has told it already.
            assert await files_care.scan_waiting(seat.database, seat.attachments) == 0
            assert await seat.database.worker.fetchval("SELECT max(failed) FROM stored_file") == 1
            await patience_ends(seat)
            assert await files_care.scan_waiting(seat.database, seat.attachments) == 0
            told = [record.message for record in caplog.records if record.levelname == "WARNING"]
            assert len(told) == 2
            assert "ended with 3" in next(line for line in told if odd["sha256"] in line)
            assert "has lost it" in next(line for line in told if lost["sha256"] in line)
            pause = "SELECT max(again_at) - now() FROM stored_file"
            assert timedelta(seconds=50) < await seat.database.worker.fetchval(pause) <= timedelta(seconds=60)

            # So with the sweep: what the store does not let go is kept, everything else goes.
            stuck = next((tmp_path / "state" / "files").rglob(odd["sha256"]))
            stuck.unlink()
            (stuck / "in the way").mkdir(parents=True)
            await patience_ends(seat)
            async with acting(seat.database.worker) as conn:
                await conn.execute("UPDATE stored_file SET stored_at = now() - interval '2 days'")
                await conn.execute("UPDATE file_upload SET at = now() - interval '2 days'")
            assert await files_care.sweep(seat.database, seat.attachments) == 2
            left = await seat.database.worker.fetch("SELECT sha256, failed FROM stored_file")
            assert [tuple(row) for row in left] == [(odd["sha256"], 3)]

    asyncio.run(run())
