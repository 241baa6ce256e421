"""An enterprise asks to be registered, from the public form to its first sign-in; files of many."""

from __future__ import annotations

import asyncio
import io
import zipfile
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook  # type: ignore[import-untyped]

from tests.central import county
from tests.central.identity.test_guessing import answer_of
from tests.central.serving import serving

if TYPE_CHECKING:
    import httpx

    from central.db.pool import DatabaseUrls
    from tests.central.serving import Served

API = "/api/v1"


async def applied(server: Served, client: httpx.AsyncClient, **more: object) -> httpx.Response:
    captcha_id, captcha = await answer_of(server, client)
    form: dict[str, Any] = {
        "credit_code": county.credit_code(81), "name": "青石新材料有限公司", "region_code": "429981101",
        "sector": "chemical", "address": "青石镇工业路 8 号", "contact_name": "王安全",
        "contact_phone": "13900000001", "captcha_id": captcha_id, "captcha": captcha,
    }  # fmt: skip
    return await client.post(f"{API}/enterprise-applications", json=form | more)


def test_an_enterprise_applies_the_county_decides_and_it_signs_in(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with (
                server.client() as stranger,
                server.client("county") as official,
                server.client("township") as town,
            ):
                first = (await stranger.get(f"{API}/enterprise-applications/choices")).json()
                assert [each["id"] for each in first["regions"]] == ["429981"]
                towns = await stranger.get(
                    f"{API}/enterprise-applications/choices", params={"parent": "429981"}
                )
                assert {each["name"] for each in towns.json()["regions"]} == {"青石镇", "白沙镇"}

                wrong = await applied(
                    server, stranger, credit_code="91429900000000081X", region_code="4299", sector="x",
                    address="", contact_name="", contact_phone="call me", name="",
                )  # fmt: skip
                bad = {field["place"]: field["remedy"] for field in wrong.json()["fields"]}
                assert set(bad) == {
                    "credit_code", "name", "region_code", "sector", "address", "contact_name",
                    "contact_phone",
                }  # fmt: skip
                assert all(bad.values())
                # Right or wrong, an answer is used up: nobody goes on guessing with one question.
                question, right = await answer_of(server, stranger)
                for captcha in ("0", right):
                    guess = await applied(server, stranger, captcha_id=question, captcha=captcha)
                    assert guess.json()["type"] == "/problems/captcha-required"
                question, right = await answer_of(server, stranger)
                once = {"captcha_id": question, "captcha": right, "name": ""}
                twice = [await applied(server, stranger, **once) for _ in range(2)]
                assert [answer.status_code for answer in twice] == [400, 401]
                known = await applied(server, stranger, credit_code=county.credit_code(1))
                assert (known.status_code, known.json()["type"]) == (409, "/problems/registered-already")
                done = await applied(server, stranger)
                assert done.status_code == 201, done.text
                again = await applied(server, stranger)
                assert again.json()["type"] == "/problems/applied-already"

                assert (await town.get(f"{API}/enterprise-applications")).status_code == 403
                bell = (await official.get(f"{API}/messages")).json()["items"]
                assert [row["link"] for row in bell] == ["/enterprise-applications"]
                (wish,) = (await official.get(f"{API}/enterprise-applications")).json()["items"]
                path = f"{API}/enterprise-applications/{wish['id']}/decision"
                silent = await official.post(path, json={"approve": False})
                assert silent.json()["fields"][0]["place"] == "opinion"
                yes = await official.post(path, json={"approve": True, "opinion": "已电话核实"})
                assert yes.status_code == 200, yes.text
                assert yes.json()["account"] == county.credit_code(81).lower()
                assert (await official.post(path, json={"approve": True})).status_code == 409
                number = yes.json()["application"]["enterprise_id"]
                kept = (await official.get(f"{API}/enterprises/{number}/facts")).json()
                assert (kept["sector"], kept["agency_name"]) == ("chemical", "青石镇应急办")
                told = await stranger.post(
                    f"{API}/enterprise-applications/outcome", json={"receipt": done.json()["receipt"].lower()}
                )
                assert (told.json()["state"], told.json()["opinion"]) == ("approved", "已电话核实")
            async with server.client() as new:
                signed = await new.post(
                    f"{API}/session",
                    json={"account": yes.json()["account"], "password": yes.json()["password"]},
                )
                assert signed.status_code == 201, signed.text
                assert signed.json()["steps"][-2:] == ["registration", "organisation"]

    asyncio.run(run())


def test_a_stranger_who_applies_too_often_has_to_wait(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server, server.client() as stranger:
            form = {
                "credit_code": "", "name": "", "region_code": "", "sector": "", "address": "",
                "contact_name": "", "contact_phone": "", "captcha_id": "", "captcha": "",
            }  # fmt: skip
            answers = [await stranger.post(f"{API}/enterprise-applications", json=form) for _ in range(11)]
            assert [answer.status_code for answer in answers] == [401] * 10 + [429]

    asyncio.run(run())


def workbook(*rows: tuple[object, ...]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_file_of_the_registration_is_checked_row_by_row_made_in_parts_and_harmless_twice(
    database: DatabaseUrls,
) -> None:
    codes = [county.credit_code(number) for number in (91, 92, 93)]
    content = workbook(
        ("某县市场主体登记信息",),
        (
            "统一社会信用代码",
            "企业名称",
            "所属乡镇",
            "住所",
            "法定代表人",
            "联系电话",
            "登记状态",
            "监管领域",
        ),
        (
            codes[0],
            "青石水泥厂",
            "青石镇",
            "一路 1 号",
            "李一",
            "0728-1234567",
            "存续（在营、开业、在册）",
            "工贸",
        ),
        (codes[1], "白沙采石场", "429981102000", "二路 2 号", "李二", "", "注销", "矿山"),
        (codes[0], "青石水泥厂", "青石镇", "", "", "", "", ""),
        ("91429900000000093X", "-cmd", "芦苇镇", "", "", "call", "睡着", "金融"),
        (county.credit_code(1), "企业E1", "", "", "", "", "", ""),
        (None, None),
    )

    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("county") as client, server.client("township") as town:
                file = {"file": ("登记.xlsx", content, "application/octet-stream")}
                assert (await town.post(f"{API}/enterprise-batches", files=file)).status_code == 403
                noise = {"file": ("a.xlsx", b"PK\x03\x04 nothing", "x/y")}
                broken = await client.post(f"{API}/enterprise-batches", files=noise)
                assert (broken.status_code, broken.json()["fields"][0]["place"]) == (400, "file")
                made = await client.post(
                    f"{API}/enterprise-batches", files=file, params={"region_code": "429981101"}
                )
                assert made.status_code == 201, made.text
                batch = made.json()
                assert (batch["total"], batch["good"], batch["existing"], batch["bad"]) == (5, 2, 1, 2)
                path = f"{API}/enterprise-batches/{batch['id']}"
                bad = (await client.get(f"{path}/rows", params={"outcome": "bad"})).json()["items"]
                assert [row["line"] for row in bad] == [5, 6]
                assert "第 3 行" in bad[0]["problems"][0]["problem"]
                assert {each["place"] for each in bad[1]["problems"]} == {
                    "credit_code", "region", "sector", "status", "contact_phone",
                }  # fmt: skip
                ran = (await client.post(f"{path}/run")).json()
                assert (ran["state"], ran["made"], ran["good"]) == ("done", 2, 0)
                assert (await client.post(f"{path}/run")).json()["made"] == 2
                report = (await client.get(f"{path}/report.csv")).text
                assert "'-cmd" in report
                assert "已登记，未改动" in report
                rows = await server.database.worker.fetch(
                    "SELECT name, region_code, status, sector, agency_id FROM enterprise "
                    "WHERE credit_code = ANY ($1) ORDER BY name", codes,
                )  # fmt: skip
                assert [tuple(row) for row in rows] == [
                    ("白沙采石场", "429981102", "cancelled", "mine", 2),
                    ("青石水泥厂", "429981101", "working", "trade", 3),
                ]
                gbk = f"信用代码,名称\n{codes[2]},青石砖厂\n{codes[0]},青石水泥厂\n".encode("gb18030")
                again = await client.post(
                    f"{API}/enterprise-batches",
                    files={"file": ("b.csv", gbk, "text/csv")},
                    params={"region_code": "429981101"},
                )
                assert (again.json()["good"], again.json()["existing"]) == (1, 1)
                own = await client.post(
                    f"{API}/enterprise-batches", files=file, params={"region_code": "429982101"}
                )
                assert own.status_code == 400

    asyncio.run(run())


def sparse(corner: str) -> bytes:
    """A workbook of two cells as far apart as Excel allows: small, until somebody lays it out as a table."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet[corner] = "统一社会信用代码", "x"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_file_that_cannot_be_read_is_refused_with_the_way_out_and_the_centre_lives_on(
    database: DatabaseUrls,
) -> None:
    head = ("统一社会信用代码", "企业名称")
    good = workbook(head, (county.credit_code(95), "青石瓦厂"), ("=1/0", "白沙瓦厂"))
    zeros = io.BytesIO()
    with zipfile.ZipFile(zeros, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(64 << 20))
    names = io.BytesIO()
    with zipfile.ZipFile(names, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"{number}", b"")
    cases = {
        "far apart": (sparse("XFD1048576"), 400, "1048576"),
        "a wide field": (sparse("ALL90000"), 400, "90000 行 × 1000 列"),
        "bomb": (zeros.getvalue(), 413, "解压后过大"),
        "names": (names.getvalue(), 413, "解压后过大"),
        "100 MB": (b"a" * (100 << 20), 413, "拆成"),
        "empty": (b"", 400, "空"),
        "old Excel": (b"\xd0\xcf\x11\xe0" + bytes(100), 400, "另存为"),
        "a picture": (b"\x89PNG\r\n\x1a\n\0\0", 400, "不是表格"),
        "torn": (good[: len(good) // 2], 400, "损坏"),
        "no heads": (workbook(("代码", "名字"), ("1", "2")), 400, "统一社会信用代码"),
        "heads alone": (workbook(head), 400, "没有数据"),
        "bad letters": ("信用代码,名称\n".encode("gb18030") + b"\xff\xff,x\n", 400, "第 2 行"),
    }

    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("county") as client:
                told = {}
                for name, (content, _, _) in cases.items():
                    answer = await client.post(
                        f"{API}/enterprise-batches", files={"file": ("a.xlsx", content)}
                    )
                    told[name] = (answer.status_code, answer.json())
                assert {name: found[0] for name, found in told.items()} == {
                    name: case[1] for name, case in cases.items()
                }
                assert [name for name in cases if cases[name][2] not in told[name][1]["detail"]] == []
                placed = {name for name, (_, body) in told.items() if body.get("fields")}
                assert placed == set(cases) - {"100 MB"}
                kept = await client.post(
                    f"{API}/enterprise-batches", files={"file": ("a.xlsx", good)},
                    params={"region_code": "429981101"},
                )  # fmt: skip
                assert (kept.json()["good"], kept.json()["bad"]) == (1, 1), kept.text
                rows = await client.get(
                    f"{API}/enterprise-batches/{kept.json()['id']}/rows", params={"outcome": "bad"}
                )
                (problem,) = rows.json()["items"][0]["problems"]
                assert (problem["place"], "公式" in problem["problem"]) == ("credit_code", True)

    asyncio.run(run())
