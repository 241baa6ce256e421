"""The county is fictional and well-formed: check characters, codes and supervision fit together."""

from __future__ import annotations

import pytest

from central.demo.county import ACCOUNTS, AGENCIES, ENTERPRISES, REGIONS, Enterprise
from central.demo.plants import SITES
from central.registry.rules import credit_code_problem


@pytest.mark.parametrize("enterprise", ENTERPRISES, ids=lambda enterprise: enterprise.code)
def test_credit_codes_are_well_formed_to_their_last_character(enterprise: Enterprise) -> None:
    assert credit_code_problem(enterprise.credit_code) is None
    # The ninth character of the organisation code is a check of its own (GB 11714-1997).
    body, check = enterprise.credit_code[8:16], enterprise.credit_code[16]
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    assert "0123456789X"[-sum(int(c, 36) * w for c, w in zip(body, weights, strict=True)) % 11] == check


def test_every_code_stands_under_its_parent() -> None:
    codes = {region.code for region in REGIONS}
    for region in REGIONS[1:]:
        parent = region.code[:-3] if len(region.code) == 9 else region.code[:-2]
        assert parent in codes
    for enterprise in ENTERPRISES:
        assert enterprise.region_code in codes


def test_every_ladder_finds_somebody_at_every_rank() -> None:
    on_call = {
        account.agency or account.enterprise for account in ACCOUNTS if account.on_call and account.phone
    }
    assert {agency.key for agency in AGENCIES} <= on_call
    assert {enterprise.code for enterprise in ENTERPRISES} <= on_call
    assert {site.gateway for site in SITES} == {enterprise.gateway for enterprise in ENTERPRISES}
