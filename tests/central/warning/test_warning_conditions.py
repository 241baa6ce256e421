"""One door: whatever is no alarm of an instrument opens, joins, raises and ends a case by one shape."""

from typing import Any
from uuid import UUID

import msgspec
import pytest

from central.db.pool import DatabaseUrls
from central.db.scope import acting, scoped
from central.warning import conditions, reading, rules, service, views
from central.warning.models import CONDITIONS, ConditionFact, Judgement
from tests.central.warning.county import COUNTY, PLACE, PLANT, START, TOWNSHIP, County, in_county

FACT = ConditionFact(
    kind="connection",
    subject_type="enterprise",
    subject_id="1/connection",
    place=PLACE,
    subject_name="全部设备",
    title="全部设备离线",
    detail="3 台网关均未连接",
    holds=True,
    reference="1/2026-11-22",
    at=START,
    received_at=START,
    enterprise_id=PLANT,
)
OF_COUNTY = msgspec.structs.replace(
    FACT,
    kind="weather",
    subject_type="alert",
    subject_id="42998141600000_20261122",
    place="429981/@2",
    subject_name="暴雨",
    title="暴雨橙色预警",
    enterprise_id=None,
    agency_id=COUNTY,
    level=3,
    level_reason="气象部门发布的等级",
)


async def told(c: County, fact: ConditionFact, **changes: Any) -> Judgement | None:
    async with acting(c.db.worker) as conn:
        return await service.judge_condition(
            conn, msgspec.structs.replace(fact, received_at=c.now, **changes)
        )


async def opened(c: County, fact: ConditionFact, **changes: Any) -> UUID:
    judged = await told(c, fact, **changes)
    assert judged is not None
    assert judged.change == "opened", judged
    return judged.warning_id


