"""The fate of a call, alone: time is an argument."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.warning.notify import rules
from central.warning.notify.models import (
    DELIVERED,
    ENDED,
    FAILED,
    IN_APP,
    PENDING,
    READ,
    SENDING,
    SENT,
    SMS,
    SUPERSEDED,
    UNREACHABLE,
    Accepted,
    Delivery,
    Limits,
    Receipt,
    Refused,
    Unavailable,
)

T0 = datetime(2026, 11, 22, tzinfo=UTC)
LIMITS = Limits()


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def sms() -> Delivery:
    return rules.written(SMS, reachable="", now=T0, limits=LIMITS)


def sent() -> Delivery:
    call = sms()
    rules.take_up(call, wanted=True, now=T0, limits=LIMITS)
    rules.answered(call, Accepted("p"), at(0.1), LIMITS)
    return call


def test_a_refusal_ends_it_and_trouble_is_tried_once_more_a_second_later() -> None:
    call = sms()
    rules.take_up(call, wanted=True, now=T0, limits=LIMITS)
    rules.answered(call, Refused("number"), at(0.2), LIMITS)
    assert (call.state, call.reason) == (FAILED, "number")
    call = sms()
    rules.take_up(call, wanted=True, now=T0, limits=LIMITS)
    rules.answered(call, Unavailable("down"), at(0.2), LIMITS)
    assert (call.state, call.due_at, call.possibly_twice) == (PENDING, at(1.2), False)
    rules.take_up(call, wanted=True, now=at(1.2), limits=LIMITS)
    rules.answered(call, Unavailable("down"), at(1.3), LIMITS)
    assert call.state == FAILED


def test_a_receipt_that_overtakes_our_own_record_keeps_its_word() -> None:
    call = sms()
    rules.take_up(call, wanted=True, now=T0, limits=LIMITS)
    assert rules.receipted(call, Receipt("delivered"), at(0.1))
    rules.answered(call, Accepted("p"), at(0.2), LIMITS)
    assert (call.state, call.provider_id) == (DELIVERED, "p")


def test_silence_of_the_provider_is_asked_about_and_ends_in_two_minutes() -> None:
    call = sent()
    asked = []
    while call.state == SENT:
        assert call.due_at is not None
        now = call.due_at
        if rules.take_up(call, wanted=True, now=now, limits=LIMITS) == rules.LOOK_UP:
            asked.append(now)
    assert (call.state, call.reason, call.ended_at) == (FAILED, "no_receipt", at(120.1))
    assert len(asked) > 10


def test_after_an_outage_of_ours_the_provider_is_asked_before_its_silence_counts() -> None:
    call = sent()
    assert rules.take_up(call, wanted=True, now=at(5000), limits=LIMITS) == rules.LOOK_UP
    assert rules.receipted(call, Receipt("delivered"), at(5001))
    assert call.state == DELIVERED


def test_a_late_receipt_corrects_a_failure_but_never_what_was_not_sent() -> None:
    call = sent()
    rules.take_up(call, wanted=True, now=at(5000), limits=LIMITS)
    rules.take_up(call, wanted=True, now=at(5005), limits=LIMITS)
    assert call.state == FAILED
    assert rules.receipted(call, Receipt("delivered"), at(6000))
    superseded = sms()
    rules.take_up(superseded, wanted=False, now=T0, limits=LIMITS)
    assert superseded.state == SUPERSEDED
    assert not rules.receipted(superseded, Receipt("delivered"), at(1))


def test_a_screen_that_nobody_looks_at_is_no_delivery() -> None:
    call = rules.written(IN_APP, reachable="", now=T0, limits=LIMITS)
    assert (call.state, call.due_at) == (SENT, at(600))
    rules.take_up(call, wanted=True, now=at(600), limits=LIMITS)
    assert call.state == UNREACHABLE
    assert rules.seen(call, opened=True, now=at(900))
    assert call.state == READ


@pytest.mark.parametrize(
    ("states", "failed"),
    [
        ([(SMS, FAILED)], True),
        ([(SMS, FAILED), (SMS, PENDING)], False),
        ([(SMS, FAILED), (SMS, DELIVERED)], False),
        ([(SMS, UNREACHABLE), (IN_APP, SENT)], True),
        ([(SMS, UNREACHABLE), (IN_APP, DELIVERED)], True),
        ([(SMS, UNREACHABLE), (IN_APP, READ)], False),
        ([(IN_APP, SENT)], False),
        ([(IN_APP, UNREACHABLE)], True),
        ([(SMS, SUPERSEDED)], False),
        ([], True),
    ],
)
def test_when_a_rung_has_reached_nobody(states: list[tuple[str, str]], failed: bool) -> None:
    calls = [Delivery(channel=channel, state=state, created_at=T0) for channel, state in states]
    assert rules.rung_failed(calls) == failed


def test_a_centre_without_text_messages_goes_by_its_screens() -> None:
    none = Delivery(channel=SMS, state=UNREACHABLE, created_at=T0, reason="no_channel")
    screen = rules.written(IN_APP, reachable="", now=T0, limits=LIMITS)
    assert not rules.rung_failed([none, screen])
    rules.take_up(screen, wanted=True, now=at(600), limits=LIMITS)
    assert rules.rung_failed([none, screen])


ANSWERS = st.sampled_from(
    [Accepted("p"), Refused("r"), Unavailable("u"), Unavailable("lost", maybe=True), None]
)
RECEIPTS = st.sampled_from(
    [None, None, Receipt("accepted"), Receipt("delivered"), Receipt("read"), Receipt("failed")]
)


@given(st.lists(st.tuples(ANSWERS, RECEIPTS, st.booleans()), max_size=30))
def test_whatever_happens_every_call_ends_and_says_when_it_may_have_come_twice(
    story: list[tuple[Accepted | Refused | Unavailable | None, Receipt | None, bool]],
) -> None:
    call = sms()
    handed_over = 0
    now = T0
    happenings = iter(story)
    for _ in range(200):
        assert (call.ended_at is None) == (call.due_at is not None) == (call.state not in ENDED)
        if call.due_at is None:
            break
        now = max(now, call.due_at)
        answer, receipt, wanted = next(happenings, (None, None, True))
        if rules.take_up(call, wanted=wanted, now=now, limits=LIMITS) == rules.SEND:
            handed_over += not isinstance(answer, Refused) and not (
                isinstance(answer, Unavailable) and not answer.maybe
            )
            if answer is not None:  # None: the sender died and nobody recorded anything
                rules.answered(call, answer, now, LIMITS)
        if receipt is not None:
            rules.receipted(call, receipt, now)
    assert call.state in ENDED
    assert handed_over <= LIMITS.attempts
    if handed_over > 1:
        assert call.possibly_twice
    assert call.state != SENDING
