"""Who gets in at the page, and who does not."""

import itertools

import pytest

from edge.local.door import SHUT_MS, WAIT_MS, Door, Shut

CODE = "熔断-4711"


def door(code: str = CODE, *, button: bool = True) -> Door:
    numbers = itertools.count()
    return Door(code, button=button, session_ms=10_000, mint=lambda: f"t{next(numbers)}")


def test_the_code_opens_and_the_session_ends_when_it_is_not_used() -> None:
    entrance = door()
    token = entrance.by_code("张三", CODE, 0)
    session = entrance.who(token, 9_000)
    assert session is not None
    assert (session.name, session.by) == ("张三", "code")
    assert entrance.who(token, 18_000) is not None
    assert entrance.who(token, 28_000) is None
    assert entrance.who("t99", 0) is None


def test_five_wrong_codes_shut_the_door_for_ever_longer_also_to_the_right_one() -> None:
    entrance = door()
    for _ in range(5):
        with pytest.raises(Shut, match="not the code"):
            entrance.by_code("x", "wrong", 0)
    with pytest.raises(Shut, match="try again in"):
        entrance.by_code("x", CODE, SHUT_MS - 1)
    with pytest.raises(Shut, match="not the code"):
        entrance.by_code("x", "wrong", SHUT_MS)
    with pytest.raises(Shut, match="try again in"):
        entrance.by_code("x", CODE, 3 * SHUT_MS - 1)
    assert entrance.by_code("x", CODE, 3 * SHUT_MS)


def test_without_a_code_no_empty_one_opens() -> None:
    with pytest.raises(Shut, match="no code is set"):
        door("").by_code("x", "", 0)


def test_a_press_lets_in_who_waits_and_means_nothing_else_once() -> None:
    entrance = door()
    assert not entrance.pressed(0)
    request = entrance.wait("李四", 0)
    assert entrance.claim(request, 10) is None
    assert entrance.pressed(20)
    assert not entrance.pressed(30)
    token = entrance.claim(request, 40)
    assert token is not None
    session = entrance.who(token, 50)
    assert session is not None
    assert (session.name, session.by) == ("李四", "button")
    with pytest.raises(Shut, match="begin again"):
        entrance.claim(request, 60)


def test_nobody_waits_beside_another_and_nobody_waits_for_ever() -> None:
    entrance = door()
    request = entrance.wait("李四", 0)
    with pytest.raises(Shut, match="李四 waits"):
        entrance.wait("王五", WAIT_MS - 1)
    with pytest.raises(Shut, match="begin again"):
        entrance.claim("another", 1)
    assert entrance.wait("王五", WAIT_MS)
    with pytest.raises(Shut, match="begin again"):
        entrance.claim(request, WAIT_MS)
    with pytest.raises(Shut, match="no button"):
        door(button=False).wait("x", 0)


def test_twenty_sessions_are_kept_and_the_oldest_goes_first() -> None:
    entrance = door()
    tokens = [entrance.by_code(f"n{i}", CODE, i) for i in range(21)]
    assert entrance.who(tokens[0], 30) is None
    assert entrance.who(tokens[1], 30) is not None
    entrance.leave(tokens[1])
    assert entrance.who(tokens[1], 30) is None
