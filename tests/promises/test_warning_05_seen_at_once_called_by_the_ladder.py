"""law-warning 5: whose jurisdiction holds it sees it at once; calling follows the ladder of its level."""

import pytest

from central.db.pool import DatabaseUrls
from central.db.scope import scoped
from central.warning import reading
from tests.central.warning.county import County, in_county

ENTERPRISE, TOWNSHIP, COUNTY, CITY = "13900000004", "13900000003", "13900000002", "13900000001"


def test_everybody_above_sees_it_before_anybody_there_is_called(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("HH")
        for who, sees in {"enterprise": 1, "township": 1, "county": 1, "city": 1, "elsewhere": 0}.items():
            person = c.person(who)
            async with scoped(c.db.web, person.scope, person.actor) as conn:
                rows = await reading.listed(conn, person)
            assert [row.id for row in rows] == [case] * sees
        assert c.phone.sent == []

    in_county(database, scenario)


@pytest.mark.parametrize(
    ("limit_name", "hazard_class", "ladder"),
    [
        ("H", None, [ENTERPRISE, TOWNSHIP]),
        ("H", 3, [ENTERPRISE, TOWNSHIP, COUNTY]),
        ("HH", 4, [ENTERPRISE, TOWNSHIP, COUNTY, CITY]),
        ("HH", 3, [ENTERPRISE, TOWNSHIP, COUNTY, CITY]),
    ],
    ids=["blue ends at the township", "yellow at the county", "orange at the city", "red at the highest"],
)
def test_the_ladder_ends_where_its_level_ends_and_repeats_there(
    database: DatabaseUrls, limit_name: str, hazard_class: int | None, ladder: list[str]
) -> None:
    async def scenario(c: County) -> None:
        case = await c.open(limit_name, hazard_class=hazard_class)
        level = (await c.row(case))["level"]
        await c.pass_time(6 * 3600, 300)
        assert list(dict.fromkeys(c.phone.numbers)) == ladder
        repeats = c.phone.numbers[len(ladder) :]
        assert len(repeats) >= 3
        assert set(repeats) == {ladder[-1]}, level

    in_county(database, scenario)
