"""Level tables: files say the same again, every bad row is named, a draft judges nothing before its day."""

from __future__ import annotations

import asyncio
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.db.errors import DomainError, NotFoundError
from central.db.pool import DatabaseUrls
from central.db.scope import Scope, acting, scoped
from central.warning import grading, level_files, level_tables, preview
from central.warning.grading import Matter
from central.warning.level_models import (
    DraftForm,
    Enacting,
    LevelDraft,
    NewDraft,
    RuleRow,
    TableFile,
)
from central.warning.models import LevelRule
from protocol.messages import CLEAR, RAISE
from tests.central import county
from tests.central.serving import serving
from tests.central.warning.county import County, in_county

ZONE = ZoneInfo("Asia/Shanghai")
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x7f", min_codepoint=0x20), max_size=20)
ROWS = st.builds(
    RuleRow,
    kind=st.sampled_from(["alarm", "quality", "presence"]),
    level=st.sampled_from(["blue", "yellow", "orange", "red"]),
    reason=WORDS.filter(bool),
    side=st.sampled_from(["", "high", "low"]),
    limit_name=WORDS,
    quantity=WORDS,
    hazard_class=st.none() | st.integers(1, 4),
    held_s=st.sampled_from([0, 60]),
)
FILES = st.builds(
    TableFile,
    name=WORDS.filter(bool),
    source=WORDS.filter(bool),
    region=st.sampled_from(["", "42", "429981"]),
    rule=st.lists(ROWS, min_size=1, max_size=5).map(tuple),
)


@given(FILES)
def test_a_file_that_was_written_reads_as_the_same_table(table: TableFile) -> None:
    assert level_files.read(level_files.to_toml(table)) == table
    assert level_files.read(level_files.to_json(table)) == table


@pytest.mark.parametrize("text", ["name =", '{"name": 1}', 'name = "a"\nsource = "b"\nrule = []'])
def test_what_is_no_table_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(level_files.BadFile):
        level_files.read(text)


def test_every_bad_row_is_named() -> None:
    rows = [
        RuleRow(kind="alarm", level="red", reason="甲"),
        RuleRow(kind="alarm", level="blue", reason=" "),
        RuleRow(kind="weather-of-mars", level="blue", reason="乙"),
    ]
    found = level_tables.problems(rows, {"alarm", "presence"}, general=True)
    assert [problem.place for problem in found] == [
        "rows[1].reason", "rows[1]", "rows[2].kind", "rows",
    ]  # fmt: skip


CASES = st.builds(
    preview.Happened,
    place=st.sampled_from(["429981101/E1", "429982101/E2", "429981"]),
    kind=st.sampled_from(["alarm", "quality"]),
    side=st.sampled_from(["high", "low"]),
    limit_names=st.lists(st.sampled_from(["H", "HH", "L"]), min_size=1, unique=True).map(tuple),
    quantity=st.sampled_from(["", "gas"]),
    hazard_class=st.none() | st.integers(1, 4),
)
GENERAL = [
    LevelRule(region="", version=1, source="s", kind=kind, level=1, reason="r")
    for kind in ("alarm", "quality")
]


@given(st.lists(ROWS, min_size=1, max_size=6), CASES)
@settings(deadline=None)
def test_a_draft_changes_nothing_outside_its_region_and_the_worst_limit_counts(
    rows: list[RuleRow], case: preview.Happened
) -> None:
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    draft = LevelDraft(
        id=1, region="429981", region_name="", name="n", source="s", rows=rows, based_on=None,
        created_at=now, created_by_name="", updated_at=now, version=1,
    )  # fmt: skip
    graded = preview.Grader(preview.with_draft(GENERAL, draft)).grade(case)
    assert graded is not None
    alone = [
        preview.Grader(preview.with_draft(GENERAL, draft)).grade(
            preview.Happened(
                place=case.place, kind=case.kind, side=case.side, limit_names=(name,),
                quantity=case.quantity, hazard_class=case.hazard_class,
            )
        )
        for name in case.limit_names
    ]  # fmt: skip
    assert graded.level == max(each.level for each in alone if each)
    outside = case.place.startswith("429982")
    assert not outside or graded.level == 1


