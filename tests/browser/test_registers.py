"""A safety officer fills in a certificate on a phone; the county finds it in its register."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from rig.desk import SitDown

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

LONG = 60_000  # milliseconds; a busy machine takes its time
NUMBER = "T410123199001011234"
PART = 2 << 20  # what the console sends at once of a large file


def test_a_certificate_with_a_picture_comes_from_a_phone_to_the_county(desk: SitDown, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    # As large as a phone takes them: it is made small before it leaves.
    Image.effect_noise((3000, 2200), 80).convert("RGB").save(photo, quality=95)

    officer = desk("enterprise", phone=True)
    page = officer.page
    page.set_default_timeout(LONG)
    officer.visit("/registers/certificates/new")
    page.get_by_role("button", name="保存", exact=True).click()
    problems = page.get_by_role("alert").filter(has_text="需要改正")
    expect(problems).to_be_visible(timeout=LONG)
    problems.get_by_role("button", name="姓名").click()
    expect(page.get_by_label("姓名", exact=True)).to_be_focused(timeout=LONG)
    page.keyboard.type("端木清扬")
    page.get_by_label("工种").fill("焊接与热切割作业")
    page.get_by_role("button", name="特种作业", exact=True).click()
    page.get_by_label("身份证号").fill("123")
    page.get_by_label("证书编号").fill(NUMBER)
    page.get_by_label("有效期起").fill("2024-03-01")
    page.get_by_label("有效期止").fill("2027-02-28")
    page.locator("input[type=file]").set_input_files(photo)
    expect(page.get_by_role("button", name="移除 photo.jpg")).to_be_visible(timeout=LONG)
    # A phone that died keeps what was typed.
    page.reload()
    expect(page.get_by_label("证书编号")).to_have_value(NUMBER, timeout=LONG)
    page.get_by_role("button", name="保存", exact=True).click()
    # What only the centre knows stands at its field.
    expect(page.get_by_role("alert").filter(has_text="身份证号").first).to_be_visible(timeout=LONG)
    page.get_by_label("身份证号").fill("11010519491231002X")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", name="端木清扬")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("img", name="photo.jpg")).to_be_visible(timeout=LONG)
    officer.picture("register-certificate")

    county = desk("county")
    county.page.set_default_timeout(LONG)
    county.visit("/registers")
    county.page.get_by_role("searchbox", name="台账名称").fill("ryzs")
    county.page.get_by_role("link", name="人员证书").click()
    county.page.get_by_role("combobox", name="证书类型").click()
    county.page.get_by_title("特种作业", exact=True).click()
    county.page.get_by_role("searchbox", name="姓名").fill("dmqy")
    # Both filters stand in the address, whichever was set last.
    county.page.wait_for_url(re.compile("(?=.*f.kind=special-operation)(?=.*q=dmqy)"))
    county.page.get_by_role("link", name="端木清扬").first.click()
    expect(county.page.get_by_text("11**************2X")).to_be_visible(timeout=LONG)
    expect(county.page.get_by_text(NUMBER)).to_be_visible(timeout=LONG)
    county.picture("register-certificate")


def test_what_two_people_change_is_compared_and_what_narrows_a_list_is_in_sight(desk: SitDown) -> None:
    first = desk("enterprise", phone=True)
    page = first.page
    page.set_default_timeout(LONG)
    first.visit("/registers/certificates")
    # On a phone every filter but the search is folded away: a tally narrows the list all the same.
    with page.expect_request(lambda sent: "/certificates?" in sent.url and "values.kind=" in sent.url):
        page.locator(".tally-one").first.click()
    row = page.locator(".row-card a").first.get_attribute("href")
    first.visit(f"{row}/edit")
    page.get_by_label("发证机关").fill("甲市应急管理局")
    first.visit("/registers")
    second = desk("county")
    second.page.set_default_timeout(LONG)
    second.visit(f"{row}/edit")
    second.page.get_by_label("发证机关").fill("乙市应急管理局")
    second.page.get_by_role("button", name="保存", exact=True).click()
    expect(second.page.get_by_text("乙市应急管理局")).to_be_visible(timeout=LONG)
    # What the first one typed earlier undoes nothing: both stand side by side.
    first.visit(f"{row}/edit")
    both = page.get_by_role("alert").filter(has_text="已被他人修改")
    expect(both).to_contain_text("甲市应急管理局", timeout=LONG)
    both.get_by_role("radio").filter(visible=True).nth(1).check()
    both.get_by_role("button", name="按选择合并").click()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("definition").filter(has_text="乙市应急管理局")).to_be_visible(timeout=LONG)


def test_a_large_file_goes_on_from_where_the_line_broke(desk: SitDown, tmp_path: Path) -> None:
    content = b"%PDF-1.7\n" + b"".join(hashlib.sha256(b"%d" % n).digest() for n in range(160_000))
    sheet = tmp_path / "安全技术说明书.pdf"
    sheet.write_bytes(content)

    officer = desk("enterprise", phone=True)
    page = officer.page
    page.set_default_timeout(LONG)
    asked: list[tuple[str, str]] = []
    page.on("request", lambda sent: asked.append((sent.method, sent.url)))
    # The second part never gets through, twice; then the line is back.
    page.route(f"**/files/uploads/*?offset={PART}", lambda route: route.abort("connectionreset"), times=2)
    officer.visit("/registers/chemicals/new")
    field = page.get_by_label("安全技术说明书（SDS）")
    with page.expect_response(lambda got: f"offset={2 * PART}" in got.url, timeout=LONG) as last:
        field.and_(page.locator("input[type=file]")).set_input_files(sheet)
        waits = page.get_by_role("status").filter(has_text="网络中断")
        expect(waits).to_be_visible(timeout=LONG)
        officer.picture("upload-waits")
    expect(page.get_by_role("button", name=f"移除 {sheet.name}")).to_be_visible(timeout=LONG)
    expect(waits).to_have_count(0)
    stored = last.value.json()["file"]
    assert (stored["size"], stored["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())

    # Nothing that had arrived was sent again, and before going on the centre was asked how far it was.
    ways = [(method, url.partition("?offset=")[2]) for method, url in asked if "/files/uploads" in url]
    assert ways == [
        ("POST", ""), ("PATCH", "0"), ("PATCH", f"{PART}"), ("GET", ""), ("PATCH", f"{PART}"), ("GET", ""),
        ("PATCH", f"{PART}"), ("PATCH", f"{2 * PART}"),
    ]  # fmt: skip
