"""Figures of management beyond their thresholds: one case an enterprise and item, by its region's numbers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.db.errors import DomainError, NotFoundError
from central.db.scope import Scope, scoped
from central.registry.measures import Measured, Overdue
from central.warning import management, management_pages
from central.warning import management_rules as rules
from central.warning.management_models import ThresholdForm
from central.warning.management_rules import Threshold
from tests.central.warning.county import START, County, in_county

if TYPE_CHECKING:
    from central.db.pool import DatabaseUrls

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 22)
PLANT = Measured(1, "429981101/E0001", "chemical", None, runs=True, since=date(2026, 1, 1))
FORM = ThresholdForm(item="certificates", region="429981", limit=0, source="临江县应急〔2026〕7号")
_REMINDER = """
INSERT INTO reminder (register, cause, field, record_id, enterprise_id, place, register_title, words, due_on,
                      found_at)
SELECT $1, $2, '', n, 1, '', $1, '', $3, $4 FROM generate_series(1, $5) AS n
"""


def threshold(item: str, limit: float, **other: Any) -> Threshold:
    facts: dict[str, Any] = {
        "id": 1,
        "region": "",
        "version": 1,
        "asked": True,
        "sectors": None,
        "hazards": False,
    }
    return Threshold(item=item, limit_value=limit, **(facts | other))


def test_every_figure_comes_from_its_registers() -> None:
    overdue = [
        Overdue("certificates", "day", 2, date(2026, 11, 1)),
        Overdue("licences", "day", 1, date(2026, 11, 1)),
        Overdue("major-danger-treatment", "day", 4, date(2026, 11, 1)),
        Overdue("plans-filed", "day", 1, date(2026, 11, 1)),
        Overdue("safety-promises", "update", 1, date(2026, 11, 17)),
        Overdue("key-chemicals", "update", 1, date(2026, 11, 1)),
        Overdue("spare-parts", "day", 9, date(2026, 11, 1)),
    ]
    written: dict[str, date | None] = {"training-records": date(2026, 11, 12)}
    assert rules.figures(PLANT, overdue, written, 0.9, 71.5, TODAY) == {
        "online-rate": 90.0, "data-score": 71.5, "hidden-report": 325.0, "rectification": 4.0, "plan": 1.0,
        "training": 10.0, "promise": 5.0, "certificates": 3.0, "updates": 1.0,
    }  # fmt: skip
    nothing = rules.figures(PLANT, [], {}, None, None, TODAY)
    assert (nothing["online-rate"], nothing["data-score"], nothing["promise"]) == (None, None, 0.0)


@given(st.sampled_from(rules.ITEMS), st.floats(0, 400), st.floats(0, 400), st.booleans())
def test_a_rate_is_warned_of_below_and_a_count_above(
    item: str, value: float, limit: float, asked: bool
) -> None:
    found = rules.judge([threshold(item, limit, asked=asked)], PLANT, {item: value})
    worse = value < limit if item in rules.AT_LEAST else value > limit
    assert (item in found) == (asked and worse)


def test_the_longest_region_counts_then_the_newest_version() -> None:
    table = [
        threshold("plan", 5, id=1), threshold("plan", 3, id=2, region="4299"),
        threshold("plan", 2, id=3, region="4299", version=2), threshold("plan", 0, id=4, region="429982"),
    ]  # fmt: skip
    assert rules.judge(table, PLANT, {"plan": 3.0})["plan"].threshold.id == 3
    assert rules.judge(table, PLANT, {"plan": 2.0}) == {}


def test_only_who_is_concerned_is_asked_and_who_is_stopped_for_papers_alone() -> None:
    table = [
        threshold("training", 1, sectors=["mine"], hazards=True), threshold("certificates", 1),
        threshold("online-rate", 99),
    ]  # fmt: skip
    found: dict[str, float | None] = {"training": 9.0, "certificates": 9.0, "online-rate": 9.0}
    hazard = msgspec.structs.replace(PLANT, hazard_class=4)
    stopped = msgspec.structs.replace(hazard, runs=False)
    assert set(rules.judge(table, PLANT, found)) == {"certificates", "online-rate"}
    assert set(rules.judge(table, hazard, found)) == {"training", "certificates", "online-rate"}
    assert set(rules.judge(table, stopped, found)) == {"certificates"}


async def a_round(c: County) -> None:
    c.advance(minutes=16)
    while await management.step(c.db, ZONE, c.clock, at_once=1):
        pass
    await c.settle()


async def cases(c: County) -> list[tuple[Any, ...]]:
    rows = await c.fetch("SELECT title, state, value, limit_value FROM warning ORDER BY number")
    return [tuple(row) for row in rows]


async def write(c: County, who: str, form: ThresholdForm) -> None:
    person = c.person(who)
    async with scoped(c.db.web, person.scope, person.actor) as conn:
        await management_pages.put_in_force(conn, person, form, c.now, ZONE)


def test_lapsed_papers_beyond_the_countys_number_are_one_case_that_ends_by_itself(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        # Nothing else is asked for here.
        await c.execute("UPDATE management_threshold SET asked = item = 'certificates'")
        await c.fetch(_REMINDER, "certificates", "day", TODAY - timedelta(days=3), START, 2)
        await a_round(c)
        assert await cases(c) == []
        # Two are allowed by the general number; the county allows none.
        await write(c, "county", FORM)
        for _ in range(3):
            await a_round(c)
        assert await cases(c) == [("过期证照超过阈值", "open", 2.0, 0.0)]
        person = c.person("township")
        async with scoped(c.db.web, person.scope, person.actor) as conn:
            (beyond,) = await management_pages.beyond(
                conn, item="certificates", enterprise_id=None, after=None, limit=9
            )
            told = await management_pages.thresholds(conn, person, c.now, ended=False)
        assert (beyond.enterprise_id, beyond.value, beyond.limit) == (1, 2.0, 0.0)
        assert [(count.item, count.many) for count in told.counts] == [("certificates", 1)]
        assert [(r.region_name, r.own) for r in told.items if r.item == "certificates"] == [
            ("", False),
            ("临江县", False),
        ]
        # One is renewed, one is left: still beyond, the same case. Then the last one.
        await c.fetch("UPDATE reminder SET settled_at = $1 WHERE record_id = 1", c.now)
        await a_round(c)
        assert len(await cases(c)) == 1
        await c.fetch("UPDATE reminder SET settled_at = $1", c.now)
        await a_round(c)
        await a_round(c)
        await a_round(c)
        assert [(title, state) for title, state, *_ in await cases(c)] == [("过期证照超过阈值", "cleared")]

    in_county(database, scenario)


def test_a_threshold_is_written_for_a_whole_region_of_ones_own_and_every_mistake_is_named(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        await write(c, "county", FORM)
        await write(c, "county", msgspec.structs.replace(FORM, limit=5))
        rows = await c.fetch("SELECT * FROM management_threshold WHERE region = '429981' ORDER BY version")
        assert [(r["version"], r["limit_value"], r["valid_to"]) for r in rows] == [
            (1, 0.0, c.now),
            (2, 5.0, None),
        ]
        assert rows[1]["changed_by_name"] == "县局值班"
        with pytest.raises(DomainError) as outside:
            await write(c, "township", FORM)
        assert outside.value.http_status == 403
        wrong = msgspec.structs.replace(
            FORM, item="online-rate", limit=101, sectors=["nowhere"], last_day=date(2020, 1, 1)
        )
        with pytest.raises(DomainError) as bad:
            await write(c, "county", wrong)
        assert [problem.place for problem in bad.value.fields] == ["limit", "sectors", "last_day"]
        person = c.person("county")
        async with scoped(c.db.web, person.scope, person.actor) as conn:
            with pytest.raises(NotFoundError):
                await management_pages.end(conn, 1, "通用阈值", c.now)  # the general one is nobody's here
        async with scoped(c.db.web, person.scope, person.actor) as conn:
            await management_pages.end(conn, rows[1]["id"], "按市里执行", c.now)
        async with scoped(c.db.web, Scope.region("4299"), person.actor) as conn:
            told = await management_pages.thresholds(conn, person, c.now, ended=False)
        assert [row.region for row in told.items if row.item == "certificates"] == [""]

    in_county(database, scenario)
