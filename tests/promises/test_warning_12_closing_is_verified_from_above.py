"""law-warning 12: handled stops the ladder; orange and red are closed by the agency above the handler."""

import pytest

from central.db.errors import DomainError
from central.db.pool import DatabaseUrls
from central.db.scope import scoped
from central.warning import answers
from protocol.messages import CLEAR
from tests.central.warning.county import County, in_county


async def handled(c: County, by: str, limit_name: str = "HH") -> object:
    case = await c.open(limit_name)
    await c.settle()
    await c.act(by, "handle", case, "法兰垫片老化", "更换垫片并复测")
    await c.judge(CLEAR, limit_name=limit_name)
    return case


def test_handled_calls_nobody_any_more(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await handled(c, "enterprise")
        await c.pass_time(6 * 3600, 600)
        assert len(c.phone.sent) == 1

    in_county(database, scenario)


@pytest.mark.parametrize(
    ("by", "refused", "verifier"),
    [
        ("enterprise", [], "township"),
        ("enterprise", [], "city"),
        ("township", ["township"], "county"),
        ("county", ["township", "county", "deputy"], "city"),
    ],
)
def test_red_is_verified_by_somebody_above(
    database: DatabaseUrls, by: str, refused: list[str], verifier: str
) -> None:
    async def scenario(c: County) -> None:
        case = await handled(c, by)
        for who in refused:
            assert "close" not in await offered(c, who, case)
            with pytest.raises(DomainError) as error:
                await c.act(who, "close", case, "同意")  # type: ignore[arg-type]
            assert error.value.http_status == 403
        assert "close" in await offered(c, verifier, case)
        await c.act(verifier, "close", case, "核验属实")  # type: ignore[arg-type]
        row = await c.row(case)  # type: ignore[arg-type]
        assert (row["state"], row["opinion"]) == ("closed", "核验属实")

    in_county(database, scenario)


def test_at_the_top_another_person_of_the_same_agency_verifies(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.execute(
            "UPDATE agency SET parent_id = NULL WHERE id = 2"
        )  # the county is the highest registered
        case = await handled(c, "county")
        with pytest.raises(DomainError):
            await c.act("county", "close", case, "同意")  # type: ignore[arg-type]
        await c.act("deputy", "close", case, "核验属实")  # type: ignore[arg-type]

    in_county(database, scenario)


def test_yellow_needs_no_higher_agency_but_never_the_enterprise(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await handled(c, "township", "H")
        assert "close" not in await offered(c, "enterprise", case)
        await c.act("township", "close", case, "已处理")  # type: ignore[arg-type]

    in_county(database, scenario)


async def offered(c: County, who: str, case: object) -> list[str]:
    person = c.person(who)
    async with scoped(c.db.web, person.scope, person.actor) as conn:
        return await answers.actions(conn, person, await c.row(case), c.now)  # type: ignore[arg-type]