def test_a_draft_judges_nothing_until_it_is_put_in_force_and_then_only_what_comes(
    database: DatabaseUrls,
) -> None:
    async def scenario(c: County) -> None:
        chief = c.person("county")
        first = await c.open("HH")
        async with scoped(c.db.web, chief.scope, chief.actor) as conn:
            now = c.now
            made = await level_tables.create(
                conn, chief, NewDraft(region="429981", name="县表", source="县应急局"), now
            )
            assert any(row.limit_name == "HH" for row in made.rows)
            quiet = [RuleRow(kind="alarm", level="blue", reason="试行")]
            made = await level_tables.change(
                conn, made.id, made.version,
                DraftForm(name=made.name, source=made.source, rows=tuple(quiet)), now,
            )  # fmt: skip
            tried = await preview.preview(conn, made.id, now - dt.timedelta(days=30), now)
            assert (tried.graded, tried.before.red, tried.after.blue, tried.changed) == (1, 1, 1, 1)
            assert tried.cases[0].id == first
            assert tried.cases[0].reason == "试行（429981 地区定级表第 1 版，县应急局）"
        second = await c.open("H", side="low", alarm="GT-101/L")
        assert (await c.row(second))["level"] == 2
        async with scoped(c.db.web, chief.scope, chief.actor) as conn:
            table = await level_tables.put_in_force(conn, made.id, made.version, Enacting(), c.now, ZONE)
            assert (table.state, table.version, table.rules) == ("in-force", 1, 1)
            assert await level_tables.drafts(conn) == []
        # Law-warning 11: what is open keeps its level; what comes is graded by the new table.
        assert (await c.row(first))["level"] == 4
        third = await c.open("HH", side="rate", alarm="GT-101/RATE")
        assert (await c.row(third))["level"] == 1
        async with scoped(c.db.web, chief.scope, chief.actor) as conn:
            c.advance(seconds=1)
            await level_tables.end(conn, table.id, "试行结束", c.now)
            assert (await level_tables.table(conn, table.id, c.now)).state == "ended"
            with pytest.raises(DomainError, match="已经结束"):
                await level_tables.end(conn, table.id, "再次", c.now)
        fourth = await c.open("HH", side="deviation", alarm="GT-101/DEV")
        assert (await c.row(fourth))["level"] == 4

    in_county(database, scenario)


