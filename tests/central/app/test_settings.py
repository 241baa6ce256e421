from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from central.app import serve
from central.db.bootstrap import with_role
from central.db.errors import ConfigurationError
from central.settings import Settings, is_loopback


def test_settings_come_from_the_environment_and_the_command_line_wins() -> None:
    env = {"FENGSUI_PORT": "9000", "FENGSUI_STATE": "/srv/f", "FENGSUI_COOKIE_SECURE": "yes"}
    settings = Settings.read(env, port=None)
    assert (settings.port, settings.state, settings.cookie_secure) == (9000, Path("/srv/f"), True)
    assert Settings.read(env, port=9001).port == 9001
    assert Settings.read({}) == Settings()


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("FENGSUI_PORT", "many", "whole number"),
        ("FENGSUI_IDLE_S", "-1", "negative"),
        ("FENGSUI_OWN_ROUTER", "maybe", "1 or 0"),
    ],
)
def test_a_wrong_variable_is_named_with_its_remedy(name: str, text: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as caught:
        Settings.read({name: text})
    assert name in str(caught.value)


def test_the_addresses_of_our_roles_follow_from_the_customers() -> None:
    url = "postgresql://dba:s%40crt@db.example:5433/safety?sslmode=verify-full"
    assert (
        with_role(url, "fengsui_web", "p/w@")
        == "postgresql://fengsui_web:p%2Fw%40@db.example:5433/safety?sslmode=verify-full"
    )
    assert with_role("postgresql:///safety?host=/run/pg", "fengsui_web", "") == (
        "postgresql://fengsui_web@/safety?host=/run/pg"
    )


def test_a_console_beyond_this_machine_without_https_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="FENGSUI_COOKIE_SECURE=1"):
        asyncio.run(serve(Settings(host="0.0.0.0", port=0)))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "::1", "[::1]"])
def test_loopback_is_known(host: str) -> None:
    assert is_loopback(host)
    assert not is_loopback("10.0.0.1")
    assert not is_loopback("example.test")
