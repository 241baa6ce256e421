"""Levels by tables: which rule counts, what it says, and what the seeds give."""

from datetime import UTC, datetime

import msgspec
import pytest

from central.db.pool import DatabaseUrls, connect
from central.db.scope import acting
from central.warning import grading, rules, wording
from central.warning.models import AlarmFact, Identity, LevelRule
from tests.central.warning.county import PLACE, County, in_county

AT = datetime(2026, 11, 22, 6, 2, 31, tzinfo=UTC)
ALARM = Identity("alarm", "point", "7", "high")


def fact(limit_name: str = "H", hazard_class: int | None = 3, quantity: str = "gas") -> AlarmFact:
    return AlarmFact(
        gateway_id="gw-1", point_id=7, place=PLACE, enterprise_id=1, point_name="氯气探测器", alarm="a",
        side="high", limit_name=limit_name, occurrence="o", transition=1, state="B", at=AT, received_at=AT,
        hazard_class=hazard_class, quantity=quantity, unit="mg/m³", limit=1.0, value=1.25,
    )  # fmt: skip


def rule(level: int, **given: object) -> LevelRule:
    values = {"region": "", "version": 1, "source": "建议", "kind": "alarm", "reason": f"r{level}"}
    return LevelRule(**(values | {"level": level} | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("limit_name", "word"),
    [
        ("Q", "数据不可信"),
        ("STALE", "数据中断"),
        ("BLANK", "数据空白"),
        ("RANGE", "超出量程"),
        ("RATE", "变化过快"),
        ("STUCK", "数值停滞"),
        ("SIBLINGS", "与相邻测点不符"),
        ("OF-A-NEWER-GATEWAY", "数据不可信"),
    ],
)
def test_every_way_not_to_be_believed_is_one_case_of_its_point_named_by_its_cause(
    limit_name: str, word: str
) -> None:
    doubted = msgspec.structs.replace(fact(limit_name), side="quality")
    plain = msgspec.structs.replace(fact("Q"), side="quality")
    assert rules.identity_of(doubted) == rules.identity_of(plain)
    assert rules.grade([rule(1, kind="quality")], rules.identity_of(doubted), doubted).level == 1
    assert wording.title_of(doubted, "quality").endswith(word)


def test_the_more_local_region_counts_before_the_more_special_rule() -> None:
    table = [rule(4, hazard_class=3, limit_name="H", side="high"), rule(2, region="429981")]
    assert rules.grade(table, ALARM, fact()).level == 2


def test_the_more_special_rule_counts_within_a_region() -> None:
    table = [rule(1), rule(2, limit_name="H"), rule(3, hazard_class=3), rule(4, hazard_class=1)]
    found = rules.grade(table, ALARM, fact())
    assert found.level == 3
    assert found.reason == "r3（通用定级表第 1 版，建议）"


def test_where_nothing_fits_there_is_no_level() -> None:
    with pytest.raises(grading.NoRule):
        rules.grade([rule(4, hazard_class=1)], ALARM, fact())


@pytest.mark.parametrize(
    ("limit_name", "hazard_class", "level"),
    [
        ("H", None, 1), ("L", 4, 2), ("H", 3, 2), ("H", 2, 3), ("H", 1, 3),
        ("HH", None, 2), ("LL", 4, 3), ("HH", 3, 4), ("HH", 1, 4), ("X", 2, 2),
    ],
)  # fmt: skip
def test_the_levels_that_we_propose(
    database: DatabaseUrls, limit_name: str, hazard_class: int | None, level: int
) -> None:
    async def scenario(c: County) -> None:
        case = await c.open(limit_name, hazard_class=hazard_class)
        assert (await c.row(case))["level"] == level

    in_county(database, scenario)


def test_a_county_has_its_own_newer_table_and_an_older_one_no_longer_counts(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        conn = await connect(c.urls.worker)
        try:
            for version in (1, 2):
                number = await conn.fetchval(
                    "INSERT INTO level_rule_set (region, version, name, source, valid_from)"
                    " VALUES ('429981', $1, '县表', '县应急局', '2026-01-01') RETURNING id",
                    version,
                )
                await conn.execute(
                    "INSERT INTO level_rule (set_id, kind, level, reason) VALUES ($1, 'alarm', $2, '县定')",
                    number,
                    5 - version,
                )
        finally:
            await conn.close()
        row = await c.row(await c.open("H"))
        assert row["level"] == 3
        assert row["level_reason"] == "县定（429981 地区定级表第 2 版，县应急局）"

    in_county(database, scenario)


def test_without_any_rule_the_judgement_fails_loudly_and_leaves_nothing(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        await c.execute("UPDATE level_rule_set SET valid_to = '2021-01-01'")
        with pytest.raises(grading.NoRule):
            await c.judge()
        assert await c.cases() == []

    in_county(database, scenario)


def test_names_of_cases_are_made_of_their_origin() -> None:
    first = rules.case_id(ALARM, "gw-1", "a", "o")
    assert first == rules.case_id(ALARM, "gw-1", "a", "o")
    others = {
        rules.case_id(ALARM, "gw-1", "a", "o2"),
        rules.case_id(ALARM, "gw-1", "ao", ""),
        rules.case_id(Identity("alarm", "point", "7", "low"), "gw-1", "a", "o"),
        rules.case_id(Identity("alarm", "point", "7", "high", is_test=True), "gw-1", "a", "o"),
    }
    assert first not in others
    assert len(others) == 4


def test_a_text_message_says_where_what_and_since_when_in_local_time() -> None:
    text = wording.sms_text(
        level=4,
        enterprise="临江清源水务有限公司",
        title=wording.title_of(fact("HH"), "alarm"),
        detail=wording.raise_detail(fact("HH")),
        raised_at=AT,
        number=wording.case_number(17),
        is_test=False,
        round_=0,
    )
    assert text == (
        "【烽燧】红色预警：临江清源水务有限公司，氯气探测器 高高报（测值 1.25 mg/m³，限值 1 mg/m³），"
        "2026-11-22 14:02:31。编号YJ00000017，请立即登录确认接警并处置。"
    )


def test_tests_call_their_own_receivers_and_nobody_else(database: DatabaseUrls) -> None:
    async def scenario(c: County) -> None:
        async with acting(c.db.worker) as conn:
            await conn.execute("INSERT INTO test_receiver VALUES ('429981', 2)")
        await c.open("HH", is_test=True)
        await c.pass_time(3600, 100)
        assert set(c.phone.numbers) == {"13900000002"}
        assert all("［测试］" in sent.text for sent in c.phone.sent)

    in_county(database, scenario)
