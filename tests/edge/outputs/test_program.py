"""What is said and shown next, how loud, and in which words."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from edge.outputs.loudness import loudness
from edge.outputs.models import Announcement
from edge.outputs.payload import as_form, as_json, filled, framed
from edge.outputs.program import Shown, Spoken
from edge.outputs.settings import Http
from edge.outputs.wording import of_alarm, shown, together


def alarm(name: str, priority: int = 2, *, sounding: bool = True) -> Announcement:
    return Announcement(name, f"报警{name}", priority, sounding)


def test_a_new_alarm_is_said_before_the_old_ones_are_repeated() -> None:
    spoken = Spoken(1, 20_000)
    spoken.take([alarm("a")])
    first = spoken.next(0)
    assert first is not None
    assert first.alarms == ("a",)
    spoken.told(first, 0)
    assert spoken.next(1000) is None
    spoken.take([alarm("b", 3), alarm("a")])
    fresh = spoken.next(2000)
    assert fresh is not None
    assert fresh.alarms == ("b",)
    spoken.told(fresh, 2000)
    assert spoken.due(2000) == 22_000
    again = spoken.next(22_000)
    assert again is not None
    assert again.alarms == ("b", "a")


def test_what_was_silenced_is_said_no_more_and_said_anew_when_it_is_raised_again() -> None:
    spoken = Spoken(1, 1000)
    spoken.take([alarm("a")])
    item = spoken.next(0)
    assert item is not None
    spoken.told(item, 0)
    spoken.take([alarm("a", sounding=False)])
    assert spoken.next(10_000) is None
    assert spoken.due(10_000) is None
    spoken.take([alarm("a")])
    assert spoken.next(10_001) is not None


def test_alarms_below_the_speakers_priority_are_not_said() -> None:
    spoken = Spoken(2, 1000)
    spoken.take([alarm("a", 1)])
    assert spoken.next(0) is None


def test_thirty_alarms_are_three_and_a_number() -> None:
    assert together([f"甲{i}" for i in range(30)]) == "甲0。甲1。甲2，等30项报警"


def test_a_screen_is_written_when_it_changes_and_now_and_then() -> None:
    screen = Shown(0, 2, 60_000, "平安")
    page = screen.next(0)
    assert page is not None
    assert page.text == "平安"
    screen.told(page, 0)
    assert screen.next(59_999) is None
    assert screen.next(60_000) is not None
    screen.take([alarm("a"), alarm("b"), alarm("c")])
    page = screen.next(1)
    assert page is not None
    assert page.text == "报警a\n共3项报警，报警b"


def test_nights_are_quieter_but_never_for_the_highest_priority() -> None:
    table = Http(
        name="x", kind="http-speaker", url="http://x/", volume=90, night_volume=30, night=("22:00", "06:00")
    )
    volume = loudness(table, UTC)

    def at(hour: int) -> int:
        return int(datetime(2026, 5, 1, hour, 30, tzinfo=UTC).timestamp() * 1000)

    assert [volume(at(hour), 2) for hour in (21, 22, 3, 6)] == [90, 30, 30, 90]
    assert volume(at(3), 3) == 90


def test_an_alarm_in_words_says_where_what_and_how_much() -> None:
    text = of_alarm("1号氯瓶间氯气", "HH", 3, shown(3.2), "mg/m³", "B")
    assert text == "紧急报警，1号氯瓶间氯气高高限报警，当前3.2mg/m³"
    assert of_alarm("液位", "L", 2, "", "m", "D") == "液位低限报警已恢复，待确认"
    assert of_alarm("液位", "Q", 2, "", "m", "B") == "报警，液位信号故障"


def test_values_are_written_as_people_say_them() -> None:
    assert [shown(v) for v in (None, float("nan"), 0.0, -0.0001, 3.25, 20.0, 12345.6)] == [
        "", "", "0", "0", "3.25", "20", "12346",
    ]  # fmt: skip


@given(st.text(), st.integers(0, 100), st.integers(0, 3))
def test_no_text_can_break_a_message(text: str, volume: int, priority: int) -> None:
    fields = filled({"a.b": "[{text}]", "v": "{volume}", "p": "x{priority}"}, text, volume, priority)
    assert fields == {"a.b": f"[{text}]", "v": volume, "p": f"x{priority}"}


def test_fields_become_json_forms_and_frames() -> None:
    fields = filled({"a.t": "{text}", "a.v": "{volume}"}, '引"号\n{volume}', 5, 1)
    assert as_json(fields).decode() == '{"a": {"t": "引\\"号\\n{volume}", "v": 5}}'
    assert as_form({"t": "a&b", "v": 5}) == b"t=a%26b&v=5"
    assert framed("\x02{text}\x03", "氯气\n☠", "gb18030")[:5] == b"\x02" + "氯气".encode("gb18030")
    assert framed("{text}", "☠", "ascii") == b"?"
