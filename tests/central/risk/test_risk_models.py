"""A model is tried as a draft, counts from its day on, and is written by those who hold the whole region."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import msgspec
import pytest

from central.db.errors import DomainError, NotFoundError
from central.db.pool import DatabaseUrls
from central.db.scope import Scope, scoped
from central.risk import drafts, reading
from central.risk.models import NewRiskDraft, RiskDefinition, RiskDraftForm, RiskEnacting, RiskTerm
from tests.central.risk.test_risk_worker import settle
from tests.central.warning.county import County, in_county

ZONE = ZoneInfo("Asia/Shanghai")


def heavier(told: RiskDefinition) -> RiskDefinition:
    """The same with thirty points of the dynamic part on the hazard class."""
    moved = {
        "hazard_class": 40.0,
        "alarm_red": 5.0,
        "alarm_orange": 5.0,
        "papers_late": 2.0,
        "major_dangers": 4.0,
    }
    terms = [msgspec.structs.replace(term, weight=moved.get(term.input, term.weight)) for term in told.terms]
    left = 100 - sum(term.weight for term in terms)
    first: RiskTerm = terms[0]
    terms[0] = msgspec.structs.replace(first, weight=first.weight + left)
    return msgspec.structs.replace(told, terms=tuple(terms))


def test_a_draft_is_tried_on_todays_inputs_and_counts_from_then_on(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        sweep = await settle(c)
        chief = c.person("county")
        form = NewRiskDraft(scale="enterprise", region="429981", name="县模型", source="县局")
        async with scoped(c.db.web, chief.scope, chief.actor) as conn:
            made = await drafts.create(conn, chief, form, c.now)
            same = await drafts.preview(conn, made.id, c.now)
            assert (same.compared, same.changed, same.moved) == (2, [], [])
            assert same.before == same.after
            broken = msgspec.structs.replace(made.definition, terms=made.definition.terms[:3])
            with pytest.raises(DomainError) as caught:
                await drafts.change(
                    conn, made.id, made.version, RiskDraftForm(name="县", source="县", definition=broken)
                )
            assert [field.place for field in caught.value.fields] == ["definition.terms"]
            written = RiskDraftForm(name="县模型", source="县局", definition=heavier(made.definition))
            made = await drafts.change(conn, made.id, made.version, written)
            tried = await drafts.preview(conn, made.id, c.now)
            assert tried.compared == 2
            assert {one.enterprise_id for one in tried.changed} == {1, 2}
            with pytest.raises(DomainError, match="他人更新"):
                await drafts.put_in_force(conn, made.id, 1, RiskEnacting(), c.now, ZONE)
            told = await drafts.put_in_force(conn, made.id, made.version, RiskEnacting(), c.now, ZONE)
            assert (told.state, told.region, told.version) == ("in-force", "429981", 1)
            assert await drafts.drafts(conn) == []
        async with scoped(c.db.web, chief.scope, chief.actor) as conn:
            today = c.now.astimezone(ZONE).date()
            [row] = await reading.listing(conn, c.now, today, subject="enterprise/1")
            assert row.outdated in {"inputs", "model"}
        await settle(c, sweep)
        expected = {one.enterprise_id: one.after for one in tried.changed}
        async with scoped(c.db.web, chief.scope, chief.actor) as conn:
            index = await reading.one(conn, "enterprise/1", c.now, today)
            assert (index.row.score, index.model.id) == (expected[1], told.id)
            await drafts.end(conn, told.id, "换回通用", c.now)
            with pytest.raises(DomainError, match="已经结束"):
                await drafts.end(conn, told.id, "再次", c.now)
        c.advance(seconds=1)
        await settle(c, sweep)
        async with scoped(c.db.web, chief.scope, chief.actor) as conn:
            again = await reading.one(conn, "enterprise/1", c.now, today)
        assert (again.model.region, again.row.score) == (
            "",
            {o.enterprise_id: o.before for o in tried.changed}[1],
        )

    in_county(database, scenario)


def test_nobody_writes_a_model_for_a_region_that_is_not_wholly_the_own(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        chief, town = c.person("county"), c.person("township")
        form = NewRiskDraft(scale="area", region="429981", name="县模型", source="县局")
        async with scoped(c.db.web, town.scope, town.actor) as conn:
            with pytest.raises(DomainError) as caught:
                await drafts.create(conn, town, form, c.now)
            assert caught.value.http_status == 403
        async with scoped(c.db.web, chief.scope, chief.actor) as conn:
            made = await drafts.create(conn, chief, form, c.now)
        with pytest.raises(DomainError) as caught:
            async with scoped(c.db.web, chief.scope, chief.actor) as conn:
                await drafts.create(conn, chief, form, c.now)
        assert caught.value.http_status == 409
        async with scoped(c.db.web, chief.scope, chief.actor) as conn:
            tomorrow = c.now.astimezone(ZONE).date() + dt.timedelta(days=1)
            planned = await drafts.put_in_force(
                conn, made.id, made.version, RiskEnacting(first_day=tomorrow), c.now, ZONE
            )
            assert planned.state == "planned"
        async with scoped(c.db.web, Scope.region("429981102")) as conn:
            with pytest.raises(NotFoundError):
                await drafts.draft(conn, made.id)
            with pytest.raises(NotFoundError):
                await drafts.end(conn, planned.id, "越权", c.now)

    in_county(database, scenario)
