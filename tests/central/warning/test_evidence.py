"""Evidence over HTTP: complete, within the reader's jurisdiction, masked, audited, provable."""

from __future__ import annotations

import base64
import csv
import io
import json
import tempfile
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from central.audit.store import Q as AUDIT
from central.devices.keys import CentreKey
from central.warning import evidence_file
from tests.central.warning.test_warning_handling import brought, browser, picture
from tests.central.warning.test_warning_routes import run

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls
    from tests.central.warning.county import County

_HISTORY = """
INSERT INTO ledger (gateway_id, stream, epoch, place, first_seq, last_seq, records, rows, hash, birth_hash,
                    boot, received_at)
VALUES ('gw-chlorine', 2, 1, '', 1, 1, 1, 1, '', '', 1, $1)
"""


async def with_history(c: County) -> None:
    """A value each ten seconds of both points for an hour and a half around now, and a bad one."""
    await c.more_points(1)
    await c.execute(_HISTORY, c.now)
    for days in (-1, 0, 1):
        await c.execute("SELECT ensure_measurement_day($1)", (c.now + timedelta(days=days)).date())
    await c.execute(
        "INSERT INTO measurement (at, value, batch_id, gateway, point_id, quality, record)"
        " SELECT $1::timestamptz + n * interval '10 seconds', n / 10.0, (SELECT max(id) FROM ledger),"
        " (SELECT number FROM gateway), p.id, CASE n WHEN 3 THEN 24 ELSE 192 END, 0"
        " FROM generate_series(-300, 240) AS n CROSS JOIN point AS p",
        c.now - timedelta(seconds=1),
    )
    await c.execute(
        "INSERT INTO event (gateway_id, epoch, seq, batch_id, place, kind, at, received_at, dated_by_centre,"
        " boot, mono_ms, time_ms, history, point_id, alarm, occurrence, transition, state, value, quality,"
        " raw)"
        " SELECT 'gw-chlorine', 1, 1, 1, '', 'alarm', $1, $1, false, 1, 0, 0, false, $2, 'GT-101/HH',"
        " '0000002a-1', 1, 'B', 2.4, 192, ''",
        c.now,
        c.point_id,
    )


def table(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


def test_everything_about_a_case_is_in_its_pack_and_can_be_proved_without_the_centre(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        await with_history(c)
        case = await c.open("HH")
        await c.settle()
        with tempfile.TemporaryDirectory() as state:
            folder = Path(state)
            async with (
                browser(c, "township", folder) as town,
                browser(c, "elsewhere", folder) as elsewhere,
            ):
                photo = await brought(town, "green")
                words = {"text": "已电话 13912345678 核实", "photos": [photo]}
                assert (await town.post(f"/warnings/{case}/comments", json=words)).status_code == 200
                assert (await elsewhere.get(f"/warnings/{case}/evidence")).status_code == 404
                answer = await town.get(f"/warnings/{case}/evidence")
                assert answer.status_code == 200, answer.text
                assert answer.headers["content-type"] == "application/zip"
                assert "content-encoding" not in answer.headers
            path = folder / "taken.zip"
            path.write_bytes(answer.content)
            public = CentreKey.load(folder).public
            report = evidence_file.verify(path, public)
            assert report.findings == []
            assert report.key == base64.b64encode(public).decode()

        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        assert archive.testzip() is None
        points = table(archive, "points.csv")
        assert [point["key"] for point in points] == ["GT-101", "N-1"]
        # Half an hour before and after, a value each ten seconds.
        assert [int(point["rows"]) for point in points] == [360, 360]
        rows = table(archive, points[0]["file"])
        assert len(rows) == 360
        assert {row["quality"] for row in rows} == {"192", "24"}
        assert all(row["receive_time"].endswith("+08:00") for row in rows)
        assert [row["alarm"] for row in table(archive, "events.csv")] == ["GT-101/HH"]
        story = table(archive, "story.csv")
        assert [line["kind"] for line in story][-1] == "commented"
        (act,) = table(archive, "actions.csv")
        assert (act["who"], act["detail"]) == ("镇值班", "已电话 139****5678 核实；照片 1 张")
        calls = table(archive, "messages.csv")
        assert {call["number"] for call in calls if call["channel"] == "sms"} == {"139****0004"}
        assert [one["alarm"] for one in table(archive, "alarms.csv")] == ["GT-101/HH"]
        told = json.loads(archive.read("warning.json"))
        assert (told["id"], told["level"]) == (str(case), "red")
        assert "13900000004" not in str(told)
        assert json.loads(archive.read("policy.json"))["steps"]
        assert json.loads(archive.read("level.json"))["reason"]
        (kept,) = [name for name in archive.namelist() if name.startswith("photos/")]
        assert archive.read(kept) == picture("green")
        page = archive.read("summary.html").decode()
        assert "预警证据包 YJ00000001" in page
        assert "镇值班" in page
        assert "<svg" in page
        assert "http://" not in page.replace("http://www.w3.org", "")
        (entry,) = await c.fetch("SELECT * FROM audit WHERE action = 'evidence-taken'")
        assert (entry["subject_id"], entry["actor"]) == (str(case), 3)
        assert len(entry["after"]["manifest_sha256"]) == 64

    run(database, scenario)


def test_the_plant_itself_reads_its_own_words_in_full(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H")
        await c.settle()
        with tempfile.TemporaryDirectory() as state:
            async with browser(c, "enterprise", Path(state)) as plant:
                await plant.post(f"/warnings/{case}/comments", json={"text": "联系 13912345678"})
                answer = await plant.get(f"/warnings/{case}/evidence")
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        (act,) = table(archive, "actions.csv")
        assert act["detail"] == "联系 13912345678"
        calls: list[dict[str, Any]] = table(archive, "messages.csv")
        assert {call["number"] for call in calls if call["channel"] == "sms"} == {"13900000004"}

    run(database, scenario)


def test_where_the_chain_holds_what_was_done_is_told(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H")
        await c.fetch("SELECT audit_seal(1000)")
        with tempfile.TemporaryDirectory() as state:
            async with browser(c, "township", Path(state)) as town:
                answer = await town.get(f"/warnings/{case}/evidence")
        archive = zipfile.ZipFile(io.BytesIO(answer.content))
        manifest = json.loads(archive.read("manifest.json"))
        (head,) = await c.fetch(AUDIT.chain_head)
        assert manifest["audit"]["position"] <= head["position"]
        assert [line["action"] for line in table(archive, "audit.csv")] == ["opened"]

    run(database, scenario)
