"""A person walks one warning from the leak to its closing, each in the role that has to act."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from rig.desk import Demo, SitDown
from rig.programs import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

TITLE = re.compile("氯瓶间东侧氯气浓度.*报")


def test_a_leak_is_seen_climbs_is_answered_handled_and_closed(demo: Demo, desk: SitDown) -> None:
    plant = desk("enterprise", phone=True)
    expect(plant.page.get_by_text("当前没有需要接警的预警")).to_be_visible()
    plant.picture("1-calm")

    demo.tell("leak", "chlorine")
    # Without a reload: the stream brings it.
    row = plant.page.get_by_role("link", name=TITLE).first
    expect(row).to_be_visible(timeout=60_000)
    wait_until("the horn sounds", lambda: "喇叭线圈闭合" in demo.said(), 30.0)
    plant.picture("2-needs-answer")
    row.click()
    expect(plant.page.get_by_role("heading", name=TITLE)).to_be_visible()

    # Nobody answers: the township is called, then the county.
    for called in ("林巧云", "顾长河"):
        expect(plant.page.get_by_text(called).first).to_be_visible(timeout=90_000)
    plant.picture("3-climbed")

    plant.page.get_by_role("button", name="确认接警").click()
    expect(plant.page.get_by_text("已接警").first).to_be_visible()
    plant.page.get_by_role("button", name="设备泄漏").click()
    plant.page.get_by_role("button", name="切断气源 / 关阀").click()
    plant.picture("4-handle-form")
    plant.page.get_by_role("button", name="提交处置结果").click()
    expect(plant.page.get_by_text("已处置").first).to_be_visible()
    plant.picture("5-handled")

    demo.tell("press", "chlorine")
    demo.tell("press", "chlorine")
    wait_until("the horn is silent", lambda: "线圈断开" in demo.said(), 30.0)

    county = desk("county")
    county.picture("1-home")
    county.page.goto(plant.page.url)
    expect(county.page.get_by_text("已恢复正常").first).to_be_visible(timeout=240_000)
    county.page.get_by_role("button", name="核验关闭").click()
    county.page.get_by_role("button", name="现场已核实，隐患消除").click()
    county.page.get_by_role("button", name="关闭预警").click()
    expect(county.page.get_by_text("已关闭").first).to_be_visible()
    county.picture("2-closed")


def test_every_page_shows_itself_at_a_desk_and_on_a_phone(desk: SitDown) -> None:
    for phone in (False, True):
        seat = desk("county", phone=phone)
        for name, path in (
            ("home", "/"),
            ("warnings", "/warnings?state=all"),
            ("enterprises", "/enterprises"),
            ("devices", "/devices"),
            ("tasks", "/tasks"),
            ("covered", "/covered"),
            ("messages", "/messages"),
            ("leader", "/leader"),
            ("monitor", "/monitor"),
            ("settings", "/settings"),
            ("me", "/me"),
            ("scan", "/scan"),
        ):
            seat.visit(path)
            expect(seat.page.get_by_role("main")).to_be_visible()
            seat.page.wait_for_timeout(700)
            width = seat.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert width <= 0, f"{name} scrolls sideways by {width} px"
            seat.picture(f"page-{name}")


def test_the_shell_narrows_every_list_keeps_it_in_the_address_and_follows_the_person(desk: SitDown) -> None:
    seat = desk("county")
    page = seat.page
    page.get_by_role("navigation", name="子系统").get_by_role("link", name="企业档案").click()
    expect(page.get_by_text("临江清源水务有限公司").first).to_be_visible()

    page.get_by_role("button", name="区域和行业").click()
    page.get_by_role("tree").get_by_text("青石镇").locator("xpath=../..").locator(
        ".ant-tree-checkbox"
    ).click()
    page.get_by_role("button", name="应用").click()
    expect(page).to_have_url(re.compile(r"/enterprises\?areas=\d+"))
    expect(page.get_by_text("白沙冷链食品有限公司").first).to_be_visible()
    # In the lists: a new red warning of theirs slides in beside them whatever is chosen.
    expect(page.get_by_role("main").get_by_text("临江清源水务有限公司")).to_have_count(0)
    narrowed = page.url.partition("?")[2]
    seat.picture("shell-narrowed")

    # Every list, and the address along with it; a reload changes nothing.
    for subsystem, address, seen, hidden in (
        ("设备接入", "/devices", "白沙冷链", "清源水务"),
        ("首页", "/", "白沙冷链食品有限公司", "临江清源水务有限公司"),
    ):
        page.get_by_role("navigation", name="子系统").get_by_role("link", name=subsystem).click()
        expect(page).to_have_url(re.compile(re.escape(f"{address}?{narrowed}") + "$"))
        page.reload()
        expect(page.get_by_role("main").get_by_text(seen).first).to_be_visible()
        expect(page.get_by_role("main").get_by_text(hidden)).to_have_count(0)
    page.get_by_role("button", name="恢复全部").click()
    expect(page.get_by_text("临江清源水务有限公司").first).to_be_visible()
    expect(page).not_to_have_url(re.compile("areas="))

    for mode, address in (("领导", "/leader"), ("监控", "/monitor"), ("业务", "/")):
        page.get_by_role("radiogroup", name="显示模式").get_by_text(mode).click()
        expect(page).to_have_url(re.compile(re.escape(address) + "$"))

    page.get_by_role("button", name="帮助").click()
    page.get_by_placeholder("输入关键词").fill("搁置")
    page.get_by_role("button", name="被屏蔽的报警").click()
    expect(page.get_by_role("heading", name="被屏蔽的报警")).to_be_visible()

    # Kept at the centre: the same person on a phone reads English, and finds every page under five tabs.
    seat.visit("/settings")
    page.get_by_text("English").click()
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    phone = desk("county", phone=True)
    expect(phone.page.get_by_role("link", name="Tasks")).to_be_visible()
    for tab in ("Warnings", "Tasks", "Scan", "Me", "Home"):
        phone.page.get_by_role("navigation", name="Main navigation").get_by_role(
            "link", name=tab, exact=True
        ).click()
        expect(phone.page.get_by_role("main")).to_be_visible()
    phone.visit("/settings")
    phone.page.get_by_text("中文").click()
    expect(phone.page.get_by_role("heading", name="个人设置")).to_be_visible()


def test_another_township_sees_nothing_of_it(desk: SitDown) -> None:
    other = desk("baisha")
    expect(other.page.get_by_text("白沙冷链食品有限公司").first).to_be_visible()
    assert other.page.get_by_text("临江清源水务").count() == 0
    other.visit("/warnings?state=all")
    # A paper of its own enterprises may have lapsed meanwhile; the other town's leak is not there.
    own = re.compile("没有符合条件的预警|白沙镇")
    expect(other.page.get_by_role("main").get_by_text(own).first).to_be_visible()
    assert other.page.get_by_text("临江清源水务").count() == 0
    other.picture("sees-nothing")
