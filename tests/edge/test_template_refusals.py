"""A wrong template is refused: where, what is wrong, what would be right."""

from pathlib import Path

import pytest

from edge.config import ConfigError, load
from edge.layout import lay_out
from edge.strict import Problem

GOOD = """
[template]
title = "试验 / trial"

[unit]
readable = [{ table = "holding", first = 0, last = 15 }]

[[points]]
id = "gas"
address = 0
range = [0, 100]
limits.H = { limit = 25 }

[[points]]
id = "level"
address = 2
type = "float32"

[[fingerprint]]
address = 14
equals = 7

[simulator.points.gas]
process = "steady"
value = 3

[simulator.points.level]
process = "lag"
of = "gas"
lag_s = 3
"""
SITE = """
[gateway]
id = "gw-test"

[[buses]]
name = "field"
kind = "tcp"
host = "127.0.0.1"

  [[buses.units]]
  key = "GT-1"
  unit = 1
  template = "trial"
"""


def problems(folder: Path, template: str, site: str = SITE) -> list[Problem]:
    (folder / "templates").mkdir()
    (folder / "templates" / "trial.toml").write_text(template, encoding="utf-8")
    path = folder / "gateway.toml"
    path.write_text(site, encoding="utf-8")
    try:
        lay_out(load(path), "")
    except ConfigError as exc:
        return exc.problems
    return []


def test_the_good_one_is_good(tmp_path: Path) -> None:
    assert problems(tmp_path, GOOD) == []


TEMPLATE = "trial.toml"
BOTH = "gateway.toml with trial.toml"
POINT = "$.buses[0].units[0].points"


@pytest.mark.parametrize(
    ("old", "new", "file", "place", "said", "remedy"),
    [
        ("[unit]", "[units]", TEMPLATE, "$.units", "unknown key", "template, unit, points"),
        ('title = "试验 / trial"', "", TEMPLATE, "$.template.title", "missing", "a text"),
        ("title", "titel = 1\ntitle", TEMPLATE, "$.template.titel", "unknown key", "did you mean 'title'"),
        ("title", "kinds = []\ntitle", TEMPLATE, "$.template.kinds", "cannot be used", ""),
        ("title", 'kinds = ["udp"]\ntitle', TEMPLATE, "$.template.kinds", "cannot be used", ""),
        (
            "title",
            'kinds = ["tcp", "hj212"]\ntitle',
            TEMPLATE,
            "$.template.kinds",
            "not of one family",
            "tcp",
        ),
        (
            "title",
            'model = "X1"\ntitle',
            TEMPLATE,
            "$.template.source",
            "names 'X1', but no document",
            "document",
        ),
        ('id = "level"', 'id = "gas"', TEMPLATE, "$.points[1].id", "used twice", "an id of its own"),
        ('id = "level"\n', "", TEMPLATE, "$.points", "needs an id", "id ="),
        (
            "address = 2",
            "address = 15",
            TEMPLATE,
            "$.points[1].address",
            "15..16 is outside",
            "extend `readable`",
        ),
        (
            "equals = 7",
            "",
            TEMPLATE,
            "$.fingerprint[0]",
            "either `equals` or `between`",
            "what the instrument",
        ),
        ("equals = 7", 'equals = "7"', TEMPLATE, "$.fingerprint[0].equals", "is no uint16", 'type = "text"'),
        ("equals = 7", 'type = "text"\nequals = 7', TEMPLATE, "$.fingerprint[0].equals", "with a text", ""),
        (
            "equals = 7",
            'type = "text"\nequals = "AB"',
            TEMPLATE,
            "$.fingerprint[0].length",
            "does not fit",
            "two",
        ),
        ("equals = 7", 'type = "word"\nequals = 7', TEMPLATE, "$.fingerprint[0].type", "cannot be used", ""),
        (
            "equals = 7",
            "between = [7, 1]",
            TEMPLATE,
            "$.fingerprint[0].between",
            "is empty",
            "[lowest, highest]",
        ),
        ('"steady"', '"stedy"', TEMPLATE, "$.simulator.points.gas.process", "is no process", "steady, wave"),
        ('process = "steady"\n', "", TEMPLATE, "$.simulator.points.gas.process", "missing", "steady, wave"),
        ("value = 3", "", TEMPLATE, "$.simulator.points.gas.value", "missing", "a number"),
        (
            "value = 3",
            "value = 3\nspeed = 1",
            TEMPLATE,
            "$.simulator.points.gas.speed",
            "unknown key",
            "value",
        ),
        ("lag_s = 3", "lag_s = 0", TEMPLATE, "$.simulator.points.level.lag_s", "cannot be used", "> 0"),
        (
            'of = "gas"',
            'of = "gass"',
            TEMPLATE,
            "$.simulator.points.level.of",
            "no point 'gass'",
            "follow a point",
        ),
        ('of = "gas"', 'of = "level"', TEMPLATE, "$.simulator.points.level.of", "in a circle", "its own"),
        (
            "points.level]",
            "points.levle]",
            TEMPLATE,
            "$.simulator.points.levle",
            "no such point",
            "it has gas",
        ),
        ("address = 2", "address = 0", BOTH, f"{POINT}[1].address", "belongs to GT-1.gas already", "correct"),
        (
            "limit = 25",
            "limit = 125",
            BOTH,
            f"{POINT}[0].limits.H.limit",
            "outside the range",
            "correct the limit",
        ),
        (
            "range = [0, 100]",
            "rnge = [0, 100]",
            BOTH,
            f"{POINT}[0].rnge",
            "unknown key",
            "did you mean 'range'",
        ),
        ('type = "float32"', 'type = "float16"', BOTH, f"{POINT}[1].type", "cannot be used", "float16"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_a_remedy(
    tmp_path: Path, old: str, new: str, file: str, place: str, said: str, remedy: str
) -> None:
    assert old in GOOD
    found = problems(tmp_path, GOOD.replace(old, new, 1))
    assert found, "nothing was said"
    matching = [p for p in found if (p.file, p.place) == (file, place) and said in p.problem]
    assert matching, [str(p) for p in found]
    assert all(p.remedy for p in found)
    assert remedy in matching[0].remedy or remedy in matching[0].problem


def test_a_template_that_does_not_fit_the_bus_names_both(tmp_path: Path) -> None:
    found = problems(tmp_path, GOOD.replace("title", 'kinds = ["rtu", "ascii"]\ntitle', 1))
    assert [(p.place, p.problem, p.remedy) for p in found] == [
        (
            "$.buses[0].units[0].template",
            "trial does not fit a bus of kind 'tcp'",
            "its instrument speaks rtu or ascii",
        )
    ]


def test_a_template_that_is_no_toml_names_the_line(tmp_path: Path) -> None:
    found = problems(tmp_path, GOOD + "\n[[points]\n")
    assert [(p.file, p.place) for p in found] == [("trial.toml", "$")]
    assert "line" in found[0].problem


def test_a_wrong_template_used_twice_is_told_once(tmp_path: Path) -> None:
    second = SITE[SITE.index("  [[buses.units]]") :].replace("GT-1", "GT-2").replace("unit = 1", "unit = 2")
    found = problems(tmp_path, GOOD.replace("[unit]", "[units]"), SITE + second)
    assert [p.place for p in found] == ["$.units"]


def test_every_problem_of_a_template_is_told_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path, GOOD.replace("[unit]", "[units]").replace('"steady"', '"x"').replace("title", "tle")
    )
    assert len(found) >= 3
