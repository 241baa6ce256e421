"""Keys are built and parsed in one place, and nothing else passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import keys


@given(st.from_regex(keys.GATEWAY_ID, fullmatch=True), st.sampled_from(keys.LEAVES))
def test_what_is_built_is_parsed_back(gateway: str, leaf: str) -> None:
    assert keys.parse(keys.build(gateway, leaf)) == keys.Key(gateway, leaf)


@pytest.mark.parametrize("gateway", ["", "ab", "-abc", "Abc", "a/b", "abc*", "a" * 64, "abc\n"])
def test_an_invalid_gateway_id_is_refused(gateway: str) -> None:
    with pytest.raises(ValueError, match="gateway id"):
        keys.build(gateway, keys.UPLINK)


@pytest.mark.parametrize(
    "key", ["fengsui/v2/abc/uplink", "xfengsui/v1/abc/uplink", "fengsui/v1/abc", "fengsui/v1/abc/uplink/x"]
)
def test_a_foreign_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        keys.parse(key)


def test_an_unknown_leaf_is_refused() -> None:
    with pytest.raises(ValueError, match="use one of"):
        keys.build("abc", "nonsense")
    with pytest.raises(ValueError, match="use one of"):
        keys.every("nonsense")