def test_a_table_counts_from_its_first_day_through_its_last(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        async with acting(c.db.worker) as conn:
            told = TableFile(
                name="县表", source="县", region="429981",
                rule=(RuleRow(kind="alarm", level="orange", reason="常年"),),
            )  # fmt: skip
            await level_tables.load(conn, told, c.now)
        chief = c.person("county")
        async with scoped(c.db.web, chief.scope, chief.actor) as conn:
            made = await level_tables.create(
                conn, chief, NewDraft(region="429981", name="汛期", source="县"), c.now
            )
            rows = (RuleRow(kind="alarm", level="red", reason="汛期"),)
            form = DraftForm(name="汛期", source="县", rows=rows)
            made = await level_tables.change(conn, made.id, made.version, form, c.now)
            today = c.now.astimezone(ZONE).date()
            with pytest.raises(DomainError) as caught:
                await level_tables.put_in_force(
                    conn, made.id, made.version,
                    Enacting(first_day=today, last_day=today - dt.timedelta(days=1)), c.now, ZONE,
                )  # fmt: skip
            assert {field.place for field in caught.value.fields} == {"first_day", "last_day"}
            first, last = today + dt.timedelta(days=1), today + dt.timedelta(days=2)
            table = await level_tables.put_in_force(
                conn, made.id, made.version, Enacting(first_day=first, last_day=last), c.now, ZONE
            )
            assert table.state == "planned"
        levels = []
        for side in ("high", "low", "rate", "deviation"):
            case = await c.open("HH", side=side, alarm=f"GT-101/{side}")
            levels.append((await c.row(case))["level"])
            c.advance(days=1)
        assert levels == [3, 4, 4, 3]

    in_county(database, scenario)


def test_nobody_writes_a_table_for_a_region_that_is_not_wholly_the_own(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        new = NewDraft(region="429981", name="县表", source="县")
        for who, scope in (
            ("township", None),
            ("enterprise", None),
            ("county", Scope(Scope.region("429981").ranges, frozenset({"mine"}))),
        ):
            person = c.person(who)
            async with scoped(c.db.web, scope or person.scope, person.actor) as conn:
                with pytest.raises((DomainError, NotFoundError)):
                    await level_tables.create(conn, person, new, c.now)
        chief = c.person("county")
        async with scoped(c.db.web, chief.scope, chief.actor) as conn:
            made = await level_tables.create(conn, chief, new, c.now)
        other = c.person("elsewhere")
        async with scoped(c.db.web, other.scope, other.actor) as conn:
            assert await level_tables.drafts(conn) == []
            with pytest.raises(NotFoundError):
                await level_tables.put_in_force(conn, made.id, made.version, Enacting(), c.now, ZONE)
            general = (await level_tables.tables(conn, c.now, limit=9))[0]
            with pytest.raises(NotFoundError):
                await level_tables.end(conn, general.id, "不要", c.now)

    in_county(database, scenario)


def test_officials_write_try_and_enact_a_table_over_http(database: DatabaseUrls) -> None:
    async def run() -> None:
        async with serving(database) as server:
            await county.found(server.database)
            async with server.client("county") as client:
                listed = (await client.get("/api/v1/level-tables")).json()["items"]
                assert [row["state"] for row in listed] == ["in-force"]
                file = await client.get(f"/api/v1/level-tables/{listed[0]['id']}/file?format=json")
                assert file.headers["content-disposition"].startswith("attachment")
                words = (await client.get("/api/v1/level-tables/words")).json()
                assert {"alarm", "presence", "management"} <= set(words["kinds"])
                brought = await client.post(
                    "/api/v1/level-drafts/file", json={"text": file.text, "region": "429981"}
                )
                assert brought.status_code == 201, brought.text
                path = f"/api/v1/level-drafts/{brought.json()['id']}"
                tag = brought.headers["etag"]
                form = {name: brought.json()[name] for name in ("name", "source")}
                rows = [{"kind": "moon", "level": "red", "reason": "x"}]
                refused = await client.put(path, json=form | {"rows": rows}, headers={"if-match": tag})
                assert refused.status_code == 400
                assert refused.json()["fields"][0]["place"] == "rows[0].kind"
                rows = [{"kind": "alarm", "level": "red", "reason": "x"}]
                changed = await client.put(path, json=form | {"rows": rows}, headers={"if-match": tag})
                assert changed.status_code == 200, changed.text
                stale = await client.post(path + "/in-force", json={}, headers={"if-match": tag})
                assert stale.status_code == 412
                tried = (await client.get(path + "/preview?days=7")).json()
                assert (tried["graded"], tried["cases"]) == (0, [])
                tag = changed.headers["etag"]
                done = await client.post(path + "/in-force", json={}, headers={"if-match": tag})
                assert done.status_code == 201, done.text
                assert done.json()["region"] == "429981"
                ended = await client.post(
                    f"/api/v1/level-tables/{done.json()['id']}/end", json={"reason": "试完"}
                )
                assert ended.status_code == 204, ended.text
            async with server.client("township") as client:
                assert (await client.get("/api/v1/level-drafts")).status_code == 403
                assert len((await client.get("/api/v1/level-tables")).json()["items"]) == 2

    asyncio.run(run())


WAITING = st.builds(
    LevelRule,
    region=st.sampled_from(["", "429981"]),
    version=st.just(1),
    source=st.just("s"),
    kind=st.just("alarm"),
    level=st.integers(1, 4),
    reason=st.just("r"),
    limit_name=st.sampled_from(["", "H", "HH"]),
    held_s=st.sampled_from([0, 60, 600]),
)


@given(st.lists(WAITING, max_size=6), st.lists(st.floats(0, 1000), min_size=2, max_size=2))
def test_a_level_never_falls_with_time_and_the_wait_is_when_it_rises(
    rows: list[LevelRule], spans: list[float]
) -> None:
    matter = Matter(kind="alarm", side="high", limit_name="H")
    table = [*GENERAL, *rows]
    early, late = (grading.grade(table, matter, span) for span in sorted(spans))
    assert early.level <= late.level
    at_once = grading.grade(table, matter)
    assert at_once.wait_s is None or grading.grade(table, matter, at_once.wait_s).level > at_once.level
    assert at_once.wait_s is not None or grading.grade(table, matter, 10_000).level == at_once.level


def test_a_preview_counts_what_lasted_and_what_came_again(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        chief = c.person("county")
        await c.open("H")
        for number in (2, 3):
            c.advance(seconds=600)
            await c.judge(CLEAR, occurrence=f"0000002a-{number - 1}")
            await c.judge(RAISE, occurrence=f"0000002a-{number}")
        c.advance(seconds=3600)
        rows = (
            RuleRow(kind="alarm", level="yellow", reason="县定"),
            RuleRow(kind="alarm", level="orange", reason="反复", raises=3, within_h=1),
        )
        longer = (*rows, RuleRow(kind="alarm", level="red", reason="久", held_s=3000))
        async with scoped(c.db.web, chief.scope, chief.actor) as conn:
            made = await level_tables.create(
                conn, chief, NewDraft(region="429981", name="县表", source="县"), c.now
            )
            since = c.now - dt.timedelta(days=1)
            for told, levels in ((rows, "orange"), (longer, "red")):
                made = await level_tables.change(
                    conn, made.id, made.version, DraftForm(name="县表", source="县", rows=told), c.now
                )
                tried = await preview.preview(conn, made.id, since, c.now)
                assert getattr(tried.after, levels) == 1, tried
                assert tried.before.yellow == 1
            worse = (RuleRow(kind="alarm", level="red", reason="x", raises=1, held_s=5),)
            with pytest.raises(DomainError) as caught:
                await level_tables.change(
                    conn, made.id, made.version, DraftForm(name="县表", source="县", rows=worse), c.now
                )
            assert {field.place for field in caught.value.fields} == {"rows[0].within_h", "rows[0].raises"}

    in_county(database, scenario)
