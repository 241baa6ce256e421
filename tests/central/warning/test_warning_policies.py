"""Ladders from a file: read strictly, written as new versions."""

import pytest

from central.db.errors import ConfigurationError
from central.db.pool import DatabaseUrls
from central.db.scope import acting
from central.warning import policies
from tests.central.warning.county import County, in_county

FILE = b"""
name = "Drill"
source = "test"
region = "429981"

[[policy]]
level = "red"
handling_s = 30
repeat_s = 5
steps = [
    { delay_s = 0, rank = "enterprise" },
    { delay_s = 5, rank = "county", channels = ["sms"] },
    { delay_s = 5, rank = "highest" },
]
"""


def test_a_file_becomes_the_next_version_for_new_cases(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        async with acting(c.db.worker) as conn:
            told = policies.parse(FILE)
            assert await policies.load(conn, told) == ["red in 429981: version 1, 3 steps"]
            assert await policies.load(conn, told) == ["red in 429981: version 2, 3 steps"]
            c.now = await conn.fetchval("SELECT clock_timestamp()")
        case = await c.open("HH")
        policy = (await c.row(case))["policy"]
        assert (policy["name"], policy["version"], policy["handling_s"]) == ("Drill", 2, 30)
        await c.pass_time(11)
        assert c.phone.numbers == ["13900000004", "13900000002", "13900000001"]

    in_county(database, scenario)


def test_the_example_in_the_documentation_is_valid() -> None:
    doc = policies.__doc__ or ""
    example = doc.split("```toml")[1].split("```")[0]
    (red,) = policies.parse(example.encode())
    assert [step.rank for step in red.steps] == [0, 2, 9]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ((b'"red"', b'"pink"'), "$.policy[0].level"),
        ((b"handling_s = 30", b"handling_s = 0"), "$.policy[0].handling_s"),
        ((b"handling_s = 30\n", b""), "handling_s"),
        ((b"repeat_s", b"repeat"), "repeat"),
        ((b'rank = "county"', b'rank = "galaxy"'), "$.policy[0].steps[1].rank"),
        ((b'["sms"]', b'["pigeon"]'), "$.policy[0].steps[1].channels"),
        ((b'"429981"', b'"here"'), "$.region"),
        ((b"[[policy]]", b"[[policy"), "policies"),
        ((b"repeat_s = 5\n", b"repeat_s = 5\nhour_from = 8\n"), "$.policy[0].hour_from: alarms ring"),
        ((b"repeat_s = 5\n", b"repeat_s = 5\nhour_to = 18\n"), "$.policy[0].hour_to: alarms ring"),
        ((b"repeat_s = 5\n", b"repeat_s = 5\nlook_s = 86400\n"), "$.policy[0].look_s: an alarm waits 600 s"),
        ((b"repeat_s = 5\n", b"repeat_s = 5\nhour_from = 9\nhour_to = 9\n"), "9 must be before hour_to 9"),
        (
            (b'region = "429981"\n\n[[policy]]\n', b'kind = "management"\n[[policy]]\nhour_from = 8\n'),
            "$.policy[0].hour_from: red rings at all hours",
        ),
    ],
)
def test_an_error_names_the_place(change: tuple[bytes, bytes], place: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        policies.parse(FILE.replace(*change))
    assert place in str(refused.value)


def test_a_ladder_of_papers_may_rest_at_night_and_wait_for_a_look() -> None:
    told = FILE.replace(b'"red"', b'"orange"').replace(b"[[policy]]", b'kind = "management"\n\n[[policy]]')
    doc = (policies.__doc__ or "").split("```toml")[2].split("```")[0]
    (orange,) = policies.parse(told.replace(b"handling_s = 30", b"handling_s = 30\n" + doc.encode()))
    assert (orange.hour_from, orange.hour_to, orange.look_s) == (8, 18, 259200)


def test_a_level_may_come_once() -> None:
    twice = FILE + FILE[FILE.index(b"[[policy]]") :]
    with pytest.raises(ConfigurationError, match="once"):
        policies.parse(twice)
