from __future__ import annotations

from typing import TYPE_CHECKING

from tests.central.statistics.test_enterprises import asked

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

CHOICES = "/api/v1/view-choices"
WEEK = "/api/v1/overview/week"


def test_pages_may_be_narrowed_to_what_the_jurisdiction_holds_and_to_nothing_wider(
    database: DatabaseUrls,
) -> None:
    choices, week = asked(database, "county", CHOICES, WEEK)
    assert choices["areas"] == [
        {"code": "429981", "name": "临江县", "parent": None},
        {"code": "429981101", "name": "青石镇", "parent": "429981"},
        {"code": "429981102", "name": "白沙镇", "parent": "429981"},
    ]
    assert choices["sectors"] == [{"code": "other", "name": "其他"}]
    # Seven days whatever they brought; exercises and late history are left out.
    assert len(week["days"]) == 7
    total = {level: sum(day[level] for day in week["days"]) for level in ("red", "orange", "yellow", "blue")}
    assert total == {"red": 1, "orange": 1, "yellow": 1, "blue": 1}


def test_an_inspector_of_two_townships_is_offered_these_two(database: DatabaseUrls) -> None:
    (choices,) = asked(database, "inspector", CHOICES)
    assert [(area["code"], area["parent"]) for area in choices["areas"]] == [
        ("429981102", None),
        ("429982101", None),
    ]


def test_the_people_of_an_enterprise_have_nothing_to_choose_and_their_own_week(
    database: DatabaseUrls,
) -> None:
    choices, week = asked(database, "enterprise", CHOICES, WEEK)
    assert choices["areas"] == []
    assert sum(day["orange"] for day in week["days"]) == 0
