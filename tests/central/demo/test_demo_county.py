"""The county is fictional and well-formed: check characters, codes and supervision fit together."""

from __future__ import annotations

import pytest

from central.demo.county import ACCOUNTS, AGENCIES, ENTERPRISES, REGIONS, credit_code
from central.demo.plants import SITES


def test_a_published_credit_code_is_computed_to_its_last_character() -> None:
    # An example from the annex of GB 32100-2015.
    assert credit_code("91", "350100", "M000100Y") == "91350100M000100Y43"


def test_letters_that_the_standard_leaves_out_are_refused() -> None:
    with pytest.raises(ValueError, match="wanted 2, 6 and 8 characters"):
        credit_code("91", "429981", "MA0BS002")


def test_every_code_stands_under_its_parent() -> None:
    codes = {region.code for region in REGIONS}
    for region in REGIONS[1:]:
        parent = region.code[:-3] if len(region.code) == 9 else region.code[:-2]
        assert parent in codes
    for enterprise in ENTERPRISES:
        assert enterprise.region_code in codes
        assert len(enterprise.credit_code) == 18


def test_every_ladder_finds_somebody_at_every_rank() -> None:
    on_call = {
        account.agency or account.enterprise for account in ACCOUNTS if account.on_call and account.phone
    }
    assert {agency.key for agency in AGENCIES} <= on_call
    assert {enterprise.code for enterprise in ENTERPRISES} <= on_call
    assert {site.gateway for site in SITES} == {enterprise.gateway for enterprise in ENTERPRISES}
