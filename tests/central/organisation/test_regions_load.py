"""Regions out of the package, an archive of towns, and a customer's file; told before and after."""

from __future__ import annotations

import io
import os
import tarfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from central.db.errors import DomainError
from central.db.pool import Database
from central.db.scope import acting
from central.organisation import region_files, regions

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

pytestmark = pytest.mark.anyio

STREETS = (
    'code,name,areaCode\n429004001,"沙嘴街道",429004\n429005001,"园林街道",429005\n420171001,"某园",420171\n'
)
VILLAGES = 'code,name,streetCode\n429004001001,"沙嘴社区",429004001\n'
AREAS = 'code,name,cityCode\n429004,"旧名市",4290\n420171,"某开发区",4201\n'
CITIES = 'code,name\n4290,"省直辖县级行政区划"\n'


def archive(folder: Path) -> Path:
    path = folder / "china-division-2.7.0.tgz"
    with tarfile.open(path, "w:gz") as out:
        for name, text in (
            ("cities", CITIES),
            ("areas", AREAS),
            ("streets", STREETS),
            ("villages", VILLAGES),
        ):
            member = tarfile.TarInfo(f"package/dist/{name}.csv")
            body = text.encode()
            member.size = len(body)
            out.addfile(member, io.BytesIO(body))
    return path


async def test_the_package_the_archive_and_a_file_load_one_tree(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    async with Database.open(database) as db:
        async with acting(db.worker) as conn:
            report = await regions.load(
                conn,
                [region_files.packaged(), region_files.towns(archive(tmp_path))],
                below="42",
                dry_run=True,
            )
            assert report.added > 100
            assert report.renamed == report.gone == 0
            assert report.by_level["乡级"] == 3
            assert report.by_level["村级"] == 1
            # A county that the province administers itself has no city, and that is told.
            assert report.skipped_levels["4290"] == 4
            assert await conn.fetchval("SELECT count(*) FROM region") == 0
        async with acting(db.worker) as conn:
            await regions.load(
                conn, [region_files.packaged(), region_files.towns(archive(tmp_path))], below="42"
            )
            rows = await conn.fetch(
                "SELECT code, parent_code FROM region WHERE code = ANY($1)",
                ["42", "4201", "429004", "429004001", "429004001001", "420171001", "1301"],
            )
            parents = {row["code"]: row["parent_code"] for row in rows}
            assert parents == {
                "42": None, "4201": "42", "429004": "42", "429004001": "429004",
                "429004001001": "429004001", "420171001": "420171",
            }  # fmt: skip
            # The package names counties; the archive's older name does not replace it.
            assert await conn.fetchval("SELECT name FROM region WHERE code = '429004'") == "仙桃市"
            assert await conn.fetchval("SELECT count(*) FROM audit WHERE subject_type = 'region'") == 1

        (tmp_path / "own.csv").write_text(
            "code,name,valid_from,valid_to,successors\n429004001,沙嘴新街道,,,\n"
            "429004002,老街道,1990-01-01,2020-01-01,429004001\n",
            encoding="utf-8",
        )
        async with acting(db.worker) as conn:
            report = await regions.load(conn, [region_files.from_file(tmp_path / "own.csv")])
            assert (report.added, report.renamed, report.gone) == (1, 1, 0)
        (tmp_path / "fewer.csv").write_text("429004001,沙嘴新街道\n", encoding="utf-8")
        async with acting(db.worker) as conn:
            await conn.execute(
                "INSERT INTO region (code, name, parent_code) VALUES ('429004003', '某街', '429004')"
            )
            # A customer's file of one county says nothing of the others.
            report = await regions.load(conn, [region_files.from_file(tmp_path / "fewer.csv")])
            assert report.gone_some == ["429004003 某街"]
            assert await regions.code_today(conn, "429004002") == "429004001"
            found = await regions.region(conn, "429004002")
            assert [r.code for r in found.path] == ["42", "429004", "429004002"]
            assert found.today == ["429004001"]
            assert [r.name for r in found.successors] == ["沙嘴新街道"]
            listed = await regions.listed(
                conn, parent=None, text="老街", on=None, level=None, after="", limit=9
            )
            assert [r.code for r in listed] == ["429004002"]
            today = await regions.region(conn, "429004001")
            assert [r.code for r in today.predecessors] == ["429004002"]


async def test_every_bad_line_is_named_and_nothing_is_loaded(database: DatabaseUrls, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text("42,某省\n42x,名\n4299\n429981,县,2026-13-01\n429982,,\n429983,县,,2020-01-01,4299831\n")
    async with Database.open(database) as db, acting(db.worker) as conn:
        with pytest.raises(DomainError) as told:
            await regions.load(conn, [region_files.from_file(bad)])
        assert [f.place for f in told.value.fields] == [f"bad.csv:{n}" for n in (2, 3, 4, 5, 6)]


@pytest.mark.skipif("FENGSUI_TOWNS" not in os.environ, reason="FENGSUI_TOWNS names china-division-2.7.0.tgz")
async def test_all_villages_of_the_country_load_with_bounded_memory(database: DatabaseUrls) -> None:
    path = Path(os.environ["FENGSUI_TOWNS"])
    began = time.monotonic()
    before = psutil.Process().memory_info().rss
    async with Database.open(database, longest_s=None) as db, acting(db.worker) as conn:
        report = await regions.load(conn, [region_files.packaged(), region_files.towns(path)])
        grown = psutil.Process().memory_info().rss - before
        print(f"{report.read} rows in {time.monotonic() - began:.0f} s, {grown / 2**20:.0f} MiB more")
        print(report.by_level, len(report.skipped_levels), list(report.skipped_levels.items())[:30])
        assert report.added > 650_000
        assert grown < 200 * 2**20
