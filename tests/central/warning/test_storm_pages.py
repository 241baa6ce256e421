"""What people see of a storm: the log with its digest, the list narrowed to it, the panel, the first-up."""

from uuid import UUID

from central.db.pool import DatabaseUrls
from tests.central.warning.county import County, in_county
from tests.central.warning.test_warning_routes import browser


async def storm(c: County, count: int = 34) -> list[UUID]:
    """As many cases of one gateway, half a second apart at the plant; the one that was first came last."""
    await c.more_points(count)
    cases = []
    for number in range(count):
        earlier = (number + 1) % count  # the last to come is the first that began
        cases.append(
            await c.open(
                "HH" if number % 7 == 0 else "H",
                alarm=f"P{number}/H",
                occurrence=f"o-{number}",
                point_id=c.point_id + number,
                at=c.now.replace(microsecond=1000 * earlier),
            )
        )
    await c.fire()
    return cases


def test_a_digest_is_in_the_log_with_its_calls_and_opens_the_list_of_its_cases(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        cases = await storm(c)
        await c.pass_time(75, step_s=5)
        async with browser(c, "county") as county, browser(c, "elsewhere") as no:
            log = (await county.get("/message-log?limit=200&channel=sms")).json()["items"]
            digests = [row for row in log if row["levels"]]
            assert len(digests) == 2
            blue = next(row for row in digests if "red" not in row["levels"])
            assert blue["warning_id"] is None
            # Its words are for the receiver; others are told how many of which level.
            assert blue["text"] == f"汇总 {blue['digest']}，共 29 条预警：黄色 29"
            assert blue["number"] == "139****0004"
            carried = [row for row in log if row["digest"] == blue["digest"] and not row["levels"]]
            assert len(carried) == blue["levels"]["yellow"]
            number = int(blue["digest"].removeprefix("HZ"))
            only = (await county.get(f"/message-log?limit=200&digest={number}")).json()["items"]
            assert {row["digest"] for row in only} == {blue["digest"]}
            shown = (await county.post(f"/personal/message/{blue['id']}", json={"reason": "核对"})).json()
            assert shown["phone"] == "13900000004"
            listed = (await county.get(f"/warnings?limit=200&digest={number}")).json()["items"]
            assert {row["id"] for row in listed} == {row["warning_id"] for row in carried}
            assert all(row["level"] == "yellow" for row in listed)
            lines = (await county.get(f"/warnings/export.csv?digest={number}")).text.strip().splitlines()
            assert len(lines) == 1 + len(listed)
            # Nobody of another township sees any of it.
            assert (await no.get(f"/warnings?digest={number}")).json()["items"] == []

            # The page of a case names the digest that its call went with.
            page = (await county.get(f"/warnings/{listed[0]['id']}")).json()
            (step,) = [step for step in page["ladder"] if step["fired_at"]]
            (sms,) = [person for person in step["people"] if person["channel"] == "sms"]
            assert (sms["digest"], sms["state"]) == (blue["digest"], "delivered")

            # The panel above the list: one enterprise, its levels, what came first there.
            await c.execute("UPDATE warning SET received_at = now()")
            panel = (await county.get("/warnings/storm")).json()
            assert (panel["storm"], panel["cases"], panel["owners"]) == (True, 34, 1)
            (owner,) = panel["items"]
            assert (owner["red"], owner["yellow"], owner["cases"]) == (5, 29, 34)
            assert owner["name"] == "临江清源水务有限公司"
            assert (owner["first_id"], owner["first_up"]) == (str(cases[-1]), True)
            marked = [row for row in (await c.cases()) if row["first_up"]]
            assert [row["id"] for row in marked] == [cases[-1]]
            await c.execute("UPDATE storm_rule SET storm_cases = 35")
            assert (await county.get("/warnings/storm")).json()["storm"] is False

    in_county(database, scenario)
