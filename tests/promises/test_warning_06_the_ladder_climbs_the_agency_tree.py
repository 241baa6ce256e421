"""law-warning 6: the ladder climbs the agency tree, never the digits of a region's code."""

from central.db.pool import DatabaseUrls
from tests.central.warning.county import County, in_county


def test_a_park_between_plant_and_county_is_called_though_no_code_names_it(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        # a chemical park of the county supervises the plant, whose region code says "青石镇"
        await c.execute(
            "INSERT INTO agency (id, name, parent_id, kind, rank) VALUES (9, '化工园区管委会', 2, 'park', 2)"
        )
        await c.execute("INSERT INTO agency_area VALUES (9, '429981101/E0001')")
        await c.execute("UPDATE enterprise SET agency_id = 9 WHERE id = 1")
        await c.execute(
            "INSERT INTO account (id, login, password_hash, display_name, role, agency_id, phone,"
            " phone_verified_at, on_call) VALUES (9, 'park', '', '园区值班', 'township', 9, '13900000009',"
            " now(), true)"
        )
        await c.open("HH")
        await c.pass_time(1500, 100)
        assert c.phone.numbers[:3] == ["13900000004", "13900000009", "13900000002"]

    in_county(database, scenario)


def test_a_county_directly_under_the_province_has_no_city_and_the_ladder_knows(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        await c.execute("INSERT INTO agency (id, name, parent_id, rank) VALUES (9, '省应急管理厅', NULL, 5)")
        await c.execute("UPDATE agency SET parent_id = 9 WHERE id = 2")
        await c.execute("UPDATE account SET agency_id = 9 WHERE login = 'city'")
        await c.open("HH")
        await c.pass_time(2000, 100)
        rungs = await c.fetch("SELECT rank, state, reason, agency_name FROM ladder_step ORDER BY round, step")
        assert [(rung["rank"], rung["state"]) for rung in rungs[:5]] == [
            (0, "fired"), (2, "fired"), (3, "fired"), (4, "gap"), (9, "fired"),
        ]  # fmt: skip
        assert rungs[3]["reason"] == "no_agency"
        assert rungs[4]["agency_name"] == "省应急管理厅"

    in_county(database, scenario)


def test_people_are_found_where_the_plant_is_supervised_today(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.open("HH")
        await c.settle()
        # the plant goes to the neighbour's supervision; its region code stays as it is
        await c.execute("UPDATE enterprise SET agency_id = 4 WHERE id = 1")
        await c.pass_time(600, 100)
        assert c.phone.numbers == ["13900000004", "13900000005"]

    in_county(database, scenario)
