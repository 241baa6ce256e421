"""One limit of a gateway.toml is written anew, and not a letter besides."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

import pytest

from central.demo.gateway_file import gateway_toml
from central.demo.plants import SITES
from central.devices.configuration_limits import LimitChange, amended, snippet

SITE = Path(__file__).parents[3] / "firmware-config" / "sites" / "example-chlorine.toml"


def change(key: str, name: Literal["L", "H", "HH"] = "H") -> LimitChange:
    return LimitChange(point_key=key, limit_name=name, deadband=2.5, on_delay_s=0.0, off_delay_s=60.0)


def differing(before: str, after: str) -> list[str]:
    old = before.split("\n")
    return [line for line in after.split("\n") if line not in old]


def test_a_limit_of_a_point_is_one_line() -> None:
    text = SITE.read_text(encoding="utf-8")
    after = amended(text, change("LT-301", "L"))
    assert after is not None
    assert differing(text, after) == [
        "    limits.L = { limit = 1.2, deadband = 2.5, on_delay_s = 0.0, off_delay_s = 60.0 }"
    ]


def test_a_limit_of_a_template_is_set_where_the_site_sets_it_or_beside() -> None:
    text = SITE.read_text(encoding="utf-8")
    known = amended(text, change("GT-102.gas"))
    assert known is not None
    assert differing(text, known) == ["  limits.H = { on_delay_s = 0.0, deadband = 2.5, off_delay_s = 60.0 }"]
    fresh = amended(text, change("GT-101.gas"))
    assert fresh is not None
    assert tomllib.loads(fresh)["buses"][0]["units"][0]["set"]["gas"]["limits"]["H"]["off_delay_s"] == 60.0
    assert tomllib.loads(fresh)["buses"][0]["units"][1] == tomllib.loads(text)["buses"][0]["units"][1]


@pytest.mark.parametrize("key", ["LT-302", "GT-301"])
def test_the_same_words_under_another_point_stay(key: str) -> None:
    site = next(site for site in SITES if any(c.key == key for c in site.channels))
    text = gateway_toml(site, router="tcp/127.0.0.1:7447", port=1).replace("{version}", "3")
    after = amended(text, change(key))
    assert after is not None
    changed = [
        point["key"]
        for old, new in zip(
            tomllib.loads(text)["buses"][0]["units"], tomllib.loads(after)["buses"][0]["units"], strict=True
        )
        for before, point in zip(old["points"], new["points"], strict=True)
        if before != point
    ]
    assert changed == [key]


def test_what_cannot_be_written_safely_is_left_alone_and_said() -> None:
    text = SITE.read_text(encoding="utf-8")
    assert amended(text, change("NO-1")) is None
    assert amended(text, change("LT-301", "HH")) is None
    assert amended("[gateway", change("LT-301", "L")) is None
    spread = text.replace(
        "limits.L = { limit = 1.2, deadband = 0.05, on_delay_s = 5, off_delay_s = 10 }",
        "limits.L.limit = 1.2\n    limits.L.deadband = 0.05",
    )
    assert amended(spread, change("LT-301", "L")) is None
    assert snippet(change("x")) == "limits.H = { deadband = 2.5, on_delay_s = 0.0, off_delay_s = 60.0 }"
