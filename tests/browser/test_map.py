"""The county finds what leaks on the map, opens its values, looks around it, and the wall calls it out."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from rig.desk import Demo, SitDown

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

LONG = 60_000  # milliseconds; a busy machine takes its time
PLANT = "临江清源水务有限公司"


def test_a_leak_is_found_on_the_map_and_takes_the_stage_of_the_wall(desk: SitDown, demo: Demo) -> None:
    county, wall = desk("county"), desk("city")
    county.page.set_default_timeout(LONG)
    wall.page.set_default_timeout(LONG)
    wall.page.set_viewport_size({"width": 1920, "height": 1080})
    wall.visit("/wall")
    expect(wall.page.locator(".wall-map .map-sign").first).to_be_visible(timeout=LONG)
    county.visit("/monitor")
    # Three hundred enterprises are a few signs.
    expect(county.page.locator(".map-cluster").first).to_be_visible(timeout=LONG)
    assert county.page.locator(".map-sign").count() < 80

    demo.tell("leak", "chlorine")
    expect(wall.page.get_by_role("alert").filter(has_text=PLANT)).to_be_visible(timeout=120_000)
    wall.picture("wall")
    # Nothing of the wall needs scrolling, and the stage is free again by itself.
    assert wall.page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
    expect(wall.page.locator(".wall-stage")).to_have_count(0, timeout=LONG)

    # What is red stands for itself and says its name; a tap opens its live values.
    sign = county.page.get_by_role("button", name=re.compile(f"{PLANT}.*红色预警"))
    expect(sign).to_be_visible(timeout=LONG)
    county.picture("monitor")
    sign.dispatch_event("click")
    drawer = county.page.get_by_role("dialog").filter(has_text=PLANT)
    expect(drawer.get_by_text("GT-101")).to_be_visible(timeout=LONG)
    drawer.get_by_role("link", name="周边查询").click()
    # Around it: itself at no distance, neighbours and the town's resources, the nearest first.
    expect(county.page.get_by_role("link", name=PLANT)).to_be_visible(timeout=LONG)
    county.page.get_by_text("3 公里", exact=True).click()
    expect(county.page.get_by_role("button", name=re.compile("^避难场所"))).to_be_visible(timeout=LONG)
    county.picture("map-nearby")

    county.visit("/map?tab=heat")
    county.page.get_by_role("button", name=re.compile("^青石镇")).click()
    expect(county.page.get_by_role("button", name=re.compile(PLANT)).first).to_be_visible(timeout=LONG)
    county.picture("map-heat")
