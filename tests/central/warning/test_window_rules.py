"""Windows as decisions: hypothesis over windows, cases and times."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from central.warning import window_rules
from central.warning.models import ALARM, MANUAL, POISON, QUALITY, RED, WEATHER
from central.warning.window_rules import Matter, Window

T0 = datetime(2026, 11, 22, tzinfo=UTC)
times = st.integers(0, 100).map(lambda n: T0 + timedelta(minutes=n))


@st.composite
def windows(draw: st.DrawFn) -> Window:
    starts_at = draw(times)
    subject_type, subject_id = draw(
        st.sampled_from(
            [
                ("enterprise", "1"),
                ("gateway", "gw-a"),
                ("gateway", "gw-b"),
                ("instrument", "gw-a/s1"),
                ("instrument", "gw-a/s2"),
                ("point", "7"),
                ("point", "8"),
            ]
        )
    )
    return Window(
        id=draw(st.integers(1, 99)),
        subject_type=subject_type,
        subject_id=subject_id,
        enterprise_id=draw(st.sampled_from([1, 2])),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=draw(st.integers(1, 60))),
        kinds=draw(st.sampled_from([(), (ALARM,), (QUALITY,)])),
        consented=draw(st.booleans()),
        ended=draw(st.booleans()),
    )


matters = st.builds(
    Matter,
    kind=st.sampled_from([ALARM, QUALITY, MANUAL, WEATHER, POISON]),
    enterprise_id=st.sampled_from([1, 2, None]),
    gateway_id=st.sampled_from(["gw-a", "gw-b", ""]),
    source=st.sampled_from(["s1", "s2", ""]),
    point_id=st.sampled_from([7, 8, None]),
    level=st.integers(1, 4),
    is_test=st.booleans(),
)


@given(st.lists(windows(), max_size=6), matters, times)
def test_calls_wait_while_any_window_covers_and_for_the_one_that_ends_last(
    declared: list[Window], matter: Matter, now: datetime
) -> None:
    found = window_rules.holding(declared, matter, now)
    covering = [
        one
        for one in declared
        if not one.ended and one.starts_at <= now < one.ends_at and window_rules.covers(one, matter)
    ]
    if not covering:
        assert found is None
        return
    assert found in covering
    assert found.ends_at == max(one.ends_at for one in covering)
    # Looked at again at that end, nothing that was declared before it is left.
    assert window_rules.holding(covering, matter, found.ends_at) is None


@given(windows(), matters)
def test_red_waits_only_with_a_consent_and_what_people_warn_of_never(window: Window, matter: Matter) -> None:
    if window_rules.covers(window, matter):
        assert matter.level < RED or window.consented
        assert matter.kind not in {MANUAL, WEATHER, POISON}
        assert not matter.is_test
        assert window.enterprise_id == matter.enterprise_id


@given(windows(), matters)
def test_who_suppresses_more_suppresses_less_too(window: Window, matter: Matter) -> None:
    if window.subject_type == "instrument" and window_rules.covers(window, matter):
        gateway = window.subject_id.partition("/")[0]
        wider = Window(
            id=1,
            subject_type="gateway",
            subject_id=gateway,
            enterprise_id=window.enterprise_id,
            starts_at=window.starts_at,
            ends_at=window.ends_at,
            kinds=window.kinds,
            consented=window.consented,
        )
        assert window_rules.covers(wider, matter)


@given(times, st.integers(-100, 6000), times, st.one_of(st.none(), st.integers(60, 100_000)), st.booleans())
def test_a_window_without_faults_begins_ends_later_and_lasts_no_longer_than_it_may(
    starts_at: datetime, minutes: int, now: datetime, longest_s: int | None, declared: bool
) -> None:
    ends_at = starts_at + timedelta(minutes=minutes)
    problems = window_rules.faults(starts_at, ends_at, longest_s, now, declared=declared)
    if not problems:
        assert longest_s is not None
        assert starts_at < ends_at <= starts_at + timedelta(seconds=longest_s)
        assert ends_at > now


def test_every_fault_is_named_with_what_would_be_right() -> None:
    problems = window_rules.faults(T0, T0 - timedelta(hours=1), None, T0 + timedelta(days=1), declared=False)
    assert [problem.place for problem in problems] == ["category", "ends_at", "ends_at", "starts_at"]
    assert all(problem.remedy for problem in problems)
    (long,) = window_rules.faults(T0, T0 + timedelta(days=4), 259200, T0, declared=False)
    assert long.problem == "超过此类报备的最长时限 3 天"