def test_a_condition_opens_one_case_that_its_end_clears_and_its_return_continues(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        case = await opened(c, FACT)
        row = await c.row(case)
        assert (row["kind"], row["level"], row["title"], row["side"]) == (
            "connection", 1, "全部设备离线", "other",
        )  # fmt: skip
        assert "通用定级表" in row["level_reason"]
        assert await told(c, FACT) is None
        ended = await told(c, FACT, holds=False)
        assert ended is not None
        assert ended.change == "cleared"
        again = await told(c, FACT, at=c.now)
        assert again is not None
        assert (again.warning_id, again.change) == (case, "joined")
        await told(c, FACT, holds=False)
        c.advance(minutes=31)
        await c.settle()
        assert (await c.row(case))["state"] == "cleared"
        # the same reference, but it holds anew: never swallowed
        second = await opened(c, FACT, at=c.now)
        assert (await c.row(second))["previous_id"] == case

    in_county(database, scenario)


def test_who_grades_himself_is_believed_and_may_say_that_it_became_worse(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await opened(c, FACT, kind="external", level=2, level_reason="来源给出二级")
        worse = await told(c, FACT, kind="external", level=4, level_reason="来源给出四级")
        assert worse == Judgement(case, "raised", 4)
        assert (await c.row(case))["level_reason"] == "来源给出四级"
        # it never falls while it is open
        assert await told(c, FACT, kind="external", level=1, level_reason="来源给出一级") is None
        assert (await c.row(case))["level"] == 4

    in_county(database, scenario)


def test_a_case_of_an_agency_calls_that_agency_first_and_then_those_above_it(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await opened(c, OF_COUNTY)
        await c.pass_time(4 * 900 + 200, 100)
        # its own people answer for it at each rank up to its own; the city is above it
        assert set(c.phone.numbers) == {"13900000002", "13900000001"}
        assert c.phone.numbers[0] == "13900000002"
        assert c.phone.numbers[-1] == "13900000001"
        assert "临江县应急管理局，暴雨橙色预警" in c.phone.sent[0].text
        rungs = await c.fetch("SELECT state, agency_name FROM ladder_step ORDER BY round, step")
        assert {rung["state"] for rung in rungs} == {"fired"}
        assert [rung["agency_name"] for rung in rungs[:4]] == ["临江县应急管理局"] * 3 + ["云泽市应急管理局"]
        story = await c.fetch("SELECT title FROM warning_event WHERE kind = 'called' ORDER BY id")
        assert story[0]["title"] == "呼叫责任机构：临江县应急管理局"
        assert (await c.row(case))["place"] == "429981/@2"

    in_county(database, scenario)


def test_a_case_of_an_agency_is_read_and_answered_like_any_other(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await opened(c, OF_COUNTY)
        for who, sees in (("county", [case]), ("city", [case]), ("township", []), ("enterprise", [])):
            person = c.person(who)
            async with scoped(c.db.web, person.scope, person.actor) as conn:
                rows = await reading.listed(conn, person)
                worst = await reading.listed(conn, person, worst_first=True)
                counts = await views.counts(conn)
            assert [row.id for row in rows] == [row.id for row in worst] == sees
            assert counts.unanswered["orange"] == len(sees)
        person = c.person("county")
        async with scoped(c.db.web, person.scope, person.actor) as conn:
            page = await views.detail(conn, person, case, c.now)
        assert (page.enterprise_id, page.agency_id, page.enterprise_name) == (
            None, COUNTY, "临江县应急管理局",
        )  # fmt: skip
        assert [step.agency_name for step in page.ladder][:2] == ["临江县应急管理局"] * 2
        assert page.kind_name == "气象预警"
        await c.act("county", "acknowledge", case, "已部署")
        await c.act("county", "handle", case, "暴雨", "已转移")
        await told(c, OF_COUNTY, holds=False)
        # orange is verified from above: the city, not the county itself
        async with scoped(c.db.web, person.scope, person.actor) as conn:
            assert "close" not in (await views.detail(conn, person, case, c.now)).actions
        await c.act("city", "close", case, "属实")
        assert (await c.row(case))["state"] == "closed"

    in_county(database, scenario)


def test_a_case_of_an_agency_follows_it_to_where_it_sits(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        case = await opened(c, OF_COUNTY, place="429981101/@3", agency_id=TOWNSHIP)
        await c.execute("UPDATE agency SET region_code = '429981102' WHERE id = 3")
        row = await c.row(case)
        assert (row["place"], row["sector"]) == ("429981102/@3", "")

    in_county(database, scenario)


def test_a_removed_enterprise_takes_its_cases_out_of_the_lists(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await opened(c, FACT)
        await c.execute("UPDATE enterprise SET removed_at = now() WHERE id = 1")
        person = c.person("county")
        async with scoped(c.db.web, person.scope, person.actor) as conn:
            assert await reading.listed(conn, person, state="all") == []

    in_county(database, scenario)


def test_shortages_and_patrols_wait_behind_alarms_and_by_day(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await opened(c, FACT, kind="shortage")
        await opened(c, FACT)
        urgencies = await c.fetch(
            "SELECT w.kind, t.urgency, w.policy -> 'kind' AS ladder FROM timer AS t"
            " JOIN warning AS w ON w.id = t.warning_id ORDER BY w.number"
        )
        assert [(row["kind"], row["urgency"], row["ladder"]) for row in urgencies] == [
            ("shortage", 7, "shortage"), ("connection", 3, ""),
        ]  # fmt: skip
        c.advance(hours=9)  # 23:00 in China
        assert (await c.fetch("SELECT count(*) AS n FROM ladder_step"))[0]["n"] == 0

    in_county(database, scenario)


def test_every_kind_has_a_level_and_a_name(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        async with acting(c.db.worker) as conn:
            for kind in sorted(CONDITIONS):
                assert await conditions.judge(conn, msgspec.structs.replace(FACT, kind=kind)) is not None
        person = c.person("county")
        async with scoped(c.db.web, person.scope, person.actor) as conn:
            rows = await reading.listed(conn, person)
            names = {(await views.detail(conn, person, row.id, c.now)).kind_name for row in rows}
        assert len(names) == len(CONDITIONS)
        assert names.isdisjoint(CONDITIONS)

    in_county(database, scenario)


def test_a_contradicting_condition_names_every_fault() -> None:
    wrong = msgspec.structs.replace(
        FACT, kind="gossip", side="left", agency_id=COUNTY, level=7, title="", reference=""
    )
    with pytest.raises(ValueError, match=r"kind.*side.*exactly.*level: 1.*level_reason.*title.*reference"):
        rules.identity_of(wrong)
    assert rules.condition_faults(FACT) == []
