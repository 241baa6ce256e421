"""law-warning 8: a case keeps the policy of its level; people are resolved anew at each step."""

from central.db.pool import DatabaseUrls
from central.warning.models import Step
from protocol.messages import RAISE
from tests.central.warning.county import County, in_county


def test_a_new_policy_changes_no_running_case(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        old = await c.open("HH")
        await c.settle()
        await c.policy(4, steps=(Step(delay_s=0, rank=4),), name="新方案")
        assert (await c.row(old))["policy"]["name"] == "通用红色预警升级方案"
        await c.pass_time(600, 100)
        assert c.phone.numbers == ["13900000004", "13900000003"]
        await c.open("LL", occurrence="0000002a-9")
        await c.settle()
        assert c.phone.numbers[-1] == "13900000001"

    in_county(database, scenario)


def test_a_level_that_rises_takes_the_policy_of_the_new_level_as_it_is_then(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await c.open("H")
        await c.policy(4, steps=(Step(delay_s=0, rank=4),), name="新方案")
        await c.judge(RAISE, limit_name="HH", occurrence="0000002a-2")
        assert (await c.row(case))["policy"]["name"] == "新方案"

    in_county(database, scenario)


def test_whoever_is_on_call_when_the_step_fires_is_called(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.open("HH")
        await c.settle()
        await c.execute("UPDATE account SET on_call = false WHERE login = 'township'")
        await c.execute(
            "UPDATE account SET on_call = true, role = 'township', agency_id = 3, phone = '13900000006',"
            " phone_verified_at = now() WHERE login = 'deputy'"
        )
        await c.pass_time(600, 100)
        assert c.phone.numbers == ["13900000004", "13900000006"]

    in_county(database, scenario)
