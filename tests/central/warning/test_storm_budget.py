"""How many messages a telephone gets, and which case came first: the pure rules."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import hypothesis.strategies as st
import pytest
from hypothesis import given

from central.warning.first_up import Neighbour, first_ups, marks
from central.warning.notify import digest_words
from central.warning.notify.budget import Sort, StormRule, Waiting, plan, sort_of, urgencies_of, worst_first

T0 = datetime(2026, 11, 23, tzinfo=UTC)
RULE = StormRule(
    messages=3,
    window_s=60,
    red_only=1,
    papers=1,
    gather_s=5,
    first_up_s=30,
    storm_cases=30,
    storm_s=600,
    source="x",
)


def waiting(
    number: int, urgency: int = 2, owner: str = "甲", at_s: float = 0, due_s: float | None = None
) -> Waiting:
    """A call that was written at a second and is due at another."""
    due = at_s if due_s is None else due_s
    return Waiting(
        UUID(int=number), urgency, owner, T0 + timedelta(seconds=at_s), T0 + timedelta(seconds=due)
    )


def at(seconds: float) -> datetime:
    """A moment."""
    return T0 + timedelta(seconds=seconds)


def test_the_first_goes_at_once_and_the_last_message_gathers() -> None:
    made = plan(RULE, [], [waiting(1)], T0, {})
    assert (made.single, made.bundle, made.wait) == ([UUID(int=1)], [], {})
    made = plan(RULE, [T0], [waiting(2, at_s=1)], at(1), {})
    assert (made.single, made.bundle, made.wait) == ([], [], {Sort.ALARM: at(6)})
    # What comes meanwhile gathers with it.
    made = plan(RULE, [T0], [waiting(3, at_s=4)], at(4), {Sort.ALARM: at(6)})
    assert made.wait == {Sort.ALARM: at(6)}
    made = plan(RULE, [T0], [waiting(2, at_s=1, due_s=6), waiting(3, at_s=4, due_s=6)], at(6), {})
    assert (made.single, made.bundle) == ([], [Sort.ALARM])


def test_a_red_alarm_never_waits_behind_blue() -> None:
    blue = [waiting(n, urgency=3, at_s=1, due_s=6) for n in range(100)]
    made = plan(RULE, [T0, at(6)], [*blue, waiting(200, urgency=0, owner="乙", at_s=7, due_s=8)], at(8), {})
    assert made.bundle == [Sort.RED]
    assert made.wait == {Sort.ALARM: at(66)}


def test_when_all_are_used_the_rest_waits_until_the_oldest_is_past() -> None:
    made = plan(RULE, [at(0), at(2), at(9)], [waiting(1, urgency=0, at_s=10)], at(10), {})
    assert made.wait == {Sort.RED: at(60)}
    # Other alarms may not use the last one: two of the three must be past.
    made = plan(RULE, [at(0), at(2), at(9)], [waiting(1, urgency=2, at_s=10)], at(10), {})
    assert made.wait == {Sort.ALARM: at(62)}


def test_reds_without_an_end_do_not_silence_the_rest() -> None:
    reds = [waiting(n, urgency=0, at_s=1, due_s=60) for n in range(9)]
    made = plan(RULE, [at(30), at(31)], [*reds, waiting(99, urgency=1, due_s=60)], at(60), {})
    assert made.bundle == [Sort.ALARM]
    assert made.wait == {Sort.RED: at(90)}


def test_papers_take_one_message_and_never_that_of_an_alarm() -> None:
    made = plan(RULE, [T0], [waiting(1, urgency=6, at_s=1)], at(1), {})
    assert made.wait == {Sort.PAPER: at(60)}
    made = plan(RULE, [], [waiting(1, urgency=6), waiting(2, urgency=2)], T0, {})
    assert made.single == [UUID(int=2)]
    assert made.wait == {Sort.PAPER: at(60)}


def test_of_one_level_each_enterprise_is_told_before_the_second_of_any() -> None:
    calls = [
        waiting(1, owner="甲"),
        waiting(2, owner="甲", at_s=1),
        waiting(3, owner="乙", at_s=2),
        waiting(4, 0, "丙", 3),
    ]
    assert [call.key.int for call in worst_first(calls)] == [4, 1, 3, 2]


@given(
    st.lists(
        st.tuples(st.integers(0, 200), st.integers(0, 7), st.sampled_from("甲乙丙")), min_size=1, max_size=60
    ),
    st.integers(1, 6),
    st.integers(0, 5),
    st.integers(0, 20),
)
def test_no_window_ever_holds_more_than_the_number_and_nobody_waits_for_ever(
    calls: list[tuple[int, int, str]], messages: int, red_only: int, gather_s: int
) -> None:
    rule = StormRule(
        messages=messages,
        window_s=60,
        red_only=min(red_only, messages - 1),
        papers=1,
        gather_s=gather_s,
        first_up_s=30,
        storm_cases=1,
        storm_s=60,
        source="x",
    )
    queue = {
        UUID(int=number): waiting(number, urgency, owner, second)
        for number, (second, urgency, owner) in enumerate(calls)
    }
    handed: list[tuple[datetime, Sort]] = []
    for second in range(200 + 61 * 9):
        now = at(second)
        due = [call for call in queue.values() if call.due_at <= now]
        lately = [moment for moment, _ in handed if moment > now - timedelta(seconds=60)]
        gathering = {
            sort: min(
                call.due_at for call in queue.values() if sort_of(call.urgency) is sort and call.due_at > now
            )
            for sort in Sort
            if any(
                sort_of(call.urgency) is sort and call.due_at > now and call.created_at <= now
                for call in queue.values()
            )
        }
        made = plan(rule, lately, due, now, gathering)
        handed += [(now, sort_of(queue.pop(key).urgency)) for key in made.single]
        handed += [(now, sort) for sort in made.bundle]
        for sort in made.bundle:
            told = [
                key for key, call in queue.items() if sort_of(call.urgency) is sort and call.created_at <= now
            ]
            for key in told:
                del queue[key]
        for sort, until in made.wait.items():
            assert until > now
            for call in due:
                if call.key in queue and sort_of(call.urgency) is sort:
                    queue[call.key] = Waiting(call.key, call.urgency, call.owner, call.created_at, until)
    assert queue == {}
    for moment, _ in handed:
        window = [sort for other, sort in handed if moment - timedelta(seconds=60) < other <= moment]
        assert len(window) <= rule.messages
        assert window.count(Sort.PAPER) <= rule.papers


def test_the_urgencies_of_the_sorts_are_all_urgencies() -> None:
    assert [urgency for sort in Sort for urgency in urgencies_of(sort)] == list(range(8))
    assert all(sort_of(urgency) is sort for sort in Sort for urgency in urgencies_of(sort))


# --- first-up ---


@pytest.mark.parametrize(
    ("seconds", "firsts"),
    [
        ([], set()),
        ([0], set()),
        ([0, 10], {0}),
        ([0, 31], set()),
        ([0, 30, 60, 90], {0}),
        ([0, 50, 60, 200, 230], {1, 3}),
        ([5, 5], {0}),
    ],
)
def test_the_first_of_several_that_follow_each_other_is_marked(seconds: list[int], firsts: set[int]) -> None:
    assert first_ups([at(second) for second in seconds], timedelta(seconds=30)) == firsts


@given(st.lists(st.integers(0, 400), max_size=40))
def test_marked_one_by_one_in_any_order_they_are_marked_as_all_together(seconds: list[int]) -> None:
    near = timedelta(seconds=30)
    known: dict[UUID, tuple[datetime, bool]] = {}

    def has_before(key: UUID) -> bool:
        place = (known[key][0], key)
        return any(
            (moment, other) < place and known[key][0] - moment <= near for other, (moment, _) in known.items()
        )

    for number, second in enumerate(seconds):
        key, moment = UUID(int=number), at(second)
        before = [k for k, (m, _) in known.items() if (m, k) < (moment, key) and moment - m <= near]
        after = [k for k, (m, _) in known.items() if (m, k) > (moment, key) and m - moment <= near]
        last = max(before, key=lambda k: (known[k][0], k), default=None)
        next_ = min(after, key=lambda k: (known[k][0], k), default=None)
        made = marks(
            None if last is None else Neighbour(last, not has_before(last), known[last][1]),
            None if next_ is None else Neighbour(next_, False, known[next_][1]),
        )
        known[key] = (moment, made.own)
        for other, value in ((made.mark, True), (made.unmark, False)):
            if other is not None:
                known[other] = (known[other][0], value)
    ordered = sorted(known, key=lambda k: (known[k][0], k))
    marked = {place for place, key in enumerate(ordered) if known[key][1]}
    assert marked == first_ups([known[key][0] for key in ordered], near)


# --- words ---


def test_a_digest_says_how_many_of_which_level_where_and_what_came_first() -> None:
    rows = [
        {
            "warning_id": UUID(int=number),
            "level": level,
            "owner": owner,
            "title": title,
            "raised_at": at(number),
            "first_up": first,
        }
        for number, (level, owner, title, first) in enumerate(
            [
                (3, "白沙冷链", "氨压力 高报", False),
                (4, "清源水务", "氯库泄漏探测器 高高报", True),
                (2, "清源水务", "液位 高报", False),
                *[(2, f"企业{n}", "x", False) for n in range(5)],
            ]
        )
    ]
    said = digest_words.text(12, [*rows, rows[0]], is_test=False, site="https://centre.example/")
    assert said == (
        "【烽燧】预警集中发生，8 条合并告知：红色 1、橙色 1、黄色 6。"
        "清源水务 红色 1、黄色 1（首发 氯库泄漏探测器 高高报 08:00:01）；白沙冷链 橙色 1；"
        "企业0 黄色 1；企业1 黄色 1；等共 7 家。"
        "汇总HZ00000012，请立即登录确认接警并处置：https://centre.example/warnings?digest=12"
    )
    assert digest_words.levels_of([*rows, rows[0]]) == {"4": 1, "3": 1, "2": 6}
    assert digest_words.text(1, rows, is_test=True, site="").startswith("【烽燧】［测试］预警集中发生")
